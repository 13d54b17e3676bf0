//go:build !purego

package amd64

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// callTaps bounds the products that one call of assembly may form: it cannot be
// preempted, so it must be over in some ten microseconds.
const callTaps = 1 << 14

// depthwiseF32MulAVX2 is DepthwiseF32. Channels go by sixteens, the last of
// which overlap those before and are computed again; fewer than 16 by eights,
// under a mask.
func depthwiseF32MulAVX2(y, x, w []float32, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
	if n <= 0 || c <= 0 {
		return
	}
	need(len(y), n*c)
	need(len(bias), c)
	needTaps(len(x), len(w), taps, n, step, c)
	if len(taps) == 0 {
		x, w, step = bias, bias, 0 // there may be no image; none is read
	}
	chunk := max(1, callTaps/(len(taps)+1))
	for i := 0; i < n; i += chunk {
		filterF32(y[i*c:], x[i*step:], w, bias, taps, min(chunk, n-i), step, c, lo, hi)
	}
}

// filterF32 filters all channels of n pixels.
func filterF32(y, x, w []float32, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
	t := unsafe.SliceData(taps)
	if c < 16 {
		for ch := 0; ch < c; ch += 8 {
			depthwiseF32x8AVX2(&y[ch], c, &x[ch], step, &w[ch], &bias[ch], t, len(taps), n, lo, hi, &masks[min(8, c-ch)-1])
		}
		return
	}
	for ch := 0; ch < c; ch += 16 {
		from := min(ch, c-16)
		depthwiseF32x16AVX2(&y[from], c, &x[from], step, &w[from], &bias[from], t, len(taps), n, lo, hi)
	}
}

// masks[n-1] selects the first n of eight.
var masks = [8][8]int32{
	{-1},
	{-1, -1},
	{-1, -1, -1},
	{-1, -1, -1, -1},
	{-1, -1, -1, -1, -1},
	{-1, -1, -1, -1, -1, -1},
	{-1, -1, -1, -1, -1, -1, -1},
	{-1, -1, -1, -1, -1, -1, -1, -1},
}

//go:noescape
func depthwiseF32x16AVX2(y *float32, c int, x *float32, step int, w, bias *float32, taps *kernels.Tap, count, n int, lo, hi float32)

//go:noescape
func depthwiseF32x8AVX2(y *float32, c int, x *float32, step int, w, bias *float32, taps *kernels.Tap, count, n int, lo, hi float32, mask *[8]int32)
