package quant

import "unsafe"

// raw is the integer behind a fixed-point number. The reference's class
// template is instantiated for these two, and both widths share their formulas;
// Go compiles each function once for each.
type raw interface{ int16 | int32 }

// fractionBits returns n of Qm.n.
func fractionBits[T raw](integerBits int) int {
	return int(8*unsafe.Sizeof(T(0))) - 1 - integerBits
}

// largest is one in Q0: as near to 1 as the format comes.
func largest[T raw]() T { return T(uint64(1)<<fractionBits[T](0) - 1) }

// constant converts a constant given for 32 bits to T.
func constant[T raw](c int32) T {
	return T(RoundingDivideByPOT(c, 31-fractionBits[T](0)))
}

// mul multiplies Qa and Qb to Q(a+b).
func mul[T raw](a, b T) T {
	n := uint(fractionBits[T](0))
	r := (int64(a)*int64(b) + int64(1)<<(n-1)) >> n
	return T(min(r, int64(largest[T]())))
}

// shiftLeft returns a·2^n, saturated.
func shiftLeft[T raw](a T, n int) T {
	hi := int64(largest[T]())
	return T(min(max(int64(a)<<uint(n), -hi-1), hi))
}

// rescale converts from src to dst integer bits: it saturates one way and
// rounds the other.
func rescale[T raw](x T, src, dst int) T {
	if src > dst {
		return shiftLeft(x, src-dst)
	}
	return roundingShiftRight(x, dst-src)
}

// Rescale converts a 32-bit fixed-point number from src to dst integer bits.
// Fewer saturate, more round to nearest, ties away from zero.
func Rescale(x int32, src, dst int) int32 { return rescale(x, src, dst) }

// Rescale16 is Rescale for 16 bits.
func Rescale16(x int16, src, dst int) int16 { return rescale(x, src, dst) }

// ExpOnNegativeValues returns exp(x) in Q0.31 for x ≤ 0 with integerBits
// integer bits, at most 29.
func ExpOnNegativeValues(x int32, integerBits int) int32 {
	return expOnNegativeValues(x, integerBits)
}

// ExpOnNegativeValues16 returns exp(x) in Q0.15 for x ≤ 0, integerBits ≤ 13.
func ExpOnNegativeValues16(x int16, integerBits int) int16 {
	return expOnNegativeValues(x, integerBits)
}

// expOfMinusPOT holds exp(−2^e) in Q0.31 for e = −2, −1, … 4.
var expOfMinusPOT = [7]int32{1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242}

// expOnNegativeValues splits x into a multiple of 1/4 and a rest in [−1/4, 0):
// a polynomial gives the exponential of the rest, and each bit of the multiple
// a factor.
func expOnNegativeValues[T raw](x T, integerBits int) T {
	if x == 0 {
		return largest[T]()
	}
	n := fractionBits[T](integerBits)
	if integerBits > 5 && int64(x) < -(int64(32)<<uint(n)) {
		return 0
	}
	quarter := T(1) << uint(n-2)
	rest := x&(quarter-1) - quarter
	result := expOnLastQuarter(rescale(rest, integerBits, 0))
	multiple := rest - x
	for i, factor := range expOfMinusPOT {
		e := i - 2
		if e >= integerBits {
			break
		}
		if multiple&(T(1)<<uint(n+e)) != 0 {
			result = mul(result, constant[T](factor))
		}
	}
	return result
}

// expOnLastQuarter returns exp(a) in Q0 for a in Q0, −1/4 ≤ a < 0: its Taylor
// series of degree 4 around −1/8.
func expOnLastQuarter[T raw](a T) T {
	atCentre := constant[T](1895147668) // exp(−1/8)
	third := constant[T](715827883)
	x := a + T(1)<<uint(fractionBits[T](0)-3)
	x2 := mul(x, x)
	x3 := mul(x2, x)
	x4 := mul(x2, x2)
	tail := roundingShiftRight(mul(roundingShiftRight(x4, 2)+x3, third)+x2, 1)
	// The sum can pass 1 in 16 bits only, and the reference saturates there.
	sum := int64(atCentre) + int64(mul(atCentre, x+tail))
	return T(min(sum, int64(largest[T]())))
}

// newtonReciprocal returns 1/d in Q2 for d in Q0, 1/2 ≤ d ≤ 1: three steps of
// Newton's and Raphson's method from the line 48/17 − 32/17·d.
func newtonReciprocal[T raw](d T) T {
	one := T(1) << uint(fractionBits[T](2))
	x := constant[T](1515870810) + mul(d, constant[T](-1010580540))
	for range 3 {
		x += rescale(mul(x, one-mul(d, x)), 4, 2)
	}
	return x
}

// OneOverOnePlusX returns 1/(1+x) for x in [0, 1); both are Q0.31.
func OneOverOnePlusX(x int32) int32 { return oneOverOnePlusX(x) }

// OneOverOnePlusX16 returns 1/(1+x) for x in [0, 1); both are Q0.15.
func OneOverOnePlusX16(x int16) int16 { return oneOverOnePlusX(x) }

func oneOverOnePlusX[T raw](x T) T {
	// The reciprocal is of (1+x)/2; taken as Q1 it is that of 1+x.
	return rescale(newtonReciprocal(halfSum(x, largest[T]())), 1, 0)
}

// OneMinusXOverOnePlusX returns (1−x)/(1+x) for x in [0, 1); both are Q0.31.
func OneMinusXOverOnePlusX(x int32) int32 { return oneMinusXOverOnePlusX(x) }

// OneMinusXOverOnePlusX16 returns (1−x)/(1+x) for x in [0, 1); both are Q0.15.
func OneMinusXOverOnePlusX16(x int16) int16 { return oneMinusXOverOnePlusX(x) }

func oneMinusXOverOnePlusX[T raw](x T) T {
	one := T(1) << uint(fractionBits[T](2))
	return rescale(newtonReciprocal(halfSum(x, largest[T]()))-one, 2, 0)
}
