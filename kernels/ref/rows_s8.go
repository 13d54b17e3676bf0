package ref

import "github.com/edgeinfer/edgeinfer/kernels"

func subS8(y, a, b []int8, p *kernels.AddS8) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		s := apply(p.A, (int32(a[i])-p.ZeroA)<<uint(p.Shift)) - apply(p.B, (int32(b[i])-p.ZeroB)<<uint(p.Shift))
		y[i] = clampS8(apply(p.Out, s)+p.Zero, p.Lo, p.Hi)
	}
}

func mulS8(y, a, b []int8, p *kernels.MulS8) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = clampS8(apply(p.Out, (int32(a[i])-p.ZeroA)*(int32(b[i])-p.ZeroB))+p.Zero, p.Lo, p.Hi)
	}
}

// maxS8 compares as int32, because CPUs have no conditional move of 8 bits.
func maxS8(y, a, b []int8) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = int8(max(int32(a[i]), int32(b[i])))
	}
}

func sumS8(c []int32, x []int8) {
	c = c[:len(x)]
	for i, v := range x {
		c[i] += int32(v)
	}
}

// transpose goes through x in blocks, so that neither side's cache lines are
// read or written in parts that are far apart in time.
func transpose[T int32 | int8](y, x []T, rows, cols, ldy, ldx int) {
	const block = 16
	if rows == 0 || cols == 0 {
		return
	}
	y, x = y[:(cols-1)*ldy+rows], x[:(rows-1)*ldx+cols]
	for i0 := 0; i0 < rows; i0 += block {
		i1 := min(i0+block, rows)
		for j := range cols {
			to := y[j*ldy+i0 : j*ldy+i1]
			from := x[i0*ldx+j:]
			for i := range to {
				to[i] = from[i*ldx]
			}
		}
	}
}
