package op_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// TestGlobalNorm adds up several tensors, of which one has several parts, on
// every set of kernels, with one thread and with three.
func TestGlobalNorm(t *testing.T) {
	sizes, total := [][]int{{3, 5}, {1 << 19}, {0}, {70001}, {}}, 0.0
	data := make([][]float32, len(sizes))
	b := graph.NewBuilder("norm")
	var in []graph.Value
	for i, shape := range sizes {
		ty := tensor.Of(tensor.F32, shape...)
		data[i] = make([]float32, ty.Len())
		for j := range data[i] {
			data[i][j] = float32(rand.NormFloat64())
			total += float64(data[i][j]) * float64(data[i][j])
		}
		in = append(in, b.Input("g", ty))
	}
	norm := math.Sqrt(total)
	var out []graph.Value
	for _, clip := range []float32{0, 100, 1e6} {
		y, err := b.Node(graph.Node{Label: "norm", Op: &op.GlobalNorm{Clip: clip}, In: in})
		require.NoError(t, err)
		out = append(out, y...)
	}
	g, err := b.Graph(out...)
	require.NoError(t, err)
	var first []float32
	for _, set := range host.Sets() {
		for _, threads := range []int{1, 3} {
			p, err := runtime.NewPlan(g, &set, runtime.Options{KeepInputs: true})
			require.NoError(t, err)
			s, err := p.NewSession(threads)
			require.NoError(t, err)
			defer s.Close()
			for i, d := range data {
				copy(s.In(i).F32(), d)
			}
			require.Zero(t, gradtest.Allocations(func() { require.NoError(t, s.Run()) }))
			var got []float32
			for i := range out {
				got = append(got, s.Out(i).F32()[0])
			}
			if first == nil {
				first = got
			}
			require.Equal(t, first, got, "%s, %d threads", set.Name, threads)
		}
	}
	for i, scale := range []float64{1, 100 / norm, 1} {
		assert.InEpsilon(t, scale, first[2*i], 1e-6)
		assert.InEpsilon(t, norm, first[2*i+1], 1e-6)
	}
	views := make([]tensor.View, len(data))
	for i := range views {
		views[i] = tensor.View{Type: tensor.Of(tensor.F32, len(data[i])), Data: tensor.Bytes(data[i])}
	}
	ref := []tensor.View{{Type: tensor.Of(tensor.F32, 1), Data: make([]byte, 4)}, {Type: tensor.Of(tensor.F32, 1), Data: make([]byte, 4)}}
	require.NoError(t, (&op.GlobalNorm{Clip: 100}).Ref(views, ref))
	assert.Equal(t, first[2:4], []float32{ref[0].F32()[0], ref[1].F32()[0]})
	data[0][0] = float32(math.Inf(1))
	require.NoError(t, (&op.GlobalNorm{Clip: 100}).Ref(views, ref))
	assert.True(t, math.IsNaN(float64(ref[0].F32()[0])), "a norm that is infinite must stop optimisers")
}

func TestGlobalNormErrors(t *testing.T) {
	f, i := tensor.View{Type: tensor.Of(tensor.F32, 2)}, tensor.View{Type: tensor.Of(tensor.I32, 2)}
	for want, c := range map[string]struct {
		o  op.GlobalNorm
		in []tensor.View
	}{
		"0 inputs": {}, "input 1 is left out": {in: []tensor.View{f, {}}}, "int32": {in: []tensor.View{f, i}},
		"clip is -1": {op.GlobalNorm{Clip: -1}, []tensor.View{f}}, "clip is NaN": {op.GlobalNorm{Clip: float32(math.NaN())}, []tensor.View{f}},
	} {
		_, err := c.o.Infer(c.in)
		assert.ErrorContains(t, err, want)
	}
}

func TestPenaltyGrad(t *testing.T) {
	penalty := func(one, two float64) func(in [][]float64) [][]float64 {
		return func(in [][]float64) [][]float64 {
			y := 0.0
			for _, w := range in[0] {
				y += one*math.Abs(w) + two*w*w
			}
			return [][]float64{{y}}
		}
	}
	gradtest.Run(t, []gradtest.Case{
		{Name: "L1", Op: &op.Penalty{L1: 0.5}, In: []gradtest.Input{gradtest.Of(7, 9)}, F: penalty(0.5, 0)},
		{Name: "L2", Op: &op.Penalty{L2: 0.25}, In: []gradtest.Input{gradtest.Of(7, 9)}, F: penalty(0, 0.25)},
		{Name: "both", Op: &op.Penalty{L1: 1, L2: 0.5}, In: []gradtest.Input{gradtest.Of(4, 3, 5)}, F: penalty(1, 0.5)},
		{Name: "parts", Op: &op.Penalty{L1: 1, L2: 0.5}, In: []gradtest.Input{{Shape: []int{200_001}, Const: true}}, F: penalty(1, 0.5)},
	})
	for want, in := range map[string][]tensor.View{"int32": {{Type: tensor.Of(tensor.I32, 2)}}, "0 inputs": nil} {
		_, err := (&op.Penalty{}).Infer(in)
		assert.ErrorContains(t, err, want)
	}
	f := tensor.View{Type: tensor.Of(tensor.F32, 2)}
	_, err := (&op.Penalty{L1: -1}).Infer([]tensor.View{f})
	assert.ErrorContains(t, err, "L1 and L2 are -1 and 0")
	_, err = (&op.PenaltyGrad{}).Infer([]tensor.View{f, f})
	assert.ErrorContains(t, err, "want a scalar")
}
