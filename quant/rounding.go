package quant

import "math"

// SaturatingRoundingDoublingHighMul returns a·b/2^31, rounded to nearest. The
// one product out of range, that of two −2^31, saturates.
//
// gemmlowp adds a nudge that depends on the product's sign and divides towards
// zero. That is the same as rounding half up (towards +∞), hence one add and
// one shift; it is ARM's VQRDMULH.
func SaturatingRoundingDoublingHighMul(a, b int32) int32 {
	r := (int64(a)*int64(b) + 1<<30) >> 31
	if r > math.MaxInt32 {
		return math.MaxInt32
	}
	return int32(r)
}

// SaturatingRoundingDoublingHighMul16 returns a·b/2^15, as
// SaturatingRoundingDoublingHighMul does for 32 bits.
func SaturatingRoundingDoublingHighMul16(a, b int16) int16 {
	r := (int32(a)*int32(b) + 1<<14) >> 15
	if r > math.MaxInt16 {
		return math.MaxInt16
	}
	return int16(r)
}

// RoundingDivideByPOT returns x/2^exponent, rounded to nearest, ties away from
// zero; 0 ≤ exponent ≤ 31. Unlike a rounding shift instruction (ARM's VRSHL),
// which takes negative ties up.
func RoundingDivideByPOT(x int32, exponent int) int32 {
	return roundingShiftRight(x, exponent)
}

// RoundingDivideByPOT16 is RoundingDivideByPOT for 16 bits, 0 ≤ exponent ≤ 15.
func RoundingDivideByPOT16(x int16, exponent int) int16 {
	return roundingShiftRight(x, exponent)
}

func roundingShiftRight[T int16 | int32](x T, exponent int) T {
	mask := T(int64(1)<<uint(exponent) - 1)
	threshold := mask >> 1
	if x < 0 {
		threshold++
	}
	r := x >> uint(exponent)
	if x&mask > threshold {
		r++
	}
	return r
}

// SaturatingLeftShift32 returns x·2^n, saturated; 0 ≤ n ≤ 31
// (SaturatingRoundingMultiplyByPOT with a positive exponent).
func SaturatingLeftShift32(x int32, n int) int32 {
	return int32(min(max(int64(x)<<uint(n), math.MinInt32), math.MaxInt32))
}

// SaturatingLeftShift16 returns x·2^n, saturated; 0 ≤ n ≤ 15.
func SaturatingLeftShift16(x int16, n int) int16 {
	return int16(min(max(int64(x)<<uint(n), math.MinInt16), math.MaxInt16))
}

// SaturatingAdd32 returns a+b, saturated.
func SaturatingAdd32(a, b int32) int32 {
	return int32(min(max(int64(a)+int64(b), math.MinInt32), math.MaxInt32))
}

// SaturatingAdd16 returns a+b, saturated.
func SaturatingAdd16(a, b int16) int16 {
	return int16(min(max(int32(a)+int32(b), math.MinInt16), math.MaxInt16))
}

// SaturatingSub32 returns a−b, saturated.
func SaturatingSub32(a, b int32) int32 {
	return int32(min(max(int64(a)-int64(b), math.MinInt32), math.MaxInt32))
}

// SaturatingSub16 returns a−b, saturated.
func SaturatingSub16(a, b int16) int16 {
	return int16(min(max(int32(a)-int32(b), math.MinInt16), math.MaxInt16))
}

// RoundingHalfSum returns (a+b)/2, ties away from zero.
func RoundingHalfSum(a, b int32) int32 { return halfSum(a, b) }

// RoundingHalfSum16 returns (a+b)/2, ties away from zero.
func RoundingHalfSum16(a, b int16) int16 { return halfSum(a, b) }

func halfSum[T int16 | int32](a, b T) T {
	sum := int64(a) + int64(b)
	if sum < 0 {
		return T((sum - 1) / 2)
	}
	return T((sum + 1) / 2)
}
