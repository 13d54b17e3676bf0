package kernels

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestActivations compares with float64: relative to the result, as no digits may
// be lost near 0.
func TestActivations(t *testing.T) {
	for x := float32(-30); x < 30; x += 0.0037 {
		v := float64(x)
		elu := v
		if x <= 0 {
			elu = 1.5 * math.Expm1(v)
		}
		assert.InEpsilon(t, 1+math.Abs(elu), 1+math.Abs(float64(Elu(x, 1.5))), 3e-7, "Elu(%g)", x)
		softplus := math.Max(v, 0) + math.Log1p(math.Exp(-math.Abs(v)))
		assert.InEpsilon(t, softplus, Softplus(x), 5e-7, "Softplus(%g)", x)
	}
	for _, x := range []float32{-1e-6, -1e-20, -0.01} {
		assert.InEpsilon(t, math.Expm1(float64(x)), Elu(x, 1), 3e-7, "Elu(%g)", x)
	}
	inf := float32(math.Inf(1))
	assert.Equal(t, []float32{-2, -2, inf}, []float32{Elu(-inf, 2), Elu(-300, 2), Elu(inf, 2)})
	assert.Equal(t, []float32{0, 300, inf}, []float32{Softplus(-300), Softplus(300), Softplus(inf)})
	nan := float32(math.NaN())
	for _, y := range []float32{Elu(nan, 1), Softplus(nan), LeakyRelu(nan, 0.1)} {
		assert.True(t, y != y)
	}
}
