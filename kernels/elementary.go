package kernels

import "math"

// The functions of this file are elementary functions in float32, within about 2
// units in the last place. Vector code repeats them operation by operation:
// each product is rounded before it is added (no multiply-add is fused,
// whatever the tier), polynomials are evaluated from the highest coefficient
// down ([Poly]), a choice between two formulas is by comparison, and NaN stays
// NaN. They are what ONNX's float32 operators compute; TensorFlow Lite's are in
// package quant.
//
// The coefficients are minimax fits, rounded to float32.

// Poly returns c[0] + c[1]·x + c[2]·x² + …, as ((c[n]·x + c[n−1])·x + …) + c[0].
func Poly(x float32, c []float32) float32 {
	r := c[len(c)-1]
	for i := len(c) - 2; i >= 0; i-- {
		r = float32(r*x) + c[i]
	}
	return r
}

// Constants of Exp: beyond the limits e^x is 0 or infinite. n·ExpLn2Hi is exact.
const (
	ExpLo, ExpHi float32 = -104, 89
	ExpLog2E     float32 = math.Log2E
	ExpLn2Hi     float32 = 0.693359375
	ExpLn2Lo     float32 = -2.12194440e-4
)

// The polynomials: of Exp, (e^r − 1 − r)/r² for |r| ≤ ½·ln 2; of Tanh,
// (tanh x − x)/x³ by x² for |x| < TanhSmall; of Erf, erf x/x − 1 by x² for
// |x| < ErfSmall, and −log(1 − erf x)/x − 1 by x up to 4, where erf is 1.
var (
	ExpPoly     = []float32{0.49999994, 0.1666652, 0.041668393, 0.008368781, 0.0013814465}
	TanhPoly    = []float32{-0.3333328, 0.13331442, -0.05373971, 0.020639079, -0.005704979}
	ErfPoly     = []float32{0.12837917, -0.37612632, 0.11283679, -0.026858492, 0.005198818, -0.0008117971, 8.26709947e-5}
	ErfTailPoly = []float32{0.12850855, 0.63573778, 0.10523634, -0.02287371, 0.0032099129, -0.00021337597}
)

// TanhSmall and ErfSmall are where Tanh and Erf change their formulas.
const (
	TanhSmall float32 = 0.625
	ErfSmall  float32 = 0.9375
	ErfOne    float32 = 4 // from here on Erf is that of ErfOne: 1
)

// Exp returns e^x: with n the integer nearest to x·log₂e, and r = (x −
// n·ExpLn2Hi) − n·ExpLn2Lo, it is ((r + (r·r)·poly(r)) + 1)·2^⌊n/2⌋·2^(n−⌊n/2⌋).
// The two powers let results below the normal numbers be, rounded.
func Exp(x float32) float32 {
	t := float32(Clamp(x, ExpLo, ExpHi)*ExpLog2E) + roundMagic
	n := t - roundMagic
	x = Clamp(x, ExpLo, ExpHi)
	r := (x - float32(n*ExpLn2Hi)) - float32(n*ExpLn2Lo)
	y := (r + float32(float32(r*r)*Poly(r, ExpPoly))) + 1
	if x != x {
		return x
	}
	k := int32(math.Float32bits(t) - roundMagicBits)
	return float32(float32(y*pow2(k>>1)) * pow2(k-(k>>1)))
}

// pow2 returns 2^k for a normal result.
func pow2(k int32) float32 { return math.Float32frombits(uint32(k+127) << 23) }

func abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

func withSign(y, x float32) float32 {
	return math.Float32frombits(math.Float32bits(y)&^(1<<31) | math.Float32bits(x)&(1<<31))
}

// Sigmoid returns 1/(1 + e^−x), as s/(1 + z) with z = e^−|x|; s is z where x is
// below 0, and else 1.
func Sigmoid(x float32) float32 {
	z := Exp(-abs(x))
	s := float32(1)
	if x < 0 {
		s = z
	}
	return s / (1 + z)
}

// Tanh returns the hyperbolic tangent, with x's sign: of a = |x| it is a +
// (a·s)·poly(s), s = a·a, if a is small, and else 1 − 2/(e^(a+a) + 1).
func Tanh(x float32) float32 {
	a := abs(x)
	if a < TanhSmall {
		s := a * a
		return withSign(a+float32(float32(a*s)*Poly(s, TanhPoly)), x)
	}
	return withSign(1-2/(Exp(a+a)+1), x)
}

// Erf returns the error function, with x's sign: of a = min(|x|, ErfOne) it is
// a + a·poly(a·a) if a is small, and else 1 − e^−(a + a·tail(a)).
func Erf(x float32) float32 {
	a := Clamp(abs(x), 0, ErfOne)
	if a < ErfSmall {
		return withSign(a+float32(a*Poly(a*a, ErfPoly)), x)
	}
	return withSign(1-Exp(-(a+float32(a*Poly(a, ErfTailPoly)))), x)
}

// Gelu returns x·Φ(x), as (½·x)·(1 + erf(x·√½)).
func Gelu(x float32) float32 {
	return float32(float32(0.5*x) * (1 + Erf(float32(x*GeluRoot))))
}

// Constants of Gelu, √½, and of GeluTanh, 2·√(2/π).
const (
	GeluRoot     float32 = math.Sqrt2 / 2
	GeluTanhRoot float32 = 2 * math.Sqrt2 / math.SqrtPi
	GeluCube     float32 = 0.044715
)

// GeluTanh returns Gelu's approximation ½·x·(1 + tanh(√(2/π)·(x +
// 0.044715·x³))), as x·Sigmoid(2·√(2/π)·(x + ((GeluCube·x)·x)·x)).
func GeluTanh(x float32) float32 {
	cube := float32(float32(float32(GeluCube*x)*x) * x)
	return float32(x * Sigmoid(float32(GeluTanhRoot*(x+cube))))
}

// Swish returns x·Sigmoid(a·x).
func Swish(x, a float32) float32 { return float32(x * Sigmoid(float32(a*x))) }

// HardSwish returns (x·clamp(x + 3, 0, 6))/6, TensorFlow Lite's bits.
func HardSwish(x float32) float32 { return float32(x*Clamp(x+3, 0, 6)) / 6 }
