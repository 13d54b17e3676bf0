package quant

import (
	"fmt"
	"math"
)

// Multiplier is a real number M·2^(Shift−31), as TFLite stores the ratio of
// scales by which an accumulator becomes an output. M is 0 or, by NewMultiplier,
// has its top bit set: 2^30 ≤ |M| < 2^31. Shift > 0 shifts left.
type Multiplier struct {
	M     int32
	Shift int8
}

// maxShift is the largest Shift that the field holds. No sensible model comes
// near it: from 31 on the left shift drops every bit of its operand.
const maxShift = math.MaxInt8

// NewMultiplier returns the multiplier nearest to x, ties away from zero
// (TFLite's QuantizeMultiplier). Below about 2^−32 it is zero, because a right
// shift by more than 31 would leave nothing. NaN gives zero, and what is beyond
// Shift's range the largest multiplier; the reference defines neither.
func NewMultiplier(x float64) Multiplier {
	if x == 0 || math.IsNaN(x) {
		return Multiplier{}
	}
	if math.IsInf(x, 0) {
		return largestMultiplier(x)
	}
	fraction, shift := math.Frexp(x)
	m := int64(math.Round(fraction * (1 << 31))) // exact product, |m| ≤ 2^31
	if m == 1<<31 {
		m /= 2
		shift++
	}
	if shift < -31 {
		return Multiplier{}
	}
	if shift > maxShift {
		return largestMultiplier(x)
	}
	return Multiplier{M: int32(m), Shift: int8(shift)}
}

func largestMultiplier(x float64) Multiplier {
	if x < 0 {
		return Multiplier{M: -math.MaxInt32, Shift: maxShift}
	}
	return Multiplier{M: math.MaxInt32, Shift: maxShift}
}

// NewMultiplierLessThanOne is NewMultiplier for kernels whose arithmetic holds
// only for 0 < x < 1 (QuantizeMultiplierSmallerThanOneExp); the reference aborts
// on others, and here they are an error. Shift is ≤ 0. A number that rounds up
// to 1 is an error too, as it is there.
func NewMultiplierLessThanOne(x float64) (Multiplier, error) {
	m := NewMultiplier(x)
	if !(x > 0 && x < 1) || m.Shift > 0 {
		return Multiplier{}, fmt.Errorf("quant: multiplier %g: must lie between 0 and 1", x)
	}
	return m, nil
}

// NewMultiplierGreaterThanOne is NewMultiplier for kernels whose arithmetic
// holds only for x > 1 (QuantizeMultiplierGreaterThanOne). Shift is > 0.
func NewMultiplierGreaterThanOne(x float64) (Multiplier, error) {
	if !(x > 1) {
		return Multiplier{}, fmt.Errorf("quant: multiplier %g: must be greater than 1", x)
	}
	return NewMultiplier(x), nil
}

// NewMultipliers returns the multiplier of each scale (QuantizeMultiplierArray).
func NewMultipliers(scales []float64) []Multiplier {
	ms := make([]Multiplier, len(scales))
	for i, s := range scales {
		ms[i] = NewMultiplier(s)
	}
	return ms
}

// Float returns the number that m stands for, exactly.
func (m Multiplier) Float() float64 { return math.Ldexp(float64(m.M), int(m.Shift)-31) }

// Apply returns x·m, rounded twice as the reference does: once by the doubling
// high multiplication, once by the right shift (MultiplyByQuantizedMultiplier).
// A left shift comes first and wraps around.
func (m Multiplier) Apply(x int32) int32 {
	if m.Shift > 0 {
		return SaturatingRoundingDoublingHighMul(x<<uint(m.Shift), m.M)
	}
	return RoundingDivideByPOT(SaturatingRoundingDoublingHighMul(x, m.M), -int(m.Shift))
}

// Apply64 returns x·m for the 48-bit accumulators of 16×8-bit kernels:
// −2^47 ≤ x < 2^47, −31 ≤ Shift < 8 and M ≥ 0. M is cut to 16 bits first, so
// that the product fits in 64, and there is one rounding only (half up); the
// result is the low 32 bits.
func (m Multiplier) Apply64(x int64) int32 {
	reduced := int64(math.MaxInt16)
	if m.M < 0x7fff0000 {
		reduced = int64((m.M + 1<<15) >> 16)
	}
	shift := uint(15 - int(m.Shift))
	return int32((x*reduced + int64(1)<<(shift-1)) >> shift)
}

// MultiplyByQuantizedMultiplierSmallerThanOneExp returns x·m·2^(leftShift−31)
// for −31 ≤ leftShift ≤ 0.
func MultiplyByQuantizedMultiplierSmallerThanOneExp(x, m int32, leftShift int) int32 {
	return RoundingDivideByPOT(SaturatingRoundingDoublingHighMul(x, m), -leftShift)
}

// MultiplyByQuantizedMultiplierGreaterThanOne returns x·m·2^(leftShift−31) for
// leftShift ≥ 0. The left shift wraps around.
func MultiplyByQuantizedMultiplierGreaterThanOne(x, m int32, leftShift int) int32 {
	return SaturatingRoundingDoublingHighMul(x<<uint(leftShift), m)
}

// DownscaleMultiplier16 returns the upper half of m ≥ 0, rounded half up and
// saturated (DownScaleInt32ToInt16Multiplier).
func DownscaleMultiplier16(m int32) int16 {
	const half = 1 << 15
	if m >= math.MaxInt32-half {
		return math.MaxInt16
	}
	return int16((m + half) >> 16)
}
