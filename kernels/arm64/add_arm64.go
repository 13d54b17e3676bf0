package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

func addS8(y, a, b []int8, p *kernels.AddS8) {
	n := len(y)
	py, pa, pb := first(y, n), first(a, n), first(b, n)
	for i := 0; i+block <= n; i += callLength {
		addS8NEON(at(py, i), at(pa, i), at(pb, i), blocks(n-i), p)
	}
	if rest := n % block; rest > 0 {
		ta, tb := restOf(a, n), restOf(b, n)
		addS8NEON(&ta[0], &ta[0], &tb[0], 1, p)
		copy(y[n-rest:], ta[:rest])
	}
}

func linearAddS8(y, a, b []int8, p *kernels.LinearAddS8) {
	n := len(y)
	py, pa, pb := first(y, n), first(a, n), first(b, n)
	for i := 0; i+block <= n; i += callLength {
		linearAddS8NEON(at(py, i), at(pa, i), at(pb, i), blocks(n-i), p)
	}
	if rest := n % block; rest > 0 {
		ta, tb := restOf(a, n), restOf(b, n)
		linearAddS8NEON(&ta[0], &ta[0], &tb[0], 1, p)
		copy(y[n-rest:], ta[:rest])
	}
}

// linearMulS8 returns the kernel; wide serves zero points that are no int8, less Offset.
func linearMulS8(wide func(y, a, b []int8, p *kernels.LinearMulS8)) func(y, a, b []int8, p *kernels.LinearMulS8) {
	return func(y, a, b []int8, p *kernels.LinearMulS8) {
		if za, zb := p.ZeroA-p.Offset, p.ZeroB-p.Offset; za != int32(int8(za)) || zb != int32(int8(zb)) {
			wide(y, a, b, p)
			return
		}
		n := len(y)
		py, pa, pb := first(y, n), first(a, n), first(b, n)
		for i := 0; i+block <= n; i += callLength {
			linearMulS8NEON(at(py, i), at(pa, i), at(pb, i), blocks(n-i), p)
		}
		if rest := n % block; rest > 0 {
			ta, tb := restOf(a, n), restOf(b, n)
			linearMulS8NEON(&ta[0], &ta[0], &tb[0], 1, p)
			copy(y[n-rest:], ta[:rest])
		}
	}
}
