package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// prepareS16 prepares a filter of int16 activations by int8 weights: sums of each
// channel by itself, or a product of matrices, of int16 itself where there is a
// kernel, or else of high and low bytes.
func (f filter) prepareS16(p *Prep, s scheme, e *Epilogue, narrow bool) (Prepared, error) {
	q := f.requantS16(p, s, e, narrow)
	switch {
	case q == nil, f.perChannel() && f.k() > kernels.Products16:
		return f.plain(s, e, narrow)
	case f.perChannel():
		d, err := f.collapsed().prepareDepthwiseS16(p, q)
		if err == nil && d.Bind == nil {
			return f.plain(s, e, narrow)
		}
		return d, err
	case p.Kernels.GemmS16.Acc != nil:
		return f.collapsed().prepareGemmS16(p, q)
	case f.k() > maxSum16:
		return f.plain(s, e, narrow)
	}
	return f.prepareSums(p, s, e, narrow, q)
}

// requantS16 returns the parameters of all outputs, or nil if a multiplier is one that
// kernels don't take: 2^14 and more.
func (f *filter) requantS16(p *Prep, s scheme, e *Epilogue, narrow bool) *kernels.RequantS16 {
	q, b := kernels.NewRequantS16(f.oc, s == schemeS16Sum32), p.View(2)
	q.Lo, q.Hi = e.Bounds.quantised(e.Type())
	for o := range f.oc {
		m := e.multiplierOf(p.In[0].Quant, p.In[1].Quant, o, narrow)
		if s == schemeS16Sum32 {
			q.Mult[o], q.Left[o], q.Right[o] = m.M, max(int32(m.Shift), 0), max(-int32(m.Shift), 0)
		} else {
			q.Mult[o], q.Right[o] = int32(quant.DownscaleMultiplier16(m.M)), 15-int32(m.Shift)
			if m.M < 0 || m.Shift > 14 {
				return nil
			}
		}
		if !b.Absent() {
			q.Bias[o] = intElement(&b, o)
		}
	}
	return q
}

// gemmS16 is a convolution or dense layer on int16 as a matrix product.
type gemmS16 struct {
	patches[int16]
	kernels.S16
	b []int8 // packed
	q *kernels.RequantS16
}

func (f filter) prepareGemmS16(p *Prep, q *kernels.RequantS16) (Prepared, error) {
	g := &gemmS16{S16: p.Kernels.S16, q: q}
	n, mr := f.oc/f.groups, g.GemmS16.MR
	g.patches = newPatches(f, int16(0), kernels.RoundUp(f.k(), g.GemmS16.KR), mr, 2)
	g.tile = min(g.tile, max(tileBytes/(8*n)/mr*mr, min(mr, f.pixels())))
	var err error
	if g.b, err = f.packPanels(p, panels{name: "gemm_s16", length: g.GemmS16.PackedS8Len, pack: g.GemmS16.PackS8}); err != nil {
		return Prepared{}, err
	}
	p.Done(1)
	return Prepared{Kernel: p.Kernels.Name, PerWorker: g.rowBytes() + g.tile*n*8, Bind: g.bind}, nil
}

// rowBytes is the room for gathered rows, before that for sums.
func (g *gemmS16) rowBytes() int { return kernels.RoundUp(2*g.scratch(), 64) }

func (g *gemmS16) bind(m *Mem) (Step, error) {
	x, y := m.In[0].I16(), m.Out[0].I16()
	parts := g.spans(g.threads(m.Env.Workers), g.GemmS16.MR, g.GemmS16.NR)
	n, k := g.oc/g.groups, g.k()
	size := g.GemmS16.PackedS8Len(n, k)
	return onWorkers(m.Env.Workers, len(parts), func(w int) {
		s := parts[w]
		if s.cols == 0 {
			return
		}
		scratch, sums := tensor.Cast[int16](m.PerWorker[w][:g.rowBytes()]), tensor.Cast[int64](m.PerWorker[w][g.rowBytes():])
		b := g.b[g.GemmS16.PackedS8Len(s.col, k):]
		for pixel := s.from; pixel < s.to; {
			var rows int
			for group := range g.groups {
				a, lda, m := g.rows(x, scratch, pixel, s.to, group)
				o := group*n + s.col
				g.GemmS16.Acc(sums[:m*s.cols], a, lda, b[group*size:], m, s.cols, k)
				g.RequantS64(y[pixel*g.oc+o:], g.oc, sums, m, s.cols, g.q, o)
				rows = m
			}
			pixel += rows
		}
	}), nil
}

// sumsS16 is how many sums of a depthwise filter are kept at once, so that they stay
// in the CPU's first cache.
const sumsS16 = 1 << 10

// prepareDepthwiseS16 returns a zero Prepared if f's windows are too wide.
func (f filter) prepareDepthwiseS16(p *Prep, q *kernels.RequantS16) (Prepared, error) {
	d := newDepthwise(f, int16(0), f.oc != f.c, shortLine)
	if d == nil {
		return Prepared{}, nil
	}
	weights, err := f.packChannels(p)
	if err != nil {
		return Prepared{}, err
	}
	oc, chunk, first, kern := d.oc, max(4, sumsS16/d.oc), kernels.RoundUp(d.perWorker(), 64), p.Kernels.S16
	return Prepared{Kernel: p.Kernels.Name, PerWorker: first + 8*chunk*oc, Bind: func(m *Mem) (Step, error) {
		x, y, step := m.In[0].I16(), m.Out[0].I16(), d.sw*oc
		return d.step(m, x, liner(&d.filter, x), func(w, at int, x []int16, taps []kernels.Tap, n, lines, line int) {
			sums := tensor.Cast[int64](m.PerWorker[w][first:])
			for i := 0; i < n*lines; {
				l, pixels := i/n, min(chunk, n-i%n)
				from := x
				if len(taps) > 0 { // else nothing is read
					from = x[l*line+i%n*step:]
				}
				kern.DepthwiseS16(sums, from, weights, taps, pixels, step, oc)
				kern.RequantS64(y[at+i*oc:], oc, sums, pixels, oc, q, 0)
				i += pixels
			}
		}), nil
	}}, nil
}
