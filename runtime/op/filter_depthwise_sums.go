package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// depthwiseSums is a filter that reads one channel for each output, on types
// other than int8 and float32. It runs in Go, on differences to zero points.
type depthwiseSums struct {
	depthwise
	recoder
	done  *finish
	w     []int16 // less the zero point
	start []int32
	zero  int32 // of the activations
}

func (f filter) prepareDepthwiseSums(p *Prep, s scheme, e *Epilogue, narrow bool) (Prepared, error) {
	d := &depthwiseSums{depthwise: newDepthwise(f), recoder: f.newRecoder(s, e, p), start: make([]int32, f.oc), w: make([]int16, f.k()*f.oc)}
	w, zero := p.View(1), int64(0)
	if s == schemeU8 {
		zero, d.zero = int64(w.Quant.Zero[0]), p.In[0].Quant.Zero[0]
		if b := p.View(2); !b.Absent() {
			copy(d.start, b.I32())
		}
	}
	for t := range f.kh * f.kw {
		for o := range f.oc {
			d.w[t*f.oc+o] = int16(integer(&w, o*f.wo+t*f.wt) - zero)
		}
	}
	d.done = f.newFinish(p, s, e, narrow, nil)
	p.Done(1)
	perWorker := kernels.RoundUp(d.perWorker(), 64) + 4*f.oc
	return Prepared{Kernel: "go", Scratch: 2 * f.n * f.h * f.w * f.oc, PerWorker: perWorker, Bind: d.bind}, nil
}

func (d *depthwiseSums) bind(m *Mem) (Step, error) {
	f := &d.depthwise.filter
	threads := f.threads(m.Env.Workers)
	x := tensor.Cast[int16](m.Scratch)
	hs := make([]hybrid, d.images)
	in := m.In[0]
	recode := onWorkers(m.Env.Workers, threads, func(w int) {
		from, to := Share(d.units(), w, threads, 1)
		d.differences(x, &in, hs, d.zero, d.spread, from, to)
	})
	size := f.oh * f.ow * f.oc
	filter := d.depthwise.rows(m, func(w, at, from int, taps []kernels.Tap, n int) {
		acc := tensor.Cast[int32](m.PerWorker[w][kernels.RoundUp(d.perWorker(), 64):])[:f.oc]
		for i := range n {
			copy(acc, d.start)
			for _, t := range taps {
				addProducts(acc, x[from+i*f.sw*f.oc+int(t.X):], d.w[t.W:])
			}
			d.done.row(&m.Out[0], at+i*f.oc, 0, acc, nil, &hs[at/size])
		}
	})
	return func() error {
		if err := recode(); err != nil {
			return err
		}
		return filter()
	}, nil
}

// addProducts adds x[i]·w[i] to each sum.
func addProducts(acc []int32, x, w []int16) {
	x, w = x[:len(acc)], w[:len(acc)]
	for i := range acc {
		acc[i] += int32(x[i]) * int32(w[i])
	}
}
