package op

import (
	"slices"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// depthwiseF32 is a filter of float32 that reads one channel for each output.
// It runs on the image itself, and leaves out taps on padding; or, where
// channels have several outputs, on lines of it with each channel repeated; or
// on lines with padding around (filter.narrow).
type depthwiseF32 struct {
	filter
	runs    []run
	whole   []kernels.Tap   // of a window that lies inside the image
	taps    [][]kernels.Tap // of each run, on lines whose windows miss no line of the image
	lines   int             // of output that copied lines of the image are for, 0 if none are
	padded  *depthwiseF32   // the filter on lines with padding, or nil
	weights []float32
	bias    []float32
	few     *foldedF32 // or nil
	// computed says that weights and bias are made while the model runs, in copies
	// that each session has.
	computed bool
	lo, hi   float32
	mul      func(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32)
	several  func(y, x, w, bias []float32, taps []kernels.Tap, n, lines, line, step, c int, lo, hi float32) // mul for lines, or nil
}

func (f filter) prepareDepthwiseF32(p *Prep, s scheme, e *Epilogue) (Prepared, error) {
	d := &depthwiseF32{filter: f, runs: f.runs()}
	k := &p.Kernels.DepthwiseF32
	if d.mul, d.several = k.Rounded, k.RoundedLines; e.Fused {
		d.mul, d.several = k.Mul, k.Lines
	}
	if f.narrow() {
		d.padded = d.pad()
	} else if f.oc != f.c {
		reach, line := min((f.kh-1)*f.dh+1, f.h), int64(f.w)*int64(f.oc)*4
		if line*int64(reach) > widestBlock {
			return f.plain(s, e, false)
		}
		d.lines = min(max(1, (int(blockBytes/line)-reach)/f.sh+1), f.oh)
	}
	d.listRuns()
	d.lo, d.hi = e.Bounds.floats()
	if d.computed = p.computedFilter(); d.computed {
		d.bias, d.weights = biasF32(tensor.View{}, f.oc, colGrain), make([]float32, f.kh*f.kw*f.oc)
	} else {
		var err error
		d.bias = biasF32(p.View(2), f.oc, colGrain)
		if d.weights, err = f.channelMajorF32(p); err != nil {
			return Prepared{}, err
		}
	}
	if d.few = d.folded(); d.padded != nil {
		b := d.padded
		b.weights, b.bias, b.lo, b.hi, b.mul, b.several = d.weights, d.bias, d.lo, d.hi, d.mul, d.several
		b.few = b.folded()
	}
	return Prepared{Kernel: p.Kernels.Name, PerWorker: d.perWorker(), Bind: d.bind}, nil
}

// listRuns notes taps, those of each run only if windows are small.
func (d *depthwiseF32) listRuns() {
	d.whole = d.list(nil, 0, d.kh, run{0, 1, 0, d.kw})
	if len(d.whole) > foldTaps {
		return
	}
	for _, r := range d.runs {
		d.taps = append(d.taps, d.list(nil, 0, d.kh, r))
	}
}

// Lines of up to narrowPixels, or narrowLine bytes, are copied; blocks of them
// that are too large for blockBytes may have narrowBytes.
const narrowPixels, narrowLine, narrowBytes = 8, 6 << 10, 320 << 10

// narrow reports whether lines are so short that windows at their ends cost more
// than copies with padding. Padding then counts as zeros, else it is left out:
// the sums are the same but for infinite weights, and for the sign of a zero
// that comes of products too small for float32.
func (f *filter) narrow() bool {
	short := f.ow <= narrowPixels || f.padLine() <= narrowLine
	return f.oc == f.c && !f.phase && short && f.uneven() && f.padLine()*(int64(f.kh-1)*int64(f.dh)+1) <= narrowBytes
}

// uneven reports whether windows of a line see different taps.
func (f *filter) uneven() bool {
	from, to := taps(0, f.kw, f.w, f.sw, f.dw, f.left)
	for ox := range f.ow {
		if a, b := taps(ox, f.kw, f.w, f.sw, f.dw, f.left); a != from || b != to {
			return true
		}
	}
	return false
}

// padWidth is the pixels of a line with its padding, padLine its bytes.
func (f *filter) padWidth() int { return (f.ow-1)*f.sw + (f.kw-1)*f.dw + 1 }

func (f *filter) padLine() int64 { return int64(f.padWidth()) * int64(f.oc) * 4 }

// pad returns the filter on a block of lines with padding, and notes for how
// many lines of output it is.
func (d *depthwiseF32) pad() *depthwiseF32 {
	b := d.filter
	reach, line, size := (b.kh-1)*b.dh+1, int(b.padLine()), narrowBytes
	if line*(2*reach+2*b.sh) <= blockBytes {
		size = blockBytes
	}
	d.lines = min(max(1, (size/line-reach)/b.sh+1), b.oh)
	b.n, b.top, b.left, b.oh = 1, 0, 0, d.lines
	b.w, b.h = b.padWidth(), (d.lines-1)*b.sh+reach
	p := &depthwiseF32{filter: b, runs: b.runs()}
	p.listRuns()
	return p
}

// channelMajorF32 returns the weights with all outputs of a tap together.
func (f *filter) channelMajorF32(p *Prep) ([]float32, error) {
	filters := p.View(1)
	src := filters.F32()
	if f.wo == 1 {
		return src, nil
	}
	packed, err := p.Pack(1, "depthwise_f32", f.kh*f.kw*f.oc*4, func(dst []byte) { channelMajor(f, tensor.Cast[float32](dst), src) })
	if err == nil {
		p.Done(1)
	}
	return tensor.Cast[float32](packed), err
}

// blockLines is how many lines of the image the repeated ones can be.
func (d *depthwiseF32) blockLines() int {
	return min((d.lines-1)*d.sh+(d.kh-1)*d.dh+1, d.h)
}

// perWorker is the bytes that each worker needs: taps, and after them lines.
func (d *depthwiseF32) perWorker() int {
	n := d.tapBytes()
	switch {
	case d.padded != nil:
		n += d.padded.h * d.padded.values() * 4
	case d.lines > 0:
		n += d.blockLines() * d.values() * 4
	}
	return n
}

// values is the values of a line with channels repeated.
func (d *depthwiseF32) values() int { return d.w * d.oc }

func (d *depthwiseF32) tapBytes() int {
	return kernels.RoundUp(d.kh*d.kw*int(unsafe.Sizeof(kernels.Tap{})), 64)
}

func (d *depthwiseF32) bind(m *Mem) (Step, error) {
	x, y, pack := m.In[0].F32(), m.Out[0].F32(), Step(nil)
	if d.computed {
		d = d.session()
		pack = d.packer(m)
	}
	workers := int(min(int64(m.Env.Workers.Len()), 1+2*d.macs()/threadWork)) // these take longer than a product's
	return after(pack, onWorkers(m.Env.Workers, workers, func(w int) {
		scratch := m.PerWorker[w]
		list := unsafe.Slice((*kernels.Tap)(unsafe.Pointer(unsafe.SliceData(scratch))), d.kh*d.kw)
		lo, hi := Share(d.n*d.oh, w, workers, 1)
		if d.lines == 0 {
			for row := lo; row < hi; row++ {
				d.line(y[row*d.ow*d.oc:], x[row/d.oh*d.h*d.values():], 0, row%d.oh, list)
			}
			return
		}
		block := tensor.Cast[float32](scratch[d.tapBytes():d.perWorker()])
		for row := lo; row < hi; {
			n := min(d.lines, hi-row, d.oh-row%d.oh)
			if d.padded != nil {
				d.surround(block, x, row/d.oh, row%d.oh, n)
				d.padded.block(y[row*d.ow*d.oc:], block, n, list)
			} else {
				first := d.repeat(block, x, row/d.oh, row%d.oh, n)
				for i := range n {
					d.line(y[(row+i)*d.ow*d.oc:], block, first, row%d.oh+i, list)
				}
			}
			row += n
		}
	})), nil
}

// block computes n lines of outputs of a block with padding, all windows of which
// are whole.
func (d *depthwiseF32) block(y, x []float32, n int, list []kernels.Tap) {
	if d.several != nil && d.few == nil {
		d.several(y, x, d.weights, d.bias, d.whole, d.ow, n, d.sh*d.values(), d.sw*d.oc, d.oc, d.lo, d.hi)
		return
	}
	for i := range n {
		d.line(y[i*d.ow*d.oc:], x, 0, i, list)
	}
}

// line computes line oy of the outputs of an image; x begins at its line
// first.
func (d *depthwiseF32) line(y, x []float32, first, oy int, list []kernels.Tap) {
	top, bottom := taps(oy, d.kh, d.h, d.sh, d.dh, d.top)
	for i, r := range d.runs {
		whole, use := bottom-top == d.kh && r.to-r.from == d.kw, d.whole
		switch {
		case whole:
		case bottom-top == d.kh && d.taps != nil:
			use = d.taps[i]
		default:
			list = d.list(list, top, bottom, r)
			use = list
		}
		from := x
		if len(use) > 0 {
			iy, ix := oy*d.sh-d.top+top*d.dh-first, r.ox*d.sw-d.left+r.from*d.dw
			from = x[iy*d.values()+ix*d.oc:]
		}
		if whole && d.few != nil {
			n := d.few.run(d, y[r.ox*d.oc:], from, r.n)
			if r.n, r.ox, from = r.n-n, r.ox+n, from[n*d.oc:]; r.n == 0 {
				continue
			}
		}
		d.mul(y[r.ox*d.oc:], from, d.weights, d.bias, use, r.n, d.sw*d.oc, d.oc, d.lo, d.hi)
	}
}

// surround copies to block the lines of the image that n lines of output from oy
// on need, with zeros for padding.
func (d *depthwiseF32) surround(block, x []float32, batch, oy, n int) {
	size, c := d.padded.values(), d.oc
	from := min(max(d.left, 0), d.padded.w)
	to := max(from, min(d.padded.w, d.w+d.left))
	lines, done := (n-1)*d.sh+(d.kh-1)*d.dh+1, 0
	for r := range lines {
		y := oy*d.sh - d.top + r
		if y < 0 || y >= d.h || from == to {
			continue
		}
		clear(block[done : r*size+from*c]) // from the line before on
		copy(block[r*size+from*c:r*size+to*c], x[((batch*d.h+y)*d.w+from-d.left)*c:])
		done = r*size + to*c
	}
	clear(block[done : lines*size])
}

// foldedF32 is the filter of an image of few channels, for pixels that lie side
// by side: several of them make up one that fills vectors.
type foldedF32 struct {
	pixels        int
	weights, bias []float32 // repeated for each pixel
	taps          []kernels.Tap
}

// foldChannels is the multiple that fills vectors, and the channels that memory
// is spent on.
const foldChannels, foldMost, foldTaps = 32, 192, 49

func (d *depthwiseF32) folded() *foldedF32 {
	n := lcm(d.oc, foldChannels) / d.oc
	if d.sw != 1 || n == 1 || n*d.oc > foldMost || d.ow < 2*n || len(d.whole) > foldTaps {
		return nil
	}
	f := &foldedF32{pixels: n, taps: slices.Clone(d.whole)}
	for i := range f.taps {
		f.taps[i].W *= int32(n)
	}
	for t := range d.whole {
		f.weights = append(f.weights, slices.Repeat(d.weights[t*d.oc:(t+1)*d.oc], n)...)
	}
	f.bias = slices.Repeat(d.bias[:d.oc], n)
	return f
}

// run computes n pixels but for a few at the end, and returns their number.
func (f *foldedF32) run(d *depthwiseF32, y, x []float32, n int) int {
	n -= n % f.pixels
	c := f.pixels * d.oc
	d.mul(y, x, f.weights, f.bias, f.taps, n/f.pixels, c, c, d.lo, d.hi)
	return n
}

// repeat copies to block the lines of the image that n lines of output from oy
// on need, each channel as often as it has outputs. It returns the first.
func (d *depthwiseF32) repeat(block, x []float32, batch, oy, n int) (first int) {
	first = max(oy*d.sh-d.top, 0)
	last := min((oy+n-1)*d.sh-d.top+(d.kh-1)*d.dh+1, d.h)
	if first >= last {
		return first
	}
	size, spread := d.w*d.c, d.oc/d.c
	for _, v := range x[(batch*d.h+first)*size : (batch*d.h+last)*size] {
		padWith(block[:spread], v)
		block = block[spread:]
	}
	return first
}
