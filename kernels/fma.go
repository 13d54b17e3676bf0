package kernels

import "math"

// Lanes is the number of partial results that a reduction keeps: four NEON
// registers, two AVX2 registers, one AVX-512 register.
const Lanes = 16

// FMA32 returns x*y + z rounded once.
//
// The product is exact in float64. The sum is not, and rounding it twice can
// miss by one unit, so it is first rounded to odd (Boldo and Melquiond,
// "Emulation of FMA and correctly rounded sums", 2008).
func FMA32(x, y, z float32) float32 {
	p := float64(x) * float64(y)
	s := p + float64(z)
	t := s - p
	e := (p - (s - t)) + (float64(z) - t)
	if bits := math.Float64bits(s); e != 0 && bits&1 == 0 && !math.IsInf(s, 0) && s == s {
		if (e > 0) == (s > 0) {
			bits++
		} else {
			bits--
		}
		s = math.Float64frombits(bits)
	}
	return float32(s)
}

// Fold combines the partial results of a sum, halves first.
func Fold(s *[Lanes]float32) float32 {
	for w := Lanes / 2; w > 0; w /= 2 {
		for l := range w {
			s[l] += s[l+w]
		}
	}
	return s[0]
}

// Clamp returns min(max(x, lo), hi); a NaN stays NaN.
func Clamp(x, lo, hi float32) float32 {
	if x < lo {
		return lo
	}
	if x > hi {
		return hi
	}
	return x
}
