//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// callAdds bounds the sums of one call of assembly, as callTaps does.
const callAdds = 1 << 15

// addS8MulAVX2 is AddS8. The last values, fewer than eight, pass through
// copies: y may be a or b, so none can be computed twice.
func addS8MulAVX2(y, a, b []int8, p *kernels.AddS8) {
	need(min(len(a), len(b)), len(y))
	for len(y) >= 8 {
		n := min(len(y), callAdds) &^ 7
		addS8AVX2(&y[0], &a[0], &b[0], n/8, p)
		y, a, b = y[n:], a[n:], b[n:]
	}
	if len(y) > 0 {
		var ty, ta, tb [8]int8
		copy(ta[:], a)
		copy(tb[:], b)
		addS8AVX2(&ty[0], &ta[0], &tb[0], 1, p)
		copy(y, ty[:])
	}
}

//go:noescape
func addS8AVX2(y, a, b *int8, eights int, p *kernels.AddS8)

// subS8Slices is SubS8, as addS8MulAVX2 goes about the sum.
func subS8Slices(y, a, b []int8, p *kernels.AddS8) {
	need(min(len(a), len(b)), len(y))
	for len(y) >= 8 {
		n := min(len(y), callAdds) &^ 7
		subS8AVX2(&y[0], &a[0], &b[0], n/8, p)
		y, a, b = y[n:], a[n:], b[n:]
	}
	if len(y) > 0 {
		var ty, ta, tb [8]int8
		copy(ta[:], a[:len(y)])
		copy(tb[:], b[:len(y)])
		subS8AVX2(&ty[0], &ta[0], &tb[0], 1, p)
		copy(y, ty[:])
	}
}

//go:noescape
func subS8AVX2(y, a, b *int8, eights int, p *kernels.AddS8)
