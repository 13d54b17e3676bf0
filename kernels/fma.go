package kernels

import "math"

// Lanes is the number of partial results that a reduction keeps: four NEON
// registers, two AVX2 registers, one AVX-512 register.
const Lanes = 16

// FMA32 returns x*y + z rounded once.
//
// The product is exact in float64, so it does not matter whether the compiler
// fuses it. The sum is rounded, and then goes wrong if it is [Midway].
func FMA32(x, y, z float32) float32 {
	s := float64(x)*float64(y) + float64(z)
	if Midway(s) {
		return fmaMidway(x, y, z)
	}
	return float32(s)
}

// Midway reports whether s, a sum rounded to float64, may lie midway between
// two float32, so that only the exact sum tells which is nearer. The last 29 of
// its 53 bits are then 1 and zeros. Numbers below the normal float32 have their
// midpoints elsewhere, and it is true of all of them.
func Midway(s float64) bool {
	return math.Float64bits(s)<<35 == 1<<63 || math.Abs(s) < 0x1p-126
}

// fmaMidway is FMA32 for any operands, by rounding the sum to odd first (Boldo
// and Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
//
//go:noinline
func fmaMidway(x, y, z float32) float32 {
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
