package kernels

import "math"

// RoundUp returns the least multiple of m that is at least n.
func RoundUp(n, m int) int { return (n + m - 1) / m * m }

// PackedS8Len is the length that PackS8 needs for n columns of k values. What
// it is for the columns before a panel is where the panel starts.
func (g GemmS8) PackedS8Len(n, k int) int { return RoundUp(n, g.NR) * g.ColumnS8Len(k) }

// ColumnS8Len is a column's share of PackedS8Len.
func (g GemmS8) ColumnS8Len(k int) int {
	if g.Excess != 0 {
		return RoundUp(k, g.KR) + 4
	}
	return RoundUp(k, g.KR)
}

// PackS8 lays out src, n rows of k values (a row per column of B: the
// weights of one output), as panels of NR columns. A panel holds k/KR groups,
// a group NR columns, a column KR successive values of k:
//
//	panel[(group·NR + column)·KR + value]
//
// Values past n or k are zero. If there is an Excess, these are preceded by
// what it adds to the sum of each column, negated: NR int32, the low byte first.
func (g GemmS8) PackS8(dst, src []int8, n, k int) {
	size := g.NR * g.ColumnS8Len(k)
	clear(dst[:g.PackedS8Len(n, k)])
	for j := range n {
		panel := dst[j/g.NR*size:][:size]
		if g.Excess != 0 {
			putS32(panel[j%g.NR*4:], -g.Excess*sumS8(src[j*k:(j+1)*k]))
			panel = panel[g.NR*4:]
		}
		if k > 0 {
			g.scatterS8(panel[j%g.NR*g.KR:], src[j*k:(j+1)*k])
		}
	}
}

// scatterS8 stores a row as a column of a panel, KR values at a time.
func (g GemmS8) scatterS8(column, row []int8) {
	step := g.NR * g.KR
	if g.KR == 4 {
		for len(row) >= 4 {
			*(*[4]int8)(column) = *(*[4]int8)(row)
			if row = row[4:]; len(row) > 0 {
				column = column[step:]
			}
		}
	}
	for len(row) > 0 {
		n := copy(column[:g.KR], row)
		if row = row[n:]; len(row) > 0 {
			column = column[step:]
		}
	}
}

// PackRowsS8 is PackS8 for the transpose of src: k rows of n values, B as it is.
func (g GemmS8) PackRowsS8(dst, src []int8, n, k int) {
	size := g.NR * g.ColumnS8Len(k)
	clear(dst[:g.PackedS8Len(n, k)])
	for j := 0; j < n; j += g.NR {
		panel := dst[j/g.NR*size:][:size]
		cols := min(g.NR, n-j)
		if g.Excess != 0 {
			for c := range cols {
				sum := int32(0)
				for l := range k {
					sum += int32(src[l*n+j+c])
				}
				putS32(panel[c*4:], -g.Excess*sum)
			}
			panel = panel[g.NR*4:]
		}
		for l := range k {
			to := panel[l/g.KR*g.NR*g.KR+l%g.KR:]
			for i, v := range src[l*n+j:][:cols] {
				to[i*g.KR] = v
			}
		}
	}
}

func sumS8(x []int8) (sum int32) {
	for _, v := range x {
		sum += int32(v)
	}
	return sum
}

func putS32(dst []int8, v int32) {
	dst[0], dst[1], dst[2], dst[3] = int8(v), int8(v>>8), int8(v>>16), int8(v>>24)
}

// PackedF32Len is the length that PackF32 needs for n columns of k values.
func (g GemmF32) PackedF32Len(n, k int) int { return RoundUp(n, g.NR) * k }

// PackF32 lays out src, n rows of k values, as panels of NR columns, each
// panel k-major: dst[(panel·k + l)·NR + column]. Columns past n are zero.
func (g GemmF32) PackF32(dst, src []float32, n, k int) {
	for from := 0; from < n; from += g.NR {
		cols, panel, rows := min(g.NR, n-from), dst[from*k:][:g.NR*k], src[from*k:]
		if k > 0 && cols == g.NR && cols%4 == 0 {
			for j := 0; j < cols; j += 4 {
				weave4(panel[j:], g.NR, rows[j*k:(j+4)*k], k)
			}
			continue
		}
		clear(panel)
		for j := range cols {
			for l, v := range rows[j*k : (j+1)*k] {
				panel[l*g.NR+j] = v
			}
		}
	}
}

// weave4 stores four rows of k values as columns 0 to 3 of rows that are nr
// apart.
func weave4(dst []float32, nr int, src []float32, k int) {
	r0, r1, r2, r3 := src[:k], src[k:2*k], src[2*k:3*k], src[3*k:4*k]
	for l, v := range r0 {
		d := dst[l*nr:][:4:4]
		d[0], d[1], d[2], d[3] = v, r1[l], r2[l], r3[l]
	}
}

// PackRowsF32 is PackF32 for the transpose of src: k rows of n values, B as it
// is.
func (g GemmF32) PackRowsF32(dst, src []float32, n, k int) {
	clear(dst[:g.PackedF32Len(n, k)])
	for j := 0; j < n; j += g.NR {
		cols := min(g.NR, n-j)
		for l := range k {
			copy(dst[j*k+l*g.NR:], src[l*n+j:][:cols])
		}
	}
}

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
	p := NewRequant(n)
	if q.Scale != nil {
		p = NewScaled(n)
		copy(p.Scale[:n], from.Scale)
	} else {
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
	return int32(math.Float32bits(x+roundMagic) - roundMagicBits)
}
