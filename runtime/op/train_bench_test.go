package op_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train"
)

// BenchmarkTrainingStep runs a perceptron with layers of 784, 128, 64 and 10
// forward and backward on batches of 32, and each product by itself.
func BenchmarkTrainingStep(b *testing.B) {
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("mlp/%d", threads), func(b *testing.B) {
			g, macs := perceptron(b, 32, 784, 128, 64, 10)
			benchGraph(b, g, threads, macs)
		})
		for _, d := range [][3]int{{32, 128, 784}, {32, 64, 128}, {32, 10, 64}, {128, 512, 512}, {1024, 128, 128}} {
			m, n, k := d[0], d[1], d[2]
			for _, c := range []struct {
				name string
				op   graph.Op
				x, y []int
			}{
				{"forward", &op.FullyConnected{Turned: true, Epilogue: op.Epilogue{To: op.To{DType: tensor.F32}, Fused: true}}, []int{m, k}, []int{k, n}},
				{"dx", &op.FullyConnected{Epilogue: op.Epilogue{To: op.To{DType: tensor.F32}, Fused: true}}, []int{m, n}, []int{k, n}},
				{"dw", &op.BatchMatMul{AdjX: true, Fused: true, To: op.To{DType: tensor.F32}}, []int{m, k}, []int{m, n}},
				{"db", &op.Reduce{Kind: op.ReduceSum, Axes: []int{0}}, []int{m, n}, nil},
			} {
				b.Run(fmt.Sprintf("%s/%dx%dx%d/%d", c.name, m, n, k, threads), func(b *testing.B) {
					to := graph.NewBuilder("")
					in := []graph.Value{to.Input("x", tensor.Of(tensor.F32, c.x...))}
					if c.y != nil {
						in = append(in, to.Input("y", tensor.Of(tensor.F32, c.y...)))
					}
					g, err := to.Graph(to.Add("z", c.op, in...))
					require.NoError(b, err)
					macs := m * n * k
					if c.y == nil {
						macs = m * n
					}
					benchGraph(b, g, threads, macs)
				})
			}
		}
		for _, d := range [][4]int{{32, 64, 64, 32}, {8, 128, 128, 32}} {
			for adj := range 4 {
				b.Run(fmt.Sprintf("attention/%v/%d/%d", d, adj, threads), func(b *testing.B) {
					x, y := []int{d[0], d[1], d[3]}, []int{d[0], d[3], d[2]}
					if adj&1 != 0 {
						x[1], x[2] = x[2], x[1]
					}
					if adj&2 != 0 {
						y[1], y[2] = y[2], y[1]
					}
					to := graph.NewBuilder("")
					z := to.Add("z", &op.BatchMatMul{AdjX: adj&1 != 0, AdjY: adj&2 != 0, Fused: true, To: op.To{DType: tensor.F32}},
						to.Input("x", tensor.Of(tensor.F32, x...)), to.Input("y", tensor.Of(tensor.F32, y...)))
					g, err := to.Graph(z)
					require.NoError(b, err)
					benchGraph(b, g, threads, d[0]*d[1]*d[2]*d[3])
				})
			}
		}
	}
}

// perceptron returns the graph of a step with the gradients of all weights as
// outputs, and how many multiply-accumulates it takes.
func perceptron(b *testing.B, batch int, layers ...int) (g *graph.Graph, macs int) {
	to := graph.NewBuilder("perceptron")
	v := to.Input("x", tensor.Of(tensor.F32, batch, layers[0]))
	var wrt []graph.Value
	for i, n := range layers[1:] {
		k := layers[i]
		w := to.Input(fmt.Sprint("w", i), tensor.Of(tensor.F32, k, n))
		bias := to.Input(fmt.Sprint("b", i), tensor.Of(tensor.F32, n))
		e := op.Epilogue{To: op.To{DType: tensor.F32}, Fused: true}
		if i+2 < len(layers) {
			e.Bounds = op.Bounds{Lo: 0, Hi: float32(math.Inf(1))}
		}
		v = to.Add(fmt.Sprint("dense", i), &op.FullyConnected{Turned: true, KeepDims: true, Epilogue: e}, v, w, bias)
		wrt, macs = append(wrt, w, bias), macs+2*batch*n*k
		if i > 0 {
			macs += batch * n * k
		}
	}
	seed := to.Input("dy", to.Type(v))
	ds, err := train.Backward(to, []train.Seed{{Of: v, Grad: seed}}, wrt)
	require.NoError(b, err)
	g, err = to.Graph(append(ds, v)...)
	require.NoError(b, err)
	return g, macs
}

func benchGraph(b *testing.B, g *graph.Graph, threads, macs int) {
	set, err := host.Best()
	require.NoError(b, err)
	p, err := runtime.NewPlan(g, &set, runtime.Options{KeepInputs: true})
	require.NoError(b, err)
	s, err := p.NewSession(threads)
	require.NoError(b, err)
	defer s.Close()
	for i := range g.In {
		x := s.In(i).F32()
		for j := range x {
			x[j] = float32(j%17)*0.1 - 0.8
		}
	}
	for b.Loop() {
		if err := s.Run(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(2*float64(macs)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
