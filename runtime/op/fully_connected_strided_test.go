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
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// TestFullyConnectedComputed holds layers whose weights are inputs against those
// of constant weights, which are packed, and against the definition.
func TestFullyConnectedComputed(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct {
		rows, n, k   int
		turned, bias bool
		bounds       op.Bounds
	}{
		{rows: 33, n: 70, k: 129, turned: true, bias: true, bounds: op.Bounds{Lo: 0, Hi: float32(math.Inf(1))}},
		{rows: 5, n: 200, k: 300, turned: true, bias: true, bounds: op.Bounds{Lo: -1, Hi: 1}},
		{rows: 1, n: 10, k: 64, turned: true},
		{rows: 400, n: 130, k: 17, turned: true, bias: true, bounds: op.Bounds{Lo: 0, Hi: 6}},
		{rows: 32, n: 700, k: 90},
		{rows: 32, n: 700, k: 90, bounds: op.Bounds{Lo: 0, Hi: 6}},
		{rows: 90, n: 40, k: 1000, bias: true, bounds: op.Bounds{Lo: 0, Hi: 6}},
		{rows: 3, n: 130, k: 700},
	} {
		o := op.FullyConnected{KeepDims: true, Turned: c.turned, Epilogue: op.Epilogue{To: op.To{DType: tensor.F32}, Bounds: c.bounds, Fused: true}}
		weights := []int{c.n, c.k}
		if c.turned {
			weights = []int{c.k, c.n}
		}
		in := []tensor.View{randomF32(r, c.rows, c.k), randomF32(r, weights...)}
		if c.bias {
			in = append(in, randomF32(r, c.n))
			in[2].F32()[c.n/2] = float32(math.Copysign(0, -1))
			for l := range c.k { // a sum that stays the bias
				at := c.n/2*c.k + l
				if c.turned {
					at = l*c.n + c.n/2
				}
				in[1].F32()[at] = 0
			}
		}
		types, err := o.Infer(in)
		require.NoError(t, err)
		want := []tensor.View{{Type: types[0], Data: tensor.Bytes(make([]float32, types[0].Len()))}}
		require.NoError(t, o.Ref(in, want))
		for _, set := range host.Sets() {
			if !set.Fused {
				continue // it has bits of its own
			}
			for threads := 1; threads <= 3; threads++ {
				for _, constant := range []bool{false, true} {
					b := graph.NewBuilder("")
					vs := []graph.Value{b.Input("x", in[0].Type)}
					for i := range in[1:] {
						if v := &in[i+1]; constant {
							vs = append(vs, b.Const(fmt.Sprint(i), v.Type, v.Data))
						} else {
							vs = append(vs, b.Input(fmt.Sprint(i), v.Type))
						}
					}
					g, err := b.Graph(b.Add("z", new(o), vs...))
					require.NoError(t, err)
					p, err := runtime.NewPlan(g, &set, runtime.Options{KeepInputs: true})
					require.NoError(t, err)
					s, err := p.NewSession(threads)
					require.NoError(t, err)
					for i := range g.In {
						copy(s.In(i).Data, in[i].Data)
					}
					require.NoError(t, s.Run())
					require.True(t, string(want[0].Data) == string(s.Out(0).Data), "%s, %d threads, constant %v: %+v", set.Name, threads, constant, c)
					require.Zero(t, gradtest.Allocations(func() { require.NoError(t, s.Run()) }))
					s.Close()
				}
			}
		}
	}
}
