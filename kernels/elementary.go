package kernels

import "math"

// The functions of this file are elementary functions in float32, within about 2
// units in the last place. Vector code repeats them operation by operation:
// each product is rounded before it is added (no multiply-add is fused,
// whatever the tier), a choice between two formulas is by comparison, and NaN stays
// NaN. They are what ONNX's float32 operators compute; TensorFlow Lite's are in
// package quant.
//
// The coefficients are minimax fits, rounded to float32.

// poly4 to poly7 return c[0] + c[1]·x + c[2]·x² + …, of which pairs are
// formed that don't wait for each other. x2 is x·x, rounded.

func poly4(x, x2 float32, c *[5]float32) float32 {
	return pair(x, c[0], c[1]) + float32(x2*(pair(x, c[2], c[3])+float32(x2*c[4])))
}

func poly5(x, x2 float32, c *[6]float32) float32 {
	return pair(x, c[0], c[1]) + float32(x2*(pair(x, c[2], c[3])+float32(x2*pair(x, c[4], c[5]))))
}

func poly6(x, x2 float32, c *[7]float32) float32 {
	low := pair(x, c[0], c[1]) + float32(x2*pair(x, c[2], c[3]))
	return low + float32(float32(x2*x2)*(pair(x, c[4], c[5])+float32(x2*c[6])))
}

func poly7(x, x2 float32, c *[8]float32) float32 {
	low := pair(x, c[0], c[1]) + float32(x2*pair(x, c[2], c[3]))
	high := pair(x, c[4], c[5]) + float32(x2*pair(x, c[6], c[7]))
	return low + float32(float32(x2*x2)*high)
}

func pair(x, c0, c1 float32) float32 { return c0 + float32(x*c1) }

// Constants of Exp: beyond the limits e^x is 0 or infinite. n·ExpLn2Hi is exact.
const (
	ExpLo, ExpHi float32 = -104, 89
	ExpLog2E     float32 = math.Log2E
	ExpLn2Hi     float32 = 0.693359375
	ExpLn2Lo     float32 = -2.12194440e-4
)

// The polynomials: of Exp, (e^r − 1 − r)/r² for |r| ≤ ½·ln 2; of Tanh,
// (tanh x − x)/x³ by x² for |x| < TanhSmall; of Erf, erf x/x − 1 by x² for
// |x| < ErfSmall, and −log(1 − erf x)/x − 1 by x up to 4, where erf is 1; of Phi,
// log Φ(−x) for 0 ≤ x < PhiZero.
var (
	ExpPoly     = [5]float32{0.49999994, 0.1666652, 0.041668393, 0.008368781, 0.0013814465}
	TanhPoly    = [5]float32{-0.3333328, 0.13331442, -0.05373971, 0.020639079, -0.005704979}
	ErfPoly     = [7]float32{0.12837917, -0.37612632, 0.11283679, -0.026858492, 0.005198818, -0.0008117971, 8.26709947e-5}
	ErfTailPoly = [6]float32{0.12850855, 0.63573778, 0.10523634, -0.02287371, 0.0032099129, -0.00021337597}
	PhiPoly     = [8]float32{-0.6931472, -0.79788977, -0.3182492, -0.036565155, 0.005182653, -0.00033214674, -2.5128138e-05, 4.48729e-06}
)

// Where Tanh, Erf and Phi change their formulas.
const (
	TanhSmall float32 = 0.625
	ErfSmall  float32 = 0.9375
	ErfOne    float32 = 4   // from here on Erf is that of ErfOne: 1
	PhiZero   float32 = 5.6 // from here on Phi(−x) is 0, where it was 10⁻⁸
)

// Exp returns e^x: with n the integer nearest to x·log₂e, and r = (x −
// n·ExpLn2Hi) − n·ExpLn2Lo, it is ((r + r²·poly4(r)) + 1)·2^⌊n/2⌋·2^(n−⌊n/2⌋).
// The two powers let results below the normal numbers be, rounded.
func Exp(x float32) float32 {
	t := float32(Clamp(x, ExpLo, ExpHi)*ExpLog2E) + roundMagic
	n := t - roundMagic
	x = Clamp(x, ExpLo, ExpHi)
	r := (x - float32(n*ExpLn2Hi)) - float32(n*ExpLn2Lo)
	r2 := float32(r * r)
	y := (r + float32(r2*poly4(r, r2, &ExpPoly))) + 1
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
// (a·s)·poly4(s), s = a·a, if a is small, and else 1 − 2/(e^(a+a) + 1).
func Tanh(x float32) float32 {
	a := abs(x)
	if a < TanhSmall {
		s := float32(a * a)
		return withSign(a+float32(float32(a*s)*poly4(s, float32(s*s), &TanhPoly)), x)
	}
	return withSign(1-2/(Exp(a+a)+1), x)
}

// Erf returns the error function, with x's sign: of a = min(|x|, ErfOne) it is
// a + a·poly6(a·a) if a is small, and else 1 − e^−(a + a·poly5(a)).
func Erf(x float32) float32 {
	a := Clamp(abs(x), 0, ErfOne)
	s := float32(a * a)
	if a < ErfSmall {
		return withSign(a+float32(a*poly6(s, float32(s*s), &ErfPoly)), x)
	}
	return withSign(1-Exp(-(a+float32(a*poly5(a, s, &ErfTailPoly)))), x)
}

// Phi returns the normal distribution's cumulative function: with a = |x| and
// q = e^poly7(a), or 0 from PhiZero on, it is q for negative x, and else 1 − q.
// It is off by 1.5·10⁻⁷ at most, and Gelu's result for negative x by 1.2·10⁻⁷. Φ(0)
// is ½ exactly, so that vectors may go by the sign of zeros.
func Phi(x float32) float32 {
	a := abs(x)
	q := float32(0)
	if a < PhiZero {
		q = Exp(poly7(a, float32(a*a), &PhiPoly))
	}
	if x < 0 {
		return q
	}
	return 1 - q
}

// Gelu returns x·Φ(x).
func Gelu(x float32) float32 { return float32(x * Phi(x)) }

// Constants of GeluTanh; the first is 2·√(2/π).
const (
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
