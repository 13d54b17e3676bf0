package quant

import "math"

// Log1p64 returns log(1 + x), precise also where x is near 0: the quotient makes
// up for what 1 + x lost (W. Kahan).
func Log1p64(x float64) float64 {
	u := 1 + x
	switch {
	case u == 1:
		return x
	case !(u > 0) || u > math.MaxFloat64:
		return Log64(u)
	}
	return float64(Log64(u) * (x / (u - 1)))
}

// Sinh64 returns the hyperbolic sine of x.
func Sinh64(x float64) float64 {
	a := math.Abs(x)
	if a > 22 {
		return math.Copysign(halfExp(a), x)
	}
	t := Expm164(a)
	return math.Copysign(0.5*(t+t/(t+1)), x)
}

// Cosh64 returns the hyperbolic cosine of x.
func Cosh64(x float64) float64 {
	a := math.Abs(x)
	if a > 22 {
		return halfExp(a)
	}
	t := Exp64(a)
	return 0.5 * (t + 1/t)
}

// halfExp returns ½·e^a, which may be finite where e^a is not.
func halfExp(a float64) float64 {
	if a < 709 {
		return 0.5 * Exp64(a)
	}
	r := Exp64(0.5 * a)
	return float64(0.5*r) * r
}

// Asinh64 returns the inverse hyperbolic sine of x.
func Asinh64(x float64) float64 {
	a := math.Abs(x)
	var y float64
	switch {
	case x != x || a > math.MaxFloat64:
		return x
	case a > 0x1p28:
		y = Log64(a) + math.Ln2
	default:
		s := float64(a * a)
		y = Log1p64(a + s/(1+math.Sqrt(1+s)))
	}
	return math.Copysign(y, x)
}

// Acosh64 returns the inverse hyperbolic cosine of x, NaN below 1.
func Acosh64(x float64) float64 {
	switch {
	case x > 0x1p28:
		return Log64(x) + math.Ln2
	case x < 1:
		return math.NaN()
	}
	t := x - 1
	return Log1p64(t + math.Sqrt(float64(2*t)+float64(t*t)))
}

// Atanh64 returns the inverse hyperbolic tangent of x, NaN beyond ±1.
func Atanh64(x float64) float64 {
	a := math.Abs(x)
	if a > 1 {
		return math.NaN()
	}
	return math.Copysign(0.5*Log1p64(float64(2*a)/(1-a)), x)
}

// Sinh32 returns the hyperbolic sine of x.
func Sinh32(x float32) float32 { return float32(Sinh64(float64(x))) }

// Cosh32 returns the hyperbolic cosine of x.
func Cosh32(x float32) float32 { return float32(Cosh64(float64(x))) }

// Asinh32 returns the inverse hyperbolic sine of x.
func Asinh32(x float32) float32 { return float32(Asinh64(float64(x))) }

// Acosh32 returns the inverse hyperbolic cosine of x, NaN below 1.
func Acosh32(x float32) float32 { return float32(Acosh64(float64(x))) }

// Atanh32 returns the inverse hyperbolic tangent of x, NaN beyond ±1.
func Atanh32(x float32) float32 { return float32(Atanh64(float64(x))) }
