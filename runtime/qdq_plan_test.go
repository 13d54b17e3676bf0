package runtime

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// conv adds a convolution of NCHW, as a format of that layout has it.
func (b *qdqGraph) conv(x graph.Value, oc, c, k int) graph.Value {
	x = b.Add("", new(toNHWC), x)
	w := b.Add("w", new(toNHWC), b.weights(oc, c, k, k))
	y := b.Add("conv", &op.Conv2D{Stride: ones, Dilation: ones, Padding: op.Padding{Top: k / 2, Left: k / 2, Bottom: k / 2, Right: k / 2}, Epilogue: op.Epilogue{To: toF32}}, x, w)
	return b.Add("", new(toNCHW), y)
}

// through quantises and dequantises again.
func (b *qdqGraph) through(v graph.Value) graph.Value { return b.real(b.quantised(v)) }

// TestQDQPlans has networks as they are planned in the end.
func TestQDQPlans(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(b *qdqGraph) graph.Value
		want  string
	}{
		{"a residual block", func(b *qdqGraph) graph.Value {
			x := b.through(b.Input("x", tensor.Of(tensor.F32, 1, 3, 4, 4)))
			y := b.through(b.Add("", &op.Clamp{Lo: 1, Hi: 6}, b.through(b.conv(x, 3, 3, 3))))
			y = b.through(b.conv(y, 3, 3, 1))
			y = b.through(b.Add("", &op.Clamp{Lo: 1, Hi: 6}, b.Add("", new(f32Add), x, y)))
			y = b.Add("", new(toNHWC), y)
			y = b.Add("", &op.AveragePool2D{Pool: op.Pool{Window: [2]int{4, 4}, Stride: ones, Dilation: ones}}, y)
			y = b.through(b.Add("", new(toNCHW), y))
			y = b.through(b.Add("", &op.Flatten{Axis: 1}, y))
			return b.Add("dense", &op.BatchMatMul{AdjY: true, To: toF32}, y, b.weights(2, 3))
		}, `%0 = QuantizeLinear[channels last] x s z -> int8[1 4 4 3]
%1 = IntegerConv[-126..-116] %0 w z - s ws s z -> int8[1 4 4 3]
%2 = IntegerConv %1 w z - s ws s z -> int8[1 4 4 3]
%3 = LinearPair[2..12] %0 s z %2 s z s z -> int8[1 4 4 3]
%4 = LinearPool %3 s z s z -> int8[1 1 1 3]
%5 = Reshape %4 -> int8[1 3]
%6 = IntegerMatMul[AdjY] %5 w z - s ws -> float32[1 2]
`},
		{"an image flattened", func(b *qdqGraph) graph.Value {
			x := b.through(b.Input("x", tensor.Of(tensor.F32, 1, 3, 4, 4)))
			y := b.Add("", &op.Reshape{Shape: []int{1, 32}}, b.through(b.conv(x, 2, 3, 1)))
			return b.quantised(b.Add("dense", &op.BatchMatMul{AdjY: true, To: toF32}, b.through(b.Add("", &op.Logistic{}, y)), b.weights(5, 32)))
		}, `%0 = QuantizeLinear[channels last] x s z -> int8[1 4 4 3]
%1 = IntegerConv %0 w z - s ws s z -> int8[1 4 4 2]
%2 = Lookup %1 -> int8[1 4 4 2]
%3 = Reshape %2 -> int8[1 32]
%4 = IntegerMatMul[AdjY] %3 w z - s ws s z -> int8[1 5]
%5 = FlipSign %4 -> uint8[1 5]
`},
		{"scales of channels are not moved with them", func(b *qdqGraph) graph.Value {
			s := b.Const("many", tensor.Of(tensor.F32, 3), tensor.Bytes([]float32{1, 2, 3}))
			y := b.Add("", &op.QuantizeLinear{DType: tensor.I8, Axis: 1}, b.Input("x", tensor.Of(tensor.F32, 1, 3, 2, 2)), s)
			y = b.Add("", new(toNHWC), y)
			return b.Add("", &op.IntegerConv{Stride: ones, Dilation: ones, DType: tensor.I32}, y, b.Const("w", tensor.Of(tensor.I8, 1, 1, 1, 3), make([]byte, 3)))
		}, `%0 = QuantizeLinear x many -> int8[1 3 2 2]
%1 = Transpose %0 -> int8[1 2 2 3]
%2 = IntegerConv %1 w -> int32[1 2 2 1]
`},
		{"quantised while it runs", func(b *qdqGraph) graph.Value {
			d, err := b.Node(graph.Node{Op: &op.DynamicQuantizeLinear{}, In: []graph.Value{b.Input("x", tensor.Of(tensor.F32, 2, 8))}})
			if err != nil {
				return graph.None
			}
			w := b.Const("w", tensor.Of(tensor.I8, 8, 3), make([]byte, 24))
			y := b.Add("", &op.IntegerMatMul{DType: tensor.I32}, d[0], w, d[2])
			scale := b.Add("", &op.Mul{To: toF32}, d[1], b.Const("ws", tensor.Of(tensor.F32, 3), tensor.Bytes([]float32{1, 2, 3})))
			y = b.Add("", &op.Mul{To: toF32}, b.Add("", &op.Cast{DType: tensor.F32}, y), scale)
			return b.Add("", new(f32Add), y, b.Const("bias", tensor.Of(tensor.F32, 3), tensor.Bytes([]float32{1, 2, 3})))
		}, `%0 = DynamicQuantizeLinear x -> int8[2 8] -> float32[] -> int8[]
%1 = IntegerMatMul %0 w %0 - %0 ws - - - bias -> float32[2 3]
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newQDQGraph()
			set, err := host.Best()
			require.NoError(t, err)
			p, err := NewPlan(built(t, b.Builder, c.build(b)), &set, Options{})
			require.NoError(t, err)
			require.Equal(t, c.want, asText(p.Graph()))
			require.Equal(t, strings.Count(c.want, "Transpose"), p.Transposes())
		})
	}
}

// quantisedChain makes a random network of so many quantised operators on NCHW
// images.
func (b *qdqGraph) quantisedChain(r *rand.Rand, layers int) graph.Value {
	const c = 3
	x := b.through(b.Input("x", tensor.Of(tensor.F32, 1, c, 6, 6)))
	y := x
	for range layers {
		switch r.IntN(12) {
		case 0:
			y = b.conv(y, c, c, 3)
		case 1:
			y = b.Add("", &op.Clamp{Hi: 6}, b.conv(y, c, c, 1))
		case 2:
			y = b.Add("", new(f32Add), y, y)
		case 3:
			y = b.Add("", &op.Mul{To: toF32}, y, b.Add("", &op.Logistic{}, y))
		case 4:
			y = b.Add("", &op.Softmax{Beta: 1, Axis: 1 + r.IntN(3), To: toF32}, y)
		case 5:
			p := op.Pool{Window: [2]int{3, 3}, Stride: ones, Dilation: ones, Padding: op.Padding{Mode: op.PadSameUpper}}
			y = b.Add("", new(toNCHW), b.Add("", &op.AveragePool2D{Pool: p, CountPad: r.IntN(2) == 0}, b.Add("", new(toNHWC), y)))
		case 6:
			y = b.Add("", &op.Sub{To: toF32}, y, b.through(b.Add("", &op.LeakyRelu{Alpha: 0.3}, y)))
		case 7:
			m := b.through(b.Add("", &op.Aggregate{Kind: op.ReduceMean, KeepDims: true}, y, b.ints(2, 3)))
			y = b.Add("", &op.Mul{To: toF32}, y, m)
		case 8:
			y = b.Add("", &op.Pad{}, y, b.ints(0, 0, 0, 0, 1, 0, 0, 2), b.number(r.Float32()))
			y = b.Add("", &op.StridedSlice{Axes: []int{3, 2}}, y, b.ints(1, 0), b.ints(7, 6))
		case 9:
			parts, err := b.Node(graph.Node{Op: &op.Split{Num: 3, Axis: 1}, In: []graph.Value{y}})
			if err != nil {
				return graph.None
			}
			y = b.Add("", &op.Concatenation{Axis: 1}, parts[2], parts[0], b.Add("", &op.Aggregate{Kind: op.ReduceMin, KeepDims: true}, y, b.ints(1)))
		case 10:
			y = b.Add("", &op.Resize{}, y, graph.None, graph.None, b.ints(1, c, 3, 12))
			y = b.Add("", &op.Gather{Axis: 2}, b.Add("", &op.Reshape{Shape: []int{1, c, 6, 6}}, y), b.ints(5, 0, 1, 2, 3, 3))
		case 11:
			y = b.Add("", &op.BatchMatMul{AdjX: r.IntN(2) == 0, To: toF32}, y, b.through(b.Add("", &op.Transpose{Perm: []int{0, 1, 3, 2}}, y)))
		}
		y = b.through(y)
	}
	return b.quantised(y)
}

// TestQDQComputes holds random networks against the same operators in float, as
// the graph says: each integer is a step off at most from what float makes of
// the integers before it. Planned without these integers as outputs, the last
// are the same.
func TestQDQComputes(t *testing.T) {
	for n := range 150 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(n), 1))
			b := newQDQGraph()
			b.random = r
			if r.IntN(2) == 0 {
				b.zero = b.Const("z", tensor.Of(tensor.U8), []byte{byte(r.IntN(200))})
			}
			b.scale = b.Const("s", tensor.Of(tensor.F32), tensor.Bytes([]float32{0.02 + 0.1*r.Float32()}))
			last := b.quantisedChain(r, 1+n%4)
			g := built(t, b.Builder, append([]graph.Value{last}, b.steps...)...)
			x := make([]float32, g.View(g.In[0]).Len())
			for i := range x {
				x[i] = r.Float32()*8 - 4
			}
			ours, bounds := planned(t, g, x)
			visitedRef(t, g, x, func(v graph.Value, y tensor.View) {
				if k := slices.Index(g.Out, v); k >= 0 {
					for i, want := range y.Data {
						require.InDelta(t, want, ours[k][i], 1, "element %d of step %d", i, k)
					}
					copy(y.Data, ours[k])
				}
			})
			for _, b := range bounds {
				require.Equal(t, `it quantises "x", an input of the model`, b.Why)
			}
			g.Out = g.Out[:1]
			alone, _ := planned(t, g, x)
			require.Equal(t, ours[0], alone[0])
		})
	}
}

// planned runs g, and returns the bytes of its outputs.
func planned(t *testing.T, g *graph.Graph, x []float32) (out [][]byte, bounds []Boundary) {
	set, err := host.Best()
	require.NoError(t, err)
	p, err := NewPlan(g, &set, Options{})
	require.NoError(t, err)
	s, err := p.NewSession(1)
	require.NoError(t, err)
	defer s.Close()
	copy(s.In(0).F32(), x)
	require.NoError(t, s.Run())
	for i := range g.Out {
		out = append(out, slices.Clone(s.Out(i).Data))
	}
	return out, p.Boundaries()
}
