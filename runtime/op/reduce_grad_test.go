package op_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// reduced combines the elements of x that differ in the given axes only.
func reduced(x []float64, shape, axes []int, kind op.Reduction) []float64 {
	size, count := 1, 1
	for i, d := range shape {
		if slices.Contains(axes, i) {
			count *= d
		} else {
			size *= d
		}
	}
	y, seen := make([]float64, size), make([]bool, size)
	for k, v := range x {
		at, stride, rest := 0, 1, k
		for i := len(shape) - 1; i >= 0; i-- {
			if !slices.Contains(axes, i) {
				at += rest % shape[i] * stride
				stride *= shape[i]
			}
			rest /= shape[i]
		}
		switch {
		case kind == op.ReduceMean:
			y[at] += v / float64(count)
		case kind == op.ReduceSum:
			y[at] += v
		case !seen[at]:
			y[at] = v
		case kind == op.ReduceMax:
			y[at] = math.Max(y[at], v)
		case kind == op.ReduceMin:
			y[at] = math.Min(y[at], v)
		}
		seen[at] = true
	}
	return y
}

func TestReduceGrad(t *testing.T) {
	var cases []gradtest.Case
	for _, kind := range []op.Reduction{op.ReduceMean, op.ReduceSum, op.ReduceMax, op.ReduceMin} {
		for _, s := range []struct{ shape, axes []int }{
			{[]int{5, 19}, []int{0}}, {[]int{5, 19}, []int{1}}, {[]int{3, 4, 5}, []int{0, 2}}, {[]int{3, 4, 5}, []int{1}},
			{[]int{2, 3, 2, 7}, []int{1, 2}}, {[]int{2, 9}, []int{0, 1}}, {[]int{1, 6}, []int{0}},
		} {
			for _, keep := range []bool{false, true} {
				cases = append(cases, gradtest.Case{
					Name: fmt.Sprintf("%s %v along %v %t", (&op.Reduce{Kind: kind}).Name(), s.shape, s.axes, keep),
					Op:   &op.Reduce{Kind: kind, Axes: s.axes, KeepDims: keep}, In: []gradtest.Input{gradtest.Of(s.shape...)},
					F: func(in [][]float64) [][]float64 { return [][]float64{reduced(in[0], s.shape, s.axes, kind)} },
				})
			}
		}
	}
	cases = append(cases, gradtest.Case{
		Name: "axes as input", Op: &op.Reduce{Kind: op.ReduceSum}, In: []gradtest.Input{gradtest.Of(3, 4), {Shape: []int{1}, Ints: []int32{-2}, Const: true}},
		F: func(in [][]float64) [][]float64 {
			return [][]float64{reduced(in[0], []int{3, 4}, []int{0}, op.ReduceSum)}
		},
	})
	gradtest.Run(t, cases)
}
