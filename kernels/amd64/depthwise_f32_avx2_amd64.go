//go:build !purego

package amd64

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// callTaps bounds the products that one call of assembly may form: it cannot be
// preempted, so it must be over in some ten microseconds.
const callTaps = 1 << 14

// depthwiseF32AVX2 returns Mul or Rounded of DepthwiseF32, made of the routine
// for 16 channels and that for up to 8 under a mask. Channels go by sixteens,
// the last of which overlap those before and are computed again; fewer than 16
// by eights.
func depthwiseF32AVX2(x16 filterF32x16, x8 filterF32x8) func(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
	return func(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
		if n <= 0 || c <= 0 {
			return
		}
		need(len(y), n*c)
		need(len(bias), c)
		needTaps(len(x), len(w), taps, n, step, c)
		if len(taps) == 0 {
			x, w, step = bias, bias, 0 // there may be no image; none is read
		}
		chunk, t := max(1, callTaps/(len(taps)+1)), unsafe.SliceData(taps)
		for i := 0; i < n; i += chunk {
			y, x, n := y[i*c:], x[i*step:], min(chunk, n-i)
			for ch := 0; ch < c && c < 16; ch += 8 {
				x8(&y[ch], c, &x[ch], step, &w[ch], &bias[ch], t, len(taps), n, lo, hi, &masks[min(8, c-ch)-1])
			}
			for ch := 0; ch < c && c >= 16; ch += 16 {
				from := min(ch, c-16)
				x16(&y[from], c, &x[from], step, &w[from], &bias[from], t, len(taps), n, lo, hi)
			}
		}
	}
}

type (
	filterF32x16 func(y *float32, c int, x *float32, step int, w, bias *float32, taps *kernels.Tap, count, n int, lo, hi float32)
	filterF32x8  func(y *float32, c int, x *float32, step int, w, bias *float32, taps *kernels.Tap, count, n int, lo, hi float32, mask *[8]int32)
)

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

//go:noescape
func depthwiseF32Roundedx16AVX2(y *float32, c int, x *float32, step int, w, bias *float32, taps *kernels.Tap, count, n int, lo, hi float32)

//go:noescape
func depthwiseF32Roundedx8AVX2(y *float32, c int, x *float32, step int, w, bias *float32, taps *kernels.Tap, count, n int, lo, hi float32, mask *[8]int32)
