package op_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestBatchMatMulShared holds products that workers share, and those of one
// right side that are made in one, against the definition, bit for bit.
func TestBatchMatMulShared(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct {
		adjX, adjY bool
		x, y       []int
	}{
		{x: []int{2, 45, 64}, y: []int{2, 64, 67}},
		{x: []int{2, 3, 31, 40}, y: []int{40, 37}},
		{x: []int{2, 1, 60, 50}, y: []int{3, 50, 50}},
		{adjX: true, x: []int{70, 61}, y: []int{70, 50}},
		{adjY: true, x: []int{3, 50, 60}, y: []int{1, 50, 60}},
		{x: []int{2, 5, 0}, y: []int{0, 4}},
		{x: []int{3, 0, 4}, y: []int{4, 4}},
	} {
		o := op.BatchMatMul{AdjX: c.adjX, AdjY: c.adjY, Fused: r.IntN(2) == 0, To: op.To{DType: tensor.F32}}
		in := []tensor.View{randomF32(r, c.x...), randomF32(r, c.y...)}
		types, err := o.Infer(in)
		require.NoError(t, err)
		want := []tensor.View{{Type: types[0], Data: tensor.Bytes(make([]float32, types[0].Len()))}}
		require.NoError(t, o.Ref(in, want))

		for _, set := range host.Sets() {
			if o.Fused && !set.Fused {
				continue // it has bits of its own
			}
			for threads := 1; threads <= 3; threads++ {
				b := graph.NewBuilder("")
				g, err := b.Graph(b.Add("z", new(o), b.Input("x", in[0].Type), b.Input("y", in[1].Type)))
				require.NoError(t, err)
				p, err := runtime.NewPlan(g, &set, runtime.Options{})
				require.NoError(t, err)
				s, err := p.NewSession(threads)
				require.NoError(t, err)
				copy(s.In(0).Data, in[0].Data)
				copy(s.In(1).Data, in[1].Data)
				require.NoError(t, s.Run())
				require.True(t, string(want[0].Data) == string(s.Out(0).Data), fmt.Sprintf("%s, %d threads: %v by %v", set.Name, threads, c.x, c.y))
				s.Close()
			}
		}
	}
}

func randomF32(r *rand.Rand, shape ...int) tensor.View {
	t := tensor.Of(tensor.F32, shape...)
	x := make([]float32, t.Len())
	for i := range x {
		x[i] = r.Float32() - 0.5
	}
	return tensor.View{Type: t, Data: tensor.Bytes(x)}
}
