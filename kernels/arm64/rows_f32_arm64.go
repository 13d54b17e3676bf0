package arm64

import (
	"math"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// rows lays the kernels of this package over base.
func rows(base kernels.Rows) kernels.Rows {
	r := base
	r.BinaryF32, r.UnaryF32, r.ExpSumF32 = binaryF32, unaryF32(base.UnaryF32), expSumF32
	r.UnaryGradF32 = unaryGradF32(base.UnaryGradF32)
	r.ReduceF32, r.NormF32 = reduceF32, normF32
	r.QuantF32, r.DequantX8 = quantF32, dequantX8
	r.TransposeX1, r.TransposeX4 = transposeX1, transposeX4
	r.SubS8, r.MulS8, r.MaxS8, r.SumS8 = subS8, mulS8(base.MulS8), maxS8, sumS8
	return r
}

// blockBytes is what a block of float32 takes.
const blockBytes = 4 * block

// operandF32 returns a pointer to the first block of an operand, and the bytes
// from one to the next. One element, which stands for all, fills one.
func operandF32(x []float32, n int, one *[block]float32) (*float32, int) {
	if len(x) != 1 {
		return first(x, n), blockBytes
	}
	for i := range one {
		one[i] = x[0]
	}
	return &one[0], 0
}

func binaryF32(f kernels.BinaryFn, y, a, b []float32, lo, hi float32) {
	n := len(y)
	if n == 0 {
		return
	}
	var oneA, oneB, ty [block]float32
	py := first(y, n)
	pa, stepA := operandF32(a, n, &oneA)
	pb, stepB := operandF32(b, n, &oneB)
	for i := 0; i+block <= n; i += callLength {
		binaryBlocks(f, at(py, i), at(pa, i*stepA/blockBytes), at(pb, i*stepB/blockBytes), stepA, stepB, blocks(n-i), lo, hi)
	}
	rest := n % block
	if rest == 0 {
		return
	}
	if stepA > 0 {
		oneA = restOf(a, n)
	}
	if stepB > 0 {
		oneB = restOf(b, n)
	}
	binaryBlocks(f, &ty[0], &oneA[0], &oneB[0], 0, 0, 1, lo, hi)
	copy(y[n-rest:], ty[:rest])
}

// binaryBlocks calls each function by its name, so that no operand escapes.
func binaryBlocks(f kernels.BinaryFn, y, a, b *float32, stepA, stepB, blocks int, lo, hi float32) {
	switch f {
	case kernels.BinaryAdd:
		binaryF32NEON1(y, a, b, stepA, stepB, blocks, lo, hi)
	case kernels.BinarySub:
		binaryF32NEON2(y, a, b, stepA, stepB, blocks, lo, hi)
	case kernels.BinaryMul:
		binaryF32NEON3(y, a, b, stepA, stepB, blocks, lo, hi)
	case kernels.BinaryDiv:
		binaryF32NEON4(y, a, b, stepA, stepB, blocks, lo, hi)
	case kernels.BinaryMax:
		binaryF32NEON5(y, a, b, stepA, stepB, blocks, lo, hi)
	default:
		binaryF32NEON6(y, a, b, stepA, stepB, blocks, lo, hi)
	}
}

func reduceF32(f kernels.ReduceFn, x []float32, c float32) float32 {
	var s [kernels.Lanes]float32
	more := kernels.BinaryMax
	switch f {
	case kernels.ReduceMax:
		s = filled(float32(math.Inf(-1)))
	case kernels.ReduceMin:
		s, more = filled(float32(math.Inf(1))), kernels.BinaryMin
	}
	n, px := len(x), unsafe.SliceData(x)
	for i := 0; i+block <= n; i += callLength {
		reduceBlocks(f, &s[0], at(px, i), blocks(n-i), c)
	}
	for l, v := range x[n-n%block:] {
		switch f {
		case kernels.ReduceSum:
			s[l] += v
		case kernels.ReduceSquares:
			s[l] += float32((v - c) * (v - c))
		default:
			s[l] = more.Of(v, s[l])
		}
	}
	if f == kernels.ReduceSum || f == kernels.ReduceSquares {
		return kernels.Fold(&s)
	}
	for w := kernels.Lanes / 2; w > 0; w /= 2 {
		for l := range w {
			s[l] = more.Of(s[l+w], s[l])
		}
	}
	return s[0]
}

func filled(v float32) (s [kernels.Lanes]float32) {
	for l := range s {
		s[l] = v
	}
	return s
}

func reduceBlocks(f kernels.ReduceFn, s, x *float32, blocks int, c float32) {
	switch f {
	case kernels.ReduceSum:
		reduceF32NEON1(s, x, blocks, c)
	case kernels.ReduceSquares:
		reduceF32NEON2(s, x, blocks, c)
	case kernels.ReduceMax:
		reduceF32NEON3(s, x, blocks, c)
	default:
		reduceF32NEON4(s, x, blocks, c)
	}
}

func normF32(y, x []float32, mean, factor float32, scale, bias []float32) {
	n := len(y)
	py, px, ps, pb := first(y, n), first(x, n), orNil(scale, n), orNil(bias, n)
	for i := 0; i+block <= n; i += callLength {
		normF32NEON(at(py, i), at(px, i), at(ps, i), at(pb, i), blocks(n-i), mean, factor)
	}
	rest := n % block
	if rest == 0 {
		return
	}
	tx := restOf(x, n)
	var ts, tb [block]float32
	if scale != nil {
		ts = restOf(scale, n)
		ps = &ts[0]
	}
	if bias != nil {
		tb = restOf(bias, n)
		pb = &tb[0]
	}
	normF32NEON(&tx[0], &tx[0], ps, pb, 1, mean, factor)
	copy(y[n-rest:], tx[:rest])
}

// orNil is first, or nil if s is.
func orNil(s []float32, n int) *float32 {
	if s == nil {
		return nil
	}
	return first(s, n)
}

func quantF32(y []byte, x []float32, q *kernels.QuantF32) {
	n := len(y)
	py, px := first(y, n), first(x, n)
	for i := 0; i+block <= n; i += callLength {
		quantF32NEON(at(py, i), at(px, i), blocks(n-i), q)
	}
	if rest := n % block; rest > 0 {
		var ty [block]byte
		tx := restOf(x, n)
		quantF32NEON(&ty[0], &tx[0], 1, q)
		copy(y[n-rest:], ty[:rest])
	}
}

func dequantX8(y []float32, x []byte, signed bool, zero int32, scale float32) {
	flip := int32(0)
	if !signed {
		flip, zero = 128, zero-128
	}
	n := len(y)
	py, px := first(y, n), first(x, n)
	for i := 0; i+block <= n; i += callLength {
		dequantX8NEON(at(py, i), at(px, i), blocks(n-i), flip, zero, scale)
	}
	if rest := n % block; rest > 0 {
		var ty [block]float32
		tx := restOf(x, n)
		dequantX8NEON(&ty[0], &tx[0], 1, flip, zero, scale)
		copy(y[n-rest:], ty[:rest])
	}
}
