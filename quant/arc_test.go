package quant

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Go's own functions are independent of these, but not the same bits on every
// architecture.
func TestInverseFunctions(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want func(float64) float64
	}{
		{"atan", Atan64, math.Atan}, {"asin", Asin64, math.Asin}, {"acos", Acos64, math.Acos}, {"tan", Tan64, math.Tan},
		{"sinh", Sinh64, math.Sinh}, {"cosh", Cosh64, math.Cosh}, {"asinh", Asinh64, math.Asinh}, {"acosh", Acosh64, math.Acosh},
		{"atanh", Atanh64, math.Atanh}, {"log1p", Log1p64, math.Log1p},
	} {
		for _, x := range inverseArguments() {
			if c.name == "tan" && math.Abs(x) > 1e6 {
				continue // Go's loses digits there
			}
			got, want := c.got(x), c.want(x)
			if math.IsNaN(want) {
				assert.True(t, math.IsNaN(got), "%s(%v) = %v", c.name, x, got)
				continue
			}
			if math.IsInf(want, 0) || want == 0 {
				assert.Equal(t, math.Float64bits(want), math.Float64bits(got), "%s(%v) = %v, want %v", c.name, x, got, want)
				continue
			}
			assert.InEpsilon(t, want, got, 4e-15, "%s(%v)", c.name, x)
		}
	}
}

func TestHyperbolicNearTheLimit(t *testing.T) {
	assert.InEpsilon(t, 1.1169973830808557e308, Sinh64(710), 1e-15) // where e^x is infinite
	assert.InEpsilon(t, 1.1169973830808557e308, Cosh64(-710), 1e-15)
	assert.Equal(t, math.Inf(-1), Sinh64(-711))
}

func inverseArguments() []float64 {
	xs := []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), 1e300, -1e300, 700, -700, 1e-300, 1 - 0x1p-53, -1 + 0x1p-53}
	for e := -60; e <= 60; e++ {
		for _, m := range []float64{1, 1.1, 1.3, 1.77} {
			xs = append(xs, math.Ldexp(m, e), math.Ldexp(-m, e))
		}
	}
	for i := -400; i <= 400; i++ {
		xs = append(xs, float64(i)/100, float64(i)/401)
	}
	return xs
}
