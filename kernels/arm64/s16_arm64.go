package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// s16 returns the slots of int16. There is no GemmS16: SMLAL multiplies four int16
// where SMULL has eight int8, and dot products have sixteen and more, so that two
// products of bytes are as fast or faster. base does what is narrower than a vector.
func s16(base kernels.S16) kernels.S16 {
	return kernels.S16{DepthwiseS16: depthwiseS16(base.DepthwiseS16), RequantS64: requantS64(base.RequantS64)}
}

// depthwiseS16 returns the kernel; narrow as for depthwiseS8.
func depthwiseS16(narrow kernels.DepthwiseS16) kernels.DepthwiseS16 {
	return func(y []int64, x []int16, w []int8, taps []kernels.Tap, n, step, c int) {
		if n <= 0 || c < vector || len(taps) == 0 {
			narrow(y, x, w, taps, n, step, c)
			return
		}
		if len(taps) > kernels.Products16 {
			panic("BUG: kernels/arm64: more taps than int32 can sum")
		}
		spanX, spanW := extent(taps, n, step, c)
		py, px, pw := first(y, n*c), first(x, spanX), first(w, spanW)
		last, pixels := c-vector, pixelsPerCall(len(taps), c)
		for i := 0; i < n; i += pixels {
			m := min(pixels, n-i)
			yi, xi := at(py, i*c), at(px, i*step)
			depthwiseS16NEON(yi, xi, pw, &taps[0], len(taps), m, 2*step, 8*c, c/vector)
			if c%vector != 0 {
				depthwiseS16NEON(at(yi, last), at(xi, last), at(pw, last), &taps[0], len(taps), m, 2*step, 8*c, 1)
			}
		}
	}
}

// requantFunc is RequantS64.
type requantFunc = func(y []int16, ldy int, c []int64, m, n int, q *kernels.RequantS16, j int)

// requantS64 returns the kernel; narrow as for depthwiseS8.
func requantS64(narrow requantFunc) requantFunc {
	return func(y []int16, ldy int, c []int64, m, n int, q *kernels.RequantS16, j int) {
		if m <= 0 || n < vector {
			narrow(y, ldy, c, m, n, q, j)
			return
		}
		py, pc := first(y, (m-1)*ldy+n), first(c, m*n)
		first(q.Bias, j+n)
		first(q.Mult, j+n)
		first(q.Right, j+n)
		if q.Left != nil {
			first(q.Left, j+n)
		}
		rows := max(1, callSums/n)
		for i := 0; i < m; i += rows {
			yi, ci, r := at(py, i*ldy), at(pc, i*n), min(rows, m-i)
			requantColumns(yi, ldy, ci, n, r, n/vector, q, j)
			if l := n - vector; n%vector != 0 {
				requantColumns(at(yi, l), ldy, at(ci, l), n, r, 1, q, j+l)
			}
		}
	}
}

// callSums bounds the sums of one call.
const callSums = 16 << 10

// requantColumns requantises 8·eights columns of sums, n to a row.
func requantColumns(y *int16, ldy int, c *int64, n, rows, eights int, q *kernels.RequantS16, j int) {
	if q.Left == nil {
		requantS64NEON(y, 2*ldy, c, 8*n, rows, eights, &q.Bias[j], &q.Mult[j], &q.Right[j], q.Lo, q.Hi)
		return
	}
	requantSingleNEON(y, 2*ldy, c, 8*n, rows, eights, &q.Bias[j], &q.Mult[j], &q.Left[j], &q.Right[j], q.Lo, q.Hi)
}
