package ref

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

func rowSlots() kernels.Rows {
	return kernels.Rows{
		BinaryF32: binaryF32, UnaryF32: unaryF32, UnaryGradF32: unaryGradF32, ReduceF32: reduceF32, ExpSumF32: expSumF32, NormF32: normF32, ColumnsF32: columnsF32, DropF32: dropF32,
		QuantF32: quantF32, DequantX8: dequantX8,
		SubS8: subS8, MulS8: mulS8, MaxS8: maxS8, SumS8: sumS8,
		TransposeX4: transpose[int32], TransposeX1: transpose[int8],
	}
}

// binaryF32 has loops of their own for what is frequent.
func binaryF32(f kernels.BinaryFn, y, a, b []float32, lo, hi float32) {
	n := len(y)
	if n == 0 {
		return
	}
	if len(a) == 1 || len(b) == 1 {
		binaryOne(f, y, a, b, lo, hi)
		return
	}
	a, b = a[:n], b[:n]
	switch f {
	case kernels.BinaryAdd:
		for i := range y {
			y[i] = kernels.Clamp(a[i]+b[i], lo, hi)
		}
	case kernels.BinarySub:
		for i := range y {
			y[i] = kernels.Clamp(a[i]-b[i], lo, hi)
		}
	case kernels.BinaryMul:
		for i := range y {
			y[i] = kernels.Clamp(a[i]*b[i], lo, hi)
		}
	default:
		for i := range y {
			y[i] = kernels.Clamp(f.Of(a[i], b[i]), lo, hi)
		}
	}
}

// binaryOne is binaryF32 where an operand has one element.
func binaryOne(f kernels.BinaryFn, y, a, b []float32, lo, hi float32) {
	u, v := a[0], b[0] // now, for y may be a or b
	for i := range y {
		if len(a) > 1 {
			u = a[i]
		}
		if len(b) > 1 {
			v = b[i]
		}
		y[i] = kernels.Clamp(f.Of(u, v), lo, hi)
	}
}

func unaryF32(f kernels.UnaryFn, y, x []float32, a float32) {
	for i, v := range x[:len(y)] {
		y[i] = f.Of(v, a)
	}
}

func unaryGradF32(f kernels.UnaryGradFn, dx, v, dy []float32, a, b float32) {
	v, dy = v[:len(dx)], dy[:len(dx)]
	for i := range dx {
		dx[i] = f.Of(v[i], dy[i], a, b)
	}
}

func reduceF32(f kernels.ReduceFn, x []float32, c float32) float32 {
	var s [kernels.Lanes]float32
	switch f {
	case kernels.ReduceSum:
		for i, v := range x {
			s[i%kernels.Lanes] += v
		}
		return kernels.Fold(&s)
	case kernels.ReduceSquares:
		for i, v := range x {
			s[i%kernels.Lanes] += float32((v - c) * (v - c))
		}
		return kernels.Fold(&s)
	}
	more, first := kernels.BinaryMax, float32(math.Inf(-1))
	if f == kernels.ReduceMin {
		more, first = kernels.BinaryMin, -first
	}
	for l := range s {
		s[l] = first
	}
	for i, v := range x {
		s[i%kernels.Lanes] = more.Of(v, s[i%kernels.Lanes])
	}
	for w := kernels.Lanes / 2; w > 0; w /= 2 {
		for l := range w {
			s[l] = more.Of(s[l+w], s[l])
		}
	}
	return s[0]
}

func expSumF32(y, x []float32, top, beta float32) float32 {
	var s [kernels.Lanes]float32
	for i, v := range x[:len(y)] {
		y[i] = kernels.Exp(float32((v - top) * beta))
		s[i%kernels.Lanes] += y[i]
	}
	return kernels.Fold(&s)
}

func normF32(y, x []float32, mean, factor float32, scale, bias []float32) {
	for i, v := range x[:len(y)] {
		y[i] = (v - mean) * factor
	}
	if scale != nil {
		for i, s := range scale[:len(y)] {
			y[i] *= s
		}
	}
	if bias != nil {
		for i, b := range bias[:len(y)] {
			y[i] += b
		}
	}
}

func quantF32(y []byte, x []float32, q *kernels.QuantF32) {
	lo, hi := q.Lo-q.Zero, q.Hi-q.Zero
	for i, v := range x[:len(y)] {
		y[i] = byte(kernels.RoundEven(v/q.Scale+q.Shift, lo, hi) + q.Zero)
	}
}

func dequantX8(y []float32, x []byte, signed bool, zero int32, scale float32) {
	x = x[:len(y)]
	if signed {
		for i, v := range x {
			y[i] = float32(int32(int8(v))-zero) * scale
		}
		return
	}
	for i, v := range x {
		y[i] = float32(int32(v)-zero) * scale
	}
}
