package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// views returns all inputs as far as they are known.
func (p *Prep) views() []tensor.View {
	v := make([]tensor.View, len(p.In))
	for i := range v {
		v[i] = p.View(i)
	}
	return v
}

// prepare chooses how to run a filter: per channel, or as a matrix product.
// Computed weights that can't be packed are used by ref.
func (f filter) prepare(p *Prep, s scheme, e *Epilogue, narrow bool) (Prepared, error) {
	if f.pixels() == 0 || p.computedFilter() && !f.packs(s, p.In[1].DType) {
		return f.plain(s, e, narrow)
	}
	wide := s == schemeS16 || s == schemeS16Sum32
	switch {
	case s == schemeF32 && f.perChannel():
		return f.collapsed().prepareDepthwiseF32(p, s, e)
	case s == schemeF32:
		return f.collapsed().prepareGemmF32(p, e)
	case s == schemeS8 && f.perChannel():
		q := e.requant(p.In[0].Quant, p.In[1].Quant, f.oc, narrow)
		if d, err := f.collapsed().prepareDepthwiseS8(p, q, p.In[0].Quant.Zero[0], p.View(2)); d.Bind != nil || err != nil {
			return d, err
		}
		return f.plain(s, e, narrow)
	case s == schemeS8:
		q := e.requant(p.In[0].Quant, p.In[1].Quant, f.oc, narrow)
		return f.collapsed().prepareGemmS8(p, q, p.In[0].Quant.Zero[0], p.View(2))
	case wide:
		return f.prepareS16(p, s, e, narrow)
	case f.perChannel():
		return f.prepareDepthwiseSums(p, s, e, narrow)
	}
	return f.prepareSums(p, s, e, narrow, nil)
}

// plain prepares ref.
//
//go:noinline
func (f filter) plain(s scheme, e *Epilogue, narrow bool) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		return func() error { return f.ref(s, e, narrow, m.In, &m.Out[0]) }, nil
	}}, nil
}

// rowMajor writes the weights of output o to dst, k values, tap by tap and
// channel by channel.
func rowMajor[T tensor.Element](f *filter, dst, w []T, o int) {
	if f.inRows() {
		copy(dst[:f.k()], w[o*f.wo:])
		return
	}
	for t := range f.kh * f.kw {
		for i := range f.kc {
			dst[t*f.kc+i] = w[o*f.wo+t*f.wt+i*f.wi]
		}
	}
}

// inRows reports whether the weights of an output lie one after the other, as
// rowMajor writes them.
func (f *filter) inRows() bool { return f.wi == 1 && (f.wt == f.kc || f.kh*f.kw == 1) }

// channelMajor writes the weights with all outputs of a tap together.
func channelMajor[T tensor.Element](f *filter, dst, w []T) {
	for t := range f.kh * f.kw {
		for o := range f.oc {
			dst[t*f.oc+o] = w[f.weight(o, t, 0)]
		}
	}
}

// weightsS8 returns weights as int8: uint8 less 128.
func weightsS8(w *tensor.View) []int8 {
	if w.DType == tensor.I8 {
		return w.I8()
	}
	x := make([]int8, w.Len())
	for i := range x {
		if w.DType == tensor.U8 {
			x[i] = int8(w.Data[i] ^ 0x80)
		} else {
			x[i] = nibble(w.Data, i)
		}
	}
	return x
}

// biasF32 returns the bias, zeros if there is none, padded for kernels; -0 as
// 0, which changes no rounded sum.
func biasF32(b tensor.View, oc, pad int) []float32 {
	x := make([]float32, kernels.RoundUp(oc, pad))
	if b.Absent() {
		return x
	}
	for i, v := range b.F32()[:oc] {
		x[i] = v + 0
	}
	return x
}

// threadWork is how many multiply-accumulates are worth waking a worker for.
const threadWork = 1 << 18

// threads returns among how many of the session's workers to split the filter.
func (f *filter) threads(w Workers) int {
	return int(min(int64(w.Len()), 1+f.macs()/threadWork))
}

// onWorkers returns a step that runs part(0) … part(n-1), on as many workers.
//
//go:noinline
func onWorkers(w Workers, n int, part func(i int)) Step {
	if n == 1 {
		return func() error { part(0); return nil }
	}
	all := func(i int) {
		if i < n {
			part(i)
		}
	}
	return func() error { w.Run(all); return nil }
}
