package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Concatenation joins its inputs along Axis. To, if it is given, is the type
// of the output; 8-bit inputs must then have its scale and zero point, but for
// uint8, whose elements are rescaled.
type Concatenation struct {
	Axis int
	To
}

// Infer adds up the dimension along the axis.
func (o *Concatenation) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, math.MaxInt32); err != nil {
		return nil, err
	}
	out, err := o.joined(in)
	if err != nil {
		return nil, err
	}
	if o.DType != tensor.None {
		out.Quant = o.Quant
	}
	for i := range in {
		if err := o.check(in, i, out); err != nil {
			return nil, err
		}
	}
	return []tensor.Type{out}, nil
}

// joined returns the type of the output, quantised as input 0.
func (o *Concatenation) joined(in []tensor.View) (tensor.Type, error) {
	axis, err := axisOf(o.Axis, in[0].Rank())
	if err != nil {
		return tensor.Type{}, err
	}
	out := in[0].WithShape(slices.Clone(in[0].Shape)...)
	for i := 1; i < len(in); i++ {
		if in[i].Rank() != out.Rank() {
			return out, errorf("inputs 0 and %d have shapes %v and %v, want the same rank", i, in[0].Shape, in[i].Shape)
		}
		for k, d := range in[i].Shape {
			switch {
			case k == axis:
				if out.Shape[k], err = addDims(out.Shape[k], d); err != nil {
					return out, err
				}
			case out.Shape[k] == tensor.Dynamic:
				out.Shape[k] = d
			case d != tensor.Dynamic && d != out.Shape[k]:
				return out, errorf("inputs 0 and %d have shapes %v and %v, which differ in dimension %d", i, in[0].Shape, in[i].Shape, k)
			}
		}
	}
	return out, nil
}

// check checks input i's type against the output's.
func (o *Concatenation) check(in []tensor.View, i int, out tensor.Type) error {
	if in[i].Absent() {
		return errorf("input %d is left out, and must be there", i)
	}
	if err := wantMovable(in, i); err != nil {
		return err
	}
	if err := wantSame(in, 0, i); err != nil {
		return err
	}
	switch {
	case out.DType == tensor.I8 && !sameScale(in[i].Type, out):
		return Unsupported("joining int8 of different scales (input %d has %v, the output %v)", i, in[i].Quant, out.Quant)
	case out.DType == tensor.U8 && !sameScale(in[i].Type, out):
		return wantQuant(in[i].Type, out)
	case out.DType == tensor.I16 && (zeroPoint(in[i].Type) != 0 || zeroPoint(out) != 0):
		return errorf("int16 with a zero point other than 0")
	}
	return nil
}

// zeroPoint returns the integer that stands for zero: 0 if t isn't quantised.
func zeroPoint(t tensor.Type) int32 {
	if t.Quant == nil || len(t.Quant.Zero) == 0 {
		return 0
	}
	return t.Quant.Zero[0]
}

// sameScale reports whether the same integers of t and u mean the same.
func sameScale(t, u tensor.Type) bool {
	scale := func(t tensor.Type) float32 {
		if t.Quant == nil || len(t.Quant.Scale) == 0 {
			return 0
		}
		return t.Quant.Scale[0]
	}
	return scale(t) == scale(u) && zeroPoint(t) == zeroPoint(u)
}

// Ref puts each input in its place.
func (o *Concatenation) Ref(in, out []tensor.View) error {
	if len(out[0].Data) == 0 {
		return nil
	}
	axis, _ := axisOf(o.Axis, out[0].Rank())
	at := 0
	for i := range in {
		n := in[i].Shape[axis]
		m := alongAxis(out[0].Type, axis, n)
		m.at = at * m.dst[1]
		if out[0].DType == tensor.U8 && !sameScale(in[i].Type, out[0].Type) {
			rescaleRuns(&m, &out[0], &in[i])
		} else {
			m.run(out[0].Data, in[i].Data)
		}
		at += n
	}
	return nil
}

// rescaleRuns makes the move m of uint8, as alongAxis gives it, from one scale
// to another.
func rescaleRuns(m *move, out, in *tensor.View) {
	run := m.dim[1] * m.src[1]
	for k := range m.dim[0] {
		at := m.at + k*m.dst[0]
		rescaleU8(out.Data[at:at+run], in.Data[k*run:(k+1)*run], in.Type, out.Type)
	}
}

// rescaleU8 converts uint8 from one scale to another, in float32.
func rescaleU8(dst, src []byte, from, to tensor.Type) {
	inScale, inZero := scaleZero(from)
	outScale, outZero := scaleZero(to)
	scale := inScale * (1 / outScale)
	bias := float32(-inZero) * scale
	for i, q := range src {
		x := math.Round(float64(float32(float32(q)*scale)+bias)) + float64(outZero)
		if !(x > 0) { // or not a number, if scales are absurd
			x = 0
		}
		dst[i] = uint8(min(255, x))
	}
}
