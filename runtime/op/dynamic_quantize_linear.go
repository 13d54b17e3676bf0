package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// DynamicQuantizeLinear is ONNX's: it quantises float32 to uint8 so that the
// range from its least to its greatest element, and 0, fits. Outputs 1 and 2
// are the scale and the zero point. Signed says that integers and zero point are
// int8 instead: 128 less.
type DynamicQuantizeLinear struct{ Signed bool }

// Name returns "DynamicQuantizeLinear".
func (DynamicQuantizeLinear) Name() string { return "DynamicQuantizeLinear" }

// Infer returns uint8 of the input's shape and two scalars.
func (o DynamicQuantizeLinear) Infer(in []tensor.View) ([]tensor.Type, error) {
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
func (o DynamicQuantizeLinear) Ref(in, out []tensor.View) error {
	lo, hi := float32(0), float32(0)
	x := in[0].F32()
	for _, v := range x {
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	scale := (hi - lo) / 255
	if hi == lo {
		scale = 1
	}
	plain := newHalfEven(tensor.U8, 0)
	zero := plain.of(-lo / scale)
	h := newHalfEven(tensor.U8, zero)
	flip := byte(0)
	if o.Signed {
		flip = 0x80
	}
	y := out[0].Data[:len(x)]
	for i, v := range x {
		y[i] = uint8(h.of(v/scale)) ^ flip
	}
	out[1].F32()[0], out[2].Data[0] = scale, uint8(zero)^flip
	return nil
}

// Prepare has no kernel of its own.
func (o DynamicQuantizeLinear) Prepare(*Prep) (Prepared, error) { return byRef(o) }
