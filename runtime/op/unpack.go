package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Unpack parts its input into Num outputs along Axis, which they lack.
type Unpack struct{ Num, Axis int }

// Infer removes the axis.
func (o *Unpack) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	axis, err := axisOf(o.Axis, in[0].Rank())
	if err != nil {
		return nil, err
	}
	if d := in[0].Shape[axis]; o.Num < 0 || o.Num > math.MaxUint16 || d != o.Num && d != tensor.Dynamic {
		return nil, errorf("shape %v has no %d indices along axis %d", in[0].Shape, o.Num, axis)
	}
	shape := slices.Delete(slices.Clone(in[0].Shape), axis, axis+1)
	return slices.Repeat([]tensor.Type{in[0].WithShape(shape...)}, o.Num), nil
}

// Ref takes each output from its place.
func (o *Unpack) Ref(in, out []tensor.View) error {
	axis, _ := axisOf(o.Axis, in[0].Rank())
	for i := range out {
		m := alongAxis(in[0].Type, axis, 1)
		m.at = i * m.dst[1]
		m.reversed().run(out[i].Data, in[0].Data)
	}
	return nil
}
