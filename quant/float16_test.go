package quant

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFloat16 goes through all halves: the value by its definition, there and
// back, and the midpoints between neighbours, which go to the even one.
func TestFloat16(t *testing.T) {
	for h := range 0x7c00 {
		x := Float16(uint16(h))
		e, f := h>>10, float64(h&0x3ff)
		want := math.Ldexp(f, -24)
		if e > 0 {
			want = math.Ldexp(1024+f, e-25)
		}
		require.Equal(t, want, float64(x), "%#x", h)
		require.Equal(t, -x, Float16(uint16(h)|0x8000))
		require.Equal(t, uint16(h), Float16Bits(x))
		require.Equal(t, uint16(h)|0x8000, Float16Bits(-x))
		next := float32(math.Ldexp(1, 16))
		if h < 0x7bff {
			next = Float16(uint16(h + 1))
		}
		middle := x + (next-x)/2 // exact
		require.Equal(t, uint16(h+h&1), Float16Bits(middle), "midway after %#x", h)
		require.Equal(t, uint16(h), Float16Bits(math.Nextafter32(middle, 0)))
		require.Equal(t, uint16(h+1), Float16Bits(math.Nextafter32(middle, next)))
	}
	inf := float32(math.Inf(1))
	require.Equal(t, inf, Float16(0x7c00))
	require.Equal(t, -inf, Float16(0xfc00))
	require.Equal(t, uint16(0x7c00), Float16Bits(inf))
	require.Equal(t, uint16(0xfc00), Float16Bits(-1e30))
	nan := Float16(0x7e01)
	require.True(t, nan != nan)
	require.Equal(t, uint16(0x7e00), Float16Bits(nan))
}

// TestErfc compares with package math, whose erfc is good to a few units.
func TestErfc(t *testing.T) {
	for x := -6.0; x < 27; x += 1.0 / 128 {
		require.InEpsilon(t, math.Erfc(x), Erfc64(x), 2e-15, "%v", x)
	}
	require.Zero(t, Erfc64(30))
	require.Equal(t, 2.0, Erfc64(-30))
	require.True(t, math.IsNaN(Erfc64(math.NaN())))
}
