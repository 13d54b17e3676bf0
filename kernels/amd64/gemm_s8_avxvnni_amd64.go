//go:build !purego

package amd64

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// tileVNNI is where sums of a few rows wait for requantisation, on the stack.
type tileVNNI [rowsS8][widthS8]int32

// gemmS8MulAVXVNNI is GemmS8.Mul.
func gemmS8MulAVXVNNI(y []int8, ldy int, a []int8, lda int, b []int8, m, n, k int, q *kernels.Requant) {
	if m <= 0 || n <= 0 {
		return
	}
	depth := needS8x4(a, lda, b, m, n, k)
	need(len(y), (m-1)*ldy+n)
	needRequant(q, n)
	var t tileVNNI
	for j := 0; j < n; j += widthS8 {
		cols := min(widthS8, n-j)
		for i := 0; i < m; i += rowsS8 {
			rows := min(rowsS8, m-i)
			t.sum(a[i*lda:], lda, b[j*(depth+4):], &q.Bias[j], rows, cols, depth)
			requantS8(y[i*ldy+j:], ldy, unsafe.Slice(&t[0][0], rowsS8*widthS8), widthS8, rows, cols, q, j)
		}
	}
}

// gemmS8AccAVXVNNI is GemmS8.Acc.
func gemmS8AccAVXVNNI(c []int32, a []int8, lda int, b []int8, bias []int32, m, n, k int) {
	if m <= 0 || n <= 0 {
		return
	}
	depth := needS8x4(a, lda, b, m, n, k)
	need(len(c), m*n)
	need(len(bias), n)
	var t tileVNNI
	var padded [widthS8]int32
	for j := 0; j < n; j += widthS8 {
		cols := min(widthS8, n-j)
		copy(padded[:], bias[j:j+cols])
		for i := 0; i < m; i += rowsS8 {
			rows := min(rowsS8, m-i)
			t.sum(a[i*lda:], lda, b[j*(depth+4):], &padded[0], rows, cols, depth)
			for r := range rows {
				copy(c[(i+r)*n+j:], t[r][:cols])
			}
		}
	}
}

// needS8x4 checks operands whose panels are four values deep, and returns k as
// far as it is read.
func needS8x4(a []int8, lda int, b []int8, m, n, k int) int {
	depth := kernels.RoundUp(k, 4)
	need(len(a), (m-1)*lda+depth)
	need(len(b), kernels.RoundUp(n, columns)*(depth+4))
	return depth
}

// sum sets t to bias plus the products of rows by the panels of b from its start
// on.
func (t *tileVNNI) sum(a []int8, lda int, b []int8, bias *int32, rows, cols, depth int) {
	from, ldb := unsafe.SliceData(a), columns*(depth+4)
	if rows == 1 {
		gemmS8x1AVXVNNI(&t[0][0], bias, from, &b[0], ldb, depth/4, cols)
	} else {
		gemmS8x6AVXVNNI(&t[0][0], bias, from, lda, &b[0], ldb, depth/4, cols, rows)
	}
}

//go:noescape
func gemmS8x6AVXVNNI(c, bias *int32, a *int8, lda int, b *int8, ldb, groups, cols, rows int)

//go:noescape
func gemmS8x1AVXVNNI(c, bias *int32, a, b *int8, ldb, groups, cols int)
