//go:build arm.7

package arm

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// depthwiseS8 returns the kernel. Of channels that are no multiple of eight, the
// last eight are computed again; narrow serves fewer, and windows wholly on
// padding, for which x may be too short to point into.
func depthwiseS8(narrow kernels.DepthwiseS8) kernels.DepthwiseS8 {
	return func(y, x, w []int8, taps []kernels.Tap, n, step, c int, zero int32, q *kernels.Requant) {
		if c < panel || len(taps) == 0 || zero != int32(int8(zero)) {
			narrow(y, x, w, taps, n, step, c, zero, q)
			return
		}
		if n == 0 {
			return
		}
		spanX, spanW := extent(taps, n, step, c)
		py, px, pw := from(y, 0, n*c), from(x, 0, spanX), from(w, 0, spanW)
		p := call{b: pw, panels: c / panel, k: len(taps), taps: &taps[0], zeroX: zero}
		p.columns(q, 0, c)
		for i := 0; i < n; i += rows {
			p.pixels(py, px, i, n, step, c)
			depthwiseS8NEON32(&p)
		}
		if c%panel == 0 {
			return
		}
		last := c - panel
		p.b, p.panels = at(pw, last), 1
		p.columns(q, last, panel)
		for i := 0; i < n; i += rows {
			p.pixels(at(py, last), at(px, last), i, n, step, c)
			depthwiseS8NEON32(&p)
		}
	}
}

// pixels points p at four pixels of n, from pixel i on.
func (p *call) pixels(y, x *int8, i, n, step, c int) {
	for r := range rows {
		pixel := min(i+r, n-1)
		p.a[r], p.y[r] = at(x, pixel*step), at(y, pixel*c)
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
