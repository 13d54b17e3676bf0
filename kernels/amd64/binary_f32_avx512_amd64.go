//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// binaryF32Slices512 is BinaryF32: sums, differences and products, of which only b
// may be one number. Others are AVX2's.
func binaryF32Slices512(f kernels.BinaryFn, y, a, b []float32, lo, hi float32) {
	if len(a) == 1 && (f == kernels.BinaryAdd || f == kernels.BinaryMul) {
		a, b = b, a
	}
	if f > kernels.BinaryMul || len(a) == 1 {
		binaryF32Slices(f, y, a, b, lo, hi)
		return
	}
	need(len(a), len(y))
	if len(b) == 1 {
		number := [1]float32{b[0]} // y may be b
		for len(y) > 0 {
			n := min(len(y), callUnary)
			binary512(f, &y[0], &a[0], &number[0], n, lo, hi, true)
			y, a = y[n:], a[n:]
		}
		return
	}
	need(len(b), len(y))
	for len(y) > 0 {
		n := min(len(y), callUnary)
		binary512(f, &y[0], &a[0], &b[0], n, lo, hi, false)
		y, a, b = y[n:], a[n:], b[n:]
	}
}

// binary512 calls each function by its name, so that no operand escapes.
func binary512(f kernels.BinaryFn, y, a, b *float32, n int, lo, hi float32, one bool) {
	switch f {
	case kernels.BinaryAdd:
		addF32AVX512(y, a, b, n, lo, hi, one)
	case kernels.BinarySub:
		subF32AVX512(y, a, b, n, lo, hi, one)
	default:
		mulF32AVX512(y, a, b, n, lo, hi, one)
	}
}

//go:noescape
func addF32AVX512(y, a, b *float32, n int, lo, hi float32, one bool)

//go:noescape
func subF32AVX512(y, a, b *float32, n int, lo, hi float32, one bool)

//go:noescape
func mulF32AVX512(y, a, b *float32, n int, lo, hi float32, one bool)
