package quant

import "math"

// Float16 returns the number that the bits of an IEEE 754 binary16 stand for.
func Float16(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exponent, fraction := uint32(h>>10&31), uint32(h&0x3ff)
	switch {
	case exponent == 31:
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	case exponent == 0:
		x := float32(fraction) * 0x1p-24 // exact
		return math.Float32frombits(sign | math.Float32bits(x))
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

// Float16Bits returns the bits of the binary16 nearest to x, ties to even.
// What is too large becomes infinite; NaN stays.
func Float16Bits(x float32) uint16 {
	b := math.Float32bits(x)
	sign, a := uint16(b>>16&0x8000), b&^(1<<31)
	switch {
	case a > 0xff<<23:
		return sign | 0x7e00
	case a >= 0x477ff000: // 65520, midway to what would be 2^16
		return sign | 0x7c00
	case a < 0x38800000: // 2^−14: subnormal, in units of 2^−24
		return sign | uint16(math.RoundToEven(float64(math.Float32frombits(a))*0x1p24))
	}
	a += 0xfff + a>>13&1
	return sign | uint16((a>>13)-(127-15)<<10)
}
