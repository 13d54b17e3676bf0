//go:build !purego

package amd64

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// reduceF32Slice is ReduceF32. The last elements, fewer than sixteen, go to their
// lanes one by one.
func reduceF32Slice(f kernels.ReduceFn, x []float32, c float32) float32 {
	var s [kernels.Lanes]float32
	if f >= kernels.ReduceMax {
		return extremumF32(f, x, &s)
	}
	for len(x) >= kernels.Lanes {
		n := min(len(x), callUnary) &^ (kernels.Lanes - 1)
		if f == kernels.ReduceSum {
			sumF32AVX2(&s, &x[0], n/kernels.Lanes)
		} else {
			squaresF32AVX2(&s, &x[0], n/kernels.Lanes, c)
		}
		x = x[n:]
	}
	for i, v := range x {
		if f == kernels.ReduceSquares {
			v = (v - c) * (v - c)
		}
		s[i] += v
	}
	return foldSumF32(&s)
}

// extremumF32 is reduceF32Slice for ReduceMax and ReduceMin. The assembly leaves
// NaN out, and says that there was one: that is the result, then.
func extremumF32(f kernels.ReduceFn, x []float32, s *[kernels.Lanes]float32) float32 {
	first, nan := float32(math.Inf(-1)), false
	if f == kernels.ReduceMin {
		first = -first
	}
	for l := range s {
		s[l] = first
	}
	for len(x) > 0 {
		var rest [kernels.Lanes]float32
		n, from := min(len(x), callUnary)&^(kernels.Lanes-1), &x[0]
		if n == 0 {
			n, from = len(x), &rest[0]
			for l := copy(rest[:], x); l < len(rest); l++ {
				rest[l] = first
			}
		}
		if f == kernels.ReduceMax {
			nan = greatestF32AVX2(s, from, (n+15)/kernels.Lanes) || nan
		} else {
			nan = leastF32AVX2(s, from, (n+15)/kernels.Lanes) || nan
		}
		x = x[n:]
	}
	if nan {
		return float32(math.NaN())
	}
	if f == kernels.ReduceMax {
		return foldMaxF32(s)
	}
	return foldMinF32(s)
}

// foldSumF32 is kernels.Fold; foldMaxF32 and foldMinF32 are Fold for extrema of
// numbers.
//
//go:noescape
func foldSumF32(s *[kernels.Lanes]float32) float32

//go:noescape
func foldMaxF32(s *[kernels.Lanes]float32) float32

//go:noescape
func foldMinF32(s *[kernels.Lanes]float32) float32

//go:noescape
func sumF32AVX2(s *[kernels.Lanes]float32, x *float32, sixteens int)

//go:noescape
func squaresF32AVX2(s *[kernels.Lanes]float32, x *float32, sixteens int, c float32)

//go:noescape
func greatestF32AVX2(s *[kernels.Lanes]float32, x *float32, sixteens int) bool

//go:noescape
func leastF32AVX2(s *[kernels.Lanes]float32, x *float32, sixteens int) bool
