package quant

import "math"

// Pow64 returns x^y with C's special cases (as math.Pow has them).
func Pow64(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case x != x || y != y:
		return math.NaN()
	case math.IsInf(y, 0):
		return powInfinite(math.Abs(x), y > 0)
	}
	odd := math.Abs(y) < 1<<53 && y == math.Trunc(y) && int64(y)&1 != 0
	a := math.Abs(x)
	var p float64
	switch {
	case a == 0 || a > math.MaxFloat64:
		p = powInfinite(a, y > 0)
	case x < 0 && y != math.Trunc(y):
		return math.NaN()
	default:
		p = powPositive(a, y)
	}
	if odd {
		return math.Copysign(p, x)
	}
	return p
}

// powInfinite returns a^y where a is 0 or infinite, or y is infinite.
func powInfinite(a float64, positive bool) float64 {
	switch {
	case a == 1:
		return 1
	case (a > 1) == positive:
		return math.Inf(1)
	}
	return 0
}

// Pow32 returns x^y with C's special cases.
func Pow32(x, y float32) float32 { return float32(Pow64(float64(x), float64(y))) }

// powPositive returns exp(y·log a) for finite a > 0. The exponent needs 11 bits
// more than a float64 has, for it may be as large as 745 and its error is the
// result's relative error; so it is a sum of two.
func powPositive(a, y float64) float64 {
	hi, lo := logTwo(a)
	p, e := twoProduct(hi, y)
	e += float64(lo * y)
	if !(math.Abs(p) < 800) {
		return Exp64(p) // 0, ∞, or the product overflowed to it
	}
	s := p + e
	if s > expMax || s < expMin {
		return Exp64(s)
	}
	return expSum(s, e-(s-p))
}

// logTwo returns log a for a > 0 as hi + lo, to about 2^−65 of it.
func logTwo(a float64) (hi, lo float64) {
	m, exponent := math.Frexp(a)
	if m < math.Sqrt2/2 {
		m *= 2
		exponent--
	}
	k := float64(exponent)
	// log m = 2·artanh s, s = (m−1)/(m+1) in two parts.
	f := m - 1
	den := 2 + f
	denLo := f - (den - 2)
	s := f / den
	p, e := twoProduct(s, den)
	sLo := (((f - p) - e) - float64(s*denLo)) / den
	// s³/3 in two parts, for beside s it isn't small enough for one.
	q, qLo := twoProduct(s, s)
	qLo += float64(2 * float64(s*sLo))
	c, cLo := twoProduct(q, s)
	cLo += float64(qLo*s) + float64(q*sLo)
	const third, thirdLo = 1.0 / 3, 1.850371707708594e-17
	t, tLo := twoProduct(c, third)
	tLo += float64(cLo*third) + float64(c*thirdLo)
	tLo += float64(c * float64(q*horner(q, artanhPoly)))

	hi, lo = twoSum(s, t)
	lo += sLo + tLo
	ln2 := float64(k * ln2Hi) // exact
	h, l := twoSum(ln2, 2*hi)
	l += float64(2*lo) + float64(k*ln2Lo) + float64(k*ln2Rest)
	hi = h + l
	return hi, l - (hi - h)
}

// ln2Rest is ln 2 less ln2Hi and ln2Lo.
const ln2Rest = 1.1612227229362531851e-26

// artanhPoly is artanh(s) = s + s³/3 + s³·s²·artanhPoly(s²): 1/5, 1/7, …
var artanhPoly = []float64{
	1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23,
}

// twoSum returns a+b and its rounding error (Knuth).
func twoSum(a, b float64) (sum, err float64) {
	sum = a + b
	bb := sum - a
	return sum, (a - (sum - bb)) + (b - bb)
}

// twoProduct returns a·b and its rounding error. math.FMA computes it exactly
// on every CPU, in software where need be.
func twoProduct(a, b float64) (product, err float64) {
	product = float64(a * b)
	return product, math.FMA(a, b, -product)
}
