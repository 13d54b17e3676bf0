package arm64

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// elementary is the table of src/elementary.inc.
var elementary = constants([]float32{
	kernels.ExpLo, kernels.ExpHi, kernels.ExpLn2Hi, kernels.ExpLn2Lo,
	kernels.ExpLog2E, 12582912, 1, // 1.5·2^23, which rounds
}, down(kernels.ExpPoly[:]), []float32{
	math.Float32frombits(127), // an exponent's bias
	2, math.Float32frombits(1 << 31),
	kernels.TanhSmall,
}, down(kernels.TanhPoly[:]), []float32{
	kernels.ErfSmall, kernels.ErfOne,
}, down(kernels.ErfPoly[:]), down(kernels.ErfTailPoly[:]), []float32{
	kernels.GeluCube, kernels.GeluTanhRoot, 3, 6, 0,
	kernels.PhiZero,
}, down(kernels.PhiPoly[:]))

// down returns the coefficients of a polynomial from the highest on.
func down(c []float32) []float32 {
	c = slices.Clone(c)
	slices.Reverse(c)
	return c
}

// constants returns all numbers, each in four lanes.
func constants(parts ...[]float32) *[50][4]float32 {
	t := new([50][4]float32)
	for i, x := range slices.Concat(parts...) {
		t[i] = [4]float32{x, x, x, x}
	}
	return t
}

// callFunctions is how many elements of a function one call computes at most.
const callFunctions = 64 * block

// unaryF32 returns UnaryF32, of which functions without assembly are base's.
func unaryF32(base func(f kernels.UnaryFn, y, x []float32, a float32)) func(f kernels.UnaryFn, y, x []float32, a float32) {
	return func(f kernels.UnaryFn, y, x []float32, a float32) {
		if f > kernels.UnaryHardSwish {
			base(f, y, x, a)
			return
		}
		unarySlices(f, y, x, a)
	}
}

func unarySlices(f kernels.UnaryFn, y, x []float32, a float32) {
	n := len(y)
	py, px := first(y, n), first(x, n)
	for i := 0; i+block <= n; i += callFunctions {
		unaryBlocks(f, at(py, i), at(px, i), min(callFunctions, n-i)/block, a)
	}
	if rest := n % block; rest > 0 {
		tx := restOf(x, n)
		unaryBlocks(f, &tx[0], &tx[0], 1, a)
		copy(y[n-rest:], tx[:rest])
	}
}

// unaryBlocks calls each function by its name, so that no operand escapes.
func unaryBlocks(f kernels.UnaryFn, y, x *float32, blocks int, a float32) {
	switch f {
	case kernels.UnaryExp:
		unaryF32NEON1(y, x, blocks, elementary, a)
	case kernels.UnarySigmoid:
		unaryF32NEON2(y, x, blocks, elementary, a)
	case kernels.UnaryTanh:
		unaryF32NEON3(y, x, blocks, elementary, a)
	case kernels.UnaryErf:
		unaryF32NEON4(y, x, blocks, elementary, a)
	case kernels.UnaryGelu:
		unaryF32NEON5(y, x, blocks, elementary, a)
	case kernels.UnaryGeluTanh:
		unaryF32NEON6(y, x, blocks, elementary, a)
	case kernels.UnarySwish:
		unaryF32NEON7(y, x, blocks, elementary, a)
	default:
		unaryF32NEON8(y, x, blocks, elementary, a)
	}
}

func expSumF32(y, x []float32, top, beta float32) float32 {
	var s [kernels.Lanes]float32
	n := len(y)
	py, px := first(y, n), first(x, n)
	for i := 0; i+block <= n; i += callFunctions {
		expSumF32NEON(at(py, i), at(px, i), min(callFunctions, n-i)/block, elementary, &s[0], top, beta)
	}
	if rest := n % block; rest > 0 {
		var unused [kernels.Lanes]float32
		tx := restOf(x, n)
		expSumF32NEON(&tx[0], &tx[0], 1, elementary, &unused[0], top, beta)
		for l, v := range tx[:rest] {
			s[l] += v
		}
		copy(y[n-rest:], tx[:rest])
	}
	return kernels.Fold(&s)
}
