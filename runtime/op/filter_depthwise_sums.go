package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// depthwiseSums is a filter that reads one channel for each output, on types
// other than int8 and float32. It runs in Go, on differences to zero points.
type depthwiseSums struct {
	*depthwise[int16]
	recoder
	done    *finish
	weights []int16 // less the zero point
	start   []int32
	zero    int32 // of the activations
}

func (f filter) prepareDepthwiseSums(p *Prep, s scheme, e *Epilogue, narrow bool) (Prepared, error) {
	d := &depthwiseSums{depthwise: newDepthwise(f, int16(0), true, shortLine), recoder: f.newRecoder(s, e, p), start: make([]int32, f.oc)}
	if d.depthwise == nil {
		return f.plain(s, e, narrow)
	}
	w, zero := p.View(1), int64(0)
	if s == schemeU8 {
		zero, d.zero = int64(w.Quant.Zero[0]), p.In[0].Quant.Zero[0]
		if b := p.View(2); !b.Absent() {
			copy(d.start, b.I32())
		}
	}
	d.weights = make([]int16, f.k()*f.oc)
	for t := range f.kh * f.kw {
		for o := range f.oc {
			d.weights[t*f.oc+o] = int16(intElement(&w, o*f.wo+t*f.wt) - zero)
		}
	}
	d.done = f.newFinish(p, s, e, narrow, nil)
	p.Done(1)
	return Prepared{Kernel: "go", PerWorker: kernels.RoundUp(d.perWorker(), 64) + 4*f.oc, Bind: d.bind}, nil
}

func (d *depthwiseSums) bind(m *Mem) (Step, error) {
	in, hs := m.In[0], make([]hybrid, d.images)
	size := d.oh * d.ow * d.oc
	filter := d.step(m, nil, d.differences(&in, hs), func(w, at int, x []int16, taps []kernels.Tap, n, lines, line int) {
		acc := tensor.Cast[int32](m.PerWorker[w][kernels.RoundUp(d.perWorker(), 64):])[:d.oc]
		for i := range n * lines {
			copy(acc, d.start)
			for _, t := range taps {
				addProducts(acc, x[i/n*line+i%n*d.sw*d.oc+int(t.X):], d.weights[t.W:])
			}
			d.done.row(&m.Out[0], at+i*d.oc, 0, acc, &hs[at/size])
		}
	})
	if d.scheme != schemeHybrid {
		return filter, nil
	}
	return func() error {
		n := d.size / d.images
		for i := range hs {
			hs[i] = newHybrid(in.F32()[i*n:(i+1)*n], d.asymmetric)
		}
		return filter()
	}, nil
}

// differences returns a line for depthwise that converts activations to int16
// less their zero point, each as often as its channel has outputs.
func (d *depthwiseSums) differences(in *tensor.View, hs []hybrid) func(dst []int16, pixel, n int) {
	c, spread := d.c, d.oc/d.c
	return func(dst []int16, pixel, n int) {
		from, to := pixel*c, (pixel+n)*c
		if d.scheme == schemeU8 {
			for _, x := range in.Data[from:to] {
				padWith(dst[:spread], int16(int32(x)-d.zero))
				dst = dst[spread:]
			}
			return
		}
		h := &hs[pixel/(d.h*d.w)]
		for _, x := range tensor.Cast[float32](in.Data)[from:to] {
			padWith(dst[:spread], int16(int32(h.of(x))-h.zero))
			dst = dst[spread:]
		}
	}
}

// addProducts adds x[i]·w[i] to each sum.
func addProducts(acc []int32, x, w []int16) {
	x, w = x[:len(acc)], w[:len(acc)]
	for i := range acc {
		acc[i] += int32(x[i]) * int32(w[i])
	}
}
