package runtime

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// at quantises with another scale than the rest, and no zero point.
func (b *qdqGraph) at(scale float32, v graph.Value) graph.Value {
	return b.Add("other", &op.QuantizeLinear{DType: tensor.U8}, v, b.Const("s2", tensor.Of(tensor.F32), tensor.Bytes([]float32{scale})))
}

func (b *qdqGraph) ints(x ...int64) graph.Value {
	return b.Const("list", tensor.Of(tensor.I64, len(x)), tensor.Bytes(x))
}

func (b *qdqGraph) number(x float32) graph.Value {
	return b.Const("number", tensor.Of(tensor.F32), tensor.Bytes([]float32{x}))
}

var (
	ones      = [2]int{1, 1}
	windowOf2 = op.Pool{Window: [2]int{2, 2}, Stride: [2]int{2, 2}, Dilation: ones}
	toF32     = op.To{DType: tensor.F32}
)

// TestQDQRules has each operator that folds, between quantise and dequantise.
func TestQDQRules(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(b *qdqGraph) graph.Value
		want  string
	}{
		{"greatest of windows, and another scale", func(b *qdqGraph) graph.Value {
			return b.at(0.25, b.Add("", &op.MaxPool2D{Pool: windowOf2}, b.input("x", 1, 4, 4, 3)))
		}, `%0 = MaxPool2D x -> uint8[1 2 2 3]
%1 = Lookup %0 -> uint8[1 2 2 3]
`},
		{"averages", func(b *qdqGraph) graph.Value {
			return b.at(0.25, b.Add("", &op.AveragePool2D{Pool: windowOf2}, b.input("x", 1, 4, 4, 3)))
		}, `%0 = LinearPool x s z s2 -> uint8[1 2 2 3]
`},
		{"mean of NCHW", func(b *qdqGraph) graph.Value {
			return b.at(0.25, b.Add("", &op.Aggregate{Kind: op.ReduceMean}, b.input("x", 1, 3, 4, 4), b.ints(2, -1)))
		}, `%0 = Transpose x -> uint8[1 4 4 3]
%1 = LinearPool %0 s z s2 -> uint8[1 1 1 3]
%2 = Transpose %1 -> uint8[1 3 1 1]
%3 = Reshape %2 -> uint8[1 3]
`},
		{"mean of lines, and greatest of them", func(b *qdqGraph) graph.Value {
			y := b.Add("", &op.Aggregate{Kind: op.ReduceMean, KeepDims: true}, b.input("x", 2, 5, 3), b.ints(1))
			return b.quantised(b.Add("", &op.Aggregate{Kind: op.ReduceMax}, b.real(b.quantised(y)), b.ints(1)))
		}, `%0 = Reshape x -> uint8[2 5 1 3]
%1 = LinearPool %0 s z s z -> uint8[2 1 1 3]
%2 = Reshape %1 -> uint8[2 1 3]
%3 = ReduceMax %2 list -> uint8[2 3]
`},
		{"softmax", func(b *qdqGraph) graph.Value {
			return b.at(1.0/256, b.Add("", &op.Softmax{Beta: 1, Axis: 1, To: toF32}, b.input("x", 2, 5)))
		}, `%0 = LinearSoftmax x s z s2 -> uint8[2 5]
`},
		{"a function of one number, read in two places", func(b *qdqGraph) graph.Value {
			x := b.input("x", 2, 5)
			y := b.Add("", &op.Mul{To: toF32}, x, b.Add("", &op.Logistic{}, x))
			y = b.Add("", &op.Add{To: toF32}, y, b.number(1))
			return b.quantised(b.Add("", &op.Activation{F: op.ActHardSwish}, y))
		}, `%0 = Lookup x -> uint8[2 5]
`},
		{"a function that changes nothing", func(b *qdqGraph) graph.Value {
			return b.quantised(b.Add("", &op.Logistic{}, b.real(b.quantised(b.Add("", &op.Clamp{Hi: float32(math.Inf(1))}, b.input("x", 5))))))
		}, `%0 = Lookup x -> uint8[5]
`},
		{"a slope for each channel is no function of one number", func(b *qdqGraph) graph.Value {
			slope := b.Const("slope", tensor.Of(tensor.F32, 3), tensor.Bytes([]float32{1, 2, 3}))
			return b.quantised(b.Add("", &op.PRelu{}, b.input("x", 2, 3), slope))
		}, `%0 = DequantizeLinear x s z -> float32[2 3]
%1 = PRelu %0 slope -> float32[2 3]
%2 = QuantizeLinear %1 s z -> uint8[2 3]
DequantizeLinear "real": PRelu reads it in float: it has no form on integers
QuantizeLinear "quantised": PRelu gives float: it has no form on integers
`},
		{"difference", func(b *qdqGraph) graph.Value {
			return b.quantised(b.Add("", &op.Sub{To: toF32}, b.input("x", 5), b.input("y", 5)))
		}, `%0 = LinearPair x s z y negative z s z -> uint8[5]
`},
		{"parts of different scales", func(b *qdqGraph) graph.Value {
			y := b.Add("", &op.DequantizeLinear{DType: tensor.F32}, b.Input("y", tensor.Of(tensor.I8, 2)), b.number(0.25))
			return b.quantised(b.Add("", &op.Concatenation{Axis: 0}, b.input("x", 5), y))
		}, `%0 = Lookup y -> uint8[2]
%1 = Concatenation x %0 -> uint8[7]
`},
		{"moved without being quantised again", func(b *qdqGraph) graph.Value {
			x := b.Add("", &op.Transpose{Perm: []int{1, 0}}, b.input("x", 4, 3))
			x = b.Add("", &op.Flatten{Axis: 0}, x)
			x = b.Add("", &op.Pad{}, x, b.ints(0, 0, 1, 2))
			return b.Add("", &op.Gather{Axis: 1}, x, b.ints(3))
		}, `%0 = Transpose x -> uint8[3 4]
%1 = Flatten %0 -> uint8[1 12]
%2 = Pad %1 list  -> uint8[1 15]
%3 = Gather %2 list -> uint8[1 1]
%4 = DequantizeLinear %3 s z -> float32[1 1]
DequantizeLinear "": it is "", an output of the model
`},
		{"padding that has no integer", func(b *qdqGraph) graph.Value {
			return b.Add("", &op.Pad{}, b.input("x", 4), b.ints(0, 1), b.number(0.3))
		}, `%0 = DequantizeLinear x s z -> float32[4]
%1 = Pad %0 list number -> float32[5]
DequantizeLinear "real": Pad reads it in float: its result is not quantised
`},
		{"parts of a split", func(b *qdqGraph) graph.Value {
			n, err := b.Node(graph.Node{Op: &op.Split{Num: 2, Axis: 1}, In: []graph.Value{b.input("x", 2, 6)}})
			if err != nil {
				return graph.None
			}
			return b.quantised(b.Add("", &op.Add{To: toF32}, n[0], n[1]))
		}, `%0 = Split x -> uint8[2 3] -> uint8[2 3]
%1 = LinearPair %0 s z %0 s z s z -> uint8[2 3]
`},
		{"nearest neighbours", func(b *qdqGraph) graph.Value {
			return b.quantised(b.Add("", &op.Resize{Coordinates: op.Asymmetric}, b.input("x", 1, 1, 2, 2), graph.None, graph.None, b.ints(1, 1, 4, 4)))
		}, `%0 = Resize x - - list -> uint8[1 1 4 4]
`},
		{"blends", func(b *qdqGraph) graph.Value {
			return b.quantised(b.Add("up", &op.Resize{Mode: op.ResizeLinear}, b.input("x", 1, 1, 2, 2), graph.None, graph.None, b.ints(1, 1, 4, 4)))
		}, `%0 = DequantizeLinear x s z -> float32[1 1 2 2]
%1 = Resize %0 - - list -> float32[1 1 4 4]
%2 = QuantizeLinear %1 s z -> uint8[1 1 4 4]
DequantizeLinear "real": Resize "up" reads it in float: it blends elements, which is not done on integers
QuantizeLinear "quantised": Resize "up" gives float: it blends elements, which is not done on integers
`},
		{"attention, of two that are computed", func(b *qdqGraph) graph.Value {
			return b.quantised(b.Add("", &op.BatchMatMul{AdjY: true, To: toF32}, b.input("q", 2, 5, 8), b.input("k", 2, 6, 8)))
		}, `%0 = IntegerMatMul[AdjY] q k z z s s s z -> uint8[2 5 6]
`},
		{"product and bias with a float result", func(b *qdqGraph) graph.Value {
			y := b.Add("", &op.BatchMatMul{AdjY: true, To: toF32}, b.input("x", 1, 8), b.weights(4, 8))
			return b.Add("", &op.Add{To: toF32}, y, b.Const("bias", tensor.Of(tensor.F32, 4), tensor.Bytes(make([]float32, 4))))
		}, `%0 = IntegerMatMul[AdjY] x w z - s ws -> float32[1 4]
%1 = Add %0 bias -> float32[1 4]
`},
		{"scales along what is summed", func(b *qdqGraph) graph.Value {
			return b.quantised(b.Add("mm", &op.BatchMatMul{To: toF32}, b.input("x", 1, 8), b.weights(8, 4)))
		}, `%0 = DequantizeLinear x s z -> float32[1 8]
%1 = DequantizeLinear w ws -> float32[8 4]
%2 = BatchMatMul %0 %1 -> float32[1 4]
%3 = QuantizeLinear %2 s z -> uint8[1 4]
DequantizeLinear "real": BatchMatMul "mm" reads it in float: the scale of input 1 differs along axis 0, along which it sums
QuantizeLinear "quantised": BatchMatMul "mm" gives float: the scale of input 1 differs along axis 0, along which it sums
`},
		{"a scale for each channel", func(b *qdqGraph) graph.Value {
			s := b.Const("many", tensor.Of(tensor.F32, 5), tensor.Bytes([]float32{1, 2, 3, 4, 5}))
			return b.Add("per channel", &op.QuantizeLinear{DType: tensor.U8, Axis: 1}, b.input("x", 2, 5), s)
		}, `%0 = DequantizeLinear x s z -> float32[2 5]
%1 = QuantizeLinear %0 many -> uint8[2 5]
DequantizeLinear "real": QuantizeLinear "per channel" reads it in float: its scale differs along axis 1
QuantizeLinear "per channel": its scale differs along axis 1
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
