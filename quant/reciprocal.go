package quant

import (
	"math"
	"math/bits"
)

// CountLeadingZeros returns the number of leading zero bits of x, 32 for 0.
func CountLeadingZeros(x uint32) int { return bits.LeadingZeros32(x) }

// GetReciprocal returns 1/x for x > 0 with integerBits integer bits, as a Q0.31
// number r and the power of two over it: 1/x = r·2^(−bitsOverUnit). Softmax and
// DIV use it.
func GetReciprocal(x int32, integerBits int) (r int32, bitsOverUnit int) {
	headroomPlusOne := bits.LeadingZeros32(uint32(x))
	// The top bit, which stands for 1, is shifted to the sign's place and taken off.
	rest := int32(uint32(x)<<uint(headroomPlusOne) - 1<<31)
	return OneOverOnePlusX(rest), integerBits - headroomPlusOne
}

// InvSqrtQuantizedMultiplier returns 1/√x as a multiplier m·2^(shift−31)
// (GetInvSqrtQuantizedMultiplierExp with its reverse shift, so that shift ≤ 0
// is to the right). x ≤ 1, thus also 0, gives 1. Five of Newton's steps from 1 leave
// an error of a few units in the last of 28 places, which is part of the format.
func InvSqrtQuantizedMultiplier(x int32) (m int32, shift int) {
	if x <= 1 {
		return math.MaxInt32, 0
	}
	// Bring x to [2^27, 2^29) in steps of 4, each a step of 2 of the result.
	right := 11
	for x >= 1<<29 {
		x /= 4
		right++
	}
	pairs := (bits.LeadingZeros32(uint32(x))-1)/2 - 1
	right -= pairs
	x <<= uint(2 * pairs)

	input := x >> 1 // Q3.28
	half := RoundingDivideByPOT(input, 1)
	const threeHalves = 1<<28 + 1<<27
	y := int32(1 << 28)
	for range 5 {
		cube := Rescale(mul(mul(y, y), y), 9, 3)
		y = Rescale(mul(threeHalves, y)-mul(half, cube), 6, 3)
	}
	m = mul(y, 1518500250) // √2/2
	if right < 0 {
		m <<= uint(-right)
		right = 0
	}
	return m, -right
}

// IntegerSqrt returns ⌊√x⌋.
func IntegerSqrt(x uint64) uint32 {
	// The float is at most one off, and only above 2^52.
	r := uint64(math.Sqrt(float64(x)))
	if r > math.MaxUint32 || r*r > x {
		r--
	} else if r < math.MaxUint32 && (r+1)*(r+1) <= x {
		r++
	}
	return uint32(r)
}
