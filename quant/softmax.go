package quant

import (
	"fmt"
	"math"
	"math/bits"
)

// PreprocessSoftmaxScaling returns the multiplier that brings differences of a
// softmax's inputs to fixed point with integerBits integer bits, beta included.
// It is capped, for beyond the cap exp() of a difference of 1 is 0 anyhow. The
// reference aborts on what isn't greater than 1; here it is an error.
func PreprocessSoftmaxScaling(beta, inputScale float64, integerBits int) (Multiplier, error) {
	x := min(float64(beta*inputScale)*float64(int64(1)<<uint(31-integerBits)), math.MaxInt32)
	m, err := NewMultiplierGreaterThanOne(x)
	if err != nil {
		return m, fmt.Errorf("softmax: beta %g, input scale %g: %w", beta, inputScale, err)
	}
	return m, nil
}

// PreprocessLogSoftmaxScaling returns PreprocessSoftmaxScaling's multiplier and
// the one that goes back to the input's scale.
func PreprocessLogSoftmaxScaling(beta, inputScale float64, integerBits int) (m, reverse Multiplier, err error) {
	if m, err = PreprocessSoftmaxScaling(beta, inputScale, integerBits); err != nil {
		return m, reverse, err
	}
	// The reference computes the numerator in 32 bits.
	reverse, err = NewMultiplierLessThanOne(float64(int32(1)<<uint(31-int(m.Shift))) / float64(m.M))
	if err != nil {
		return m, reverse, fmt.Errorf("log softmax: beta %g, input scale %g: %w", beta, inputScale, err)
	}
	return m, reverse, nil
}

// CalculateInputRadius returns the largest input magnitude that, shifted left
// by leftShift, stays below 2^integerBits in a format of totalSignedBits bits
// (31 for softmax). Larger ones are out of the function's reach.
func CalculateInputRadius(integerBits, leftShift, totalSignedBits int) int {
	r := math.Floor(float64(int64(1)<<uint(integerBits)-1) *
		float64(int64(1)<<uint(totalSignedBits-integerBits)) / float64(int64(1)<<uint(leftShift)))
	return int(SaturateInt32(r))
}

// CheckedLog2 returns log2(x) rounded to an integer, and whether x is a power
// of two to about a part in a thousand. x > 0.
func CheckedLog2(x float32) (int, bool) {
	perLn2 := 1 / Log32(2)
	log2 := float32(Log32(x) * perLn2)
	rounded := Round32(log2)
	return int(SaturateInt32(float64(rounded))), math.Abs(float64(log2-rounded)) < float64(float32(1e-3))
}

// LogGreaterThanOrEqualOne returns log(x) with outputBits integer bits for x > 0
// with inputBits integer bits
// (log_x_for_x_greater_than_or_equal_to_1_impl). It serves from 1/xmax up:
// outputBits must hold log(2^inputBits).
//
// x = r·2^p is split so that r lies around √√½; log(r) is a rational function
// of r − √√½, and p·log 2 is added.
func LogGreaterThanOrEqualOne(x int32, inputBits, outputBits int) int32 {
	const ln2, sqrtHalf = 1488522236, 1518500250
	// One bit of headroom, for p·log 2 alone might saturate.
	accumBits := outputBits + 1
	quarter := Rescale(1<<29, 0, accumBits)

	headroomA := bits.LeadingZeros32(uint32(x)) // plus one
	rA := SaturatingLeftShift32(mul(SaturatingLeftShift32(x, max(headroomA-1, 0)), sqrtHalf), 1)
	pA := SaturatingAdd32(SaturatingLeftShift32(int32(inputBits-headroomA), 31-accumBits), quarter)

	headroomB := max(bits.LeadingZeros32(uint32(mul(x, int32(sqrtHalf))))-1, 0)
	rB := SaturatingLeftShift32(x, headroomB)
	pB := SaturatingSub32(SaturatingLeftShift32(int32(inputBits-headroomB), 31-accumBits), quarter)

	fraction := Rescale(logNumerator(min(rA, rB)), 0, accumBits)
	fraction = mul(fraction, OneOverOnePlusX(logDenominatorMinusOne(min(rA, rB))))
	return Rescale(mul(max(pA, pB), int32(ln2))+fraction, accumBits, outputBits)
}

const sqrtSqrtHalf = 1805811301 // Q0.31

// logNumerator and logDenominatorMinusOne are the rational function's halves;
// q is twice the distance of r from √√½. All are Q0.31.
func logNumerator(r int32) int32 {
	const alphaN = 117049297 // 11/240·√√2
	q := 2 * (r - sqrtSqrtHalf)
	return mul(q, r) + mul(mul(q, mul(q, q)), alphaN)
}

func logDenominatorMinusOne(r int32) int32 {
	const (
		alphaD = 127690142  // 1/20·√√2
		alphaI = 1057819769 // 2/√√2 − √√2
		alphaF = 638450708  // 1/4·√√2
	)
	q := 2 * (r - sqrtSqrtHalf)
	p := halfSum(r, int32(sqrtSqrtHalf))
	return mul(p, alphaI+q+mul(alphaD, mul(q, q))) + mul(alphaF, q)
}
