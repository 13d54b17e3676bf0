package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Ref sums in the order of k, each sum being one chain.
func (o *BatchMatMul) Ref(in, out []tensor.View) error {
	p, err := o.product(in[0].Shape, in[1].Shape)
	if err != nil {
		return err
	}
	x, y, z := &in[0], &in[1], &out[0]
	switch x.DType {
	case tensor.F32:
		a, b, c := x.F32(), y.F32(), z.F32()
		p.each(func(row, xs, col, ys, to int) {
			s := chainF32{fused: o.Fused}
			for l := range p.k {
				s.add(a[row+l*xs], b[col+l*ys])
			}
			c[to] = s.s
		})
	case tensor.F64:
		matmulPlain(&p, x.F64(), y.F64(), z.F64())
	case tensor.I32:
		matmulPlain(&p, x.I32(), y.I32(), z.I32())
	case tensor.U32:
		matmulPlain(&p, x.U32(), y.U32(), z.U32())
	case tensor.I64:
		matmulPlain(&p, x.I64(), y.I64(), z.I64())
	case tensor.U64:
		matmulPlain(&p, x.U64(), y.U64(), z.U64())
	case tensor.I8:
		matmulRef(&p, x.I8(), y.I8(), z.I8(), o.scheme(x.Type, y.Type), matmulSum32)
	case tensor.I16:
		matmulRef(&p, x.I16(), y.I16(), z.I16(), o.scheme(x.Type, y.Type), quant.Multiplier.Apply64)
	}
	return nil
}

// matmulPlain multiplies numbers without a scale, in the order of k. Integers
// wrap.
func matmulPlain[T number](p *matmul, x, y, z []T) {
	p.each(func(row, xs, col, ys, to int) {
		s := T(0)
		for l := range p.k {
			s += T(x[row+l*xs] * y[col+l*ys])
		}
		z[to] = s
	})
}

// each calls do for each output element with its row and column: the place of
// the first element, and the distance of the others.
func (p *matmul) each(do func(row, rowStep, col, colStep, to int)) {
	xi, xl, yl, yj := p.k, 1, p.n, 1
	if p.adjX {
		xi, xl = 1, p.m
	}
	if p.adjY {
		yl, yj = 1, p.k
	}
	for b := range p.count() {
		x, y := p.pair(b)
		for i := range p.m {
			for j := range p.n {
				do(x*p.m*p.k+i*xi, xl, y*p.k*p.n+j*yj, yl, (b*p.m+i)*p.n+j)
			}
		}
	}
}

// matmulSum32 scales a sum that wraps in 32 bits.
func matmulSum32(m quant.Multiplier, sum int64) int32 { return m.Apply(int32(sum)) }

// matmulScheme is the quantisation of a product.
type matmulScheme struct {
	zx, zy, zero, lo, hi int32
	m                    quant.Multiplier
}

// scheme returns the quantisation; the inputs' scales are multiplied in float32.
func (o *BatchMatMul) scheme(x, y tensor.Type) matmulScheme {
	lo, hi := o.DType.Range()
	scale := float32(x.Quant.Scale[0] * y.Quant.Scale[0])
	return matmulScheme{x.Quant.Zero[0], y.Quant.Zero[0], o.Quant.Zero[0], int32(lo), int32(hi), multiplier(scale, 1, o.Quant.Scale[0])}
}

func matmulRef[T narrowInt](p *matmul, x, y, z []T, q matmulScheme, scaled func(quant.Multiplier, int64) int32) {
	p.each(func(row, xs, col, ys, to int) {
		sum := int64(0)
		for l := range p.k {
			sum += int64(int32(x[row+l*xs])-q.zx) * int64(int32(y[col+l*ys])-q.zy)
		}
		z[to] = T(min(max(scaled(q.m, sum)+q.zero, q.lo), q.hi))
	})
}
