//go:build !purego

package amd64

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// dequantRowS32Slices is DequantRowS32. The assembly masks what is past the last
// element.
func dequantRowS32Slices(y []float32, c, terms []int32, zero int32, scale []float32, factor float32, bias []float32) {
	need(min(len(c), len(terms), len(scale), len(bias)), len(y))
	for len(y) > 0 {
		n := min(len(y), callUnary)
		dequantRowS32AVX512(&y[0], &c[0], &terms[0], &scale[0], &bias[0], n, zero, factor)
		y, c, terms, scale, bias = y[n:], c[n:], terms[n:], scale[n:], bias[n:]
	}
}

// reduceF32Slice512 is ReduceF32, of which short extremes are found in one call.
func reduceF32Slice512(f kernels.ReduceFn, x []float32, c float32) float32 {
	if f < kernels.ReduceMax || len(x) == 0 || len(x) > callUnary {
		return reduceF32Slice(f, x, c)
	}
	var v float32
	var nan bool
	if f == kernels.ReduceMax {
		v, nan = greatestF32AVX512(&x[0], len(x))
	} else {
		v, nan = leastF32AVX512(&x[0], len(x))
	}
	if nan {
		return float32(math.NaN())
	}
	return v
}

// quantF32Slices512 is QuantF32. The assembly masks what is past the last
// element.
func quantF32Slices512(y []byte, x []float32, q *kernels.QuantF32) {
	need(len(x), len(y))
	lo, hi := float32(q.Lo-q.Zero), float32(q.Hi-q.Zero)
	for len(y) > 0 {
		n := min(len(y), callUnary)
		quantF32AVX512(&y[0], &x[0], n, q.Scale, q.Shift, lo, hi, q.Zero)
		y, x = y[n:], x[n:]
	}
}

//go:noescape
func dequantRowS32AVX512(y *float32, c, terms *int32, scale, bias *float32, n int, zero int32, factor float32)

//go:noescape
func greatestF32AVX512(x *float32, n int) (v float32, nan bool)

//go:noescape
func leastF32AVX512(x *float32, n int) (v float32, nan bool)

//go:noescape
func quantF32AVX512(y *byte, x *float32, n int, scale, shift, lo, hi float32, zero int32)
