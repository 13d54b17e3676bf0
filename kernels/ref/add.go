package ref

import "github.com/edgeinfer/edgeinfer/kernels"

func addS8(y, a, b []int8, p *kernels.AddS8) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		s := apply(p.A, (int32(a[i])-p.ZeroA)<<uint(p.Shift)) + apply(p.B, (int32(b[i])-p.ZeroB)<<uint(p.Shift))
		y[i] = clampS8(apply(p.Out, s)+p.Zero, p.Lo, p.Hi)
	}
}

func apply(s kernels.Scale, x int32) int32 { return scale(x, s.Mult, s.Left, s.Right) }
