package quant

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// halfUp returns a/2^n rounded to the nearest integer, ties towards +∞.
func halfUp(a *big.Int, n uint) *big.Int {
	if n == 0 {
		return new(big.Int).Set(a)
	}
	half := new(big.Int).Lsh(big.NewInt(1), n-1)
	return half.Rsh(half.Add(half, a), n) // Rsh of a big.Int rounds down
}

// halfAway returns a/2^n rounded to the nearest integer, ties away from zero.
func halfAway(a *big.Int, n uint) *big.Int {
	if a.Sign() < 0 {
		r := halfAway(new(big.Int).Neg(a), n)
		return r.Neg(r)
	}
	return halfUp(a, n)
}

func saturated(a *big.Int, bits uint) int64 {
	limit := int64(1) << (bits - 1)
	switch {
	case a.Cmp(big.NewInt(limit)) >= 0:
		return limit - 1
	case a.Cmp(big.NewInt(-limit)) < 0:
		return -limit
	}
	return a.Int64()
}

var extremes = []int32{
	math.MinInt32, math.MinInt32 + 1, -1 << 30, -1<<30 - 1, -3, -2, -1, 0, 1, 2, 3,
	1<<30 - 1, 1 << 30, 1<<30 + 1, math.MaxInt32 - 1, math.MaxInt32, 1518500250,
}

func TestHighMulAgainstBig(t *testing.T) {
	check := func(a, b int32) {
		product := new(big.Int).Mul(big.NewInt(int64(a)), big.NewInt(int64(b)))
		require.EqualValues(t, saturated(halfUp(product, 31), 32), SaturatingRoundingDoublingHighMul(a, b), "%d·%d", a, b)
	}
	for _, a := range extremes {
		for _, b := range extremes {
			check(a, b)
		}
	}
	require.EqualValues(t, math.MaxInt32, SaturatingRoundingDoublingHighMul(math.MinInt32, math.MinInt32))
	g := lcg(3)
	for range 20000 {
		check(int32(g.next()), int32(g.next()))
	}
	require.EqualValues(t, math.MaxInt16, SaturatingRoundingDoublingHighMul16(math.MinInt16, math.MinInt16))
}

func TestDivideByPOTAgainstBig(t *testing.T) {
	ties := []int32{-1 << 30, -3 << 20, -12, -10, -6, -5, 5, 6, 10, 12, 3 << 20}
	for _, x := range append(ties, extremes...) {
		for e := range 32 {
			want := halfAway(big.NewInt(int64(x)), uint(e)).Int64()
			require.EqualValues(t, want, RoundingDivideByPOT(x, e), "%d/2^%d", x, e)
		}
	}
}

func TestApplyAgainstBig(t *testing.T) {
	check := func(x int32, m Multiplier) {
		left, right := max(int(m.Shift), 0), max(-int(m.Shift), 0)
		shifted := int32(int64(x) << uint(left)) // wraps
		product := new(big.Int).Mul(big.NewInt(int64(shifted)), big.NewInt(int64(m.M)))
		once := big.NewInt(saturated(halfUp(product, 31), 32))
		require.Equal(t, halfAway(once, uint(right)).Int64(), int64(m.Apply(x)), "%d·%v", x, m)
		switch {
		case m.Shift >= 0:
			require.Equal(t, m.Apply(x), MultiplyByQuantizedMultiplierGreaterThanOne(x, m.M, int(m.Shift)))
		default:
			require.Equal(t, m.Apply(x), MultiplyByQuantizedMultiplierSmallerThanOneExp(x, m.M, int(m.Shift)))
		}
	}
	for _, x := range extremes {
		for _, m := range []int32{0, 1 << 30, 1<<30 + 1, 1518500250, math.MaxInt32} {
			for shift := -31; shift <= 31; shift++ {
				check(x, Multiplier{m, int8(shift)})
			}
		}
	}
}

func TestApply64AgainstBig(t *testing.T) {
	for _, x := range []int64{0, 1, -1, 3, -3, 1<<31 - 1, -1 << 31, 1<<47 - 1, -1 << 47} {
		for _, m := range []int32{1 << 30, 1<<30 + 1<<15, 0x7ffeffff, 0x7fff0000, math.MaxInt32} {
			reduced := min(halfUp(big.NewInt(int64(m)), 16).Int64(), math.MaxInt16)
			for shift := -31; shift < 8; shift++ {
				product := new(big.Int).Mul(big.NewInt(x), big.NewInt(reduced))
				want := int32(halfUp(product, uint(15-shift)).Int64())
				require.Equal(t, want, Multiplier{m, int8(shift)}.Apply64(x), "%d·%d·2^%d", x, m, shift)
			}
		}
	}
}

func TestNewMultiplier(t *testing.T) {
	for _, c := range []struct {
		x    float64
		want Multiplier
	}{
		{0, Multiplier{}},
		{1, Multiplier{1 << 30, 1}},
		{0.5, Multiplier{1 << 30, 0}},
		{0.75, Multiplier{3 << 29, 0}},
		{math.Nextafter(1, 0), Multiplier{1 << 30, 1}}, // rounds up to 2^31
		{-0.5, Multiplier{-1 << 30, 0}},
		{0x1p-32, Multiplier{1 << 30, -31}},
		{0x1p-33, Multiplier{}},
		{math.Nextafter(0x1p-32, 0), Multiplier{1 << 30, -31}},
		{math.SmallestNonzeroFloat64, Multiplier{}},
		{0x1p126, Multiplier{1 << 30, 127}},
		{0x1p127, Multiplier{math.MaxInt32, 127}},
		{math.Inf(1), Multiplier{math.MaxInt32, 127}},
		{math.Inf(-1), Multiplier{-math.MaxInt32, 127}},
		{math.NaN(), Multiplier{}},
	} {
		require.Equal(t, c.want, NewMultiplier(c.x), "%g", c.x)
	}
	require.Equal(t, []Multiplier{{1 << 30, 1}, {}}, NewMultipliers([]float64{1, 0}))
	g := lcg(5)
	for range 10000 {
		x := g.wide()
		if m := NewMultiplier(x); m.M != 0 {
			require.InEpsilon(t, x, m.Float(), 0x1p-31, "%g", x)
		}
	}
}

func TestMultiplierRanges(t *testing.T) {
	for _, x := range []float64{0, 1, -0.5, 2, math.NaN(), math.Nextafter(1, 0)} {
		_, err := NewMultiplierLessThanOne(x)
		require.ErrorContains(t, err, fmt.Sprintf("%g", x))
	}
	for _, x := range []float64{0, 1, -2, math.NaN()} {
		_, err := NewMultiplierGreaterThanOne(x)
		require.ErrorContains(t, err, "greater than 1")
	}
	m, err := NewMultiplierLessThanOne(0.25)
	require.NoError(t, err)
	require.Equal(t, Multiplier{1 << 30, -1}, m)
	m, err = NewMultiplierGreaterThanOne(4)
	require.NoError(t, err)
	require.Equal(t, Multiplier{1 << 30, 3}, m)
	_, err = PreprocessSoftmaxScaling(1, 1e-12, 5)
	require.ErrorContains(t, err, "softmax")
}
