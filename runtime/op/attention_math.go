package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
)

// attentionMath is what attention computes on rows of numbers.
type attentionMath[T wideFloat] struct {
	scale func(y, x []T, by T) // y = x·by
	add   func(y, x []T)       // y += x; where x is −∞ so is y
	cap   func(x []T, c T)     // x = c·tanh(x/c)
	top   func(x []T) T        // the greatest
	exps  func(x []T, top T) T // x = e^(x − top); their sum
	over  func(x []T, by T)    // x /= by
}

var (
	plainAttention32 = newPlainAttention(kernels.Exp, kernels.Tanh)
	plainAttention64 = newPlainAttention(quant.Exp64, quant.Tanh64)
)

// plainAttention is attentionMath in plain Go: of float32 what the kernels
// compute, of float64 the same in wider functions.
func plainAttention[T wideFloat]() *attentionMath[T] {
	if m, ok := any(&plainAttention32).(*attentionMath[T]); ok {
		return m
	}
	return any(&plainAttention64).(*attentionMath[T])
}

func newPlainAttention[T wideFloat](exp, tanh func(T) T) attentionMath[T] {
	return attentionMath[T]{
		scale: func(y, x []T, by T) {
			for j := range y {
				y[j] = x[j] * by
			}
		},
		add: func(y, x []T) {
			for j, v := range x {
				if y[j] += v; math.IsInf(float64(v), -1) {
					y[j] = v
				}
			}
		},
		cap: func(x []T, c T) {
			for j, v := range x {
				x[j] = tanh(v/c) * c
			}
		},
		top: func(x []T) T {
			top := x[0]
			for _, v := range x {
				top = max(top, v)
			}
			return top
		},
		exps: func(x []T, top T) T {
			for j, v := range x {
				x[j] = exp(v - top)
			}
			return laneSum(x)
		},
		over: func(x []T, by T) {
			for j := range x {
				x[j] /= by
			}
		},
	}
}

// kernelAttention is plainAttention for float32 by the kernels.
func kernelAttention(set *kernels.Set) attentionMath[float32] {
	all := float32(math.Inf(1))
	one := new([1]float32) // a number that stands for a row
	binary := func(f kernels.BinaryFn, y, x []float32, by float32) {
		one[0] = by
		set.BinaryF32(f, y, x, one[:], -all, all)
	}
	top := func(x []float32) float32 { return set.ReduceF32(kernels.ReduceMax, x, 0) }
	return attentionMath[float32]{
		scale: func(y, x []float32, by float32) { binary(kernels.BinaryMul, y, x, by) },
		add: func(y, x []float32) {
			set.BinaryF32(kernels.BinaryAdd, y, y, x, -all, all)
			if t := top(y); t == t {
				return
			}
			for j, v := range x { // a score that was NaN or ∞, less ∞
				if v == -all {
					y[j] = v
				}
			}
		},
		cap: func(x []float32, c float32) {
			binary(kernels.BinaryDiv, x, x, c)
			set.UnaryF32(kernels.UnaryTanh, x, x, 0)
			binary(kernels.BinaryMul, x, x, c)
		},
		top:  top,
		exps: func(x []float32, top float32) float32 { return set.ExpSumF32(x, x, top, 1) },
		over: func(x []float32, by float32) { binary(kernels.BinaryDiv, x, x, by) },
	}
}
