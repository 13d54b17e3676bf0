//go:build !purego

package amd64

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// none is the bias of sums that have theirs.
var none [callSums]int32

// callSums bounds the columns that one call of assembly requantises.
const callSums = 1 << 10

// requantS8 stores rows of sums as columns of y from j on, at most callSums of
// them. The sums have their biases. c is read up to the next multiple of 8 columns.
func requantS8(y []int8, ldy int, c []int32, ldc, rows, cols int, q *kernels.Requant, j int) {
	requantBiasedS8(y, ldy, c, ldc, rows, cols, none[:], q, j)
}

// requantBiasedS8 is requantS8 for sums without biases.
func requantBiasedS8(y []int8, ldy int, c []int32, ldc, rows, cols int, bias []int32, q *kernels.Requant, j int) {
	if q.Scale != nil {
		scaleS8AVX2(&y[0], ldy, &c[0], ldc, rows, cols, &bias[0], &q.Scale[j], q.Zero, float32(q.Lo-q.Zero), float32(q.Hi-q.Zero))
		return
	}
	requantS8AVX2(&y[0], ldy, &c[0], ldc, rows, cols, &bias[0], &q.Mult[j], &q.Left[j], &q.Right[j], q.Zero, q.Lo, q.Hi)
}

// requantS32AVX2 is RequantS32. The last sums, fewer than eight, pass through a
// copy.
func requantS32AVX2(y []int8, c []int32, q *kernels.Requant) {
	need(len(c), len(y))
	needRequant(q, len(y))
	n := len(y) &^ 7
	for j := 0; j < n; j += callSums {
		requantBiasedS8(y[j:], 0, c[j:], 0, 1, min(callSums, n-j), q.Bias[j:], q, j)
	}
	if n < len(y) {
		var rest [8]int32
		copy(rest[:], c[n:len(y)])
		requantBiasedS8(y[n:], 0, rest[:], 0, 1, len(y)-n, q.Bias[n:], q, n)
	}
}

// requantS32 is RequantS32: a product without depth, whose panels are only the
// numbers they begin with, here the sums.
func (d dot) requantS32(y []int8, c []int32, q *kernels.Requant) {
	need(len(c), len(y))
	needRequant(q, len(y))
	n := len(y) &^ (columns - 1)
	for j := 0; j < n; j += callSums {
		d.requantPanels(y[j:], &c[j], min(callSums, n-j), q, j)
	}
	if n < len(y) {
		var rest [columns]int32
		copy(rest[:], c[n:len(y)])
		d.requantPanels(y[n:], &rest[0], len(y)-n, q, n)
	}
}

// requantPanels stores cols sums as y, of columns from j on. c is read up to the
// next multiple of 16.
func (d dot) requantPanels(y []int8, c *int32, cols int, q *kernels.Requant, j int) {
	p := newCallS8(y, 0, q)
	p.b, p.ldb, p.lines, p.m, p.n, p.column = (*int8)(unsafe.Pointer(c)), 4*columns, 1, 1, cols, j
	d.call(&p)
}

//go:noescape
func requantS8AVX2(y *int8, ldy int, c *int32, ldc, rows, cols int, bias, mult, left, right *int32, zero, lo, hi int32)

//go:noescape
func scaleS8AVX2(y *int8, ldy int, c *int32, ldc, rows, cols int, bias *int32, scale *float32, zero int32, lo, hi float32)
