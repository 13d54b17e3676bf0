package quant

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRound32(t *testing.T) {
	for _, c := range [][2]float32{
		{0.5, 1}, {-0.5, -1}, {1.5, 2}, {2.5, 3}, {-2.5, -3}, {0.49999997, 0}, {-0.49999997, 0},
		{8388607.5, 8388608}, {8388609, 8388609}, {1e30, 1e30},
	} {
		require.Equal(t, c[1], Round32(c[0])+0, "%g", c[0])
	}
	require.True(t, math.IsInf(float64(Round32(float32(math.Inf(-1)))), -1))
}

func TestQuantizeF32(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, c := range []struct {
		x, scale     float32
		zero, lo, hi int32
		want         int32
	}{
		{1.25, 0.5, 3, -128, 127, 6},   // 2.5 goes up
		{-1.25, 0.5, 3, -128, 127, 0},  // −2.5 goes down
		{1000, 0.5, 3, -128, 127, 127}, // clamps
		{-1000, 0.5, 3, -128, 127, -128},
		{inf, 0.5, 3, -128, 127, 127},
		{-inf, 0.5, 3, -128, 127, -128},
		{nan, 0.5, 3, -128, 127, 3},
		{3e9, 1, 5, math.MinInt32, math.MaxInt32, math.MaxInt32},
		{-3e9, 1, -5, math.MinInt32, math.MaxInt32, math.MinInt32},
	} {
		require.Equal(t, c.want, QuantizeF32(c.x, c.scale, c.zero, c.lo, c.hi), "%+v", c)
	}
	for q := int32(-128); q <= 127; q++ { // there and back
		x := Dequantize(q, 0.037, -11)
		require.Equal(t, q, QuantizeF32(x, 0.037, -11, -128, 127))
		require.Equal(t, x, DequantizeChannel(q, 0.037, -11))
	}
	require.EqualValues(t, 0x7fffff80, Dequantize(0x7fffff81, 1, 0)) // rounded once
}

func TestSaturateInt32(t *testing.T) {
	require.EqualValues(t, -7, SaturateInt32(-7.9))
	require.EqualValues(t, math.MaxInt32, SaturateInt32(math.MaxInt32+0.5))
	require.EqualValues(t, math.MinInt32, SaturateInt32(math.Inf(-1)))
	require.Zero(t, SaturateInt32(math.NaN()))
}

func TestSaturatingSums(t *testing.T) {
	require.EqualValues(t, math.MaxInt32, SaturatingAdd32(math.MaxInt32, 1))
	require.EqualValues(t, math.MinInt32, SaturatingAdd32(math.MinInt32, -1))
	require.EqualValues(t, math.MaxInt32, SaturatingSub32(0, math.MinInt32))
	require.EqualValues(t, -5, SaturatingSub32(-2, 3))
	require.EqualValues(t, math.MinInt16, SaturatingAdd16(math.MinInt16, -1))
	require.EqualValues(t, 7, SaturatingAdd16(3, 4))
	require.EqualValues(t, math.MaxInt16, SaturatingSub16(0, math.MinInt16))
}

func TestActivationRange(t *testing.T) {
	p := PerTensor(0.05, -20)
	for _, c := range []struct {
		act    Activation
		lo, hi int32
	}{
		{None, -128, 127}, {ReLU, -20, 127}, {ReLU6, -20, 100}, {ReLUN1To1, -40, 0},
		{Tanh, -128, 127}, {SignBit, -128, 127},
	} {
		lo, hi := ActivationRange(c.act, p, -128, 127)
		require.Equal(t, []int32{c.lo, c.hi}, []int32{lo, hi}, c.act.String())
	}
	lo, hi := ActivationRange(ReLU6, PerTensor(1, -200), -128, 127)
	require.Equal(t, []int32{-128, -128 - 66}, []int32{lo, hi}, "an upper bound below the type's range stays")
	lo, hi = ActivationRange(ReLU, nil, -128, 127)
	require.Equal(t, []int32{-128, 127}, []int32{lo, hi})
	low, high := ActivationRangeFloat(ReLU6)
	require.Equal(t, []float32{0, 6}, []float32{low, high})
	low, high = ActivationRangeFloat(None)
	require.Equal(t, []float32{-math.MaxFloat32, math.MaxFloat32}, []float32{low, high})
	require.Equal(t, "RELU_N1_TO_1", ReLUN1To1.String())
	require.Equal(t, "Activation(9)", Activation(9).String())
}

func TestParams(t *testing.T) {
	channels := &Params{Scale: []float32{0.5, 0.25}, Zero: []int32{0, 0}, Axis: 3}
	other := &Params{Scale: []float32{0.5, 0.25}, Zero: []int32{0, 0}, Axis: 0}
	var none *Params
	require.True(t, none.Equal(nil))
	require.False(t, none.Equal(channels))
	require.False(t, channels.Equal(nil))
	require.False(t, channels.Equal(other))
	require.True(t, PerTensor(1, 2).Equal(&Params{Scale: []float32{1}, Zero: []int32{2}, Axis: 1}))
	require.True(t, channels.PerChannel())
	require.False(t, none.PerChannel())

	require.Equal(t, "none", none.String())
	require.Equal(t, "0.5·(q − 3)", PerTensor(0.5, 3).String())
	require.Equal(t, "0.5·(q + 3)", PerTensor(0.5, -3).String())
	require.Equal(t, "0.5·q", PerTensor(0.5, 0).String())
	require.Equal(t, "2 channels along axis 3, scale 0.25 to 0.5", channels.String())
	require.Contains(t, (&Params{}).String(), "invalid")

	require.NoError(t, none.Validate(nil))
	require.NoError(t, PerTensor(0.5, 3).Validate(nil))
	require.NoError(t, other.Validate([]int{2, 5}))
	for _, c := range []struct {
		p    *Params
		want string
	}{
		{channels, "axis 3 is outside"},
		{&Params{Scale: []float32{1, 1, 1}, Zero: make([]int32, 3), Axis: 1}, "need 5"},
		{&Params{}, "no scale"},
		{&Params{Scale: []float32{1}}, "0 zero points"},
		{PerTensor(0, 0), "scale 0 is 0"},
		{PerTensor(-1, 0), "positive"},
		{PerTensor(float32(math.NaN()), 0), "NaN"},
		{PerTensor(float32(math.Inf(1)), 0), "finite"},
	} {
		require.ErrorContains(t, c.p.Validate([]int{2, 5}), c.want)
	}
}
