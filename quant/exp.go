package quant

import "math"

// The functions of this file and of log.go, trig.go, erf.go and pow.go are
// within one unit in the last place, and give the same bits on every
// architecture: each product is converted to float64 before it is added to
// something (also one that a function returns, for calls are inlined), which by
// Go's specification keeps the two from being fused. An assignment doesn't. The
// methods and polynomial coefficients are those of FreeBSD's msun (fdlibm).
//
// A function named …32 is its …64 rounded once. That is the float32 nearest to
// the true value, but for arguments whose result lies within about 2^−29 of a
// tie.

// horner returns c[0] + c[1]·x + c[2]·x² + …, unfused.
func horner(x float64, c []float64) float64 {
	r := c[len(c)-1]
	for i := len(c) - 2; i >= 0; i-- {
		r = float64(r*x) + c[i]
	}
	return r
}

// ln 2 in two parts; products of ln2Hi with integers below 2^20 are exact.
const (
	ln2Hi = 6.93147180369123816490e-01
	ln2Lo = 1.90821492927058770002e-10
)

// Beyond these e^x is infinite or 0.
const (
	expMax = 7.09782712893383973096e+02
	expMin = -7.45133219101941108420e+02
)

// expPoly serves exp(r) = 1 + r + r·c/(2−c) for |r| ≤ ½·ln 2, where c = r − r²·expPoly(r²).
var expPoly = []float64{
	1.66666666666666657415e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05,
	-1.65339022054652515390e-06, 4.13813679705723846039e-08,
}

// Exp64 returns e^x.
func Exp64(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x > expMax:
		return math.Inf(1)
	case x < expMin:
		return 0
	}
	return expSum(x, 0)
}

// expSum returns e^(x + tail), |tail| being at most about x's rounding error and
// x within Exp64's limits.
func expSum(x, tail float64) float64 {
	k := math.Floor(float64(x*math.Log2E) + 0.5)
	hi := x - float64(k*ln2Hi)
	lo := float64(k*ln2Lo) - tail
	r := hi - lo
	t := float64(r * r)
	c := r - float64(t*horner(t, expPoly))
	y := 1 - ((lo - float64(r*c)/(2-c)) - hi)
	return scalb(y, int(k))
}

// scalb returns y·2^k for 1/2 ≤ y < 4, rounded once where the result is subnormal.
func scalb(y float64, k int) float64 {
	if k < -1020 {
		return float64(float64(math.Float64frombits(uint64(k+1023+100)<<52)*y) * 0x1p-100)
	}
	if k > 1023 {
		return float64(float64(y*2) * 0x1p1023)
	}
	return float64(math.Float64frombits(uint64(k+1023)<<52) * y)
}

// Exp32 returns e^x.
func Exp32(x float32) float32 { return float32(Exp64(float64(x))) }

// Expm132 returns e^x − 1.
func Expm132(x float32) float32 { return float32(Expm164(float64(x))) }

// expm1Poly is the even series in r of expm1's rational form, by hx = r²/2.
var expm1Poly = []float64{
	1, -3.33333333333331316428e-02, 1.58730158725481460165e-03, -7.93650757867487942473e-05,
	4.00821782732936239552e-06, -2.01099218183624371326e-07,
}

// Expm164 returns e^x − 1, precise also where x is near 0.
func Expm164(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64 || math.Abs(x) < 0x1p-54:
		return x
	case x > expMax:
		return math.Inf(1)
	case x < -56*math.Ln2:
		return -1
	}
	k := 0.0
	if math.Abs(x) > 0.5*math.Ln2 {
		k = math.Floor(float64(x*math.Log2E) + 0.5)
	}
	hi := x - float64(k*ln2Hi)
	lo := float64(k * ln2Lo)
	r := hi - lo
	rest := (hi - r) - lo // what r lost
	return expm1Reconstruct(r, rest, int(k))
}

// expm1Reconstruct returns 2^k·exp(r + rest) − 1 for |r| ≤ ½·ln 2.
func expm1Reconstruct(r, rest float64, k int) float64 {
	half := float64(0.5 * r)
	hxs := float64(r * half)
	r1 := horner(hxs, expm1Poly)
	t := 3 - float64(r1*half)
	e := float64(hxs * ((r1 - t) / (6 - float64(r*t))))
	if k == 0 {
		return r - (float64(r*e) - hxs)
	}
	e = float64(r*(e-rest)) - rest
	e -= hxs
	switch {
	case k == -1:
		return float64(0.5*(r-e)) - 0.5
	case k == 1 && r < -0.25:
		return -2 * (e - (r + 0.5))
	case k == 1:
		return 1 + float64(2*(r-e))
	case k <= -2 || k > 56:
		return scalb(1-(e-r), k) - 1
	case k < 20:
		return scalb((1-math.Ldexp(1, -k))-(e-r), k)
	}
	return scalb((r-(e+math.Ldexp(1, -k)))+1, k)
}

// Tanh64 returns the hyperbolic tangent of x.
func Tanh64(x float64) float64 {
	a := math.Abs(x)
	var y float64
	switch {
	case x != x || a < 0x1p-28:
		return x
	case a > 22:
		y = 1
	case a >= 1:
		y = 1 - 2/(Expm164(2*a)+2)
	default:
		t := Expm164(-2 * a)
		y = -t / (t + 2)
	}
	return math.Copysign(y, x)
}

// Tanh32 returns the hyperbolic tangent of x.
func Tanh32(x float32) float32 { return float32(Tanh64(float64(x))) }

// Sigmoid64 returns 1/(1 + e^−x).
func Sigmoid64(x float64) float64 {
	if x < 0 {
		e := Exp64(x)
		return e / (1 + e)
	}
	return 1 / (1 + Exp64(-x))
}

// Sigmoid32 returns 1/(1 + e^−x), rounded once: what the true function gives,
// not what float32 arithmetic makes of the formula.
func Sigmoid32(x float32) float32 { return float32(Sigmoid64(float64(x))) }
