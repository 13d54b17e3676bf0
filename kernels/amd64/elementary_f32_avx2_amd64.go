//go:build !purego

package amd64

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// elementary holds the constants of package kernels' elementary functions, each
// over a vector. The assembly knows them by their place.
var elementary = spread(
	kernels.ExpLo, kernels.ExpHi, kernels.ExpLog2E, 12582912, // 1.5·2^23, which rounds
	kernels.ExpLn2Hi, kernels.ExpLn2Lo, 1, math.Float32frombits(127), // an exponent's bias
	kernels.ExpPoly[4], kernels.ExpPoly[3], kernels.ExpPoly[2], kernels.ExpPoly[1], kernels.ExpPoly[0],
	math.Float32frombits(1<<31), math.Float32frombits(1<<31-1), // sign and the rest
	kernels.TanhSmall,
	kernels.TanhPoly[4], kernels.TanhPoly[3], kernels.TanhPoly[2], kernels.TanhPoly[1], kernels.TanhPoly[0],
	kernels.ErfSmall, kernels.ErfOne,
	kernels.ErfPoly[6], kernels.ErfPoly[5], kernels.ErfPoly[4], kernels.ErfPoly[3], kernels.ErfPoly[2], kernels.ErfPoly[1], kernels.ErfPoly[0],
	kernels.ErfTailPoly[5], kernels.ErfTailPoly[4], kernels.ErfTailPoly[3], kernels.ErfTailPoly[2], kernels.ErfTailPoly[1], kernels.ErfTailPoly[0],
	2, kernels.GeluCube, kernels.GeluTanhRoot, 3, 6, 0,
	kernels.Expm1Lo, kernels.Log1pPoly[4], kernels.Log1pPoly[3], kernels.Log1pPoly[2], kernels.Log1pPoly[1], kernels.Log1pPoly[0],
	kernels.GeluDensity, kernels.GeluTanhSlope, kernels.Sixth, -0.5, -3, kernels.PhiZero,
	kernels.PhiPoly[7], kernels.PhiPoly[6], kernels.PhiPoly[5], kernels.PhiPoly[4], kernels.PhiPoly[3], kernels.PhiPoly[2], kernels.PhiPoly[1], kernels.PhiPoly[0],
)

type elementaryTable [62][8]float32

func spread(xs ...float32) *elementaryTable {
	t := new(elementaryTable)
	for i, x := range xs {
		for l := range t[i] {
			t[i][l] = x
		}
	}
	return t
}

// callUnary bounds the elements of one call of assembly, as callTaps does.
const callUnary = 1 << 12

// unaryF32Slices is UnaryF32. The last elements, fewer than eight, pass through
// a copy.
func unaryF32Slices(f kernels.UnaryFn, y, x []float32, a float32) {
	need(len(x), len(y))
	for len(y) >= 8 {
		n := min(len(y), callUnary) &^ 7
		unaryEights(f, &y[0], &x[0], n/8, a)
		y, x = y[n:], x[n:]
	}
	if len(y) > 0 {
		var t [8]float32
		copy(t[:], x[:len(y)])
		unaryEights(f, &t[0], &t[0], 1, a)
		copy(y, t[:])
	}
}

// unaryEights calls each function by its name, so that no operand escapes.
func unaryEights(f kernels.UnaryFn, y, x *float32, eights int, a float32) {
	switch f {
	case kernels.UnaryExp:
		expF32AVX2(y, x, eights, elementary)
	case kernels.UnarySigmoid:
		sigmoidF32AVX2(y, x, eights, elementary)
	case kernels.UnaryTanh:
		tanhF32AVX2(y, x, eights, elementary)
	case kernels.UnaryErf:
		erfF32AVX2(y, x, eights, elementary)
	case kernels.UnaryGelu:
		geluF32AVX2(y, x, eights, elementary)
	case kernels.UnaryGeluTanh:
		geluTanhF32AVX2(y, x, eights, elementary)
	case kernels.UnarySwish:
		swishF32AVX2(y, x, eights, elementary, a)
	case kernels.UnaryElu:
		eluF32AVX2(y, x, eights, elementary, a)
	case kernels.UnaryLeakyRelu:
		leakyReluF32AVX2(y, x, eights, elementary, a)
	case kernels.UnarySoftplus:
		softplusF32AVX2(y, x, eights, elementary)
	default:
		hardSwishF32AVX2(y, x, eights, elementary)
	}
}

// expSumF32Slices is ExpSumF32. The last elements, fewer than sixteen, pass
// through a copy.
func expSumF32Slices(y, x []float32, top, beta float32) float32 {
	need(len(x), len(y))
	var sums, rest [kernels.Lanes]float32
	for len(y) >= kernels.Lanes {
		n := min(len(y), callUnary) &^ (kernels.Lanes - 1)
		expSumF32AVX2(&y[0], &x[0], n/kernels.Lanes, elementary, top, beta, &sums)
		y, x = y[n:], x[n:]
	}
	if len(y) > 0 {
		var t [kernels.Lanes]float32
		copy(t[:], x[:len(y)])
		expSumF32AVX2(&t[0], &t[0], 1, elementary, top, beta, &rest)
		for i := range y {
			y[i] = t[i]
			sums[i] += t[i]
		}
	}
	return foldSumF32(&sums)
}

//go:noescape
func expF32AVX2(y, x *float32, eights int, t *elementaryTable)

//go:noescape
func sigmoidF32AVX2(y, x *float32, eights int, t *elementaryTable)

//go:noescape
func tanhF32AVX2(y, x *float32, eights int, t *elementaryTable)

//go:noescape
func erfF32AVX2(y, x *float32, eights int, t *elementaryTable)

//go:noescape
func geluF32AVX2(y, x *float32, eights int, t *elementaryTable)

//go:noescape
func geluTanhF32AVX2(y, x *float32, eights int, t *elementaryTable)

//go:noescape
func swishF32AVX2(y, x *float32, eights int, t *elementaryTable, a float32)

//go:noescape
func hardSwishF32AVX2(y, x *float32, eights int, t *elementaryTable)

//go:noescape
func eluF32AVX2(y, x *float32, eights int, t *elementaryTable, a float32)

//go:noescape
func leakyReluF32AVX2(y, x *float32, eights int, t *elementaryTable, a float32)

//go:noescape
func softplusF32AVX2(y, x *float32, eights int, t *elementaryTable)

//go:noescape
func expSumF32AVX2(y, x *float32, sixteens int, t *elementaryTable, top, beta float32, sums *[kernels.Lanes]float32)
