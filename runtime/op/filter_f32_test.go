package op_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestFiltersF32 holds filters of float32 of random shapes, rounded and fused,
// against their definition, bit for bit, on every set and at several threads.
func TestFiltersF32(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for i := range 240 {
		o, in := randomFilter(r)
		t.Run(fmt.Sprintf("%d %s", i, graph.Name(o)), func(t *testing.T) { sameAsRef(t, o, in, r.IntN(4) > 0) })
	}
}

// randomFilter returns an operator and its inputs.
func randomFilter(r *rand.Rand) (op.Referenced, []tensor.View) {
	pick := func(of ...int) int { return of[r.IntN(len(of))] }
	e := op.Epilogue{To: op.To{DType: tensor.F32}, Bounds: op.Bounds{Lo: -1, Hi: 6}, Fused: r.IntN(3) > 0}
	if r.IntN(2) == 0 {
		e.Bounds = op.Bounds{Lo: float32(math.Inf(-1)), Hi: float32(math.Inf(1))}
	}
	one, kh, kw := [2]int{1, 1}, pick(1, 2, 3, 5), pick(1, 2, 3, 7)
	stride, dilation := [2]int{pick(1, 1, 2, 3), pick(1, 1, 2, 3)}, one
	if r.IntN(4) == 0 {
		dilation = [2]int{pick(1, 2), pick(1, 2)}
	}
	p := op.Padding{Top: r.IntN(3), Bottom: r.IntN(3), Left: r.IntN(3), Right: r.IntN(3)}
	n, h, w := pick(1, 1, 2), 9+r.IntN(12), 13+r.IntN(14)
	groups := pick(1, 1, 1, 2, 3)
	kc, oc := pick(1, 2, 3, 4, 8, 16, 20), groups*pick(1, 3, 8, 16, 17, 40)
	switch r.IntN(5) {
	case 0:
		rows, k := pick(1, 2, 5, 30), pick(1, 7, 64, 300)
		return &op.FullyConnected{KeepDims: true, Epilogue: e}, []tensor.View{wildF32(r, rows, k), wildF32(r, oc, k), wildF32(r, oc)}
	case 1:
		c := pick(1, 3, 4, 7, 8, 16, 24, 33)
		spread := pick(1, 1, 1, 2, 3)
		return &op.DepthwiseConv2D{Stride: stride, Dilation: dilation, Padding: p, Epilogue: e},
			[]tensor.View{wildF32(r, n, h, w, c), wildF32(r, 1, kh, kw, c*spread), wildF32(r, c*spread)}
	case 2:
		p = op.Padding{}
		return &op.TransposeConv{Stride: stride, Dilation: dilation, Padding: p, Epilogue: e},
			[]tensor.View{wildF32(r, n, 4, 5, groups*kc), wildF32(r, oc, kh, kw, kc), wildF32(r, oc)}
	}
	if r.IntN(3) == 0 {
		kh, kw, p, dilation = 1, 1, op.Padding{}, one
	}
	return &op.Conv2D{Stride: stride, Dilation: dilation, Padding: p, Epilogue: e},
		[]tensor.View{wildF32(r, n, h, w, groups*kc), wildF32(r, oc, kh, kw, kc), wildF32(r, oc)}
}

// wildF32 returns numbers among which are tiny ones and zeros of both signs.
func wildF32(r *rand.Rand, shape ...int) tensor.View {
	v := randomF32(r, shape...)
	x := v.F32()
	for i := range x {
		switch r.IntN(12) {
		case 0:
			x[i] *= 0x1p-100
		case 1:
			x[i] = float32(math.Copysign(0, float64(x[i])))
		}
	}
	return v
}

// sameAsRef runs o on in, input 0 being an input of the graph, and the others
// as well if they aren't to be constants.
func sameAsRef(t *testing.T, o op.Referenced, in []tensor.View, constant bool) {
	types, err := o.Infer(in)
	require.NoError(t, err)
	want := []tensor.View{{Type: types[0], Data: tensor.Bytes(make([]float32, types[0].Len()))}}
	require.NoError(t, o.Ref(in, want))
	for _, set := range host.Sets() {
		if !set.Fused {
			continue // fused products have bits of their own there
		}
		for threads := 1; threads <= 3; threads += 2 {
			b := graph.NewBuilder("")
			var args []graph.Value
			for i := range in {
				if i > 0 && constant {
					args = append(args, b.Const("c", in[i].Type, in[i].Data))
				} else {
					args = append(args, b.Input("x", in[i].Type))
				}
			}
			g, err := b.Graph(b.Add("y", o, args...))
			require.NoError(t, err)
			runF32(t, &set, g, in, want[0], threads)
		}
	}
}

func runF32(t *testing.T, set *kernels.Set, g *graph.Graph, in []tensor.View, want tensor.View, threads int) {
	p, err := runtime.NewPlan(g, set, runtime.Options{})
	require.NoError(t, err)
	s, err := p.NewSession(threads)
	require.NoError(t, err)
	defer s.Close()
	for i := range g.In {
		copy(s.In(i).Data, in[i].Data)
	}
	require.NoError(t, s.Run())
	got := s.Out(0).F32()
	for i, v := range want.F32() {
		if math.Float32bits(v) != math.Float32bits(got[i]) {
			t.Fatalf("%s, %d threads: y[%d] = %x, want %x", set.Name, threads, i, got[i], v)
		}
	}
}
