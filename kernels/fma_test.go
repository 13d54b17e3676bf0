package kernels

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFMA32 compares with exact arithmetic, near midpoints and at random.
func TestFMA32(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		x, y := randomFloat(rng), randomFloat(rng)
		z := randomFloat(rng)
		if rng.IntN(2) == 0 { // a sum whose rounding the last bits decide
			z = float32(float64(x) * float64(y) * math.Ldexp(1, rng.IntN(120)-60))
		}
		want := exactFMA(x, y, z)
		got := FMA32(x, y, z)
		require.Equalf(t, math.Float32bits(want), math.Float32bits(got), "%x*%x + %x = %x, want %x", x, y, z, got, want)
	}
}

func TestFMA32Special(t *testing.T) {
	inf, nan, neg0 := float32(math.Inf(1)), float32(math.NaN()), float32(math.Copysign(0, -1))
	for _, x := range []float32{0, neg0, 1, -1, inf, -inf, nan, math.MaxFloat32, math.SmallestNonzeroFloat32} {
		for _, y := range []float32{0, neg0, 1, -2, inf, -inf} {
			for _, z := range []float32{0, neg0, 1, inf, -inf, nan, -math.MaxFloat32} {
				want := float32(math.FMA(float64(x), float64(y), float64(z))) // exact enough here
				got := FMA32(x, y, z)
				if want != want {
					require.Truef(t, got != got, "%x*%x + %x = %x, want NaN", x, y, z, got)
					continue
				}
				require.Equalf(t, math.Float32bits(want), math.Float32bits(got), "%x*%x + %x", x, y, z)
			}
		}
	}
}

func randomFloat(rng *rand.Rand) float32 {
	switch rng.IntN(3) {
	case 0: // few bits: products and sums that fall midway
		return float32(math.Ldexp(float64(rng.IntN(1<<13)-1<<12), rng.IntN(40)-20))
	case 1: // tiny: products that are subnormal
		return float32(math.Ldexp(float64(rng.Uint32()>>8), -24-rng.IntN(110)))
	}
	return float32(math.Ldexp(rng.NormFloat64(), rng.IntN(20)-10))
}

func exactFMA(x, y, z float32) float32 {
	exact := func(v float32) *big.Float { return new(big.Float).SetPrec(1000).SetFloat64(float64(v)) }
	s := exact(x)
	s.Mul(s, exact(y)).Add(s, exact(z))
	if s.Sign() == 0 {
		return x*y + z // only the sign of zero is open, and any rounding has it right
	}
	f, _ := s.Float32()
	return f
}
