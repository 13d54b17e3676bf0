package op_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// f32At returns a float32 view.
func f32At(shape []int, x ...float32) tensor.View {
	return tensor.View{Type: tensor.Of(tensor.F32, shape...), Data: tensor.Bytes(x)}
}

func i32At(shape []int, x ...int32) tensor.View {
	return tensor.View{Type: tensor.Of(tensor.I32, shape...), Data: tensor.Bytes(x)}
}

// blank returns memory for values of these types.
func blank(types []tensor.Type) []tensor.View {
	out := make([]tensor.View, len(types))
	for i, t := range types {
		words := make([]uint64, t.Bytes()/8+1)
		out[i] = tensor.View{Type: t, Data: tensor.Bytes(words)[:t.Bytes()]}
	}
	return out
}

// compute runs o plainly and prepared, on every set of kernels, and returns
// what came out.
func compute(t *testing.T, o op.Referenced, in ...tensor.View) []tensor.View {
	types, err := o.Infer(in)
	require.NoError(t, err)
	want := blank(types)
	require.NoError(t, o.Ref(in, want))
	for _, set := range host.Sets() {
		p := op.Prep{Out: types, Const: make([][]byte, len(in)), Kernels: &set, Done: func(int) {}}
		for _, v := range in {
			p.In = append(p.In, v.Type)
		}
		prepared, err := op.Prepare(o, &p)
		require.NoError(t, err)
		got := blank(types)
		words := make([]uint64, prepared.Scratch/8+1)
		step, err := prepared.Bind(&op.Mem{In: in, Out: got, Scratch: tensor.Bytes(words)[:prepared.Scratch], Env: &op.Env{Ctx: context.Background()}})
		require.NoError(t, err)
		require.NoError(t, step())
		for i := range want {
			require.Equal(t, want[i].Data, got[i].Data, "%s: output %d", set.Name, i)
		}
	}
	return want
}

func shown(vs []tensor.View) string {
	s := ""
	for i := range vs {
		v := &vs[i]
		if i > 0 {
			s += " | "
		}
		switch v.DType {
		case tensor.F32:
			s += fmt.Sprint(v.Shape, v.F32())
		case tensor.I32:
			s += fmt.Sprint(v.Shape, v.I32())
		default:
			s += fmt.Sprint(v.Shape, v.I64())
		}
	}
	return s
}

// TestAttributes is about what ONNX can say and TFLite can't.
func TestAttributes(t *testing.T) {
	square := f32At([]int{1, 3, 3, 1}, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	matrix := f32At([]int{2, 3}, 3, 1, 2, -1, 5, 5)
	two := [2]int{2, 2}
	one := [2]int{1, 1}
	around := op.Padding{Top: 1, Left: 1}
	for name, c := range map[string]struct {
		op   op.Referenced
		in   []tensor.View
		want string
	}{
		"explicit padding": {&op.AveragePool2D{Pool: op.Pool{Window: two, Stride: two, Dilation: one, Padding: around}}, []tensor.View{square}, "[1 2 2 1] [1 2.5 5.5 7]"},
		"padding counts":   {&op.AveragePool2D{CountPad: true, Pool: op.Pool{Window: two, Stride: two, Dilation: one, Padding: around}}, []tensor.View{square}, "[1 2 2 1] [0.25 1.25 2.75 7]"},
		"same, lower":      {&op.MaxPool2D{Pool: op.Pool{Window: two, Stride: two, Dilation: one, Padding: op.Padding{Mode: op.PadSameLower}}}, []tensor.View{square}, "[1 2 2 1] [1 3 7 9]"},
		"dilation":         {&op.MaxPool2D{Pool: op.Pool{Window: two, Stride: one, Dilation: two}}, []tensor.View{square}, "[1 1 1 1] [9]"},
		"dilation, padded": {&op.L2Pool2D{Pool: op.Pool{Window: two, Stride: two, Dilation: two, Padding: op.Padding{Top: 1, Left: 1, Bottom: 1, Right: 1}}}, []tensor.View{square}, "[1 2 2 1] [5 5 5 5]"},
		"window outside":   {&op.AveragePool2D{Pool: op.Pool{Window: one, Stride: two, Dilation: one, Padding: around}}, []tensor.View{square}, "[1 2 2 1] [0 0 0 5]"},
		"softmax, first":   {&op.Softmax{Beta: 0, Axis: 0, To: op.To{DType: tensor.F32}}, []tensor.View{matrix}, "[2 3] [0.5 0.5 0.5 0.5 0.5 0.5]"},
		"log softmax":      {&op.LogSoftmax{Axis: 0, To: op.To{DType: tensor.F32}}, []tensor.View{f32At([]int{2, 1}, 0, -200)}, "[2 1] [0 -200]"},
		"norm, first":      {&op.L2Normalization{Axis: 0}, []tensor.View{f32At([]int{2, 2}, 3, 0, 4, 2)}, "[2 2] [0.6 0 0.8 1]"},
		"sum, attribute":   {&op.Reduce{Kind: op.ReduceSum, Axes: []int{-1}}, []tensor.View{matrix}, "[2] [6 9]"},
		"sum, all":         {&op.Reduce{Kind: op.ReduceSum, KeepDims: true}, []tensor.View{matrix}, "[1 1] [15]"},
		"sum, none":        {&op.Reduce{Kind: op.ReduceSum, Axes: []int{}}, []tensor.View{matrix}, "[2 3] [3 1 2 -1 5 5]"},
		"arg max, kept":    {&op.ArgMax{Axis: -1, KeepDims: true, Index: tensor.I64}, []tensor.View{matrix}, "[2 1] [0 1]"},
		"arg max, last":    {&op.ArgMax{Axis: -1, Last: true, Index: tensor.I32}, []tensor.View{matrix}, "[2] [0 2]"},
		"arg min, first":   {&op.ArgMax{Least: true, Index: tensor.I32}, []tensor.View{matrix}, "[3] [1 0 0]"},
		"sums, attribute":  {&op.CumSum{Axis: 1, Exclusive: true}, []tensor.View{matrix}, "[2 3] [0 3 4 0 -1 4]"},
		"least":            {&op.TopK{Least: true, Axis: 1, Index: tensor.I64}, []tensor.View{matrix, i32At([]int{1}, 2)}, "[2 2] [1 2 -1 5] | [2 2] [1 2 0 1]"},
		"greatest, first":  {&op.TopK{Axis: 0, Index: tensor.I32}, []tensor.View{matrix, i32At([]int{}, 1)}, "[1 3] [3 5 5] | [1 3] [0 1 1]"},
		"greatest, middle": {&op.TopK{Axis: 1, Index: tensor.I32}, []tensor.View{f32At([]int{2, 2, 2}, 1, 2, 3, 0, 5, 6, 4, 9), i32At([]int{}, 2)}, "[2 2 2] [3 2 1 0 5 9 4 6] | [2 2 2] [1 0 0 1 0 1 1 0]"},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, shown(compute(t, c.op, c.in...))) })
	}
}

// TestUnknownShapes infers from inputs of which some sizes are not known.
func TestUnknownShapes(t *testing.T) {
	const d = tensor.Dynamic
	open := tensor.View{Type: tensor.Of(tensor.F32, d, 4, d, 3)}
	axes := tensor.View{Type: tensor.Of(tensor.I32, 2)}
	pool := op.Pool{Window: [2]int{2, 2}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1}}
	to := op.To{DType: tensor.F32}
	for name, c := range map[string]struct {
		op   graph.Op
		in   []tensor.View
		want []int
	}{
		"pool":               {&op.MaxPool2D{Pool: pool}, []tensor.View{open}, []int{d, 2, d, 3}},
		"softmax":            {&op.Softmax{Beta: 1, Axis: -1, To: to}, []tensor.View{open}, []int{d, 4, d, 3}},
		"reduction":          {&op.Reduce{Axes: []int{0, 2}}, []tensor.View{open}, []int{4, 3}},
		"unknown axes":       {&op.Reduce{}, []tensor.View{open, axes}, []int{d, d}},
		"unknown axes, kept": {&op.Reduce{KeepDims: true}, []tensor.View{open, axes}, []int{d, d, d, d}},
		"arg max":            {&op.ArgMax{Axis: 2, Index: tensor.I32}, []tensor.View{open}, []int{d, 4, 3}},
		"top k":              {&op.TopK{Axis: 3, Index: tensor.I32}, []tensor.View{open, {Type: tensor.Of(tensor.I32, 1)}}, []int{d, 4, d, d}},
		"product":            {&op.BatchMatMul{To: to}, []tensor.View{open, {Type: tensor.Of(tensor.F32, 3, 5)}}, []int{d, 4, d, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			types, err := c.op.Infer(c.in)
			require.NoError(t, err)
			assert.Equal(t, c.want, types[0].Shape)
		})
	}
}

// TestNaN holds that maxima pass over NaN, and that all sets agree.
func TestNaN(t *testing.T) {
	nan := float32(0)
	nan /= nan
	in := f32At([]int{1, 2, 2, 2}, nan, 1, 2, nan, -3, nan, nan, nan)
	pool := &op.MaxPool2D{Pool: op.Pool{Window: [2]int{2, 2}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}}
	assert.Equal(t, "[1 1 1 2] [2 1]", shown(compute(t, pool, in)))
	assert.Equal(t, "[2] [2 1]", shown(compute(t, &op.Reduce{Kind: op.ReduceMax, Axes: []int{0, 1, 2}}, in)))
}
