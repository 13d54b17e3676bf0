//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// quantF32Slices is QuantF32. The last elements, fewer than sixteen, pass through
// copies.
func quantF32Slices(y []byte, x []float32, q *kernels.QuantF32) {
	need(len(x), len(y))
	lo, hi := float32(q.Lo-q.Zero), float32(q.Hi-q.Zero)
	for len(y) >= 16 {
		n := min(len(y), callUnary) &^ 15
		quantF32AVX2(&y[0], &x[0], n/16, q.Scale, q.Shift, lo, hi, q.Zero)
		y, x = y[n:], x[n:]
	}
	if len(y) > 0 {
		var tx [16]float32
		var ty [16]byte
		copy(tx[:], x[:len(y)])
		quantF32AVX2(&ty[0], &tx[0], 1, q.Scale, q.Shift, lo, hi, q.Zero)
		copy(y, ty[:])
	}
}

// dequantX8Slices is DequantX8. The last elements, fewer than sixteen, pass
// through copies.
func dequantX8Slices(y []float32, x []byte, signed bool, zero int32, scale float32) {
	need(len(x), len(y))
	for len(y) >= 16 {
		n := min(len(y), callUnary) &^ 15
		dequantSixteens(&y[0], &x[0], n/16, signed, zero, scale)
		y, x = y[n:], x[n:]
	}
	if len(y) > 0 {
		var ty [16]float32
		var tx [16]byte
		copy(tx[:], x[:len(y)])
		dequantSixteens(&ty[0], &tx[0], 1, signed, zero, scale)
		copy(y, ty[:])
	}
}

func dequantSixteens(y *float32, x *byte, sixteens int, signed bool, zero int32, scale float32) {
	if signed {
		dequantS8AVX2(y, x, sixteens, zero, scale)
	} else {
		dequantU8AVX2(y, x, sixteens, zero, scale)
	}
}

// dequantS32Slices is DequantS32. The last elements, fewer than eight, are
// computed in Go.
func dequantS32Slices(base func(y []float32, c []int32, scale, bias []float32)) func(y []float32, c []int32, scale, bias []float32) {
	return func(y []float32, c []int32, scale, bias []float32) {
		need(min(len(c), len(scale)), len(y))
		if bias != nil {
			need(len(bias), len(y))
		}
		for len(y) >= 8 {
			n := min(len(y), callUnary) &^ 7
			dequantS32AVX2(&y[0], &c[0], &scale[0], first(bias), n/8)
			y, c, scale, bias = y[n:], c[n:], scale[n:], after(bias, n)
		}
		base(y, c, scale, bias)
	}
}

//go:noescape
func quantF32AVX2(y *byte, x *float32, sixteens int, scale, shift, lo, hi float32, zero int32)

//go:noescape
func dequantS8AVX2(y *float32, x *byte, sixteens int, zero int32, scale float32)

//go:noescape
func dequantU8AVX2(y *float32, x *byte, sixteens int, zero int32, scale float32)

//go:noescape
func dequantS32AVX2(y *float32, c *int32, scale, bias *float32, eights int)
