package kernels

import "math"

// Expm1Lo bounds Elu's argument: e^x − 1 is −1 from there on.
const Expm1Lo float32 = -80

// Log1pPoly is (atanh(s)/s − 1)/s² by s², for s up to ⅓.
var Log1pPoly = [5]float32{0.33333334, 0.19999853, 0.14296179, 0.10853288, 0.11612165}

// Elu returns x where x > 0 and else a·(eˣ − 1). With n and r as in Exp, of
// min(x, 0) raised to Expm1Lo, and p = 2ⁿ, that is a·((r + r²·poly4(r))·p + (p −
// 1)).
func Elu(x, a float32) float32 {
	if x > 0 {
		return x
	}
	x = Clamp(x, Expm1Lo, 0)
	t := float32(x*ExpLog2E) + roundMagic
	n := t - roundMagic
	r := (x - float32(n*ExpLn2Hi)) - float32(n*ExpLn2Lo)
	r2 := float32(r * r)
	y := r + float32(r2*poly4(r, r2, &ExpPoly))
	p := pow2(int32(math.Float32bits(t) - roundMagicBits))
	return float32(a * (float32(y*p) + (p - 1)))
}

// LeakyRelu returns x where x > 0 and else a·x.
func LeakyRelu(x, a float32) float32 {
	if x > 0 {
		return x
	}
	return float32(x * a)
}

// Softplus returns log(1 + eˣ), as max(x, 0) + log(1 + z) with z = e^−|x|. With s
// = z/(2 + z), that logarithm is l + l, where l = s + (s·s²)·poly4(s²).
func Softplus(x float32) float32 {
	z := Exp(-abs(x))
	s := z / (2 + z)
	s2 := float32(s * s)
	l := s + float32(float32(s*s2)*poly4(s2, float32(s2*s2), &Log1pPoly))
	top := float32(0)
	if x > 0 {
		top = x
	}
	return top + (l + l)
}

// UnaryGradFn is what a gradient is multiplied by on its way back through a
// function: a number that depends on the function's output, y, or its input, x,
// and on parameters a and b.
type UnaryGradFn uint8

// The functions. What is compared with NaN is false.
const (
	GradSigmoid   UnaryGradFn = iota // y·(1 − y)
	GradTanh                         // 1 − y·y
	GradElu                          // b where y > 0, and y + a
	GradLeakyRelu                    // 1 where x > 0, and a
	GradClamp                        // b where 0 < y < a, and 0, whatever the gradient
	GradAbs                          // x's sign, and 0 of 0, whatever the gradient
	GradHardSwish                    // 0 where x ≤ −3, 1 where x ≥ 3, and ((x + x) + 3)·⅙
	GradSoftplus                     // Sigmoid(x)
	GradSwish                        // s + (a·x)·(s·(1 − s)), s = Sigmoid(a·x)
	GradGelu                         // Φ(x) + (x·e^(x²·−½))/√(2π)
	GradGeluTanh                     // s + (x·(s·(1 − s)))·(root + slope·x²), s = GeluTanh's
	UnaryGradFns                     // how many there are
)

// Constants of the functions.
const (
	GeluDensity   float32 = math.Sqrt2 / 2 / math.SqrtPi                // 1/√(2π)
	GeluTanhSlope float32 = 3 * 0.044715 * 2 * math.Sqrt2 / math.SqrtPi // of GeluTanh's argument, by x²
	Sixth         float32 = 1.0 / 6
)

// Of returns the gradient with respect to x from that with respect to y, dy, and
// v, which is x or y.
func (f UnaryGradFn) Of(v, dy, a, b float32) float32 {
	switch f {
	case GradClamp:
		if v > 0 && v < a {
			return float32(dy * b)
		}
		return 0
	case GradAbs:
		if v == 0 {
			return 0
		}
		return math.Float32frombits(math.Float32bits(dy) ^ math.Float32bits(v)&(1<<31))
	}
	return float32(dy * f.slope(v, a, b))
}

// slope returns what a gradient is multiplied by.
func (f UnaryGradFn) slope(v, a, b float32) float32 {
	switch f {
	case GradSigmoid:
		return float32(v * (1 - v))
	case GradTanh:
		return 1 - float32(v*v)
	case GradElu:
		if v > 0 {
			return b
		}
		return v + a
	case GradLeakyRelu:
		if v > 0 {
			return 1
		}
		return a
	case GradHardSwish:
		return hardSwishSlope(v)
	case GradSoftplus:
		return Sigmoid(v)
	case GradSwish:
		u := float32(a * v)
		s := Sigmoid(u)
		return s + float32(u*float32(s*(1-s)))
	case GradGelu:
		density := float32(v * Exp(float32(float32(v*v)*-0.5)))
		return Phi(v) + float32(density*GeluDensity)
	}
	cube := float32(float32(float32(GeluCube*v)*v) * v)
	s := Sigmoid(float32(GeluTanhRoot * (v + cube)))
	slope := GeluTanhRoot + float32(GeluTanhSlope*float32(v*v))
	return s + float32(float32(v*float32(s*(1-s)))*slope)
}

func hardSwishSlope(x float32) float32 {
	switch {
	case x <= -3:
		return 0
	case x >= 3:
		return 1
	}
	return float32(((x + x) + 3) * Sixth)
}
