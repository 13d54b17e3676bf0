package op_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestShared runs operators on inputs so large that threads share the work: the
// bits are those of Ref on every set of kernels.
func TestShared(t *testing.T) {
	f := func(shape ...int) tensor.Type { return tensor.Of(tensor.F32, shape...) }
	one, ids := tensor.Of(tensor.I32, 1), tensor.Of(tensor.I32, 700)
	rows := f(1500, 70)
	for _, c := range []struct {
		name string
		o    op.Referenced
		in   []tensor.Type
	}{
		{"batch normalisation", &op.BatchNormalization{Axis: -1, Epsilon: 1e-3, Training: true, Momentum: 0.9}, []tensor.Type{rows, f(70), f(70), f(70), f(70)}},
		{"normalisation", &op.BatchNormalization{Axis: -1, Epsilon: 9}, []tensor.Type{rows, f(70), f(70), f(70), f(70)}},
		{"batch gradient", &op.BatchNormalizationGrad{Epsilon: 1e-3, Training: true}, []tensor.Type{rows, rows, f(70)}},
		{"batch gradient at rest", &op.BatchNormalizationGrad{Epsilon: 9}, []tensor.Type{rows, rows, f(70), f(70), f(70)}},
		{"layer gradient", &op.LayerNormalizationGrad{N: 70, Epsilon: 1e-3, Params: true}, []tensor.Type{rows, rows, f(70)}},
		{"layer gradient of x", &op.LayerNormalizationGrad{N: 300, RMS: true, Epsilon: 1e-3}, []tensor.Type{f(500, 300), f(500, 300)}},
		{"gather", &op.GatherGrad{Table: []int{3000, 70}}, []tensor.Type{ids, f(700, 70)}},
		{"dropout", &op.RandomDropout{Rate: 0.4, Seed: 1}, []tensor.Type{f(200_003), one}},
		{"sum of rows", &op.Reduce{Kind: op.ReduceSum, Axes: []int{0}}, []tensor.Type{f(5000, 41)}},
		{"mean within", &op.Reduce{Kind: op.ReduceMean, Axes: []int{1}}, []tensor.Type{f(9, 500, 41)}},
		{"mean of rows", &op.Reduce{Kind: op.ReduceMean, Axes: []int{1}}, []tensor.Type{f(4000, 41)}},
		{"first", &op.FirstGrad{Axes: []int{1}}, []tensor.Type{f(9, 50, 41), f(9, 41), f(9, 41)}},
		{"extremum", &op.ExtremumGrad{Greater: true, Second: true}, []tensor.Type{f(50, 41), f(41), f(50, 41)}},
		{"repeated", broadcastTo{300, 7, 200}, []tensor.Type{f(300, 1, 200)}},
		{"repeated number", broadcastTo{300, 7, 200}, []tensor.Type{f(300, 7, 1)}},
		{"repeated once", broadcastTo{300_000}, []tensor.Type{f(1)}},
	} {
		t.Run(c.name, func(t *testing.T) { shared(t, c.o, c.in) })
	}
}

// broadcastTo is a BroadcastTo to a shape.
type broadcastTo []int

func (o broadcastTo) shape() tensor.View {
	v := make([]int32, len(o))
	for i, d := range o {
		v[i] = int32(d)
	}
	return tensor.View{Type: tensor.Of(tensor.I32, len(v)), Data: tensor.Bytes(v)}
}

func (broadcastTo) Name() string { return "BroadcastTo" }

func (o broadcastTo) Infer(in []tensor.View) ([]tensor.Type, error) {
	return (&op.BroadcastTo{}).Infer([]tensor.View{in[0], o.shape()})
}

func (o broadcastTo) Ref(in, out []tensor.View) error {
	return (&op.BroadcastTo{}).Ref([]tensor.View{in[0], o.shape()}, out)
}

func (o broadcastTo) Prepare(p *op.Prep) (op.Prepared, error) { return (&op.BroadcastTo{}).Prepare(p) }

func shared(t *testing.T, o op.Referenced, types []tensor.Type) {
	b, r := graph.NewBuilder("shared"), rand.New(rand.NewPCG(3, 4))
	var vs []graph.Value
	var in []tensor.View
	for i, ty := range types {
		v := tensor.View{Type: ty, Data: make([]byte, ty.Bytes())}
		if ty.DType == tensor.I32 {
			for j := range v.I32() {
				v.I32()[j] = int32(r.IntN(30) * r.IntN(100))
			}
		} else {
			for j := range v.F32() {
				v.F32()[j] = float32(math.Round(r.NormFloat64()*50)) / 16
			}
		}
		in, vs = append(in, v), append(vs, b.Input(fmt.Sprint(i), ty))
	}
	ys, err := b.Node(graph.Node{Label: "y", Op: o, In: vs})
	require.NoError(t, err)
	g, err := b.Graph(ys...)
	require.NoError(t, err)
	var want []tensor.View
	for _, y := range ys {
		ty := b.Type(y)
		want = append(want, tensor.View{Type: ty, Data: make([]byte, ty.Bytes())})
	}
	require.NoError(t, o.Ref(in, want))
	for _, set := range host.Sets() {
		p, err := runtime.NewPlan(g, &set, runtime.Options{KeepInputs: true})
		require.NoError(t, err)
		for _, threads := range []int{1, 3} {
			s, err := p.NewSession(threads)
			require.NoError(t, err)
			for i := range in {
				copy(s.In(i).Data, in[i].Data)
			}
			require.NoError(t, s.Run())
			for i := range want {
				for j, w := range want[i].F32() {
					if v := s.Out(i).F32()[j]; math.Float32bits(v) != math.Float32bits(w) && (v == v || w == w) {
						t.Fatalf("%s, %d threads: output %d, element %d: %g, want %g", set.Name, threads, i, j, v, w)
					}
				}
			}
			s.Close()
		}
	}
}
