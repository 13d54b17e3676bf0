package runtime

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestLayoutKeepsLiveValuesApart makes random graphs and checks that no two
// blocks that are alive at once overlap, and that the bound is one.
func TestLayoutKeepsLiveValuesApart(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for trial := range 300 {
		b := graph.NewBuilder("random")
		n := 1 + r.IntN(300)
		vs := []graph.Value{b.Input("x", i32(n)), b.Input("y", i32(n))}
		for range r.IntN(30) {
			in := []graph.Value{vs[r.IntN(len(vs))], vs[r.IntN(len(vs))]}
			vs = append(vs, b.Add("n", add{1}, in...))
		}
		g, err := b.Graph(vs[len(vs)-1], vs[r.IntN(len(vs))])
		require.NoError(t, err)
		l := newLayout(g, trial%2 == 0, 1<<30)
		require.GreaterOrEqual(t, l.size, l.bound)
		for i := range l.blocks {
			p := &l.blocks[i]
			for j := range i {
				q := &l.blocks[j]
				if p.bytes > 0 && q.bytes > 0 && p.first <= p.last && q.first <= q.last && p.overlaps(q) {
					require.True(t, p.offset+p.bytes <= q.offset || q.offset+q.bytes <= p.offset, "blocks %d and %d overlap", i, j)
				}
			}
		}
	}
}

func TestInPlaceChainTakesOneBlock(t *testing.T) {
	b := graph.NewBuilder("chain")
	v := b.Input("x", i32(100))
	for range 5 {
		v = b.Add("n", add{1}, v)
	}
	g, err := b.Graph(v)
	require.NoError(t, err)
	require.Equal(t, up(400), newLayout(g, false, 1<<30).size)
	require.Equal(t, 2*up(400), newLayout(g, true, 1<<30).size, "a kept input can't be overwritten")
}

// TestDroppedValuesHaveNoPlace has a value, larger than all others together, of
// an operator that nothing needs: a pass drops it, and the value stays in the list.
func TestDroppedValuesHaveNoPlace(t *testing.T) {
	b := graph.NewBuilder("dropped")
	x := b.Input("x", tensor.Of(tensor.F32, 1))
	b.Add("unread", new(f32Add), x, b.Const("large", tensor.Of(tensor.F32, 1000), make([]byte, 4000)))
	g, err := b.Graph(b.Add("read", &op.Mul{To: op.To{DType: tensor.F32}}, x, x))
	require.NoError(t, err)
	s := session(t, plan(t, g, Options{}))
	s.In(0).F32()[0] = 3
	require.NoError(t, s.Run())
	require.Equal(t, []float32{9}, s.Out(0).F32())
}
