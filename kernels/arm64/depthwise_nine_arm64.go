package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// nineS8 is a depthwise filter of nine taps whose results are clamped to what is
// positive, as a ReLU's are: nearly every one there is. The weights of wide
// channels stay in registers. The last wide channels are computed by themselves if they
// are no whole block.
type nineS8 struct {
	w      []int8  // by block, tap, channel
	params []int32 // by block: what sums start with, multipliers, minus right shifts
	xs     [9]int32
	reach  int // of the taps: what x has to be long for one pixel
	step   int
	c      int
	wide   int
	pairs  *nineS8 // the same for two pixels of eight channels as one of sixteen, or nil
}

// positive says whether the kernels can requantise by q's first n columns without
// looking at signs.
func positive(q *kernels.Requant, n int) bool {
	return q.Zero == -128 && q.Lo == -128 && q.Hi == 127 && onlyRight(q, n)
}

// newNineS8 returns nil if the filter isn't one.
func newNineS8(w []int8, taps []kernels.Tap, reach, step, c int, zero int32, q *kernels.Requant) *nineS8 {
	if len(taps) != 9 || !positive(q, c) {
		return nil
	}
	f := &nineS8{reach: reach, step: step, c: c, wide: min(c/vector, 2) * vector}
	for i, t := range taps {
		f.xs[i] = t.X
	}
	for ch := 0; ch < c; ch += f.wide {
		if !f.pack(w, taps, min(ch, c-f.wide), zero, q) {
			return nil
		}
	}
	if c == vector && step == c {
		f.pairs = f.paired()
	}
	return f
}

// pack appends channels from one on, and says whether no weight is -128.
func (f *nineS8) pack(w []int8, taps []kernels.Tap, from int, zero int32, q *kernels.Requant) bool {
	at := len(f.params)
	f.params = append(f.params, q.Bias[from:from+f.wide]...)
	f.params = append(f.params, q.Mult[from:from+f.wide]...)
	for _, right := range q.Right[from : from+f.wide] {
		f.params = append(f.params, -right)
	}
	for _, t := range taps {
		for j, v := range w[int(t.W)+from:][:f.wide] {
			if v == -128 {
				return false
			}
			f.w = append(f.w, v)
			f.params[at+j] -= zero * int32(v)
		}
	}
	return true
}

// paired returns the filter of two pixels of eight channels.
func (f *nineS8) paired() *nineS8 {
	p := &nineS8{xs: f.xs, reach: f.reach + f.step, step: 2 * f.step, c: 2 * f.c, wide: 2 * f.wide}
	for i := 0; i < len(f.w); i += vector {
		p.w = append(append(p.w, f.w[i:i+vector]...), f.w[i:i+vector]...)
	}
	for i := 0; i < len(f.params); i += vector {
		p.params = append(append(p.params, f.params[i:i+vector]...), f.params[i:i+vector]...)
	}
	return p
}

func (f *nineS8) run(y, x []int8, n, lines, line int) {
	if n <= 0 || lines <= 0 {
		return
	}
	if f.pairs != nil && n%2 == 0 {
		f.pairs.run(y, x, n/2, lines, line)
		return
	}
	py, px := first(y, lines*n*f.c), first(x, (lines-1)*line+(n-1)*f.step+f.reach)
	pixels := pixelsPerCall(len(f.xs), f.c)
	if n <= pixels {
		most := pixels / n
		for l := 0; l < lines; l += most {
			f.lines(at(py, l*n*f.c), at(px, l*line), n, min(most, lines-l), line)
		}
		return
	}
	for l := range lines {
		for i := 0; i < n; i += pixels {
			f.lines(at(py, (l*n+i)*f.c), at(px, l*line+i*f.step), min(pixels, n-i), 1, line)
		}
	}
}

// lines computes what one call may.
func (f *nineS8) lines(y, x *int8, n, lines, line int) {
	blocks := f.c / f.wide
	f.channels(y, x, n, lines, line, 0, blocks)
	if last := f.c - f.wide; f.c%f.wide != 0 {
		f.channels(at(y, last), at(x, last), n, lines, line, blocks, 1)
	}
}

// channels computes blocks from one on, whose first channel y and x begin with.
func (f *nineS8) channels(y, x *int8, n, lines, line, block, blocks int) {
	w, params := &f.w[block*f.wide*len(f.xs)], &f.params[block*f.wide*3]
	if f.wide == vector {
		depthwiseS8NineNEON1(y, x, f.c, w, params, &f.xs[0], n, f.step, lines, line, blocks)
	} else {
		depthwiseS8NineNEON2(y, x, f.c, w, params, &f.xs[0], n, f.step, lines, line, blocks)
	}
}
