package quant

import "math"

// Table8 is a function of an 8-bit integer, indexed by the input's byte: for
// int8 that is 0 … 127, −128 … −1. The entries are bytes likewise.
type Table8 [256]uint8

// Lookup returns the entry for an int8.
func (t *Table8) Lookup(x int8) int8 { return int8(t[uint8(x)]) }

// LookupU8 returns the entry for a uint8.
func (t *Table8) LookupU8(x uint8) uint8 { return t[x] }

// NewTable8 tabulates f for int8 input and output with these scales and zero
// points (LUTPopulate<int8_t>). All arithmetic is float32. What f makes of an
// input that gives NaN becomes 0, and infinities saturate.
func NewTable8(inScale float32, inZero int32, outScale float32, outZero int32, f func(float32) float32) *Table8 {
	return newTable8(inScale, inZero, outScale, outZero, f, math.MinInt8, math.MaxInt8)
}

// NewTableU8 is NewTable8 for uint8 input and output.
func NewTableU8(inScale float32, inZero int32, outScale float32, outZero int32, f func(float32) float32) *Table8 {
	return newTable8(inScale, inZero, outScale, outZero, f, 0, math.MaxUint8)
}

func newTable8(inScale float32, inZero int32, outScale float32, outZero int32, f func(float32) float32, lo, hi int32) *Table8 {
	t := new(Table8)
	inverse := 1 / outScale
	for x := lo; x <= hi; x++ {
		rounded := Round32(f(float32(inScale*float32(x-inZero))) * inverse)
		q := SaturateInt32(float64(rounded + float32(outZero)))
		t[uint8(x)] = uint8(min(max(q, lo), hi))
	}
	return t
}

// Table16 is a function of an int16, sampled at every 128th input; Lookup
// interpolates. The last entry serves the last interval's slope only.
type Table16 [513]int16

// Lookup returns the value for x, interpolated between its neighbours and
// rounded half up (LUTLookup).
func (t *Table16) Lookup(x int16) int16 {
	i := 256 + int(x>>7)
	base := t[i]
	slope := t[i+1] - base // wraps, as in the reference
	delta := (int32(slope)*int32(x&0x7f) + 64) >> 7
	return int16(int32(base) + delta)
}

// NewTable16 tabulates f for int16 input and output with these scales and zero
// points, in float32 (LUTPopulate<int16_t> of a float function). Entries are
// shifted by half of the error that interpolation makes in the middle of an
// interval. NaN becomes 0.
//
// The output's zero point moves nothing: the reference uses it only for the
// width of the range, whose value it doesn't change but for rounding.
func NewTable16(inScale float32, inZero int32, outScale float32, outZero int32, f func(float32) float32) *Table16 {
	return newTable16(inScale, inZero, outScale, outZero, f)
}

// NewTable16F64 is NewTable16 in float64, as the reference does for a function
// of double.
func NewTable16F64(inScale float64, inZero int32, outScale float64, outZero int32, f func(float64) float64) *Table16 {
	return newTable16(inScale, inZero, outScale, outZero, f)
}

func newTable16[F float32 | float64](inScale F, inZero int32, outScale F, outZero int32, f func(F) F) *Table16 {
	const steps = 512
	inMin := F(inScale * F(math.MinInt16-inZero))
	inMax := F(inScale * F(math.MaxInt16-inZero))
	outMin := F(outScale * F(math.MinInt16-outZero))
	outMax := F(outScale * F(math.MaxInt16-outZero))
	step := F(inMax-inMin) / steps
	inverse := 65536 / (outMax - outMin)

	t := new(Table16)
	for i := range steps {
		at := inMin + F(F(i)*step)
		value := F(f(at) * inverse)
		middle := F(f(at+step/2) * inverse)
		next := F(f(inMin+F(F(i+1)*step)) * inverse)
		interpolated := round((next + round(value)) / 2)
		bias := round((interpolated - round(middle)) / 2)
		t[i] = saturateInt16(round(value) - bias)
	}
	t[steps] = saturateInt16(round(F(f(inMax) * inverse)))
	return t
}

// round is C's round in F; float32 rounds exactly in float64.
func round[F float32 | float64](x F) F { return F(math.Round(float64(x))) }

func saturateInt16[F float32 | float64](x F) int16 {
	return int16(min(max(SaturateInt32(float64(x)), math.MinInt16), math.MaxInt16))
}
