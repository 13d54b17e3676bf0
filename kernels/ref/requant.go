package ref

// scale is quant.Multiplier.Apply on a multiplier taken apart: shift left and
// wrap, multiply and round half up at bit 31, shift right and round half away
// from zero. It is written out because it is the hot end of every integer
// kernel; a test holds it to the original.
//
// The multiplier is never -2^31, so the product cannot saturate.
func scale(x, mult, left, right int32) int32 {
	h := int32((int64(x<<uint(left))*int64(mult) + 1<<30) >> 31)
	mask := int32(1)<<uint(right) - 1
	half := mask >> 1
	if h < 0 {
		half++
	}
	y := h >> uint(right)
	if h&mask > half {
		y++
	}
	return y
}

// clampS8 saturates x to [lo, hi], which lies within int8.
func clampS8(x, lo, hi int32) int8 { return int8(min(max(x, lo), hi)) }
