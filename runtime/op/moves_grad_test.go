package op_test

import (
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// picked returns x at some indices.
func picked(x []float64, at ...int) []float64 {
	y := make([]float64, len(at))
	for i, a := range at {
		y[i] = x[a]
	}
	return y
}

// indices returns f of 0 to n−1.
func indices(n int, f func(k int) int) []int {
	at := make([]int, n)
	for k := range at {
		at[k] = f(k)
	}
	return at
}

// fixed is a constant list of int32.
func fixed(v ...int32) gradtest.Input {
	return gradtest.Input{Shape: []int{len(v)}, Ints: v, Const: true}
}

// moveCase is a case of an operator whose output is input 0 at some indices.
func moveCase(name string, o graph.Op, shape []int, at []int, more ...gradtest.Input) gradtest.Case {
	return gradtest.Case{
		Name: name, Op: o, In: append([]gradtest.Input{gradtest.Of(shape...)}, more...),
		F: func(in [][]float64) [][]float64 { return [][]float64{picked(in[0], at...)} },
	}
}

func TestMoveGrads(t *testing.T) {
	all := func(k int) int { return k }
	gradtest.Run(t, []gradtest.Case{
		moveCase("squeeze", &op.Squeeze{}, []int{1, 5, 1}, indices(5, all)),
		moveCase("expand", &op.ExpandDims{}, []int{5, 2}, indices(10, all), fixed(1)),
		moveCase("flatten", &op.Flatten{Axis: 1}, []int{2, 3, 2}, indices(12, all)),
		moveCase("cast", &op.Cast{DType: tensor.F32}, []int{6}, indices(6, all)),
		moveCase("transpose", &op.Transpose{Perm: []int{1, 0}}, []int{3, 17}, indices(51, func(k int) int { return k%3*17 + k/3 })),
		moveCase("transpose 3", &op.Transpose{}, []int{2, 3, 4}, indices(24, func(k int) int {
			return k/2%4 + k/8*4 + k%2*12 // out[j k i] = x[i j k]
		}), fixed(1, 2, 0)),
		moveCase("slice", &op.Slice{}, []int{4, 5}, []int{6, 7, 11, 12}, fixed(1, 1), fixed(2, 2)),
		moveCase("strided", &op.StridedSlice{}, []int{5, 6}, []int{1, 3, 5, 13, 15, 17}, fixed(0, 1), fixed(4, 6), fixed(2, 2)),
		moveCase("strided shrink", &op.StridedSlice{ShrinkAxisMask: 1, NewAxisMask: 2}, []int{3, 4}, []int{8, 9, 10, 11}, fixed(2, 0), fixed(0, 0), fixed(1, 1)),
		moveCase("strided back", &op.StridedSlice{BeginMask: 1, EndMask: 1}, []int{5}, []int{4, 2, 0}, fixed(0), fixed(0), fixed(-2)),
		moveCase("tile", &op.Tile{}, []int{2, 3}, indices(24, func(k int) int { return k/6%2*3 + k%3 }), fixed(2, 2)),
		moveCase("broadcast", &op.BroadcastTo{}, []int{2, 1, 3}, indices(48, func(k int) int { return k/12%2*3 + k%3 }), fixed(2, 2, 4, 3)),
		moveCase("reverse", &op.Reverse{}, []int{2, 3}, []int{2, 1, 0, 5, 4, 3}, fixed(1)),
	})
}

func TestSplitGrads(t *testing.T) {
	two := func(p, q []int) func(in [][]float64) [][]float64 {
		return func(in [][]float64) [][]float64 { return [][]float64{picked(in[0], p...), picked(in[0], q...)} }
	}
	split := gradtest.Case{Name: "split", Op: &op.Split{Num: 2, Axis: -1}, In: []gradtest.Input{gradtest.Of(2, 4)}, F: two([]int{0, 1, 4, 5}, []int{2, 3, 6, 7})}
	blind := split
	blind.Name, blind.Blind = "split, one unused", []int{1}
	gradtest.Run(t, []gradtest.Case{
		split, blind,
		{Name: "unpack", Op: &op.Unpack{Num: 2, Axis: 1}, In: []gradtest.Input{gradtest.Of(3, 2)}, F: two([]int{0, 2, 4}, []int{1, 3, 5})},
		{Name: "unpack, one unused", Op: &op.Unpack{Num: 2, Axis: 0}, In: []gradtest.Input{gradtest.Of(2, 3)}, F: two([]int{0, 1, 2}, []int{3, 4, 5}), Blind: []int{0}},
	})
}

func TestJoinGrads(t *testing.T) {
	joined := func(at ...int) func(in [][]float64) [][]float64 {
		return func(in [][]float64) [][]float64 {
			return [][]float64{picked(append(append([]float64{}, in[0]...), in[1]...), at...)}
		}
	}
	gradtest.Run(t, []gradtest.Case{
		{Name: "last axis", Op: &op.Concatenation{Axis: -1}, In: []gradtest.Input{gradtest.Of(2, 2), gradtest.Of(2, 1)}, F: joined(0, 1, 4, 2, 3, 5)},
		{Name: "first axis", Op: &op.Concatenation{}, In: []gradtest.Input{gradtest.Of(1, 3), gradtest.Of(2, 3)}, F: joined(indices(9, func(k int) int { return k })...)},
		{Name: "pack", Op: &op.Pack{Axis: 1}, In: []gradtest.Input{gradtest.Of(3), gradtest.Of(3)}, F: joined(0, 3, 1, 4, 2, 5)},
	})
}

func TestSelectGrad(t *testing.T) {
	for _, constant := range []bool{true, false} {
		choose := gradtest.Input{Shape: []int{3, 1}, Ints: []int32{1, 0, 1}, Bool: true, Const: constant}
		gradtest.Run(t, []gradtest.Case{{
			Name: "select", Op: &op.Select{}, In: []gradtest.Input{choose, gradtest.Of(3, 5), gradtest.Of(5)},
			F: func(in [][]float64) [][]float64 {
				y := make([]float64, 15)
				for k := range y {
					if y[k] = in[2][k%5]; in[0][k/5] != 0 {
						y[k] = in[1][k]
					}
				}
				return [][]float64{y}
			},
		}})
	}
}
