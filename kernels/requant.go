package kernels

import "math"

// requantPad is the multiple to which a Requant's slices are padded.
const requantPad = 16

// NewRequant returns a Requant for n columns with zeroed, padded slices.
func NewRequant(n int) *Requant {
	p := RoundUp(n, requantPad)
	s := make([]int32, 4*p)
	return &Requant{Bias: s[:p:p], Mult: s[p : 2*p : 2*p], Left: s[2*p : 3*p : 3*p], Right: s[3*p:]}
}

// NewScaled returns a Requant for n columns with zeroed, padded slices, that
// multiplies by float32.
func NewScaled(n int) *Requant {
	p := RoundUp(n, requantPad)
	return &Requant{Bias: make([]int32, p), Scale: make([]float32, p)}
}

// From returns q for the columns from j on.
func (q *Requant) From(j int) Requant {
	r := *q
	r.Bias = q.Bias[j:]
	if q.Scale != nil {
		r.Scale = q.Scale[j:]
	} else {
		r.Mult, r.Left, r.Right = q.Mult[j:], q.Left[j:], q.Right[j:]
	}
	return r
}

// Part returns a copy of q for n columns from j on, padded like a new one.
func (q *Requant) Part(j, n int) *Requant {
	from := q.From(j)
	var p *Requant
	if q.Scale != nil {
		p = NewScaled(n)
		copy(p.Scale[:n], from.Scale)
	} else {
		p = NewRequant(n)
		copy(p.Mult[:n], from.Mult)
		copy(p.Left[:n], from.Left)
		copy(p.Right[:n], from.Right)
	}
	copy(p.Bias[:n], from.Bias)
	p.Zero, p.Lo, p.Hi = q.Zero, q.Lo, q.Hi
	return p
}

// roundMagic is 1.5·2^23: a float32 of up to 2^22 added to it is rounded to an
// integer, ties to even, which the sum's low bits hold.
const roundMagic, roundMagicBits = 12582912, 0x4b400000

// Scaled requantises a sum, bias and all, by Scale[j].
func (q *Requant) Scaled(sum int32, j int) int8 {
	return int8(RoundEven(float32(float32(sum)*q.Scale[j]), q.Lo-q.Zero, q.Hi-q.Zero) + q.Zero)
}

// RoundEven returns clamp(round(x), lo, hi), ties to even: clamped first, the
// bounds being integers of up to 2^20. NaN becomes lo.
func RoundEven(x float32, lo, hi int32) int32 {
	if l := float32(lo); !(x > l) {
		x = l
	}
	if h := float32(hi); x > h {
		x = h
	}
	return Nearest(x)
}

// Nearest returns x, of up to 2^22, rounded to an integer, ties to even.
func Nearest(x float32) int32 {
	return int32(math.Float32bits(float32(x)+roundMagic) - roundMagicBits)
}
