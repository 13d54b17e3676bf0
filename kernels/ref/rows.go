package ref

import "github.com/edgeinfer/edgeinfer/kernels"

func requantS32(y []int8, c []int32, q *kernels.Requant) { requantRow(y, c[:len(y)], q, 0) }

func dequantS32(y []float32, c []int32, scale, bias []float32) {
	c, scale = c[:len(y)], scale[:len(y)]
	for j := range y {
		y[j] = float32(c[j]) * scale[j]
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
		y[i] = kernels.RoundS8(float32(float32(p.B*float32(b[i]))+p.C)+float32(p.A*float32(a[i])), 0, p.Lo, p.Hi)
	}
}

func linearMulS8(y, a, b []int8, p *kernels.LinearMulS8) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		product := float32((int32(a[i]) - p.ZeroA) * (int32(b[i]) - p.ZeroB))
		y[i] = kernels.RoundS8(float32(product*p.M)+float32(p.Zero), 0, p.Lo, p.Hi)
	}
}
