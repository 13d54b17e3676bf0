//go:build !purego

package amd64

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// filterF32 is what the routines for AVX-512 read: groups of pixels, step bytes
// apart, of c channels.
type filterF32 struct {
	y      *float32
	x      *float32
	step   int
	w      *float32
	bias   *float32
	taps   *kernels.Tap
	count  int
	c      int
	groups int
	lo, hi float32
}

// pixelsF32 is how many pixels share the loads of weights.
const pixelsF32 = 4

func depthwiseF32MulAVX512(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
	filterRunF32(y, x, w, bias, taps, n, step, c, lo, hi, false)
}

func depthwiseF32RoundedAVX512(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
	filterRunF32(y, x, w, bias, taps, n, step, c, lo, hi, true)
}

func filterRunF32(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32, rounded bool) {
	if n <= 0 || c <= 0 {
		return
	}
	need(len(y), n*c)
	need(len(bias), c)
	needTaps(len(x), len(w), taps, n, step, c)
	if len(taps) == 0 {
		biasRunF32(y[:n*c], bias[:c], lo, hi, rounded)
		return
	}
	f := filterF32{
		y: &y[0], x: &x[0], step: step * 4, w: &w[0], bias: &bias[0], taps: unsafe.SliceData(taps), count: len(taps), c: c,
		lo: lo, hi: hi,
	}
	most := max(1, callTaps*16/(len(taps)*kernels.RoundUp(c, 16)*pixelsF32))
	for left := n / pixelsF32; left > 0; left -= most {
		f.fours(min(left, most), rounded)
	}
	if n%pixelsF32 > 0 {
		f.ones(n%pixelsF32, rounded)
	}
}

// biasRunF32 filters pixels that have nothing but padding under them.
func biasRunF32(y, bias []float32, lo, hi float32, rounded bool) {
	for len(y) > 0 {
		for ch, b := range bias {
			if rounded {
				b += 0 // of -0 too
			}
			y[ch] = kernels.Clamp(b, lo, hi)
		}
		y = y[len(bias):]
	}
}

func (f *filterF32) fours(n int, rounded bool) {
	if f.groups = n; rounded {
		depthwiseF32Rounded4AVX512(f)
	} else {
		depthwiseF32x4AVX512(f)
	}
}

func (f *filterF32) ones(n int, rounded bool) {
	if f.groups = n; rounded {
		depthwiseF32Rounded1AVX512(f)
	} else {
		depthwiseF32x1AVX512(f)
	}
}

//go:noescape
func depthwiseF32x4AVX512(f *filterF32)

//go:noescape
func depthwiseF32x1AVX512(f *filterF32)

//go:noescape
func depthwiseF32Rounded4AVX512(f *filterF32)

//go:noescape
func depthwiseF32Rounded1AVX512(f *filterF32)
