package ref

import "github.com/edgeinfer/edgeinfer/kernels"

func requantS32(y []int8, c []int32, q *kernels.Requant) { requantRow(y, c[:len(y)], q, 0) }

func dequantS32(y []float32, c []int32, scale, bias []float32) {
	c, scale = c[:len(y)], scale[:len(y)]
	for j := range y {
		y[j] = float32(float32(c[j]) * scale[j])
	}
	if bias != nil {
		for j, b := range bias[:len(y)] {
			y[j] += b
		}
	}
}

func lookup(y, x []byte, t *[256]byte) {
	for i, b := range x[:len(y)] {
		y[i] = t[b]
	}
}

func linearAddS8(y, a, b []int8, p *kernels.LinearAddS8) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		u, v := float32(int32(a[i])+p.Offset), float32(int32(b[i])+p.Offset)
		y[i] = linearRound(float32(float32(p.B*v)+p.C)+float32(p.A*u), p.Lo, p.Hi, p.Offset)
	}
}

func linearMulS8(y, a, b []int8, p *kernels.LinearMulS8) {
	a, b = a[:len(y)], b[:len(y)]
	zeroA, zeroB := p.ZeroA-p.Offset, p.ZeroB-p.Offset
	for i := range y {
		product := float32((int32(a[i]) - zeroA) * (int32(b[i]) - zeroB))
		y[i] = linearRound(float32(product*p.M)+float32(p.Zero), p.Lo, p.Hi, p.Offset)
	}
}

// linearRound returns the int8 that stands for x.
func linearRound(x float32, lo, hi, offset int32) int8 {
	return int8(kernels.RoundEven(x, lo, hi) - offset)
}
