package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Fill repeats input 1, one element, to the shape that input 0 holds.
type Fill struct{}

// Infer returns input 1's type with that shape.
func (*Fill) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 1); err != nil {
		return nil, err
	}
	if in[1].Static() && in[1].Len() != 1 {
		return nil, errorf("input 1 has shape %v, want one element", in[1].Shape)
	}
	shape, _, err := shapeFrom(in, 0)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{in[1].WithShape(shape...)}, nil
}

// Ref writes the element everywhere.
func (*Fill) Ref(in, out []tensor.View) error {
	repeatInto(out[0].Data, in[1].Data)
	return nil
}
