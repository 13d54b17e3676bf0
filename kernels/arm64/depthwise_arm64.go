package arm64

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// vector is how many channels the depthwise kernels compute at once at least. Of
// more channels than that but no multiple, the last are computed again.
const vector = 8

// callProducts bounds the products of one call.
const callProducts = 64 << 10

// depthwiseS8 returns the kernel; narrow serves what has no place here: fewer
// channels than a vector, and windows wholly on padding, for which x may be
// too short to point into.
func depthwiseS8(narrow kernels.DepthwiseS8) kernels.DepthwiseS8 {
	return func(y, x, w []int8, taps []kernels.Tap, n, step, c int, zero int32, q *kernels.Requant) {
		if c < vector || len(taps) == 0 || zero != int32(int8(zero)) {
			narrow(y, x, w, taps, n, step, c, zero, q)
			return
		}
		if n == 0 {
			return
		}
		spanX, spanW := extent(taps, n, step, c)
		first(w, spanW)
		py, px := first(y, n*c), first(x, spanX)
		needColumns(q, c)
		plain := onlyRight(q, c)
		wide := min(c/vector, 2) * vector
		pixels := pixelsPerCall(len(taps), c)
		for i := 0; i < n; i += pixels {
			m := min(pixels, n-i)
			yi, xi := at(py, i*c), at(px, i*step)
			channelsS8(yi, xi, w, taps, m, step, c, 0, c/wide, wide, zero, q, plain)
			if c%wide != 0 {
				channelsS8(yi, xi, w, taps, m, step, c, c-wide, 1, wide, zero, q, plain)
			}
		}
	}
}

// channelsS8 computes blocks of wide channels, from ch on.
func channelsS8(y, x *int8, w []int8, taps []kernels.Tap, n, step, c, ch, blocks, wide int, zero int32, q *kernels.Requant, plain bool) {
	var init [2 * vector]int32
	part := columnsFrom(q, ch, plain)
	if wide == vector {
		depthwiseS8NEON1(at(y, ch), at(x, ch), c, &w[ch], &taps[0], len(taps), n, step, blocks, zero, &init[0], &part)
	} else {
		depthwiseS8NEON2(at(y, ch), at(x, ch), c, &w[ch], &taps[0], len(taps), n, step, blocks, zero, &init[0], &part)
	}
}

type depthwiseFunc = func(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32)

// depthwiseF32 returns the kernel; narrow as for depthwiseS8.
func depthwiseF32(fused bool, narrow depthwiseFunc) depthwiseFunc {
	return func(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
		if c < vector || len(taps) == 0 {
			narrow(y, x, w, bias, taps, n, step, c, lo, hi)
			return
		}
		if n == 0 {
			return
		}
		spanX, spanW := extent(taps, n, step, c)
		py, px, pw, pb := first(y, n*c), first(x, spanX), first(w, spanW), first(bias, c)
		last := c - vector
		pixels := pixelsPerCall(len(taps), c)
		for i := 0; i < n; i += pixels {
			m := min(pixels, n-i)
			yi, xi := at(py, i*c), at(px, i*step)
			channelsF32(fused, yi, xi, pw, pb, taps, m, step, c, c/vector, lo, hi)
			if c%vector != 0 {
				channelsF32(fused, at(yi, last), at(xi, last), at(pw, last), at(pb, last), taps, m, step, c, 1, lo, hi)
			}
		}
	}
}

// channelsF32 calls a kernel, directly, so that no argument escapes.
func channelsF32(fused bool, y, x, w, bias *float32, taps []kernels.Tap, n, step, c, blocks int, lo, hi float32) {
	if fused {
		depthwiseF32NEON(y, x, w, bias, &taps[0], len(taps), n, 4*step, 4*c, blocks, lo, hi)
	} else {
		depthwiseF32RoundedNEON(y, x, w, bias, &taps[0], len(taps), n, 4*step, 4*c, blocks, lo, hi)
	}
}

// extent returns how many elements of the image and of the weights one tap or
// more read.
func extent(taps []kernels.Tap, n, step, c int) (x, w int) {
	for _, t := range taps {
		if t.X < 0 || t.W < 0 {
			return math.MaxInt, math.MaxInt // no slice is that long
		}
		x, w = max(x, int(t.X)), max(w, int(t.W))
	}
	return x + (n-1)*step + c, w + c
}

// pixelsPerCall is a multiple of the four that a kernel computes at once.
func pixelsPerCall(taps, c int) int {
	return max(4, callProducts/(c*taps)&^3)
}
