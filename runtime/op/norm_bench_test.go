package op_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// BenchmarkNormalisation measures what training spends on normalising, beside one
// visit to each element. MB/s counts the bytes of the input.
func BenchmarkNormalisation(b *testing.B) {
	f := func(shape ...int) tensor.Type { return tensor.Of(tensor.F32, shape...) }
	image, text := f(32*28*28, 16), f(2048, 128)
	for _, c := range []struct {
		name string
		o    graph.Op
		in   []tensor.Type
	}{
		{"batch", &op.BatchNormalization{Axis: -1, Epsilon: 1e-3, Training: true}, []tensor.Type{image, f(16), f(16), f(16), f(16)}},
		{"batch gradient", &op.BatchNormalizationGrad{Epsilon: 1e-3, Training: true}, []tensor.Type{image, image, f(16)}},
		{"layer", &op.LayerNormalization{Axis: -1, Epsilon: 1e-3}, []tensor.Type{text, f(128), f(128)}},
		{"layer gradient", &op.LayerNormalizationGrad{N: 128, Epsilon: 1e-3, Params: true}, []tensor.Type{text, text, f(128)}},
		{"dropout", &op.RandomDropout{Rate: 0.1}, []tensor.Type{text, tensor.Of(tensor.I32, 1)}},
		{"sum of rows", &op.Reduce{Kind: op.ReduceSum, Axes: []int{0}}, []tensor.Type{text}},
		{"sum", &op.Add{}, []tensor.Type{text, text}},
	} {
		b.Run(c.name, func(b *testing.B) {
			to := graph.NewBuilder(c.name)
			var in []graph.Value
			for _, t := range c.in {
				in = append(in, to.Input("in", t))
			}
			ys, err := to.Node(graph.Node{Label: "y", Op: c.o, In: in})
			require.NoError(b, err)
			g, err := to.Graph(ys...)
			require.NoError(b, err)
			set, err := host.Best()
			require.NoError(b, err)
			p, err := runtime.NewPlan(g, &set, runtime.Options{KeepInputs: true})
			require.NoError(b, err)
			s, err := p.NewSession(1)
			require.NoError(b, err)
			defer s.Close()
			for i := range c.in {
				if v := s.In(i); v.DType == tensor.F32 {
					for j := range v.F32() {
						v.F32()[j] = float32(j%17) / 4
					}
				}
			}
			b.SetBytes(int64(c.in[0].Bytes()))
			for b.Loop() {
				require.NoError(b, s.Run())
			}
		})
	}
}
