package runtime

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// qdqGraph makes up graphs of quantised operators.
type qdqGraph struct {
	*graph.Builder
	scale, zero, fine graph.Value   // of activations: 0.5, and 0 as uint8; another scale
	random            *rand.Rand    // if set, weights are random
	steps             []graph.Value // all that was quantised
}

func newQDQGraph() *qdqGraph {
	b := &qdqGraph{Builder: graph.NewBuilder("g")}
	b.scale = b.Const("s", tensor.Of(tensor.F32), tensor.Bytes([]float32{0.5}))
	b.zero = b.Const("z", tensor.Of(tensor.U8), []byte{0})
	b.fine = b.Const("fine", tensor.Of(tensor.F32), tensor.Bytes([]float32{0.00390625}))
	return b
}

func (b *qdqGraph) input(name string, shape ...int) graph.Value {
	return b.real(b.Input(name, tensor.Of(tensor.U8, shape...)))
}

func (b *qdqGraph) real(v graph.Value) graph.Value {
	return b.Add("real", &op.DequantizeLinear{DType: tensor.F32}, v, b.scale, b.zero)
}

func (b *qdqGraph) quantised(v graph.Value) graph.Value {
	y := b.Add("quantised", &op.QuantizeLinear{DType: tensor.U8}, v, b.scale, b.zero)
	b.steps = append(b.steps, y)
	return y
}

// weights are int8 with a scale for each of the first dimension.
func (b *qdqGraph) weights(shape ...int) graph.Value {
	t := tensor.Of(tensor.I8, shape...)
	data := make([]byte, t.Bytes())
	s := make([]float32, shape[0])
	for i := range s {
		s[i] = 0.25
	}
	if b.random != nil {
		for i := range data {
			data[i] = byte(b.random.Uint32())
		}
		for i := range s {
			s[i] = 0.001 + 0.004*b.random.Float32()
		}
	}
	w := b.Const("w", t, data)
	return b.Add("wreal", &op.DequantizeLinear{DType: tensor.F32}, w, b.Const("ws", tensor.Of(tensor.F32, shape[0]), tensor.Bytes(s)))
}

// asText lists the nodes with what they read.
func asText(g *graph.Graph) string {
	var b strings.Builder
	name := map[graph.Value]string{graph.None: "-"}
	for i, n := range g.Nodes {
		fmt.Fprintf(&b, "%%%d = %s%s", i, graph.Name(n.Op), detail(n.Op))
		for _, v := range n.In {
			if name[v] == "" {
				name[v] = g.Values[v].Name
			}
			fmt.Fprintf(&b, " %s", name[v])
		}
		for _, v := range n.Out {
			name[v] = fmt.Sprintf("%%%d", i)
			fmt.Fprintf(&b, " -> %s%v", g.Values[v].Type.DType, g.Values[v].Type.Shape)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// why lists boundaries with their reasons.
func why(list []Boundary) string {
	var s strings.Builder
	for _, b := range list {
		fmt.Fprintf(&s, "%s %q: %s\n", b.Op, b.Name, b.Why)
	}
	return s.String()
}

// detail tells what operators took over.
func detail(o graph.Op) string {
	bounds := func(s op.Saturation) string {
		if s == (op.Saturation{}) {
			return ""
		}
		return fmt.Sprintf("[%d..%d]", s.Lo, s.Hi)
	}
	switch o := o.(type) {
	case *op.IntegerConv:
		return bounds(o.Saturation)
	case *op.IntegerMatMul:
		if o.AdjY {
			return "[AdjY]" + bounds(o.Saturation)
		}
		return bounds(o.Saturation)
	case *op.LinearPair:
		return bounds(o.Saturation)
	case *op.QuantizeLinear:
		if o.ChannelsLast {
			return "[channels last]"
		}
	}
	return ""
}

func TestFoldQDQ(t *testing.T) {
	epilogue := op.Epilogue{To: op.To{DType: tensor.F32}}
	f32 := op.To{DType: tensor.F32}
	one, inf := [2]int{1, 1}, float32(math.Inf(1))
	for _, c := range []struct {
		name  string
		build func(b *qdqGraph) graph.Value
		want  string
	}{
		{"convolution of NCHW, and ReLU", func(b *qdqGraph) graph.Value {
			x := b.Add("", &op.Transpose{Perm: []int{0, 2, 3, 1}}, b.input("x", 1, 3, 4, 4))
			w := b.Add("", &op.Transpose{Perm: []int{0, 2, 3, 1}}, b.weights(2, 3, 2, 2))
			bias := b.Const("bias", tensor.Of(tensor.F32, 2), tensor.Bytes([]float32{1, -2.1}))
			y := b.Add("", &op.Conv2D{Stride: one, Dilation: one, Epilogue: epilogue}, x, w, bias)
			y = b.Add("", &op.Transpose{Perm: []int{0, 3, 1, 2}}, y)
			return b.quantised(b.Add("", &op.Clamp{Hi: inf}, y))
		}, `%0 = Transpose x -> uint8[1 4 4 3]
%1 = Transpose w -> int8[2 2 2 3]
%2 = IntegerConv %0 %1 z - s ws s z bias -> uint8[1 3 3 2]
%3 = Transpose %2 -> uint8[1 2 3 3]
`},
		{"dense layer from a product and a bias", func(b *qdqGraph) graph.Value {
			y := b.Add("", &op.BatchMatMul{AdjY: true, To: f32}, b.input("x", 1, 8), b.weights(4, 8))
			return b.quantised(b.Add("", &op.Add{To: f32}, y, b.Const("bias", tensor.Of(tensor.F32, 4), tensor.Bytes(make([]float32, 4)))))
		}, `%0 = IntegerMatMul[AdjY] x w z - s ws s z bias -> uint8[1 4]
`},
		{"sum, ReLU6 and a change of scale", func(b *qdqGraph) graph.Value {
			y := b.Add("", &op.Add{To: f32}, b.input("x", 5), b.input("y", 5))
			y = b.real(b.quantised(b.Add("", &op.Clamp{Hi: 6}, y)))
			return b.Add("", &op.QuantizeLinear{DType: tensor.I8}, y, b.scale)
		}, `%0 = LinearPair x s z y s z s z -> uint8[5]
%1 = Lookup %0 -> uint8[5]
%2 = Lookup %1 -> int8[5]
`},
		{"joined, of one scale", func(b *qdqGraph) graph.Value {
			y := b.Add("", &op.Concatenation{Axis: 0}, b.input("x", 5), b.input("y", 2))
			return b.quantised(b.Add("", &op.Logistic{}, b.real(b.quantised(y))))
		}, `%0 = Concatenation x y -> uint8[7]
%1 = Lookup %0 -> uint8[7]
`},
		{"a sum that is read twice stays", func(b *qdqGraph) graph.Value {
			y := b.Add("", &op.Add{To: f32}, b.input("x", 5), b.input("y", 5))
			return b.Add("", &op.Mul{To: f32}, y, b.real(b.quantised(y)))
		}, `%0 = DequantizeLinear x s z -> float32[5]
%1 = DequantizeLinear y s z -> float32[5]
%2 = Add %0 %1 -> float32[5]
%3 = QuantizeLinear %2 s z -> uint8[5]
%4 = DequantizeLinear %3 s z -> float32[5]
%5 = Mul %2 %4 -> float32[5]
DequantizeLinear "real": Add reads it in float: its result is not quantised
DequantizeLinear "real": Add reads it in float: its result is not quantised
QuantizeLinear "quantised": Add is read in float too, by Mul
DequantizeLinear "real": Mul reads it in float: its result is not quantised
`},
		{"a bias that isn't known keeps the result in float", func(b *qdqGraph) graph.Value {
			y := b.Add("", &op.FullyConnected{KeepDims: true, Epilogue: epilogue}, b.input("x", 1, 8), b.weights(4, 8), b.Input("bias", tensor.Of(tensor.F32, 4)))
			return b.quantised(y)
		}, `%0 = IntegerMatMul[AdjY] x w z - s ws - - - bias -> float32[1 4]
%1 = QuantizeLinear %0 s z -> uint8[1 4]
QuantizeLinear "quantised": FullyConnected gives float: its bias is not constant
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newQDQGraph()
			g, bounds, err := foldQDQ(built(t, b.Builder, c.build(b)))
			require.NoError(t, err)
			require.Equal(t, c.want, asText(g)+why(bounds))
		})
	}
}
