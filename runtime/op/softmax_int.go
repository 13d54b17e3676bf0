package op

import (
	"math"
	"math/bits"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Fixed-point formats of integer softmax: exponents have 5 integer bits, so
// that exp(−16) still counts, and sums of exponentials have 12.
const (
	softmaxDiffBits = 5
	softmaxSumBits  = 12
)

// softmaxDiff turns differences from the greatest input into exponentials.
type softmaxDiff struct {
	m   quant.Multiplier
	min int32 // lesser differences count as −∞
}

// diffs is for inputs of 8 bits, whose scale Infer checked.
func (o *Softmax) diffs(x tensor.Type) softmaxDiff {
	m, _ := quant.PreprocessSoftmaxScaling(float64(o.Beta), float64(x.Quant.Scale[0]), softmaxDiffBits)
	return newSoftmaxDiff(m)
}

func newSoftmaxDiff(m quant.Multiplier) softmaxDiff {
	return softmaxDiff{m, -int32(quant.CalculateInputRadius(softmaxDiffBits, int(m.Shift), 31))}
}

// exp returns the exponential of d ≤ 0 in Q0.31.
func (s softmaxDiff) exp(d int32) int32 {
	if d < s.min {
		return 0
	}
	return quant.ExpOnNegativeValues(quant.MultiplyByQuantizedMultiplierGreaterThanOne(d, s.m.M, int(s.m.Shift)), softmaxDiffBits)
}

// table returns exp of the negative distances that 8-bit inputs can have.
func (s softmaxDiff) table() (t [256]int32) {
	for d := range t {
		t[d] = s.exp(int32(-d))
	}
	return t
}

// softmaxRow returns the softmax of a row, given exp(−d) in Q0.31 for each
// distance d from the greatest input.
//
// With 512 equal inputs or more no output reaches half of a step: the reference
// aborts, and here they are all 0. From 4096 on the sum saturates.
func softmaxRow[X, Y narrowInt](exp *[256]int32) func(x []X, y []Y) {
	width := 8 * int(unsafe.Sizeof(Y(0)))
	lo, hi := int32(0), int32(1)<<width-1
	if Y(0)-1 < 0 {
		lo, hi = -1<<(width-1), 1<<(width-1)-1
	}
	return func(x []X, y []Y) {
		top := int32(x[0])
		for _, v := range x {
			top = max(top, int32(v))
		}
		total := int64(0)
		for _, v := range x {
			total += int64(quant.RoundingDivideByPOT(exp[uint8(top-int32(v))], softmaxSumBits))
		}
		scale, over := quant.GetReciprocal(int32(min(total, math.MaxInt32)), softmaxSumBits)
		shift := over + 31 - width
		if shift > 31 {
			scale, shift = 0, 0
		}
		y = y[:len(x)]
		for i, v := range x {
			p := quant.SaturatingRoundingDoublingHighMul(scale, exp[uint8(top-int32(v))])
			y[i] = Y(min(max(quant.RoundingDivideByPOT(p, shift)+lo, lo), hi))
		}
	}
}

// rowS16 returns the softmax of a row of int16, by tables of exp(x) and
// 1/(1+x). The exponentials, Q0.15, are kept in y meanwhile.
func (o *Softmax) rowS16(t tensor.Type) func(x, y []int16) {
	// Differences of 65535 stand for 10: exp(−10) is nothing.
	m := quant.NewMultiplier(float64(t.Quant.Scale[0]) * float64(o.Beta) / (10.0 / 65535))
	exp, reciprocal := quant.SoftmaxExpTable(), quant.SoftmaxReciprocalTable()
	return func(x, y []int16) {
		top := x[0]
		for _, v := range x {
			top = max(top, v)
		}
		total := int64(0)
		for i, v := range x {
			d := min(max(int64(m.Apply(int32(v)-int32(top)))+math.MaxInt16, math.MinInt16), math.MaxInt16)
			y[i] = exp.Lookup(int16(d))
			total += int64(y[i])
		}
		sum := int32(min(max(total, 1), math.MaxInt32)) // Q16.15
		headroom := bits.LeadingZeros32(uint32(sum))    // plus one
		// x = sum − 1 with 2^16 for 1, then moved to be symmetric.
		at := int32((int64(sum)<<(headroom-1)+1<<13)>>14) - (1<<15 + 1<<16)
		scale := int64(reciprocal.Lookup(int16(min(max(at, math.MinInt16), math.MaxInt16))))
		shift := uint(31 - headroom)
		for i, e := range y {
			y[i] = int16(min(max((int64(e)*scale+int64(1)<<shift>>1)>>shift, 0), math.MaxInt16))
		}
	}
}
