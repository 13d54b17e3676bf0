package quant

import "math"

// logPoly is (log((1+s)/(1−s)) − 2s)/s in powers of s², beginning with s².
var logPoly = []float64{
	6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
	2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
	1.479819860511658591e-01,
}

// Log64 returns the natural logarithm of x; −∞ for 0, NaN below.
func Log64(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m *= 2
		e--
	}
	f, k := m-1, float64(e)
	s := f / (2 + f)
	s2 := float64(s * s)
	r := float64(s2 * horner(s2, logPoly))
	half := float64(float64(0.5*f) * f)
	return float64(k*ln2Hi) - ((half - (float64(s*(half+r)) + float64(k*ln2Lo))) - f)
}

// Log32 returns the natural logarithm of x; −∞ for 0, NaN below.
func Log32(x float32) float32 { return float32(Log64(float64(x))) }
