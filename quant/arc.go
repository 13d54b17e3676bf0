package quant

import "math"

// atanPoly is (r − atan r)/r in powers of r², beginning with r², for |r| < 7/16.
var atanPoly = []float64{
	3.33333333333329318027e-01, -1.99999999998764832476e-01, 1.42857142725034663711e-01,
	-1.11111104054623557880e-01, 9.09088713343650656196e-02, -7.69187620504482999495e-02,
	6.66107313738753120669e-02, -5.83357013379057348645e-02, 4.97687799461593236017e-02,
	-3.65315727442169155270e-02, 1.62858201153657823623e-02,
}

// atanAt has atan of ½, 1, 3/2 and ∞, each in two parts.
var atanAt = [...][2]float64{
	{4.63647609000806093515e-01, 2.26987774529616870924e-17},
	{7.85398163397448278999e-01, 3.06161699786838301793e-17},
	{9.82793723247329054082e-01, 1.39033110312309984516e-17},
	{1.57079632679489655800e+00, 6.12323399573676603587e-17},
}

// Atan64 returns the arc tangent of x.
func Atan64(x float64) float64 {
	a := math.Abs(x)
	at, r := -1, a
	switch {
	case x != x || a < 0x1p-27:
		return x
	case a < 7.0/16:
	case a < 11.0/16:
		at, r = 0, (float64(2*a)-1)/(2+a)
	case a < 19.0/16:
		at, r = 1, (a-1)/(a+1)
	case a < 39.0/16:
		at, r = 2, (a-1.5)/(1+float64(1.5*a))
	default:
		at, r = 3, -1/a
	}
	r2 := float64(r * r)
	lost := float64(r * float64(r2*horner(r2, atanPoly))) // r − atan r
	y := r - lost
	if at >= 0 {
		y = atanAt[at][0] - ((lost - atanAt[at][1]) - r)
	}
	return math.Copysign(y, x)
}

// Asin64 returns the arc sine of x, NaN beyond ±1.
func Asin64(x float64) float64 {
	switch a := math.Abs(x); {
	case a == 1:
		return math.Copysign(math.Pi/2, x)
	case a > 1:
		return math.NaN() // whose sign is the same on every architecture
	}
	return Atan64(x / math.Sqrt(float64((1-x)*(1+x))))
}

// Acos64 returns the arc cosine of x, NaN beyond ±1.
func Acos64(x float64) float64 {
	switch {
	case x == -1:
		return math.Pi
	case math.Abs(x) > 1:
		return math.NaN()
	}
	return 2 * Atan64(math.Sqrt((1-x)/(1+x)))
}

// Atan32 returns the arc tangent of x.
func Atan32(x float32) float32 { return float32(Atan64(float64(x))) }

// Asin32 returns the arc sine of x, NaN beyond ±1.
func Asin32(x float32) float32 { return float32(Asin64(float64(x))) }

// Acos32 returns the arc cosine of x, NaN beyond ±1.
func Acos32(x float32) float32 { return float32(Acos64(float64(x))) }

// Tan64 returns the tangent of x.
func Tan64(x float64) float64 { return Sin64(x) / Cos64(x) }

// Tan32 returns the tangent of x.
func Tan32(x float32) float32 { return float32(Tan64(float64(x))) }
