package op

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// depthwise is a filter that reads one channel for each output, over an image
// of T. It runs on the image itself, or on blocks: some lines of it, with
// padding, copied to scratch. Blocks save calls where lines are short, and are
// where channels with several outputs are repeated and other types converted.
type depthwise[T tensor.Element] struct {
	filter
	runs  []run
	rows  int           // lines of output that a block is for, 0 for no blocks
	block *depthwise[T] // the filter within a block
	pad   T
}

// run is a stretch of one line of outputs, n pixels from pixel ox on, whose
// windows have the same taps [from, to) of each line inside the image.
type run struct{ ox, n, from, to int }

const (
	blockBytes  = 32 << 10
	shortLine   = 4 << 10  // bytes of a line worth copying
	fixedLine   = 24 << 10 // the same, if only whole windows have packed weights
	widestBlock = 64 << 20 // bytes; beyond, no memory is spent on padding
)

// newDepthwise returns nil if f's windows are too wide. converted says that
// the image isn't of T with a channel for each output; lines of up to short
// bytes are worth copying.
func newDepthwise[T tensor.Element](f filter, pad T, converted bool, short int64) *depthwise[T] {
	d := &depthwise[T]{filter: f, pad: pad, runs: f.runs()}
	b := f
	b.n, b.c, b.top, b.left = 1, f.oc, 0, 0
	b.w = (f.ow-1)*f.sw + (f.kw-1)*f.dw + 1
	reach := (f.kh-1)*f.dh + 1
	size := int64(unsafe.Sizeof(pad))
	line := int64(b.w) * int64(f.oc) * size
	if !converted && (len(d.runs) == 1 || line > short) {
		return d
	}
	if line*int64(reach) > widestBlock {
		if converted {
			return nil
		}
		return d
	}
	d.rows = min(max(1, (int(blockBytes/line)-reach)/f.sh+1), f.oh)
	b.oh = d.rows
	b.h = (d.rows-1)*f.sh + reach
	d.block = &depthwise[T]{filter: b, runs: b.runs()}
	return d
}

// runs returns the runs of a line.
func (f *filter) runs() (runs []run) {
	for ox := range f.ow {
		from, to := taps(ox, f.kw, f.w, f.sw, f.dw, f.left)
		if k := len(runs) - 1; k >= 0 && runs[k].from == from && runs[k].to == to {
			runs[k].n++
		} else {
			runs = append(runs, run{ox, 1, from, to})
		}
	}
	return runs
}

// list writes the taps that lines [top, bottom) and r have inside the image,
// relative to the first.
func (f *filter) list(dst []kernels.Tap, top, bottom int, r run) []kernels.Tap {
	dst = dst[:0]
	for ky := top; ky < bottom; ky++ {
		for kx := r.from; kx < r.to; kx++ {
			dst = append(dst, kernels.Tap{
				X: int32(((ky-top)*f.dh*f.w + (kx-r.from)*f.dw) * f.oc),
				W: int32((ky*f.kw + kx) * f.oc),
			})
		}
	}
	return dst
}

// whole lists the taps of a window that lies inside what the filter runs on.
func (d *depthwise[T]) whole() []kernels.Tap {
	f := &d.filter
	if d.rows > 0 {
		f = &d.block.filter
	}
	return f.list(make([]kernels.Tap, 0, f.kh*f.kw), 0, f.kh, run{to: f.kw})
}

// perWorker is the bytes that each worker needs: taps, and after them a block.
func (d *depthwise[T]) perWorker() int {
	n := d.tapBytes()
	if d.rows > 0 {
		n += d.block.h * d.block.w * d.oc * int(unsafe.Sizeof(d.pad))
	}
	return n
}

func (d *depthwise[T]) tapBytes() int {
	return kernels.RoundUp(d.kh*d.kw*int(unsafe.Sizeof(kernels.Tap{})), 64)
}

// kernel computes, as a worker, n pixels of each of some lines of output, from y
// on; x begins at the first tap of the first, and that of the next line is line
// farther.
type kernel[T tensor.Element] func(worker, y int, x []T, taps []kernels.Tap, n, lines, line int)

// step returns a step that calls do for all outputs. line copies n pixels of
// the image from pixel on to a block, with a channel for each output; image is
// read where there are no blocks.
func (d *depthwise[T]) step(m *Mem, image []T, line func(dst []T, pixel, n int), do kernel[T]) Step {
	workers, whole := d.threads(m.Env.Workers), d.whole()
	return onWorkers(m.Env.Workers, workers, func(w int) {
		scratch := m.PerWorker[w]
		list := unsafe.Slice((*kernels.Tap)(unsafe.Pointer(unsafe.SliceData(scratch))), d.kh*d.kw)
		lo, hi := Share(d.n*d.oh, w, workers, 1)
		if d.rows == 0 {
			for row := lo; row < hi; row++ {
				d.line(w, row/d.oh, row%d.oh, row, image, list, do)
			}
			return
		}
		block := tensor.Cast[T](scratch[d.tapBytes():d.perWorker()])
		for row := lo; row < hi; {
			n := min(d.rows, hi-row, d.oh-row%d.oh)
			d.fill(block, row/d.oh, row%d.oh, n, line)
			do(w, row*d.ow*d.oc, block, whole, d.ow, n, d.sh*d.block.w*d.oc)
			row += n
		}
	})
}

// line computes line oy of the outputs of an image of x; out is its number
// among all lines of output.
func (d *depthwise[T]) line(w, batch, oy, out int, x []T, list []kernels.Tap, do kernel[T]) {
	top, bottom := taps(oy, d.kh, d.h, d.sh, d.dh, d.top)
	for _, r := range d.runs {
		list = d.list(list, top, bottom, r)
		from := x
		if len(list) > 0 {
			y, ix := oy*d.sh-d.top+top*d.dh, r.ox*d.sw-d.left+r.from*d.dw
			from = x[((batch*d.h+y)*d.w+ix)*d.oc:]
		}
		do(w, (out*d.ow+r.ox)*d.oc, from, list, r.n, 1, 0)
	}
}

// fill makes the block for n lines of output from oy on.
func (d *depthwise[T]) fill(block []T, batch, oy, n int, line func(dst []T, pixel, n int)) {
	width := d.block.w * d.oc
	first := max(0, d.left)
	from := min(first, d.block.w)
	to := max(from, min(d.block.w, d.w+d.left))
	lines, done := (n-1)*d.sh+(d.kh-1)*d.dh+1, 0
	for r := range lines {
		y := oy*d.sh - d.top + r
		if y < 0 || y >= d.h || to == from {
			continue
		}
		dst := block[r*width+from*d.oc : r*width+to*d.oc]
		padWith(block[done:r*width+from*d.oc], d.pad) // from the line before on
		line(dst, (batch*d.h+y)*d.w+from-d.left, to-from)
		done = r*width + to*d.oc
	}
	padWith(block[done:lines*width], d.pad)
}

// liner returns a line that copies pixels of c channels, each channel as often
// as it has outputs.
func liner[T tensor.Element](f *filter, x []T) func(dst []T, pixel, n int) {
	c, spread := f.c, f.oc/f.c
	if spread == 1 {
		return func(dst []T, pixel, n int) { copy(dst, x[pixel*c:(pixel+n)*c]) }
	}
	return func(dst []T, pixel, n int) {
		for _, v := range x[pixel*c : (pixel+n)*c] {
			padWith(dst[:spread], v)
			dst = dst[spread:]
		}
	}
}

// prepareDepthwiseS8 uses the kernel for int8. q has the parameters of all
// outputs, without bias, zero is the image's zero point. It returns a zero
// Prepared if f's windows are too wide.
func (f filter) prepareDepthwiseS8(p *Prep, q *kernels.Requant, zero int32, bias tensor.View) (Prepared, error) {
	d := newDepthwise(f, int8(zero), f.oc != f.c, fixedLine)
	if d == nil {
		return Prepared{}, nil
	}
	for o := range f.oc {
		if !bias.Absent() {
			q.Bias[o] = bias.I32()[integerCycle(&bias, o)]
		}
	}
	w, err := f.packChannels(p)
	if err != nil {
		return Prepared{}, err
	}
	kern, whole := p.Kernels.DepthwiseS8, d.whole()
	fixed := p.Kernels.FixDepthwiseS8(w, whole, d.sw*d.oc, d.oc, zero, q)
	return Prepared{Kernel: p.Kernels.Name, PerWorker: d.perWorker(), Bind: func(m *Mem) (Step, error) {
		x, y := m.In[0].I8(), m.Out[0].I8()
		return d.step(m, x, liner(&d.filter, x), func(_, at int, x []int8, taps []kernels.Tap, n, lines, line int) {
			if len(taps) == len(whole) {
				fixed(y[at:], x, n, lines, line)
			} else { // only on the image itself, a line at a time
				kern(y[at:], x, w, taps, n, d.sw*d.oc, d.oc, zero, q)
			}
		}), nil
	}}, nil
}

// packChannels returns the constant weights, input 1, as int8 with all outputs of a
// tap together: as they are, if they lie so.
func (f *filter) packChannels(p *Prep) ([]int8, error) {
	filters := p.View(1)
	w := weightsS8(&filters)
	if f.wo == 1 && filters.DType == tensor.I8 {
		return w, nil
	}
	packed, err := p.Pack(1, "depthwise_s8", f.kh*f.kw*f.oc, func(dst []byte) { channelMajor(f, tensor.Cast[int8](dst), w) })
	if err != nil {
		return nil, err
	}
	p.Done(1)
	return tensor.Cast[int8](packed), nil
}
