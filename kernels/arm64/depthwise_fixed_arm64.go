package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// fixedS8 is a depthwise filter whose weights are packed: for blocks of wide
// channels, and for the last wide ones if they are no whole block.
type fixedS8 struct {
	w     []int8  // by block, tap, channel
	init  []int32 // what the sums of each channel of each block start with
	xs    []int32
	two   int // pairs of taps that may be added in int16
	reach int // of the taps: what x has to be long for one pixel
	step  int
	c     int
	wide  int
	q     *kernels.Requant
	right bool // q shifts only right
}

// fixDepthwiseS8 returns FixedDepthwiseS8; narrow as for depthwiseS8.
func fixDepthwiseS8(narrow kernels.DepthwiseS8) kernels.FixedDepthwiseS8 {
	return func(w []int8, taps []kernels.Tap, step, c int, zero int32, q *kernels.Requant) kernels.DepthwiseLinesS8 {
		if c < vector || len(taps) == 0 {
			return narrow.Lines(w, taps, step, c, zero, q)
		}
		reach, span := extent(taps, 1, step, c)
		first(w, span)
		needColumns(q, c)
		if nine := newNineS8(w, taps, reach, step, c, zero, q); nine != nil {
			return nine.run
		}
		f := &fixedS8{reach: reach, step: step, c: c, wide: min(c/vector, 2) * vector, q: q, right: onlyRight(q, c)}
		f.pack(w, taps, zero)
		return f.lines
	}
}

// pack lays out the weights, and what zero takes away from each sum.
func (f *fixedS8) pack(w []int8, taps []kernels.Tap, zero int32) {
	f.two = len(taps) / 2
	for _, t := range taps {
		f.xs = append(f.xs, t.X)
	}
	for ch := 0; ch < f.c; ch += f.wide {
		from := min(ch, f.c-f.wide)
		init := f.q.Bias[from : from+f.wide]
		at := len(f.init)
		f.init = append(f.init, init...)
		for _, t := range taps {
			for j, v := range w[int(t.W)+from:][:f.wide] {
				f.w = append(f.w, v)
				f.init[at+j] -= zero * int32(v)
				if v == -128 {
					f.two = 0
				}
			}
		}
	}
}

func (f *fixedS8) lines(y, x []int8, n, lines, line int) {
	for l := range lines {
		f.run(y[l*n*f.c:], x[l*line:], n)
	}
}

func (f *fixedS8) run(y, x []int8, n int) {
	if n <= 0 {
		return
	}
	py, px := first(y, n*f.c), first(x, f.reach+(n-1)*f.step)
	pixels, blocks := pixelsPerCall(len(f.xs), f.c), f.c/f.wide
	for i := 0; i < n; i += pixels {
		m := min(pixels, n-i)
		yi, xi := at(py, i*f.c), at(px, i*f.step)
		f.channels(yi, xi, m, 0, blocks, 0)
		if last := f.c - f.wide; f.c%f.wide != 0 {
			f.channels(at(yi, last), at(xi, last), m, blocks, 1, last)
		}
	}
}

// channels computes blocks from one on, whose first channel is ch.
func (f *fixedS8) channels(y, x *int8, n, block, blocks, ch int) {
	q := columnsFrom(f.q, ch, f.right)
	w, init := &f.w[block*f.wide*len(f.xs)], &f.init[block*f.wide]
	if f.wide == vector {
		depthwiseS8FixedNEON1(y, x, f.c, w, &f.xs[0], len(f.xs), n, f.step, blocks, f.two, init, &q)
	} else {
		depthwiseS8FixedNEON2(y, x, f.c, w, &f.xs[0], len(f.xs), n, f.step, blocks, f.two, init, &q)
	}
}
