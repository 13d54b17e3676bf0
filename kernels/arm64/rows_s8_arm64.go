package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

func subS8(y, a, b []int8, p *kernels.AddS8) {
	n := len(y)
	py, pa, pb := first(y, n), first(a, n), first(b, n)
	for i := 0; i+block <= n; i += callLength {
		subS8NEON(at(py, i), at(pa, i), at(pb, i), blocks(n-i), p)
	}
	if rest := n % block; rest > 0 {
		ta, tb := restOf(a, n), restOf(b, n)
		subS8NEON(&ta[0], &ta[0], &tb[0], 1, p)
		copy(y[n-rest:], ta[:rest])
	}
}

// mulS8 returns the kernel; wide serves zero points that are no int8.
func mulS8(wide func(y, a, b []int8, p *kernels.MulS8)) func(y, a, b []int8, p *kernels.MulS8) {
	return func(y, a, b []int8, p *kernels.MulS8) {
		if p.ZeroA != int32(int8(p.ZeroA)) || p.ZeroB != int32(int8(p.ZeroB)) {
			wide(y, a, b, p)
			return
		}
		n := len(y)
		py, pa, pb := first(y, n), first(a, n), first(b, n)
		for i := 0; i+block <= n; i += callLength {
			mulS8NEON(at(py, i), at(pa, i), at(pb, i), blocks(n-i), p)
		}
		if rest := n % block; rest > 0 {
			ta, tb := restOf(a, n), restOf(b, n)
			mulS8NEON(&ta[0], &ta[0], &tb[0], 1, p)
			copy(y[n-rest:], ta[:rest])
		}
	}
}

func maxS8(y, a, b []int8) {
	n := len(y)
	py, pa, pb := first(y, n), first(a, n), first(b, n)
	for i := 0; i+block <= n; i += callLength {
		maxS8NEON(at(py, i), at(pa, i), at(pb, i), blocks(n-i))
	}
	for i := n - n%block; i < n; i++ {
		y[i] = int8(max(int32(a[i]), int32(b[i])))
	}
}

func sumS8(c []int32, x []int8) {
	n := len(x)
	pc, px := first(c, n), first(x, n)
	for i := 0; i+block <= n; i += callLength {
		sumS8NEON(at(pc, i), at(px, i), blocks(n-i))
	}
	for i := n - n%block; i < n; i++ {
		c[i] += int32(x[i])
	}
}
