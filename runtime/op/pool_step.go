package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// The prepared pools hold one partial result per channel and go through a
// window pixel by pixel, so that the innermost loop runs along memory. Each
// channel sees its taps in the order in which Ref does.

// eachRow calls tap with the first element of each pixel that the first window
// sees, then done with the first element of its output and the number of
// pixels; and so on for the other windows.
func (w *windows) eachRow(tap func(row int), done func(at, taps int)) {
	w.each(func(p, b int, ys, xs tapSpan) {
		for iy := ys.from; iy < ys.to; iy += ys.step {
			for ix := xs.from; ix < xs.to; ix += xs.step {
				tap(((b*w.h+iy)*w.w + ix) * w.c)
			}
		}
		done(p*w.c, ys.len()*xs.len())
	})
}

// Prepare chooses the loops for the element type.
func (o *AveragePool2D) Prepare(p *Prep) (Prepared, error) {
	w, err := o.windows(p.In[0].Shape)
	if err != nil {
		return Prepared{}, err
	}
	if p.Out[0].Len() == 0 {
		return nothing() // of dimensions that may be vast
	}
	k := p.Kernels
	s := Prepared{Kernel: p.pairKernel(), Scratch: 4 * w.c, Bind: func(m *Mem) (Step, error) {
		x, y := &m.In[0], &m.Out[0]
		if x.DType == tensor.F32 {
			return newAverageF32(*o, w, p.Kernels).step(x.F32(), y.F32()), nil
		}
		sums := tensor.Cast[int32](m.Scratch[:4*w.c])
		switch x.DType {
		case tensor.I8:
			return averageStep(*o, w, x.I8(), y.I8(), sums, &y.Type, k.SumS8), nil
		case tensor.I16:
			return averageStep(*o, w, x.I16(), y.I16(), sums, &y.Type, sumEach[int16, int32]), nil
		default:
			return averageStep(*o, w, x.U8(), y.U8(), sums, &y.Type, sumEach[uint8, int32]), nil
		}
	}}
	if p.In[0].DType == tensor.F32 {
		s.Scratch = 0 // sums are made where the averages go
	}
	return s, nil
}

// nothing prepares an operator whose output has no elements.
func nothing() (Prepared, error) {
	return Prepared{Kernel: "none", Bind: func(*Mem) (Step, error) { return nil, nil }}, nil
}

func averageStep[T narrowInt](o AveragePool2D, w windows, x, y []T, sums []int32, t *tensor.Type, add func(sums []int32, x []T)) Step {
	lo, hi := quantRange(o.Act, t)
	return func() error {
		clear(sums)
		w.eachRow(func(row int) { add(sums, x[row:row+len(sums)]) }, func(at, taps int) {
			divideRow(y[at:at+len(sums)], sums, int32(o.divisor(taps)), lo, hi)
			clear(sums)
		})
		return nil
	}
}

// divideRow stores sums/d, rounded half away from zero and clamped.
//
// The quotient of a whole number n by d is found by a product: (n + ½)/d is at
// least ½/d from any whole number, which is far more than float64 misses.
func divideRow[T narrowInt](y []T, sums []int32, d, lo, hi int32) {
	inverse, half := 1/float64(d), uint32(d/2)
	sums = sums[:len(y)]
	for c := range y {
		sign := sums[c] >> 31
		n := uint32(sums[c]^sign-sign) + half
		q := int32((float64(n) + 0.5) * inverse)
		y[c] = T(min(max(q^sign-sign, lo), hi))
	}
}

// Prepare chooses the loops for the element type.
func (o *MaxPool2D) Prepare(p *Prep) (Prepared, error) {
	w, err := o.windows(p.In[0].Shape)
	if err != nil {
		return Prepared{}, err
	}
	k := p.Kernels
	runs, ok := w.asRuns()
	if ok = ok && p.In[0].DType == tensor.F32; !ok {
		runs = poolRuns{}
	}
	return Prepared{Kernel: p.pairKernel(), PerWorker: runs.scratch(), Bind: func(m *Mem) (Step, error) {
		x, y := &m.In[0], &m.Out[0]
		if x.DType == tensor.F32 {
			lo, hi := quant.ActivationRangeFloat(o.Act)
			if ok {
				return runs.maxStep(m, k, x.F32(), y.F32(), lo, hi), nil
			}
			return maxStep(m, w, x.F32(), y.F32(), -math.MaxFloat32, lo, hi, rowsCombined(k, kernels.BinaryMax)), nil
		}
		lo, hi := quantRange(o.Act, &y.Type)
		switch x.DType {
		case tensor.I8:
			return maxStep(m, w, x.I8(), y.I8(), math.MinInt8, int8(lo), int8(hi), func(to, x []int8) { k.MaxS8(to[:len(x)], to, x) }), nil
		case tensor.I16:
			return maxStep(m, w, x.I16(), y.I16(), math.MinInt16, int16(lo), int16(hi), maxRowInt[int16]), nil
		default:
			return maxStep(m, w, x.U8(), y.U8(), 0, uint8(lo), uint8(hi), maxRowInt[uint8]), nil
		}
	}}, nil
}

// maxStep gathers maxima where they go. It is written without branches on
// elements, which nobody can foretell, but for float32 that takes a NaN for the
// greatest: where one comes out, all is computed again with care.
//
// Workers share the images.
func maxStep[T number](m *Mem, w windows, x, y []T, least, lo, hi T, row func(to, x []T)) Step {
	size, outs := w.h*w.w*w.c, w.oh*w.ow*w.c
	return inShares(m, w.n, 1, outs*min(w.kh, w.h)*min(w.kw, w.w), func(from, to int) {
		part := w
		part.n = to - from
		x, y := x[from*size:to*size], y[from*outs:to*outs]
		if maxima(&part, x, y, least, lo, hi, row) {
			maxima(&part, x, y, least, lo, hi, maxEach[T])
		}
	})
}

// maxima gathers clamped maxima and reports whether any was NaN.
func maxima[T number](w *windows, x, y []T, least, lo, hi T, row func(to, x []T)) (nan bool) {
	for i := range y {
		y[i] = least
	}
	to := y
	w.eachRow(func(at int) { row(to[:w.c], x[at:at+w.c]) }, func(at, taps int) {
		for c, v := range to[:w.c] {
			nan = nan || v != v
			to[c] = min(max(v, lo), hi)
		}
		to = to[w.c:]
	})
	return nan
}

// maxRowInt compares as int32, because CPUs have no conditional move of 8 bits.
func maxRowInt[T narrowInt](to, x []T) {
	to = to[:len(x)]
	for c, v := range x {
		to[c] = T(max(int32(to[c]), int32(v)))
	}
}

// Prepare returns a step that gathers squares where the results go.
func (o *L2Pool2D) Prepare(p *Prep) (Prepared, error) {
	w, err := o.windows(p.In[0].Shape)
	if err != nil {
		return Prepared{}, err
	}
	lo, hi := quant.ActivationRangeFloat(o.Act)
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		x, y := m.In[0].F32(), m.Out[0].F32()
		return func() error {
			clear(y)
			to := y
			w.eachRow(func(row int) {
				x := x[row : row+w.c]
				to := to[:len(x)]
				for c, v := range x {
					to[c] = kernels.FMA32(v, v, to[c])
				}
			}, func(at, taps int) {
				for c, sum := range to[:w.c] {
					to[c] = kernels.Clamp(sqrt32(sum/float32(max(taps, 1))), lo, hi)
				}
				to = to[w.c:]
			})
			return nil
		}, nil
	}}, nil
}
