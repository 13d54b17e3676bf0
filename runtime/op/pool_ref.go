package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// number is an element that pools and reductions compute with.
type number interface {
	float32 | float64 | int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64
}

// narrowInt is a quantised element.
type narrowInt interface{ int8 | uint8 | int16 }

// eachElement calls do for each output element with its taps, row by row.
func eachElement[T number](w *windows, x, y []T, do func(tap func(yield func(T) bool), window int) T) {
	w.each(func(p, b int, ys, xs tapSpan) {
		for c := range w.c {
			y[p*w.c+c] = do(func(yield func(T) bool) {
				for iy := ys.from; iy < ys.to; iy += ys.step {
					for ix := xs.from; ix < xs.to; ix += xs.step {
						if !yield(x[((b*w.h+iy)*w.w+ix)*w.c+c]) {
							return
						}
					}
				}
			}, ys.len()*xs.len())
		}
	})
}

// Ref averages.
func (o *AveragePool2D) Ref(in, out []tensor.View) error {
	w, err := o.windows(in[0].Shape)
	if err != nil {
		return err
	}
	switch in[0].DType {
	case tensor.F32:
		lo, hi := quant.ActivationRangeFloat(o.Act)
		eachElement(&w, in[0].F32(), out[0].F32(), func(taps func(func(float32) bool), n int) float32 {
			sum := float32(0)
			for x := range taps {
				sum += x
			}
			return kernels.Clamp(sum/float32(o.divisor(n)), lo, hi)
		})
	case tensor.I8:
		averageRef(*o, &w, in[0].I8(), out[0].I8(), &out[0].Type)
	case tensor.I16:
		averageRef(*o, &w, in[0].I16(), out[0].I16(), &out[0].Type)
	case tensor.U8:
		averageRef(*o, &w, in[0].U8(), out[0].U8(), &out[0].Type)
	}
	return nil
}

// divisor of a sum of n taps; a window outside of the image has a sum of 0.
func (o *AveragePool2D) divisor(n int) int {
	if o.CountPad {
		return o.Window[0] * o.Window[1]
	}
	return max(n, 1)
}

func averageRef[T narrowInt](o AveragePool2D, w *windows, x, y []T, t *tensor.Type) {
	lo, hi := quantRange(o.Act, t)
	eachElement(w, x, y, func(taps func(func(T) bool), n int) T {
		sum := int32(0)
		for x := range taps {
			sum += int32(x)
		}
		total, d := int64(sum), int64(o.divisor(n))
		if total > 0 {
			total += d / 2
		} else {
			total -= d / 2
		}
		return T(min(max(int32(total/d), lo), hi))
	})
}

// quantRange returns the range that act leaves to quantised elements of type t.
func quantRange(act quant.Activation, t *tensor.Type) (lo, hi int32) {
	l, h := t.DType.Range()
	return quant.ActivationRange(act, t.Quant, int32(l), int32(h))
}

// Ref takes maxima. NaN is passed over.
func (o *MaxPool2D) Ref(in, out []tensor.View) error {
	w, err := o.windows(in[0].Shape)
	if err != nil {
		return err
	}
	switch in[0].DType {
	case tensor.F32:
		lo, hi := quant.ActivationRangeFloat(o.Act)
		maxRef(&w, in[0].F32(), out[0].F32(), -math.MaxFloat32, lo, hi)
	case tensor.I8:
		lo, hi := quantRange(o.Act, &out[0].Type)
		maxRef(&w, in[0].I8(), out[0].I8(), math.MinInt8, int8(lo), int8(hi))
	case tensor.I16:
		lo, hi := quantRange(o.Act, &out[0].Type)
		maxRef(&w, in[0].I16(), out[0].I16(), math.MinInt16, int16(lo), int16(hi))
	case tensor.U8:
		lo, hi := quantRange(o.Act, &out[0].Type)
		maxRef(&w, in[0].U8(), out[0].U8(), 0, uint8(lo), uint8(hi))
	}
	return nil
}

func maxRef[T number](w *windows, x, y []T, least, lo, hi T) {
	eachElement(w, x, y, func(taps func(func(T) bool), _ int) T {
		m := least
		for x := range taps {
			if x == x {
				m = max(m, x)
			}
		}
		return min(max(m, lo), hi)
	})
}

// Ref computes root mean squares.
func (o *L2Pool2D) Ref(in, out []tensor.View) error {
	w, err := o.windows(in[0].Shape)
	if err != nil {
		return err
	}
	lo, hi := quant.ActivationRangeFloat(o.Act)
	eachElement(&w, in[0].F32(), out[0].F32(), func(taps func(func(float32) bool), n int) float32 {
		sum := float32(0)
		for x := range taps {
			sum = kernels.FMA32(x, x, sum)
		}
		return kernels.Clamp(sqrt32(sum/float32(max(n, 1))), lo, hi)
	})
	return nil
}

// sqrt32 is correctly rounded.
func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }
