//go:build amd64 && !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// need panics if a slice is shorter than its slot says: assembly would run past
// its end.
func need(have, want int) {
	if have < want {
		panic("BUG: kernels: an operand is shorter than its slot says")
	}
}

// needRequant checks q for n columns.
func needRequant(q *kernels.Requant, n int) {
	have := len(q.Scale)
	if q.Scale == nil {
		have = min(len(q.Mult), len(q.Left), len(q.Right))
	}
	need(min(len(q.Bias), have), kernels.RoundUp(n, columns))
}

// needTaps panics if a tap reaches beyond the x or w elements that there are.
func needTaps(x, w int, taps []kernels.Tap, n, step, c int) {
	for _, t := range taps {
		first, last := int(t.X), int(t.X)+(n-1)*step
		if min(first, last, int(t.W)) < 0 {
			panic("BUG: kernels: a tap lies before the image or the weights")
		}
		need(x, max(first, last)+c)
		need(w, int(t.W)+c)
	}
}

// requantS8 stores rows of sums as columns of y from j on. The sums have their
// biases.
func requantS8(y []int8, ldy int, c []int32, ldc, rows, cols int, q *kernels.Requant, j int) {
	if q.Scale == nil {
		requantS8AVX2(&y[0], ldy, &c[0], ldc, rows, cols, &q.Mult[j], &q.Left[j], &q.Right[j], q.Zero, q.Lo, q.Hi)
		return
	}
	for i := range rows {
		for k := range cols {
			y[i*ldy+k] = q.Scaled(c[i*ldc+k], j+k)
		}
	}
}
