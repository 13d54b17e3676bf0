package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// QuantizeLinear is ONNX's: input 0 divided by the scale, input 1, rounded with
// ties to even, plus the zero point, input 2 or 0, saturated. There is one
// scale, or one for each index of Axis or, with a Block, for so many elements
// along it. DType is the output's type. ZeroFirst says that the zero point is
// added to float32 before it is rounded, as ONNX Runtime's average pool does:
// ties depend on it. With ChannelsLast, the output is moved from [n c …] to
// [n … c]; there is one scale then.
type QuantizeLinear struct {
	Axis, Block             int
	DType                   tensor.DType
	ZeroFirst, ChannelsLast bool
}

// Infer returns input 0's shape with the output's type.
func (o *QuantizeLinear) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantLinear(in, o.Axis, o.Block); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F16, tensor.I32); err != nil {
		return nil, err
	}
	switch o.DType {
	case tensor.I8, tensor.U8, tensor.I16, tensor.U16, tensor.I4:
	default:
		return nil, Unsupported("%s as type of the output", o.DType)
	}
	if z := input(in, 2); !z.Absent() {
		if err := wantType(in, 2, o.DType); err != nil {
			return nil, err
		}
	}
	shape := in[0].Shape
	if o.ChannelsLast {
		if len(shape) < 3 || o.ZeroFirst || o.DType.Bits() != 8 || in[0].DType != tensor.F32 || in[1].Static() && in[1].Len() != 1 {
			return nil, Unsupported("moving the channels of %s %v with scales %v while it is quantised to %s", in[0].DType, shape, in[1].Shape, o.DType)
		}
		shape = append(append([]int{shape[0]}, shape[2:]...), shape[1])
	}
	return []tensor.Type{tensor.Of(o.DType, shape...)}, nil
}

// Ref quantises each element.
func (o *QuantizeLinear) Ref(in, out []tensor.View) error {
	s, err := newLinearScales(in[0].Shape, in[1].Shape, o.Axis, o.Block)
	if err != nil {
		return err
	}
	y := &out[0]
	if o.ChannelsLast {
		newPlanesQuantised(in[0].Shape).run(y, in, 0, y.Len())
		return nil
	}
	switch y.DType {
	case tensor.I8:
		quantizeLinear(y.I8(), in, &s, y.DType, o.ZeroFirst)
	case tensor.U8:
		quantizeLinear(y.U8(), in, &s, y.DType, o.ZeroFirst)
	case tensor.I16:
		quantizeLinear(y.I16(), in, &s, y.DType, o.ZeroFirst)
	case tensor.U16:
		quantizeLinear(y.U16(), in, &s, y.DType, o.ZeroFirst)
	case tensor.I4:
		quantizeLinear4(y.Data, in, &s)
	}
	return nil
}

// quantizeLinear takes runs of elements that have one scale: a line of inner
// elements, or single ones where blocks are of scales side by side.
func quantizeLinear[Y int8 | uint8 | int16 | uint16](y []Y, in []tensor.View, s *linearScales, d tensor.DType, zeroFirst bool) {
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
		scale, h := linearScale(&in[1], i), newHalfEven(d, linearZero(&zeros, i))
		shift := float32(0)
		if zeroFirst {
			shift, h = float32(h.zero), newHalfEven(d, 0)
		}
		part := y[at : at+run]
		switch in[0].DType {
		case tensor.F32:
			x := in[0].F32()[at:][:len(part)]
			for j := range part {
				part[j] = Y(h.of(x[j]/scale + shift))
			}
		case tensor.F16:
			x := in[0].F16()[at:][:len(part)]
			for j := range part {
				part[j] = Y(h.of(quant.Float16(x[j]) / scale))
			}
		case tensor.I32:
			x := in[0].I32()[at:][:len(part)]
			for j := range part {
				part[j] = Y(h.of(float32(x[j]) / scale))
			}
		}
	}
}

// quantizeLinear4 writes int4, two a byte.
func quantizeLinear4(y []byte, in []tensor.View, s *linearScales) {
	zeros := input(in, 2)
	clear(y)
	for at := range in[0].Len() {
		i := s.index(at)
		h := newHalfEven(tensor.I4, linearZero(&zeros, i))
		q := h.of(linearFloat(&in[0], at) / linearScale(&in[1], i))
		y[at/2] |= byte(q&15) << (at % 2 * 4)
	}
}

// linearFloat returns element i of a float32, float16 or int32 tensor.
func linearFloat(v *tensor.View, i int) float32 {
	if v.DType == tensor.I32 {
		return float32(v.I32()[i])
	}
	return linearScale(v, i)
}

// index returns the number of the scale of element at.
func (s *linearScales) index(at int) int {
	if s.sa == 0 {
		return 0
	}
	i, line := at%s.inner, at/s.inner
	return line/s.axis*s.so + line%s.axis/s.block*s.sa + i*s.si
}
