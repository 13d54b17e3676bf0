//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// softmaxF32Slices512 is SoftmaxF32. The assembly stops at a row whose greatest
// element is out of the ordinary, and Go computes that.
func softmaxF32Slices512(y, x []float32, n int, beta float32) {
	need(len(x), len(y))
	if len(y) > 0 && (n <= 0 || len(y)%n != 0) {
		panic("BUG: kernels: a softmax isn't of whole rows")
	}
	for len(y) > 0 {
		done := 0
		if rows := min(callUnary, len(y)) / n; rows > 0 {
			done = softmaxF32AVX512(&y[0], &x[0], rows, n, elementary, beta, 80/beta)
			if done == rows {
				y, x = y[done*n:], x[done*n:]
				continue
			}
		}
		y, x = y[done*n:], x[done*n:]
		kernels.SoftmaxRow(y[:n], x[:n], beta)
		y, x = y[n:], x[n:]
	}
}

// softmaxF32AVX512 returns how many rows it has done.
//
//go:noescape
func softmaxF32AVX512(y, x *float32, rows, n int, t *elementaryTable, beta, depth float32) (done int)
