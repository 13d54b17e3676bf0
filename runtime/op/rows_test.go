package op_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// normal returns float32 of that shape.
func normal(r *rand.Rand, shape ...int) tensor.View {
	t := tensor.Of(tensor.F32, shape...)
	x := make([]float32, t.Len())
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return tensor.View{Type: t, Data: tensor.Bytes(x)}
}

func scalarOf(x float32) tensor.View { return f32At([]int{}, x) }

func byteView(d tensor.DType, r *rand.Rand, shape ...int) tensor.View {
	v := tensor.View{Type: tensor.Of(d, shape...), Data: make([]byte, tensor.Of(d, shape...).Bytes())}
	for i := range v.Data {
		v.Data[i] = byte(r.Uint32())
	}
	return v
}

// TestRows holds operators that use kernels of rows against their definitions,
// on every set of kernels, on sizes that leave rests and on some that two
// workers share.
func TestRows(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	f32 := op.To{DType: tensor.F32}
	x, big, row := normal(r, 3, 5, 67), normal(r, 70, 5, 1024), normal(r, 67)
	column := normal(r, 5, 1)
	wide := normal(r, 6, 37)
	for i := range wide.F32() {
		wide.F32()[i] *= []float32{60, 1e4, 1e9, 3e38, 1, 100}[i/37]
	}
	type rowCase struct {
		op op.Referenced
		in []tensor.View
	}
	cases := []rowCase{
		{&op.Softmax{Beta: 1, Axis: -1, Plain: true, To: f32}, []tensor.View{x}},
		{&op.Softmax{Beta: 1, Axis: -1, Plain: true, To: f32}, []tensor.View{wide}},
		{&op.Softmax{Beta: 0, Axis: -1, Plain: true, To: f32}, []tensor.View{wide}},
		{&op.Softmax{Beta: 0.3, Axis: 1, Plain: true, To: f32}, []tensor.View{x}},
		{&op.Softmax{Beta: 1, Axis: 1, Flat: true, Plain: true, To: f32}, []tensor.View{big}},
		{&op.LayerNormalization{Axis: -1, Epsilon: 1e-5}, []tensor.View{x, row, row}},
		{&op.LayerNormalization{Axis: 1, Epsilon: 1e-5, Stats: tensor.F32}, []tensor.View{x, row, column}},
		{&op.LayerNormalization{Axis: 2, Epsilon: 1e-5, RMS: true}, []tensor.View{big, normal(r, 1024)}},
		{&op.LayerNormalization{Axis: 1, Epsilon: 1e-5, Outside: true}, []tensor.View{normal(r, 4, 4, 1), normal(r, 4, 1, 1)}},
		{&op.LayerNormalization{Axis: 1, Epsilon: 1e-5}, []tensor.View{x, {}, normal(r, 5, 67)}},
		{&op.QuantizeLinear{DType: tensor.U8}, []tensor.View{big, scalarOf(0.02), byteView(tensor.U8, r)}},
		{&op.QuantizeLinear{DType: tensor.I8, ZeroFirst: true}, []tensor.View{x, scalarOf(0.25), byteView(tensor.I8, r)}},
		{&op.QuantizeLinear{DType: tensor.I8, ChannelsLast: true}, []tensor.View{normal(r, 2, 3, 50, 700), scalarOf(0.02), byteView(tensor.I8, r)}},
		{&op.DequantizeLinear{DType: tensor.F32}, []tensor.View{byteView(tensor.I8, r, 3, 67), scalarOf(0.02), byteView(tensor.I8, r)}},
		{&op.DequantizeLinear{DType: tensor.F32}, []tensor.View{byteView(tensor.U8, r, 400, 1000), scalarOf(0.02), byteView(tensor.U8, r)}},
		{&op.DynamicQuantizeLinear{}, []tensor.View{x}},
		{&op.DynamicQuantizeLinear{Signed: true}, []tensor.View{big}},
		{&op.Transpose{Perm: []int{0, 2, 1}}, []tensor.View{x}},
		{&op.Transpose{Perm: []int{2, 0, 1}}, []tensor.View{big}},
		{&op.Transpose{Perm: []int{0, 2, 3, 1}}, []tensor.View{byteView(tensor.I8, r, 2, 40, 9, 7)}},
		{&op.Transpose{Perm: []int{3, 0, 1, 2}}, []tensor.View{byteView(tensor.U8, r, 3, 40, 9, 3)}},
		{&op.Transpose{Perm: []int{0, 2, 3, 1}}, []tensor.View{normal(r, 1, 70, 12, 32)}},
	}
	for kind := op.ReduceMean; kind <= op.ReduceSumSquare; kind++ {
		for _, axes := range [][]int{{2}, {1}, {0, 1}, {0, 2}} {
			if kind != op.ReduceAll && kind != op.ReduceAny {
				cases = append(cases, rowCase{&op.Aggregate{Kind: kind, Axes: axes, KeepDims: true}, []tensor.View{x}})
			}
			if kind < op.ReduceAll {
				cases = append(cases, rowCase{&op.Reduce{Kind: kind, Axes: axes}, []tensor.View{x}})
			}
		}
	}
	zeros := f32At([]int{2, 20}, append(make([]float32, 20), float32(math.Copysign(0, -1)), 0, -1, -1, -1, 0, -1, -1, -2, -1, -1, -1, -1, -1, -1, -1, 0, -1, -1, -1)...)
	nan := f32At([]int{1, 5}, 1, float32(math.NaN()), 3, 2, 3)
	for _, kind := range []op.Reduction{op.ReduceMax, op.ReduceMin} {
		cases = append(cases, rowCase{&op.Aggregate{Kind: kind, Axes: []int{1}}, []tensor.View{zeros}}, rowCase{&op.Reduce{Kind: kind, Axes: []int{1}}, []tensor.View{zeros}},
			rowCase{&op.Reduce{Kind: kind, Axes: []int{1}}, []tensor.View{nan}})
	}
	window := op.Pool{Window: [2]int{3, 2}, Stride: [2]int{2, 1}, Dilation: [2]int{1, 1}}
	for _, c := range []int{1, 7, 40} {
		image := normal(r, 2, 9, 8, c)
		cases = append(cases, rowCase{&op.MaxPool2D{Pool: window}, []tensor.View{image}}, rowCase{&op.AveragePool2D{Pool: window}, []tensor.View{image}})
	}
	for f := op.FnSin; f <= op.FnReciprocal; f++ {
		cases = append(cases, rowCase{&op.Elementary{F: f}, []tensor.View{x}})
	}
	for _, o := range []op.Referenced{&op.Elementary{F: op.FnErf}, &op.Logistic{Plain: true}, &op.Tanh{Plain: true}, &op.Gelu{Plain: true},
		&op.Gelu{Plain: true, Tanh: true}, &op.Activation{F: op.ActSwish, A: 1.702}, &op.Clamp{Lo: -0.5, Hi: 1}, &op.HardSwish{}} {
		cases = append(cases, rowCase{o, []tensor.View{big}})
	}
	for _, o := range []op.Referenced{&op.Add{Clamp: op.Bounds{Lo: 0, Hi: 6}}, &op.Sub{}, &op.Mul{}, &op.Div{}, &op.Arithmetic{F: op.ArithMax}, &op.Arithmetic{F: op.ArithMin}} {
		for _, in := range [][]tensor.View{{x, x}, {x, row}, {row, x}, {x, scalarOf(2)}, {scalarOf(2), x}, {x, column}, {big, big}, {big, scalarOf(3)}, {normal(r, 1024), big}} {
			cases = append(cases, rowCase{o, in})
		}
	}
	for i, c := range cases {
		t.Run(fmt.Sprint(i, " ", graph.Name(c.op)), func(t *testing.T) {
			runInteger(t, c.op, c.in, func(i int) bool { return i > 0 })
		})
	}
}
