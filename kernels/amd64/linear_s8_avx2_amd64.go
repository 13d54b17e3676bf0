//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// linearAddS8Slices is LinearAddS8. The last elements, fewer than sixteen, pass
// through copies: y may be a or b.
func linearAddS8Slices(y, a, b []int8, p *kernels.LinearAddS8) {
	need(min(len(a), len(b)), len(y))
	for len(y) >= 16 {
		n := min(len(y), callUnary) &^ 15
		linearAddS8AVX2(&y[0], &a[0], &b[0], n/16, p)
		y, a, b = y[n:], a[n:], b[n:]
	}
	if len(y) > 0 {
		var ty, ta, tb [16]int8
		copy(ta[:], a[:len(y)])
		copy(tb[:], b[:len(y)])
		linearAddS8AVX2(&ty[0], &ta[0], &tb[0], 1, p)
		copy(y, ty[:])
	}
}

// linearMulS8Slices is LinearMulS8, as linearAddS8Slices goes about it.
func linearMulS8Slices(y, a, b []int8, p *kernels.LinearMulS8) {
	need(min(len(a), len(b)), len(y))
	for len(y) >= 16 {
		n := min(len(y), callUnary) &^ 15
		linearMulS8AVX2(&y[0], &a[0], &b[0], n/16, p)
		y, a, b = y[n:], a[n:], b[n:]
	}
	if len(y) > 0 {
		var ty, ta, tb [16]int8
		copy(ta[:], a[:len(y)])
		copy(tb[:], b[:len(y)])
		linearMulS8AVX2(&ty[0], &ta[0], &tb[0], 1, p)
		copy(y, ty[:])
	}
}

//go:noescape
func linearAddS8AVX2(y, a, b *int8, sixteens int, p *kernels.LinearAddS8)

//go:noescape
func linearMulS8AVX2(y, a, b *int8, sixteens int, p *kernels.LinearMulS8)
