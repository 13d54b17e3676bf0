package runtime

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

var toNHWC, toNCHW = op.Transpose{Perm: []int{0, 2, 3, 1}}, op.Transpose{Perm: []int{0, 3, 1, 2}}

// f32Add adds float32, broadcasting.
var f32Add = op.Add{To: op.To{DType: tensor.F32}}

func nodes(g *graph.Graph) string {
	var s []string
	for _, n := range g.Nodes {
		s = append(s, n.Op.Name()+" "+n.Label)
	}
	return strings.Join(s, ", ")
}

// TestTransposesVanish has the pairs that an NCHW format makes, with a sum of
// two branches, a constant per channel and a concatenation between them.
func TestTransposesVanish(t *testing.T) {
	b := graph.NewBuilder("nchw")
	x := b.Input("x", tensor.Of(tensor.F32, 1, 2, 3, 4))
	h := b.Add("in", toNHWC, x)
	a := b.Add("a", stay{}, h)
	y := b.Add("b", toNCHW, a)
	c := b.Const("c", tensor.Of(tensor.F32, 2, 1, 1), tensor.Bytes([]float32{10, 20}))
	s := b.Add("s", f32Add, y, c)
	d := b.Add("d", op.Concatenation{Axis: 1}, s, y)
	e := b.Add("e", stay{}, b.Add("again", toNHWC, d))
	out := b.Add("out", toNCHW, e)
	g, err := b.Graph(out)
	require.NoError(t, err)
	moved, err := moveTransposes(g)
	require.NoError(t, err)
	require.Equal(t, "Transpose in, stay a, Add s, Concatenation d, stay e, Transpose out", nodes(moved))
	require.Equal(t, []int{1, 4, 3, 4}, moved.View(moved.Out[0]).Shape)

	s1, s2 := session(t, plan(t, g, Options{})), refRun(t, g, x)
	copy(s1.In(0).F32(), ramp(24))
	require.NoError(t, s1.Run())
	require.Equal(t, s2, s1.Out(0).F32())
}

func ramp(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i)
	}
	return x
}

// refRun computes g node by node by Ref, on a ramp.
func refRun(t *testing.T, g *graph.Graph, x graph.Value) []float32 {
	y := evaluatedRef(t, g, ramp(24))
	return y.F32()
}

// evaluatedRef computes g's first output node by node by Ref, from what is fed to
// its only input.
func evaluatedRef(t *testing.T, g *graph.Graph, x []float32) tensor.View {
	views := map[graph.Value]tensor.View{}
	for i, v := range g.Values {
		views[graph.Value(i)] = tensor.View{Type: v.Type, Data: v.Const}
	}
	views[g.In[0]] = tensor.View{Type: g.Values[g.In[0]].Type, Data: tensor.Bytes(x)}
	for _, n := range g.Nodes {
		var in, out []tensor.View
		for _, v := range n.In {
			in = append(in, views[v])
		}
		for _, v := range n.Out {
			view := tensor.View{Type: g.Values[v].Type, Data: alloc(g.Values[v].Type.Bytes())}
			views[v], out = view, append(out, view)
		}
		require.NoError(t, n.Op.(op.Referenced).Ref(in, out))
	}
	return views[g.Out[0]]
}

// TestTransposesStay keeps the transpose that something needs.
func TestTransposesStay(t *testing.T) {
	b := graph.NewBuilder("g")
	x := b.Input("x", tensor.Of(tensor.F32, 2, 3))
	y := b.Add("t", op.Transpose{Perm: []int{1, 0}}, x)
	z := b.Add("r", op.Reshape{Shape: []int{6}}, y)
	g, err := b.Graph(z, b.Add("sum", f32Add, y, b.Input("w", tensor.Of(tensor.F32, 3, 2))))
	require.NoError(t, err)
	moved, err := moveTransposes(g)
	require.NoError(t, err)
	require.Equal(t, "Transpose t, Add sum, Reshape r", nodes(moved))
}
