package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// DequantizeLinear is ONNX's: input 0 less the zero point, input 2 or 0, times
// the scale, input 1. Scales are as for QuantizeLinear. DType is the output's
// type: float32 or float16; the product is in float32.
type DequantizeLinear struct {
	Axis, Block int
	DType       tensor.DType
}

// Infer returns input 0's shape with the output's type.
func (o *DequantizeLinear) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantLinear(in, o.Axis, o.Block); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.I8, tensor.U8, tensor.I16, tensor.U16, tensor.I32, tensor.I4); err != nil {
		return nil, err
	}
	if z := input(in, 2); !z.Absent() {
		if err := wantSame(in, 2, 0); err != nil {
			return nil, err
		}
	}
	if o.DType != tensor.F32 && o.DType != tensor.F16 {
		return nil, Unsupported("%s as type of the output", o.DType)
	}
	return []tensor.Type{tensor.Of(o.DType, in[0].Shape...)}, nil
}

// Ref computes each element.
func (o *DequantizeLinear) Ref(in, out []tensor.View) error {
	s, err := newLinearScales(in[0].Shape, in[1].Shape, o.Axis, o.Block)
	if err != nil {
		return err
	}
	if out[0].DType == tensor.F16 || in[0].DType == tensor.I4 {
		dequantizeEach(in, &out[0], &s)
		return nil
	}
	switch y, x := out[0].F32(), &in[0]; x.DType {
	case tensor.I8:
		dequantizeLinear(y, x.I8(), in, &s)
	case tensor.U8:
		dequantizeLinear(y, x.U8(), in, &s)
	case tensor.I16:
		dequantizeLinear(y, x.I16(), in, &s)
	case tensor.U16:
		dequantizeLinear(y, x.U16(), in, &s)
	case tensor.I32:
		dequantizeLinear(y, x.I32(), in, &s)
	}
	return nil
}

func dequantizeLinear[X int8 | uint8 | int16 | uint16 | int32](y []float32, x []X, in []tensor.View, s *linearScales) {
	zeros := input(in, 2)
	run := s.inner
	if s.si != 0 {
		run = 1
	}
	if run == 0 {
		return
	}
	for at := 0; at < len(y); at += run {
		i := s.index(at)
		scale, zero := linearScale(&in[1], i), linearZero(&zeros, i)
		to, from := y[at:at+run], x[at:at+run]
		for j := range to {
			to[j] = float32(int32(from[j])-zero) * scale
		}
	}
}

// dequantizeEach takes types that are rare.
func dequantizeEach(in []tensor.View, y *tensor.View, s *linearScales) {
	zeros := input(in, 2)
	for at := range y.Len() {
		i := s.index(at)
		v := float32(linearZero(&in[0], at)-linearZero(&zeros, i)) * linearScale(&in[1], i)
		if y.DType == tensor.F16 {
			y.F16()[at] = quant.Float16Bits(v)
		} else {
			y.F32()[at] = v
		}
	}
}

// Prepare uses kernels for 8 bits of one scale.
func (o *DequantizeLinear) Prepare(p *Prep) (Prepared, error) {
	x := p.In[0].DType
	if x.Bits() != 8 || o.DType != tensor.F32 || p.In[1].Len() != 1 || o.Block != 0 {
		return byRef(o)
	}
	k := p.Kernels
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		x, y := &m.In[0], m.Out[0].F32()
		zeros := input(m.In, 2)
		return inShares(m, len(y), shareGrain, 1, func(lo, hi int) {
			k.DequantX8(y[lo:hi], x.Data[lo:hi], x.DType == tensor.I8, linearZero(&zeros, 0), linearScale(&m.In[1], 0))
		}), nil
	}}, nil
}
