package kernels

import (
	"encoding/binary"
	"unsafe"
)

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
			putS32(panel[j%g.NR*4:], -g.Excess*Sum(src[j*k:(j+1)*k]))
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
			g.excessRows(panel, src[j:], n, k, cols)
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

// excessRows writes what precedes a panel of columns, of k rows of n values.
func (g GemmS8) excessRows(panel, src []int8, n, k, cols int) {
	for c := 0; c < cols; c += 16 {
		var sums [16]int32
		for l := range k {
			for i, v := range src[l*n+c:][:min(16, cols-c)] {
				sums[i] += int32(v)
			}
		}
		for i := range min(16, cols-c) {
			putS32(panel[(c+i)*4:], -g.Excess*sums[i])
		}
	}
}

// Sum adds up x, wrapping.
func Sum(x []int8) (sum int32) {
	const lanes, bias = 0x00ff00ff00ff00ff, 0x8080808080808080
	for len(x) >= 8 {
		// Eight at a time as bytes 128 higher, in four lanes of 16 bits, which hold
		// 128 pairs of bytes.
		n := min(len(x)/8, 128)
		pairs := uint64(0)
		for range n {
			v := binary.LittleEndian.Uint64(unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), 8)) ^ bias
			pairs += v&lanes + v>>8&lanes
			x = x[8:]
		}
		pairs = pairs&0x0000ffff0000ffff + pairs>>16&0x0000ffff0000ffff
		sum += int32(pairs) + int32(pairs>>32) - int32(n)*8*128
	}
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
