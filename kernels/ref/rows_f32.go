package ref

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

func rowSlots() kernels.Rows {
	return kernels.Rows{
		BinaryF32: binaryF32, UnaryF32: unaryF32, ReduceF32: reduceF32, ExpSumF32: expSumF32, NormF32: normF32,
		QuantF32: quantF32, DequantX8: dequantX8,
		SubS8: subS8, MulS8: mulS8, MaxS8: maxS8, SumS8: sumS8,
		TransposeX4: transpose[int32], TransposeX1: transpose[int8],
	}
}

var binaries = [kernels.BinaryFns]func(a, b float32) float32{
	kernels.BinaryAdd: func(a, b float32) float32 { return a + b },
	kernels.BinarySub: func(a, b float32) float32 { return a - b },
	kernels.BinaryMul: func(a, b float32) float32 { return a * b },
	kernels.BinaryDiv: func(a, b float32) float32 { return a / b },
	kernels.BinaryMax: maxF32,
	kernels.BinaryMin: minF32,
}

func maxF32(a, b float32) float32 {
	if a > b || a != a {
		return a
	}
	return b
}

func minF32(a, b float32) float32 {
	if a < b || a != a {
		return a
	}
	return b
}

func binaryF32(f kernels.BinaryFn, y, a, b []float32, lo, hi float32) {
	if len(y) == 0 {
		return
	}
	da, db := 1, 1
	if len(a) == 1 {
		da = 0
	}
	if len(b) == 1 {
		db = 0
	}
	// A loop for each function that is frequent; the others are called.
	n := len(y) - 1
	a, b = a[:da*n+1], b[:db*n+1]
	switch f {
	case kernels.BinaryAdd:
		for i := range y {
			y[i] = kernels.Clamp(a[i*da]+b[i*db], lo, hi)
		}
	case kernels.BinarySub:
		for i := range y {
			y[i] = kernels.Clamp(a[i*da]-b[i*db], lo, hi)
		}
	case kernels.BinaryMul:
		for i := range y {
			y[i] = kernels.Clamp(a[i*da]*b[i*db], lo, hi)
		}
	default:
		of := binaries[f]
		for i := range y {
			y[i] = kernels.Clamp(of(a[i*da], b[i*db]), lo, hi)
		}
	}
}

func unaryF32(f kernels.UnaryFn, y, x []float32, a float32) {
	x = x[:len(y)]
	of := [kernels.UnaryFns]func(float32) float32{
		kernels.UnaryExp:       kernels.Exp,
		kernels.UnarySigmoid:   kernels.Sigmoid,
		kernels.UnaryTanh:      kernels.Tanh,
		kernels.UnaryErf:       kernels.Erf,
		kernels.UnaryGelu:      kernels.Gelu,
		kernels.UnaryGeluTanh:  kernels.GeluTanh,
		kernels.UnaryHardSwish: kernels.HardSwish,
	}[f]
	if f == kernels.UnarySwish {
		for i, v := range x {
			y[i] = kernels.Swish(v, a)
		}
		return
	}
	for i, v := range x {
		y[i] = of(v)
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
	more, first := maxF32, float32(math.Inf(-1))
	if f == kernels.ReduceMin {
		more, first = minF32, -first
	}
	for l := range s {
		s[l] = first
	}
	for i, v := range x {
		s[i%kernels.Lanes] = more(v, s[i%kernels.Lanes])
	}
	for w := kernels.Lanes / 2; w > 0; w /= 2 {
		for l := range w {
			s[l] = more(s[l+w], s[l])
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
