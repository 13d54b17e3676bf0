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
	"github.com/edgeinfer/edgeinfer/train"
)

// BenchmarkConvolutionsStep runs the convolutions and pools of a small network for
// 28×28 images forward and backward, for a batch of 32 and one of 128, and each
// half of it for itself. It reports multiply-accumulates.
func BenchmarkConvolutionsStep(b *testing.B) {
	sets := host.Sets()
	set := sets[0]
	for _, s := range sets {
		if s.Fused {
			set = s // the last is the best
		}
	}
	for _, batch := range []int{32, 128} {
		for _, threads := range []int{1, 2} {
			for _, part := range []string{"forward", "both"} {
				b.Run(fmt.Sprintf("%s/batch=%d/threads=%d", part, batch, threads), func(b *testing.B) {
					g, macs := convolutionsStep(b, batch, part == "both")
					p, err := runtime.NewPlan(g, &set, runtime.Options{KeepInputs: true})
					require.NoError(b, err)
					s, err := p.NewSession(threads)
					require.NoError(b, err)
					defer s.Close()
					r := rand.New(rand.NewPCG(1, 2))
					for i := range g.In {
						for j := range s.In(i).F32() {
							s.In(i).F32()[j] = float32(r.NormFloat64())
						}
					}
					for b.Loop() {
						require.NoError(b, s.Run())
					}
					b.ReportMetric(float64(macs)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
				})
			}
		}
	}
}

// convolutionsStep returns the network's graph and its multiply-accumulates.
func convolutionsStep(tb testing.TB, batch int, backward bool) (*graph.Graph, int) {
	b := graph.NewBuilder("")
	x := b.Input("x", tensor.Of(tensor.F32, batch, 28, 28, 1))
	var wrt []graph.Value
	layer := func(x graph.Value, c, oc int) graph.Value {
		w, bias := b.Input("w", tensor.Of(tensor.F32, oc, 3, 3, c)), b.Input("b", tensor.Of(tensor.F32, oc))
		wrt = append(wrt, w, bias)
		y := b.Add("conv", &op.Conv2D{Stride: one, Dilation: one, Padding: same, Epilogue: trainable}, x, w, bias)
		return b.Add("pool", &op.MaxPool2D{Pool: op.Pool{Window: two, Stride: two, Dilation: one, Padding: not}}, y)
	}
	y := layer(layer(x, 1, 16), 16, 32)
	first, second := batch*28*28*9*16, batch*14*14*9*16*32
	if !backward {
		g, err := b.Graph(y)
		require.NoError(tb, err)
		return g, first + second
	}
	dy := b.Input("dy", b.Type(y))
	ds, err := train.Backward(b, []train.Seed{{Of: y, Grad: dy}}, wrt)
	require.NoError(tb, err)
	g, err := b.Graph(append(ds, y)...)
	require.NoError(tb, err)
	return g, 2*first + 3*second
}
