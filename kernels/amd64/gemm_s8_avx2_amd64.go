//go:build !purego

package amd64

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

const (
	rowsS8  = 6   // rows of a tile: 12 registers of sums
	columns = 16  // columns of a panel: two registers of int32
	widthS8 = 64  // columns for which one tile holds sums
	depthS8 = 256 // values of k that are widened at a time
)

// tileS8 is where a few rows are worked on, on the stack: a widened to int16,
// so that a pair of values can be broadcast, and sums.
type tileS8 struct {
	a [rowsS8][depthS8]int16
	c [rowsS8][widthS8]int32
}

// gemmS8MulAVX2 is GemmS8.Mul.
func gemmS8MulAVX2(y []int8, ldy int, a []int8, lda int, b []int8, m, n, k int, q *kernels.Requant) {
	depth := kernels.RoundUp(k, 2)
	if m <= 0 || n <= 0 {
		return
	}
	needS8(a, lda, b, m, n, depth)
	need(len(y), (m-1)*ldy+n)
	needRequant(q, n)
	var t tileS8
	for i := 0; i < m; i += rowsS8 {
		rows := min(rowsS8, m-i)
		t.widen(a[i*lda:], lda, rows, depth)
		for j := 0; j < n; j += widthS8 {
			cols := min(widthS8, n-j)
			t.sum(a[i*lda:], lda, b[j*depth:], &q.Bias[j], rows, cols, depth)
			requantS8(y[i*ldy+j:], ldy, unsafe.Slice(&t.c[0][0], rowsS8*widthS8), widthS8, rows, cols, q, j)
		}
	}
}

// gemmS8AccAVX2 is GemmS8.Acc.
func gemmS8AccAVX2(c []int32, a []int8, lda int, b []int8, bias []int32, m, n, k int) {
	depth := kernels.RoundUp(k, 2)
	if m <= 0 || n <= 0 {
		return
	}
	needS8(a, lda, b, m, n, depth)
	need(len(c), m*n)
	need(len(bias), n)
	var t tileS8
	var padded [widthS8]int32
	for j := 0; j < n; j += widthS8 {
		cols := min(widthS8, n-j)
		copy(padded[:], bias[j:j+cols])
		for i := 0; i < m; i += rowsS8 {
			rows := min(rowsS8, m-i)
			t.widen(a[i*lda:], lda, rows, depth)
			t.sum(a[i*lda:], lda, b[j*depth:], &padded[0], rows, cols, depth)
			for r := range rows {
				copy(c[(i+r)*n+j:], t.c[r][:cols])
			}
		}
	}
}

// needS8 checks the operands that Mul and Acc share.
func needS8(a []int8, lda int, b []int8, m, n, depth int) {
	need(len(a), (m-1)*lda+depth)
	need(len(b), kernels.RoundUp(n, columns)*depth)
}

// widen fills t.a with whole rows, if they fit.
func (t *tileS8) widen(a []int8, lda, rows, depth int) {
	if depth > 0 && depth <= depthS8 {
		widenS8AVX2(&t.a[0][0], &a[0], lda, rows, depth)
	}
}

// sum sets t.c to bias plus the products of rows by the panels of b from its
// start on. Rows too deep for t.a go by parts, widened again for every tile.
func (t *tileS8) sum(a []int8, lda int, b []int8, bias *int32, rows, cols, depth int) {
	init, ldi := bias, 0
	for l := 0; l == 0 || l < depth; l += depthS8 {
		d := min(depthS8, depth-l)
		if depth > depthS8 {
			widenS8AVX2(&t.a[0][0], &a[l], lda, rows, d)
		}
		from := unsafe.SliceData(b[l*columns:])
		if rows == 1 {
			gemmS8x1AVX2(&t.c[0][0], init, &t.a[0][0], from, columns*depth, d/2, cols)
		} else {
			gemmS8x6AVX2(&t.c[0][0], init, ldi, &t.a[0][0], from, columns*depth, d/2, cols, rows)
		}
		init, ldi = &t.c[0][0], widthS8
	}
}

//go:noescape
func widenS8AVX2(dst *int16, src *int8, lds, rows, n int)

//go:noescape
func gemmS8x6AVX2(c, init *int32, ldi int, a *int16, b *int8, ldb, pairs, cols, rows int)

//go:noescape
func gemmS8x1AVX2(c, init *int32, a *int16, b *int8, ldb, pairs, cols int)
