package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// poolRuns is a pool of float32 as kernels take it: outputs of a line whose windows
// lie inside the image at once, the others one by one.
type poolRuns struct {
	windows
	lo, hi int // outputs of a line whose windows lie inside, in width
}

// asRuns returns w as runs; ok is false if an image has too many elements.
func (w windows) asRuns() (r poolRuns, ok bool) {
	r = poolRuns{windows: w}
	r.lo = min((w.left+w.sw-1)/w.sw, w.ow)
	if room := w.w + w.left - (w.kw-1)*w.dw - 1; room >= 0 {
		r.hi = min(room/w.sw+1, w.ow)
	}
	elements := int64(w.h) * int64(w.w)
	return r, elements <= maxRunElements && elements*int64(w.c) <= maxRunElements
}

// maxRunElements bounds images whose taps are 32 bits.
const maxRunElements = 1 << 28

// scratch is the bytes of room for taps.
func (r *poolRuns) scratch() int { return 4 * min(r.kh, r.h) * min(r.kw, r.w) }

// each calls do for n outputs from element y on, whose taps are relative to element
// x, image after image. room is for the taps.
func (r *poolRuns) each(room []byte, do func(y, x, n int, taps []int32)) {
	if r.n == 0 || r.oh == 0 || r.ow == 0 || r.c == 0 {
		return // the other dimensions may be vast
	}
	all := tensor.Cast[int32](room)
	for line := range r.n * r.oh {
		ys := spanOf(line%r.oh, r.h, r.kh, r.sh, r.dh, r.top)
		image := line / r.oh * r.h * r.w
		for ox, n := 0, 0; ox < r.ow; ox += n {
			if n = 1; ox == r.lo && r.lo < r.hi {
				n = r.hi - r.lo
			}
			xs := spanOf(ox, r.w, r.kw, r.sw, r.dw, r.left)
			taps := all[:0]
			for iy := ys.from; iy < ys.to; iy += ys.step {
				for ix := xs.from; ix < xs.to; ix += xs.step {
					taps = append(taps, int32(((iy-ys.from)*r.w+ix-xs.from)*r.c))
				}
			}
			x := 0
			if len(taps) > 0 {
				x = (image + ys.from*r.w + xs.from) * r.c
			}
			do((line*r.ow+ox)*r.c, x, n, taps)
		}
	}
}

// maxStep returns the step of a maximum of float32, clamped. Workers share the
// images. Where a NaN comes out, all is computed again with care: it is passed over.
func (r poolRuns) maxStep(m *Mem, k *kernels.Set, x, y []float32, lo, hi float32) Step {
	size, outs := r.h*r.w*r.c, r.oh*r.ow*r.c
	return inSharesOf(m, r.n, 1, outs*min(r.kh, r.h)*min(r.kw, r.w), func(w, from, to int) {
		part := r
		part.n = to - from
		x, y := x[from*size:to*size], y[from*outs:to*outs]
		part.each(m.worker(w), func(at, from, n int, taps []int32) {
			k.Pools.MaxF32(y[at:], x[from:], taps, n, r.sw*r.c, r.c)
		})
		if top := k.ReduceF32(kernels.ReduceMax, y, 0); top != top {
			maxima(&part.windows, x, y, kernels.LeastF32, lo, hi, maxEach[float32])
		} else if lo > kernels.LeastF32 || top > hi {
			for i, v := range y {
				y[i] = min(max(v, lo), hi)
			}
		}
	})
}

// maxGradStep returns the step of the maximum's gradient. Workers share the images.
func (r poolRuns) maxGradStep(m *Mem, k *kernels.Set, dx, x, y, dy []float32) Step {
	size, outs := r.h*r.w*r.c, r.oh*r.ow*r.c
	return inSharesOf(m, r.n, 1, max(size, outs*min(r.kh, r.h)*min(r.kw, r.w)), func(w, from, to int) {
		part := r
		part.n = to - from
		dx, x, y, dy := dx[from*size:to*size], x[from*size:to*size], y[from*outs:to*outs], dy[from*outs:to*outs]
		clear(dx)
		part.each(m.worker(w), func(at, from, n int, taps []int32) {
			k.Pools.MaxGradF32(dx[from:], x[from:], y[at:], dy[at:], taps, n, r.sw*r.c, r.c)
		})
	})
}
