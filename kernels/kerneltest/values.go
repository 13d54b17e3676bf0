package kerneltest

import (
	"math"
	"math/rand/v2"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// bytes fills x: with random values, or with those that make the largest sums.
func bytes(rng *rand.Rand, x []int8) {
	kind := rng.IntN(5)
	for i := range x {
		switch kind {
		case 0:
			x[i] = math.MinInt8
		case 1:
			x[i] = math.MaxInt8
		case 2:
			x[i] = [...]int8{math.MinInt8, math.MaxInt8, 0, -1}[rng.IntN(4)]
		default:
			x[i] = int8(rng.Uint32())
		}
	}
}

// word returns an int32: small, random, or at the ends, where sums wrap.
func word(rng *rand.Rand) int32 {
	switch rng.IntN(4) {
	case 0:
		return [...]int32{math.MinInt32, math.MaxInt32, math.MinInt32 + 1, 0, -1, 1}[rng.IntN(6)]
	case 1:
		return int32(rng.Uint32())
	default:
		return int32(rng.Uint32()) >> 16
	}
}

// multiplier returns M and Shift as quant.NewMultiplier may yield them.
func multiplier(rng *rand.Rand) (m int32, shift int) {
	shift = rng.IntN(62) - 31
	switch rng.IntN(6) {
	case 0:
		return [...]int32{0, 1 << 30, math.MaxInt32}[rng.IntN(3)], shift
	case 1:
		return 1 << 30, -rng.IntN(12) // results that fall midway
	default:
		return 1<<30 + int32(rng.Uint32()>>2), rng.IntN(16) - 14
	}
}

func parts(m int32, shift int) kernels.Scale {
	return kernels.Scale{Mult: m, Left: int32(max(shift, 0)), Right: int32(max(-shift, 0))}
}

// output returns a zero point and clamping bounds.
func output(rng *rand.Rand) (zero, lo, hi int32) {
	zero = int32(rng.IntN(256) - 128)
	switch rng.IntN(3) {
	case 0:
		return zero, zero, math.MaxInt8 // a fused ReLU
	case 1:
		lo = int32(rng.IntN(256) - 128)
		return zero, lo, lo + int32(rng.IntN(128-int(lo)))
	}
	return zero, math.MinInt8, math.MaxInt8
}

// requant returns parameters for n columns in guarded memory. What lies past n
// is poisoned and must not matter.
func requant(g *guards, rng *rand.Rand, n int) *kernels.Requant {
	padded := len(kernels.NewRequant(n).Bias)
	if rng.IntN(3) == 0 {
		return scaled(g, rng, n)
	}
	q := &kernels.Requant{
		Bias: place[int32](g, padded), Mult: place[int32](g, padded),
		Left: place[int32](g, padded), Right: place[int32](g, padded),
	}
	q.Zero, q.Lo, q.Hi = output(rng)
	for j := range n {
		m, shift := multiplier(rng)
		s := parts(m, shift)
		q.Mult[j], q.Left[j], q.Right[j] = s.Mult, s.Left, s.Right
		q.Bias[j] = word(rng)
		if shift <= 0 && rng.IntN(2) == 0 { // near a result's midpoint, within int8
			q.Bias[j] = int32((int64(rng.IntN(600)-300)<<(-shift) + int64(rng.IntN(5)-2)))
		}
	}
	return q
}

// scaled is requant with scales.
func scaled(g *guards, rng *rand.Rand, n int) *kernels.Requant {
	padded := len(kernels.NewScaled(n).Bias)
	q := &kernels.Requant{Bias: place[int32](g, padded), Scale: place[float32](g, padded)}
	q.Zero, q.Lo, q.Hi = output(rng)
	for j := range n {
		q.Scale[j], q.Bias[j] = scale(rng), word(rng)
		if rng.IntN(2) == 0 { // within int8, sums of odd halves among them
			q.Bias[j] = int32(max(-1e9, min(1e9, float32(rng.IntN(1200)-600)*0.5/q.Scale[j])))
		}
	}
	return q
}

// scale returns a positive multiplier, often a power of two, where results fall
// midway.
func scale(rng *rand.Rand) float32 {
	s := float32(math.Ldexp(1, -rng.IntN(24)))
	switch rng.IntN(8) {
	case 0:
		return math.Float32frombits(rng.Uint32() % 0x7f800000) // anything
	case 1, 2, 3:
		return s
	}
	return s * (1 + rng.Float32())
}

// floats fills x: with ordinary numbers, so that long sums stay finite and
// every rounding shows in them, or, if wild, also with some from the whole
// range of exponents, zeros of both signs, NaN and infinities.
func floats(rng *rand.Rand, x []float32, wild bool) {
	for i := range x {
		x[i] = float32(rng.NormFloat64())
		if !wild {
			continue
		}
		switch rng.IntN(12) {
		case 0:
			x[i] = math.Float32frombits(rng.Uint32() & 0x807fffff) // subnormal
		case 1:
			x[i] = math.Float32frombits(rng.Uint32()) // anything
		case 2:
			x[i] = [...]float32{0, float32(math.Copysign(0, -1)), 1, -1}[rng.IntN(4)]
		}
	}
	if wild && len(x) > 0 && rng.IntN(8) == 0 {
		x[rng.IntN(len(x))] = [...]float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))}[rng.IntN(3)]
	}
}

// bounds returns what a result is clamped to.
func bounds(rng *rand.Rand) (lo, hi float32) {
	inf := float32(math.Inf(1))
	b := [...][2]float32{{-inf, inf}, {0, inf}, {0, 6}, {-1, 1}, {-math.MaxFloat32, math.MaxFloat32}}[rng.IntN(5)]
	return b[0], b[1]
}
