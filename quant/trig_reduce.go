package quant

import (
	"math"
	"math/bits"
)

// twoOverPi holds 64 zeros and then the first 1216 binary places of 2/π.
var twoOverPi = [...]uint64{
	0,
	0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
	0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
	0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
	0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b,
	0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab,
}

// reduceLarge is reduce for |x| ≥ 2^20 by Payne's and Hanek's method: of x·2/π
// only the two bits before the binary point and some 120 after it matter, and
// they depend on 192 bits of 2/π.
func reduceLarge(x float64) (quadrant uint, r, tail float64) {
	b := math.Float64bits(x)
	mantissa := b&(1<<52-1) | 1<<52
	// |x| = mantissa·2^exponent. The window of 2/π begins at the place whose
	// products are worth 2: what is before it makes multiples of 4 only.
	exponent := int(b>>52&0x7ff) - 1075
	start := 64 + exponent - 2
	word, shift := start/64, uint(start%64)
	var p [3]uint64
	for i := range p {
		p[i] = twoOverPi[word+i]<<shift | twoOverPi[word+i+1]>>(64-shift)
	}
	// The product modulo 2^192, of which the upper 128 bits are kept.
	carry2, _ := bits.Mul64(p[2], mantissa)
	carry1, lo1 := bits.Mul64(p[1], mantissa)
	lo, c := bits.Add64(lo1, carry2, 0)
	hi, _ := bits.Add64(p[0]*mantissa, carry1, c)

	quadrant, r, tail = fromTurns(hi, lo)
	if x < 0 {
		return -quadrant & 3, -r, -tail
	}
	return quadrant, r, tail
}

// fromTurns splits a multiple of π/2, two integer bits and 126 fraction bits,
// into the nearest quadrant and the angle from there.
func fromTurns(hi, lo uint64) (quadrant uint, r, tail float64) {
	const piHalf, piHalfRest = math.Pi / 2, 6.123233995736766035868820147292e-17
	quadrant = uint(hi >> 62)
	hi, lo = hi<<2|lo>>62, lo<<2 // a signed fraction now
	sign := 1.0
	if hi>>63 != 0 {
		quadrant = (quadrant + 1) & 3
		sign = -1
		var borrow uint64
		lo, borrow = bits.Sub64(0, lo, 0)
		hi, _ = bits.Sub64(0, hi, borrow)
	}
	zeros := bits.LeadingZeros64(hi)
	hi, lo = hi<<uint(zeros)|lo>>uint(64-zeros), lo<<uint(zeros)
	unit := math.Ldexp(sign, -zeros-64)
	a := float64(hi&^0x7ff) * unit
	rest := float64(float64(hi&0x7ff)*unit) + float64(float64(float64(lo)*0x1p-64)*unit)
	// The fused product gives the error of a·π/2: Go's FMA is exact everywhere.
	p := float64(a * piHalf)
	e := math.FMA(a, piHalf, -p) + (float64(a*piHalfRest) + float64(rest*piHalf))
	r = p + e
	return quadrant, r, e - (r - p)
}
