package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// DynamicQuantizeLinear is ONNX's: it quantises float32 to uint8 so that the
// range from its least to its greatest element, and 0, fits. Outputs 1 and 2
// are the scale and the zero point. Signed says that integers and zero point are
// int8 instead: 128 less.
type DynamicQuantizeLinear struct{ Signed bool }

// Infer returns uint8 of the input's shape and two scalars.
func (o *DynamicQuantizeLinear) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32); err != nil {
		return nil, err
	}
	d := tensor.U8
	if o.Signed {
		d = tensor.I8
	}
	return []tensor.Type{tensor.Of(d, in[0].Shape...), tensor.Of(tensor.F32), tensor.Of(d)}, nil
}

// Ref finds the range, then quantises. Where all elements are 0 the scale is 1,
// as in ONNX Runtime.
func (o *DynamicQuantizeLinear) Ref(in, out []tensor.View) error {
	x := in[0].F32()
	scale, zero := rangeScale(plainRange(x))
	h := newHalfEven(tensor.U8, zero)
	y := out[0].Data[:len(x)]
	for i, v := range x {
		y[i] = byte(h.of(v/scale) - o.less())
	}
	out[1].F32()[0], out[2].Data[0] = scale, byte(zero-o.less())
	return nil
}

// less is how much less than those of uint8 the integers are.
func (o *DynamicQuantizeLinear) less() int32 {
	if o.Signed {
		return 128
	}
	return 0
}

// plainRange returns the least and the greatest element, and 0; it passes over
// NaN.
func plainRange(x []float32) (lo, hi float32) {
	for _, v := range x {
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	return lo, hi
}

// rangeScale returns the scale and zero point that suit a range.
func rangeScale(lo, hi float32) (scale float32, zero int32) {
	scale = (hi - lo) / 255
	if hi == lo {
		scale = 1
	}
	plain := newHalfEven(tensor.U8, 0)
	return scale, plain.of(-lo / scale)
}

// Prepare uses kernels. Each worker finds the range of its share.
func (o *DynamicQuantizeLinear) Prepare(p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		x, y, q := m.In[0].F32(), m.Out[0].Data, &kernels.QuantF32{Lo: -o.less(), Hi: 255 - o.less()}
		ranges := make([][2]float32, m.sharers(len(x), quantWork))
		find := inSharesOf(m, len(x), shareGrain, quantWork, func(w, from, to int) {
			ranges[w][0], ranges[w][1] = kernelRange(k, x[from:to])
		})
		quantise := inShares(m, len(x), shareGrain, quantWork, func(from, to int) { k.QuantF32(y[from:to], x[from:to], q) })
		return func() error {
			clear(ranges)
			if err := find(); err != nil {
				return err
			}
			lo, hi := float32(0), float32(0)
			for _, r := range ranges {
				lo, hi = min(lo, r[0]), max(hi, r[1])
			}
			q.Scale, q.Zero = rangeScale(lo, hi)
			q.Zero -= o.less()
			m.Out[1].F32()[0], m.Out[2].Data[0] = q.Scale, byte(q.Zero)
			return quantise()
		}, nil
	}}, nil
}

// kernelRange is plainRange by kernels, which let NaN through.
func kernelRange(k *kernels.Set, x []float32) (lo, hi float32) {
	lo, hi = k.ReduceF32(kernels.ReduceMin, x, 0), k.ReduceF32(kernels.ReduceMax, x, 0)
	if lo != lo || hi != hi {
		return plainRange(x)
	}
	return min(lo, 0), max(hi, 0)
}
