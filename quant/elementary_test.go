package quant

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// elementary lists the portable functions with package math's, an interval, and
// the digest of a sweep. The digests come from amd64; that they are met on the
// other architectures is what the functions are for.
var elementary = []struct {
	name   string
	f      func(float64) float64
	want   func(float64) float64
	lo, hi float64
	floor  float64 // of the magnitude to which the tolerance is relative
	digest uint64
}{
	{"exp", Exp64, math.Exp, -745, 709.7, 0, 0xbc0251e166b3ce38},
	{"expm1", Expm164, math.Expm1, -60, 100, 0, 0x8f3561bddee1df47},
	{"tanh", Tanh64, math.Tanh, -25, 25, 0, 0xc6fea0f2de201608},
	{"sigmoid", Sigmoid64, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, -30, 40, 0, 0x2fb42a9473afb4ec},
	{"log", Log64, math.Log, 0, 1000, 0, 0x339099418b133045},
	{"erf", Erf64, math.Erf, -7, 7, 0, 0x368baf7f91331570},
	{"sin", Sin64, math.Sin, -1e4, 1e4, 1, 0xc18f271417a062d5},
	{"cos", Cos64, math.Cos, -1e4, 1e4, 1, 0xb852676bccef86b4},
	{"sin of large", Sin64, math.Sin, -1e300, 1e300, 1, 0xcdc7682f7a89a2af},
	{"cos of large", Cos64, math.Cos, -1e9, 1e9, 1, 0x122df7176cc2a042},
	{"pow", func(x float64) float64 { return Pow64(x, 1.7) }, func(x float64) float64 { return math.Pow(x, 1.7) }, 0, 1e4, 0, 0xce1c70ecc2d5c551},
	{"root", func(x float64) float64 { return Pow64(x, -0.3) }, func(x float64) float64 { return math.Pow(x, -0.3) }, 0, 1e4, 0, 0x60e46b7ea52a324e},
}

func TestElementary(t *testing.T) {
	for _, e := range elementary {
		t.Run(e.name, func(t *testing.T) {
			d := newDigest()
			check := func(x float64) {
				y, want := e.f(x), e.want(x)
				bits := math.Float64bits(y)
				d.add(int32(bits))
				d.add(int32(bits >> 32))
				d.add(int32(math.Float32bits(float32(y))))
				if y != want { // math's sine is less exact near its zeros
					require.InDelta(t, want, y, 1e-15*max(3*math.Abs(want), e.floor)+0x1p-1000, "%v", x)
				}
			}
			const steps = 20011
			for i := range steps + 1 {
				at := float64(i) / steps
				check(e.lo + float64(at*(e.hi-e.lo)))
				if e.hi < 1e4 { // and closely around 0 or the lower end
					check(float64(float64(at*at)*at) * math.Min(1, e.hi))
				}
			}
			require.Equalf(t, e.digest, uint64(d), "%#x", uint64(d))
		})
	}
}

func TestElementarySpecial(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	same := func(want, got float64, name string) {
		t.Helper()
		if want != want {
			require.True(t, got != got, name)
			return
		}
		require.Equal(t, math.Float64bits(want), math.Float64bits(got), name)
	}
	negativeZero := math.Copysign(0, -1)
	for _, x := range []float64{inf, -inf, nan, 0, negativeZero, 1, -1, 800, -800} {
		same(math.Exp(x), Exp64(x), "exp")
		same(math.Tanh(x), Tanh64(x), "tanh")
		same(math.Erf(x), Erf64(x), "erf")
		same(math.Log(x), Log64(x), "log")
		same(math.Expm1(x), Expm164(x), "expm1")
		for _, y := range []float64{inf, -inf, nan, 0, negativeZero, 1, -1, 2, 3, -3, 0.5, 1e300} {
			same(math.Pow(x, y), Pow64(x, y), "pow")
		}
	}
	for _, x := range []float64{inf, -inf, nan, 0, negativeZero} {
		same(math.Sin(x), Sin64(x), "sin")
		same(math.Cos(x), Cos64(x), "cos")
	}
	same(1, Sigmoid64(inf), "sigmoid")
	same(0, Sigmoid64(-inf), "sigmoid")
	same(math.SmallestNonzeroFloat64, Exp64(-745.1), "smallest")
	same(-1, Cos64(math.Pi), "cos π")
}

func TestElementary32(t *testing.T) {
	// The sine of the float32 nearest to π shows the argument's reduction.
	require.EqualValues(t, float32(-8.742278e-08), Sin32(math.Pi))
	require.EqualValues(t, float32(1.6487212), Exp32(0.5))
	require.EqualValues(t, float32(0.5), Sigmoid32(0))
	require.EqualValues(t, float32(8), Pow32(2, 3))
	require.EqualValues(t, float32(-0.25), Pow32(-4, -1))
	require.EqualValues(t, float32(0.47942555), Sin32(0.5))
	require.EqualValues(t, float32(0.87758255), Cos32(0.5))
}

func TestIntegerSqrt(t *testing.T) {
	for _, r := range []uint64{0, 1, 2, 3, 1000, 1<<26 + 1, 1<<31 + 7, math.MaxUint32} {
		require.EqualValues(t, r, IntegerSqrt(r*r))
		if r > 0 {
			require.EqualValues(t, r-1, IntegerSqrt(r*r-1))
		}
		require.EqualValues(t, r, IntegerSqrt(r*r+2*r))
	}
	require.EqualValues(t, uint32(math.MaxUint32), IntegerSqrt(math.MaxUint64))
}
