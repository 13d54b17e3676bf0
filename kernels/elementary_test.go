package kernels

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// ulps returns how far y is from the true value, in units of y's last place.
func ulps(y float32, want float64) float64 {
	if float64(y) == want || y != y && want != want {
		return 0
	}
	w := float32(want)
	if math.Abs(float64(w)) < 0x1p-126 {
		return math.Abs(float64(y)-want) / 0x1p-149
	}
	_, e := math.Frexp(float64(w))
	return math.Abs(float64(y)-want) / math.Ldexp(1, e-24)
}

// TestElementary goes through float32 of all exponents and both signs.
func TestElementary(t *testing.T) {
	sigmoid := func(x float64) float64 {
		if x < 0 {
			return math.Exp(x) / (1 + math.Exp(x))
		}
		return 1 / (1 + math.Exp(-x))
	}
	for _, c := range []struct {
		name string
		f    func(float32) float32
		want func(float64) float64
		most float64
	}{
		{"Exp", Exp, math.Exp, 1},
		{"Sigmoid", Sigmoid, sigmoid, 2.3},
		{"Tanh", Tanh, math.Tanh, 2},
		{"Erf", Erf, math.Erf, 1.5},
	} {
		worst, at := 0.0, float32(0)
		for b := uint64(0); b < 1<<32; b += 997 {
			x := math.Float32frombits(uint32(b))
			y, want := c.f(x), c.want(float64(x))
			if x != x {
				require.True(t, y != y, "%s(NaN)", c.name)
				continue
			}
			if math.Abs(want) > math.MaxFloat32 {
				want = math.Copysign(math.Inf(1), want)
			}
			if d := ulps(y, want); d > worst || d != d {
				worst, at = d, x
			}
		}
		require.LessOrEqualf(t, worst, c.most, "%s(%g) = %g, want %g", c.name, at, c.f(at), c.want(float64(at)))
		t.Logf("%s: %.3f ulp at %g", c.name, worst, at)
	}
}

// TestGelu bounds errors by what Phi says.
func TestGelu(t *testing.T) {
	require.Equal(t, float32(0.5), Phi(0))
	for x := -12.0; x < 12; x += 1.0 / 512 {
		want := 0.5 * math.Erfc(-x*math.Sqrt2/2)
		require.InDelta(t, want, Phi(float32(x)), 1.5e-7, "Phi(%g)", x)
		want *= x
		require.InDelta(t, want, Gelu(float32(x)), 1.2e-7+2e-7*max(0, want), "Gelu(%g)", x)
		u := math.Sqrt(2/math.Pi) * (x + 0.044715*x*x*x)
		require.InDelta(t, x/(1+math.Exp(-2*u)), GeluTanh(float32(x)), 1e-9+2e-6*math.Abs(x/(1+math.Exp(-2*u))), "GeluTanh(%g)", x)
		require.InEpsilon(t, 1+x/(1+math.Exp(-x)), 1+Swish(float32(x), 1), 1e-6, "Swish(%g)", x)
	}
}
