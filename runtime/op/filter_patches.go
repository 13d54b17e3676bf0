package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// tileBytes bounds the rows that a matrix product is given at once, so that
// they stay in the CPU's first cache.
const tileBytes = 24 << 10

// patches presents an image as the rows of a matrix: a row for each output
// pixel, with the k values under its window. Rows that lie in the image as they
// should are used where they are, overlapping; others are gathered.
type patches[T tensor.Element] struct {
	filter
	pad  T   // what padding holds
	kp   int // k rounded up to what the kernel reads
	tile int // rows at a time
	// direct says that a window is contiguous within a row of the image;
	// outputs [from, to) of a row are then not gathered.
	direct   bool
	from, to int
}

func newPatches[T tensor.Element](f filter, pad T, kp, mr, size int) patches[T] {
	p := patches[T]{filter: f, pad: pad, kp: kp}
	p.tile = max(tileBytes/(kp*size)/mr*mr, min(mr, tileBytes*2/(kp*size)), 1)
	p.tile = min(p.tile, f.pixels())
	if p.direct = f.kh == 1 && (f.kw == 1 || f.dw == 1 && f.groups == 1); p.direct {
		first, _ := inside(0, f.w, f.ow, f.sw, f.dw, f.left)
		_, last := inside(f.kw-1, f.w, f.ow, f.sw, f.dw, f.left)
		p.from, p.to = first, max(first, last)
	}
	return p
}

// scratch is the number of values that rows needs room for.
func (p *patches[T]) scratch() int { return p.tile * p.kp }

// rows returns rows for some output pixels from pixel on, fewer than end: m
// rows, row i at a[i*lda:].
func (p *patches[T]) rows(x, scratch []T, pixel, end, group int) (a []T, lda, m int) {
	m = min(p.tile, end-pixel)
	if p.direct {
		ox, row := pixel%p.ow, pixel/p.ow
		y := row%p.oh*p.sh - p.top
		if y >= 0 && y < p.h {
			switch {
			case ox < p.from:
				m = min(m, p.from-ox)
			case ox < p.to:
				at := ((row/p.oh*p.h+y)*p.w+ox*p.sw-p.left)*p.c + group*p.kc
				lda = p.sw * p.c
				if fit := (len(x) - at - p.kp + lda) / lda; at+p.kp <= len(x) && fit > 0 {
					return x[at:], lda, min(m, p.to-ox, fit)
				}
			}
		}
	}
	p.gather(x, scratch, pixel, m, group)
	return scratch, p.kp, m
}

// gather copies the windows of m pixels to the rows of dst.
func (p *patches[T]) gather(x, dst []T, pixel, m, group int) {
	ox, row := pixel%p.ow, pixel/p.ow
	batch, oy := row/p.oh, row%p.oh
	for i := range m {
		p.window(x, dst[i*p.kp:(i+1)*p.kp], batch, oy, ox, group)
		if ox++; ox == p.ow {
			ox = 0
			if oy++; oy == p.oh {
				oy, batch = 0, batch+1
			}
		}
	}
}

// window copies one window.
func (p *patches[T]) window(x, dst []T, batch, oy, ox, group int) {
	x0 := ox*p.sw - p.left
	t0, t1 := 0, p.kw
	if x0 < 0 || x0+(p.kw-1)*p.dw >= p.w {
		t0, t1 = taps(ox, p.kw, p.w, p.sw, p.dw, p.left)
	}
	run := p.kw * p.kc
	whole := p.dw == 1 && p.groups == 1 // taps of a row are contiguous
	for ky := range p.kh {
		line := dst[ky*run : (ky+1)*run]
		y := oy*p.sh - p.top + ky*p.dh
		if y < 0 || y >= p.h || t0 == t1 {
			fill(line, p.pad)
			continue
		}
		at := ((batch*p.h+y)*p.w+x0)*p.c + group*p.kc
		if t0 > 0 {
			fill(line[:t0*p.kc], p.pad)
		}
		if whole {
			copy(line[t0*p.kc:t1*p.kc], x[at+t0*p.c:])
		} else {
			for t := t0; t < t1; t++ {
				copy(line[t*p.kc:(t+1)*p.kc], x[at+t*p.dw*p.c:])
			}
		}
		if t1 < p.kw {
			fill(line[t1*p.kc:], p.pad)
		}
	}
}

func fill[T tensor.Element](x []T, v T) {
	for i := range x {
		x[i] = v
	}
}
