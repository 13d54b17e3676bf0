//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

const (
	tapsS8   = 32 // taps whose weights are packed at a time
	pixelsS8 = 16 // pixels of 16 channels for which there are sums
)

// filterS8 is where a few channels are filtered, on the stack.
type filterS8 struct {
	w    [tapsS8 / 2][2][16]int16 // pairs of taps, as packS8AVX2 lays them out
	x, u [tapsS8]int32            // where each tap's image and weights start
	init [16]int32                // what sums start with
	c    [pixelsS8 * 16]int32
}

// depthwiseS8Mul returns DepthwiseS8 for 8 channels or more, and narrow for
// fewer. Channels go by sixteens, or by eights if there are no sixteen; the last
// ones overlap those before, and are computed again.
func depthwiseS8Mul(narrow kernels.DepthwiseS8) kernels.DepthwiseS8 {
	return func(y, x, w []int8, taps []kernels.Tap, n, step, c int, zero int32, q *kernels.Requant) {
		if c < 8 || len(taps) == 0 {
			narrow(y, x, w, taps, n, step, c, zero, q)
			return
		}
		if n <= 0 {
			return
		}
		need(len(y), n*c)
		needRequant(q, c)
		needTaps(len(x), len(w), taps, n, step, c)
		var f filterS8
		width := 16
		if c < 16 {
			width = 8
		}
		for ch := 0; ch < c; ch += width {
			f.filter(min(ch, c-width), width, y, x, w, taps, n, step, c, zero, q)
		}
	}
}

// filter computes width channels from ch on, 8 or 16.
func (f *filterS8) filter(ch, width int, y, x, w []int8, taps []kernels.Tap, n, step, c int, zero int32, q *kernels.Requant) {
	copy(f.init[:], q.Bias[ch:ch+width])
	copy(f.init[width:], q.Bias[ch:ch+width]) // the second pixel's
	for t := 0; t < len(taps); t += tapsS8 {
		f.pack(w[ch:], taps[t:], zero, width)
	}
	chunk := len(f.c) / width
	for i := 0; i < n; i += chunk {
		pixels := min(chunk, n-i)
		init, ldi := &f.init[0], 0
		for t := 0; t < len(taps); t += tapsS8 {
			pairs := (min(tapsS8, len(taps)-t) + 1) / 2
			if len(taps) > tapsS8 {
				f.pack(w[ch:], taps[t:], 0, width)
			}
			if width == 16 {
				depthwiseS8x16AVX2(&f.c[0], init, ldi, &x[i*step+ch], step, &f.w[0][0][0], &f.x[0], pairs, pixels)
			} else {
				depthwiseS8x8AVX2(&f.c[0], init, ldi, &x[i*step+ch], step, &f.w[0][0][0], &f.x[0], pairs, pixels)
			}
			init, ldi = &f.c[0], 16
		}
		requantS8(y[i*c+ch:], c, f.c[:], width, pixels, width, q, ch)
	}
}

// pack lays out the weights of the first taps, up to 32, takes zero's share
// out of f.init, and notes where the taps read the image.
func (f *filterS8) pack(w []int8, taps []kernels.Tap, zero int32, width int) {
	taps = taps[:min(tapsS8, len(taps))]
	for i, t := range taps {
		f.x[i], f.u[i] = t.X, t.W
	}
	odd := len(taps) % 2
	if odd == 1 { // the missing one reads what the last reads, times 0
		f.x[len(taps)] = taps[len(taps)-1].X
	}
	packS8AVX2(&f.w[0][0][0], &f.init[0], &w[0], &f.u[0], (len(taps)+1)/2, odd, zero, width == 16)
}

//go:noescape
func packS8AVX2(dst *int16, init *int32, w *int8, at *int32, pairs, odd int, zero int32, wide bool)

//go:noescape
func depthwiseS8x16AVX2(c, init *int32, ldi int, x *int8, step int, w *int16, at *int32, pairs, n int)

//go:noescape
func depthwiseS8x8AVX2(c, init *int32, ldi int, x *int8, step int, w *int16, at *int32, pairs, n int)
