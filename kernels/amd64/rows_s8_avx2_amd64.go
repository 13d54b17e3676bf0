//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// mulS8Slices is MulS8. The last elements, fewer than eight, pass through
// copies: y may be a or b.
func mulS8Slices(y, a, b []int8, p *kernels.MulS8) {
	need(min(len(a), len(b)), len(y))
	for len(y) >= 8 {
		n := min(len(y), callAdds) &^ 7
		mulS8AVX2(&y[0], &a[0], &b[0], n/8, p)
		y, a, b = y[n:], a[n:], b[n:]
	}
	if len(y) > 0 {
		var ty, ta, tb [8]int8
		copy(ta[:], a[:len(y)])
		copy(tb[:], b[:len(y)])
		mulS8AVX2(&ty[0], &ta[0], &tb[0], 1, p)
		copy(y, ty[:])
	}
}

// maxS8Slices is MaxS8. The last elements, fewer than 32, are compared one by
// one.
func maxS8Slices(y, a, b []int8) {
	need(min(len(a), len(b)), len(y))
	for len(y) >= 32 {
		n := min(len(y), 4*callUnary) &^ 31
		maxS8AVX2(&y[0], &a[0], &b[0], n/32)
		y, a, b = y[n:], a[n:], b[n:]
	}
	for i := range y {
		y[i] = int8(max(int32(a[i]), int32(b[i])))
	}
}

// sumS8Slices is SumS8. The last elements, fewer than sixteen, are added one by
// one.
func sumS8Slices(c []int32, x []int8) {
	need(len(c), len(x))
	for len(x) >= 16 {
		n := min(len(x), 4*callUnary) &^ 15
		sumS8AVX2(&c[0], &x[0], n/16)
		c, x = c[n:], x[n:]
	}
	for i, v := range x {
		c[i] += int32(v)
	}
}

//go:noescape
func mulS8AVX2(y, a, b *int8, eights int, p *kernels.MulS8)

//go:noescape
func maxS8AVX2(y, a, b *int8, thirtytwos int)

//go:noescape
func sumS8AVX2(c *int32, x *int8, sixteens int)
