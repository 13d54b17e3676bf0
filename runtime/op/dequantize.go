package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Dequantize returns the numbers that quantised elements stand for, as float32.
// It takes int8, uint8, int16 and int4, with one scale or one for each index of
// an axis, and float16.
type Dequantize struct{}

// Infer returns float32 of the input's shape.
func (*Dequantize) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.I8, tensor.U8, tensor.I16, tensor.I4, tensor.F16); err != nil {
		return nil, err
	}
	out := []tensor.Type{tensor.Of(tensor.F32, in[0].Shape...)}
	q := in[0].Quant
	switch {
	case in[0].DType == tensor.F16:
		return out, nil
	case q == nil:
		return nil, errorf("%s%v has no quantisation parameters", in[0].DType, in[0].Shape)
	case q.PerChannel() && q.Axis < in[0].Rank() && q.Axis >= 0 && in[0].Shape[q.Axis] == tensor.Dynamic:
		return nil, Unsupported("a scale for each index of a dimension of unknown size")
	}
	return out, q.Validate(in[0].Shape)
}

// Ref computes each element.
func (*Dequantize) Ref(in, out []tensor.View) error {
	x, y := &in[0], out[0].F32()
	switch x.DType {
	case tensor.F16:
		for i, h := range x.F16() {
			y[i] = quant.Float16(h)
		}
	case tensor.I4:
		dequantize(y, x, int4s(x.Data))
	case tensor.I8:
		dequantize(y, x, asInt32(x.I8()))
	case tensor.U8:
		dequantize(y, x, asInt32(x.U8()))
	case tensor.I16:
		dequantize(y, x, asInt32(x.I16()))
	}
	return nil
}

// asInt32 reads integers.
func asInt32[T int8 | uint8 | int16](x []T) func(i int) int32 {
	return func(i int) int32 { return int32(x[i]) }
}

// int4s reads int4 elements, two a byte.
func int4s(x []byte) func(i int) int32 {
	return func(i int) int32 { return int32(int8(x[i/2]<<(4*uint(1-i%2)))) >> 4 }
}

func dequantize(y []float32, x *tensor.View, at func(i int) int32) {
	q := x.Quant
	if !q.PerChannel() {
		for i := range y {
			y[i] = quant.Dequantize(at(i), q.Scale[0], q.Zero[0])
		}
		return
	}
	inner := product(x.Shape[q.Axis+1:])
	for i, c := 0, 0; i < len(y); c = (c + 1) % len(q.Scale) {
		for range inner {
			y[i] = quant.DequantizeChannel(at(i), q.Scale[c], q.Zero[c])
			i++
		}
	}
}

// Prepare prepares loops for one scale; constants of other kinds are folded
// before anything runs.
func (o *Dequantize) Prepare(p *Prep) (Prepared, error) {
	t := p.In[0]
	if t.DType == tensor.F16 {
		return byRef(o)
	}
	if t.Quant.PerChannel() || t.DType == tensor.I4 {
		return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
			return func() error { return o.Ref(m.In, m.Out) }, nil
		}}, nil
	}
	scale, zero := scaleZero(t)
	if t.DType == tensor.I16 {
		return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
			x, y := m.In[0].I16(), m.Out[0].F32()
			return func() error {
				for i := range y {
					y[i] = quant.Dequantize(int32(x[i]), scale, zero)
				}
				return nil
			}, nil
		}}, nil
	}
	var table [256]float32
	for i := range table {
		v := int32(i)
		if t.DType == tensor.I8 {
			v = int32(int8(i))
		}
		table[i] = quant.Dequantize(v, scale, zero)
	}
	return Prepared{Kernel: "table", Bind: func(m *Mem) (Step, error) {
		x, y := m.In[0].Data, m.Out[0].F32()
		return func() error {
			for i, b := range x[:len(y)] {
				y[i] = table[b]
			}
			return nil
		}, nil
	}}, nil
}
