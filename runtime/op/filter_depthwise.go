package op

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// run is a stretch of one row of outputs, n pixels from pixel ox on, whose
// windows have the same taps [from, to) of each line inside the image.
type run struct{ ox, n, from, to int }

// depthwise is a filter that reads one channel for each output. Where each
// channel has several outputs, the image is first spread out: a copy of the
// channel for each.
type depthwise struct {
	filter
	spread int // outputs of a channel
	runs   []run
}

func newDepthwise(f filter) depthwise {
	d := depthwise{filter: f, spread: f.oc / f.c}
	for ox := range d.ow {
		from, to := taps(ox, d.kw, d.w, d.sw, d.dw, d.left)
		if k := len(d.runs) - 1; k >= 0 && d.runs[k].from == from && d.runs[k].to == to {
			d.runs[k].n++
		} else {
			d.runs = append(d.runs, run{ox, 1, from, to})
		}
	}
	return d
}

// list writes the taps that lines [top, bottom) and r have inside the image,
// relative to the first.
func (d *depthwise) list(dst []kernels.Tap, top, bottom int, r run) []kernels.Tap {
	dst = dst[:0]
	for ky := top; ky < bottom; ky++ {
		for kx := r.from; kx < r.to; kx++ {
			dst = append(dst, kernels.Tap{
				X: int32(((ky-top)*d.dh*d.w + (kx-r.from)*d.dw) * d.oc),
				W: int32((ky*d.kw + kx) * d.oc),
			})
		}
	}
	return dst
}

// scratch is the number of values of the image spread out, 0 if it isn't.
func (d *depthwise) scratch() int {
	if d.spread == 1 {
		return 0
	}
	return d.n * d.h * d.w * d.oc
}

// perWorker is the bytes of a list of taps.
func (d *depthwise) perWorker() int { return d.kh * d.kw * tapSize }

// taplist returns b as an empty list of taps.
func taplist(b []byte) []kernels.Tap {
	return unsafe.Slice((*kernels.Tap)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/tapSize)[:0]
}

const tapSize = int(unsafe.Sizeof(kernels.Tap{}))

// kernel computes, as a worker, n pixels of output at y from those at x.
type kernel func(worker, y, x int, taps []kernels.Tap, n int)

// rows returns a step that calls do for every run of outputs, with the
// positions of its outputs and of its first tap inside the image.
func (d *depthwise) rows(m *Mem, do kernel) Step {
	workers := d.threads(m.Env.Workers)
	return onWorkers(m.Env.Workers, workers, func(w int) {
		list := taplist(m.PerWorker[w])
		lo, hi := Share(d.n*d.oh, w, workers, 1)
		for row := lo; row < hi; row++ {
			batch, oy := row/d.oh, row%d.oh
			top, bottom := taps(oy, d.kh, d.h, d.sh, d.dh, d.top)
			for _, r := range d.runs {
				list = d.list(list, top, bottom, r)
				at := 0
				if len(list) > 0 {
					y, x := oy*d.sh-d.top+top*d.dh, r.ox*d.sw-d.left+r.from*d.dw
					at = ((batch*d.h+y)*d.w + x) * d.oc
				}
				do(w, (row*d.ow+r.ox)*d.oc, at, list, r.n)
			}
		}
	})
}

// step returns a step that spreads the image out, if it must be, and calls do
// as rows does.
func (d *depthwise) step(m *Mem, spread func(from, to int), do kernel) Step {
	rows := d.rows(m, do)
	if d.spread == 1 {
		return rows
	}
	workers := d.threads(m.Env.Workers)
	pixels := d.n * d.h * d.w
	first := onWorkers(m.Env.Workers, workers, func(w int) { spread(Share(pixels, w, workers, 1)) })
	return func() error {
		if err := first(); err != nil {
			return err
		}
		return rows()
	}
}

// spreadOut copies each channel of pixels [from, to) to its outputs.
func spreadOut[T tensor.Element](d *depthwise, dst, x []T, from, to int) {
	for i := from * d.c; i < to*d.c; i++ {
		v := x[i]
		for k := i * d.spread; k < (i+1)*d.spread; k++ {
			dst[k] = v
		}
	}
}

// prepareDepthwiseS8 uses the kernel for int8.
func (f filter) prepareDepthwiseS8(p *Prep, e *Epilogue, narrow bool) (Prepared, error) {
	d := newDepthwise(f)
	zero := p.In[0].Quant.Zero[0]
	q := e.requant(p.In[0].Quant, p.In[1].Quant, f.oc, narrow)
	if b := p.View(2); !b.Absent() {
		copy(q.Bias, b.I32())
	}
	filters := p.View(1)
	w := weightsS8(&filters)
	if f.wo != 1 || filters.DType != tensor.I8 {
		packed, err := p.Pack(1, "depthwise_s8", f.kh*f.kw*f.oc, func(dst []byte) { channelMajor(&f, tensor.Cast[int8](dst), w) })
		if err != nil {
			return Prepared{}, err
		}
		p.Done(1)
		w = tensor.Cast[int8](packed)
	}
	kern := p.Kernels.DepthwiseS8
	return Prepared{Kernel: p.Kernels.Name, Scratch: d.scratch(), PerWorker: d.perWorker(), Bind: func(m *Mem) (Step, error) {
		in, y := m.In[0].I8(), m.Out[0].I8()
		x := in
		if d.spread > 1 {
			x = tensor.Cast[int8](m.Scratch)
		}
		spread := func(from, to int) { spreadOut(&d, x, in, from, to) }
		return d.step(m, spread, func(_, at, from int, taps []kernels.Tap, n int) {
			kern(y[at:], x[from:], w, taps, n, d.sw*d.oc, d.oc, zero, q)
		}), nil
	}}, nil
}

// prepareDepthwiseF32 uses the kernel for float32.
func (f filter) prepareDepthwiseF32(p *Prep, e *Epilogue) (Prepared, error) {
	d := newDepthwise(f)
	lo, hi := e.floatRange()
	bias := biasF32(p.View(2), f.oc, colGrain)
	filters := p.View(1)
	w := filters.F32()
	if f.wo != 1 {
		src := w
		packed, err := p.Pack(1, "depthwise_f32", f.kh*f.kw*f.oc*4, func(dst []byte) { channelMajor(&f, tensor.Cast[float32](dst), src) })
		if err != nil {
			return Prepared{}, err
		}
		p.Done(1)
		w = tensor.Cast[float32](packed)
	}
	kern := p.Kernels.DepthwiseF32
	return Prepared{Kernel: p.Kernels.Name, Scratch: d.scratch() * 4, PerWorker: d.perWorker(), Bind: func(m *Mem) (Step, error) {
		in, y := m.In[0].F32(), m.Out[0].F32()
		x := in
		if d.spread > 1 {
			x = tensor.Cast[float32](m.Scratch)
		}
		spread := func(from, to int) { spreadOut(&d, x, in, from, to) }
		return d.step(m, spread, func(_, at, from int, taps []kernels.Tap, n int) {
			kern(y[at:], x[from:], w, bias, taps, n, d.sw*d.oc, d.oc, lo, hi)
		}), nil
	}}, nil
}
