package quant

import "math"

// Round32 returns x rounded to an integer, ties away from zero (TFLite's
// TfLiteRound, C's round). Exact on every CPU; NaN and infinities stay.
func Round32(x float32) float32 { return float32(math.Round(float64(x))) }

// SaturateInt32 returns x cut to its integer part, as a conversion does, with
// what is beyond int32 saturated and NaN as 0. Both Go and C leave those cases
// to the CPU; this is what ARM's do.
func SaturateInt32(x float64) int32 {
	switch {
	case x != x:
		return 0
	case x >= math.MaxInt32:
		return math.MaxInt32
	case x <= math.MinInt32:
		return math.MinInt32
	}
	return int32(x)
}

// QuantizeF32 returns round(x/scale) + zero, ties away from zero, clamped to
// [lo, hi] (AffineQuantize). The quotient is a float32, as in the reference.
// What the reference leaves undefined is defined: the rounded quotient
// saturates to int32, NaN counts as 0 (so that it gives zero), and the sum with
// zero doesn't wrap.
func QuantizeF32(x float32, scale float32, zero int32, lo, hi int32) int32 {
	q := SaturateInt32(math.Round(float64(x / scale)))
	return int32(min(max(int64(q)+int64(zero), int64(lo)), int64(hi)))
}

// Dequantize returns scale·(q − zero), the product in float64 and then rounded
// (Dequantize of a tensor with one scale). The difference wraps at 32 bits.
func Dequantize(q int32, scale float32, zero int32) float32 {
	return float32(float64(scale) * float64(q-zero))
}

// DequantizeChannel returns scale·(q − zero), the difference rounded to float32
// before the product (PerChannelDequantize). It differs from Dequantize only
// where |q − zero| exceeds 24 bits.
func DequantizeChannel(q int32, scale float32, zero int32) float32 {
	return float32(scale * float32(q-zero))
}
