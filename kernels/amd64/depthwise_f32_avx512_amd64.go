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
	// of windows of 3x3: rows relative to x, columns, and room for what the
	// routine notes: where it is, and the channels left
	row    [3]int
	column int
	_      [2]int
}

// pixelsF32 is how many pixels share the loads of weights.
const pixelsF32 = 4

func depthwiseF32MulAVX512(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
	filterLinesF32(y, x, w, bias, taps, n, 1, 0, step, c, lo, hi, false)
}

func depthwiseF32RoundedAVX512(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
	filterLinesF32(y, x, w, bias, taps, n, 1, 0, step, c, lo, hi, true)
}

func depthwiseF32LinesAVX512(y, x, w, bias []float32, taps []kernels.Tap, n, lines, line, step, c int, lo, hi float32) {
	filterLinesF32(y, x, w, bias, taps, n, lines, line, step, c, lo, hi, false)
}

func depthwiseF32RoundedLinesAVX512(y, x, w, bias []float32, taps []kernels.Tap, n, lines, line, step, c int, lo, hi float32) {
	filterLinesF32(y, x, w, bias, taps, n, lines, line, step, c, lo, hi, true)
}

func filterLinesF32(y, x, w, bias []float32, taps []kernels.Tap, n, lines, line, step, c int, lo, hi float32, rounded bool) {
	if n <= 0 || c <= 0 || lines <= 0 {
		return
	}
	need(len(y), lines*n*c)
	need(len(bias), c)
	if len(taps) == 0 {
		biasRunF32(y[:lines*n*c], bias[:c], lo, hi, rounded)
		return
	}
	needTaps(len(x)-(lines-1)*line, len(w), taps, n, step, c)
	f := filterF32{
		y: &y[0], x: &x[0], step: step * 4, w: &w[0], bias: &bias[0], taps: unsafe.SliceData(taps), count: len(taps), c: c,
		lo: lo, hi: hi,
	}
	window := n >= pixelsF32 && f.window(taps)
	for l := range lines {
		if f.y, f.x = &y[l*n*c], &x[l*line]; window {
			f.windows(n, step, rounded)
		} else {
			f.line(len(taps), n, rounded)
		}
	}
}

// line filters n pixels by any taps.
func (f *filterF32) line(taps, n int, rounded bool) {
	c := f.c
	most := max(1, callTaps*16/(taps*kernels.RoundUp(c, 16)*pixelsF32))
	for left := n / pixelsF32; left > 0; left -= most {
		f.fours(min(left, most), rounded)
	}
	switch rest := n % pixelsF32; {
	case rest > 1 && n > pixelsF32: // with some that are computed again
		f.x, f.y = move(f.x, (rest-pixelsF32)*f.step), move(f.y, (rest-pixelsF32)*c*4)
		f.fours(1, rounded)
	case rest > 0:
		f.ones(rest, rounded)
	}
}

// window reports whether taps are a window of 3x3 whose columns are as far apart
// as the pixels, or half as far.
func (f *filterF32) window(taps []kernels.Tap) bool {
	if len(taps) != 9 {
		return false
	}
	d := taps[1].X - taps[0].X
	for i := range f.row {
		t := taps[i*3 : i*3+3]
		if f.row[i] = int(t[0].X) * 4; t[1].X-t[0].X != d || t[2].X-t[1].X != d {
			return false
		}
	}
	f.column = int(d) * 4
	return d > 0 && (f.step == f.column || f.step == 2*f.column)
}

// windows filters n pixels by a window, some at a time.
func (f *filterF32) windows(n, step int, rounded bool) {
	most := max(pixelsF32, callTaps*16/(9*kernels.RoundUp(f.c, 16)))
	for n > 0 {
		f.groups = min(n, most)
		if rest := n - f.groups; rest > 0 && rest < pixelsF32 {
			f.groups = n
		}
		switch s1 := f.step == f.column; {
		case s1 && rounded:
			depthwiseF32Rounded3x3AVX512(f)
		case s1:
			depthwiseF323x3AVX512(f)
		case rounded:
			depthwiseF32Rounded3x3Stride2AVX512(f)
		default:
			depthwiseF323x3Stride2AVX512(f)
		}
		if n -= f.groups; n > 0 {
			f.y, f.x = move(f.y, f.groups*f.c*4), move(f.x, f.groups*step*4)
		}
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

//go:noescape
func depthwiseF323x3AVX512(f *filterF32)

//go:noescape
func depthwiseF323x3Stride2AVX512(f *filterF32)

//go:noescape
func depthwiseF32Rounded3x3AVX512(f *filterF32)

//go:noescape
func depthwiseF32Rounded3x3Stride2AVX512(f *filterF32)
