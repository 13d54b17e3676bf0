//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// linearAddS8AVX512Slices is LinearAddS8; y may be a or b.
func linearAddS8AVX512Slices(y, a, b []int8, p *kernels.LinearAddS8) {
	need(min(len(a), len(b)), len(y))
	for len(y) > 0 {
		n := min(len(y), callUnary)
		linearAddS8AVX512(&y[0], &a[0], &b[0], n, p)
		y, a, b = y[n:], a[n:], b[n:]
	}
}

// linearMulS8AVX512Slices is LinearMulS8; y may be a or b.
func linearMulS8AVX512Slices(y, a, b []int8, p *kernels.LinearMulS8) {
	need(min(len(a), len(b)), len(y))
	for len(y) > 0 {
		n := min(len(y), callUnary)
		linearMulS8AVX512(&y[0], &a[0], &b[0], n, p)
		y, a, b = y[n:], a[n:], b[n:]
	}
}

//go:noescape
func linearAddS8AVX512(y, a, b *int8, n int, p *kernels.LinearAddS8)

//go:noescape
func linearMulS8AVX512(y, a, b *int8, n int, p *kernels.LinearMulS8)
