package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// GatherElements picks, for each element of input 1, the element of input 0
// with the same index but along Axis, where it is what input 1 holds. It may
// count from the end.
type GatherElements struct{ Axis int }

// Infer returns input 0's type with input 1's shape.
func (o *GatherElements) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantAlike(in, o.Axis); err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].WithShape(in[1].Shape...)}, nil
}

// wantAlike checks that input 1 has indices along axis of input 0: as many
// dimensions, of which the others are no larger.
func wantAlike(in []tensor.View, axis int) error {
	if err := wantMovable(in, 0); err != nil {
		return err
	}
	if err := wantType(in, 1, tensor.I32, tensor.I64); err != nil {
		return err
	}
	axis, err := axisOf(axis, in[0].Rank())
	if err != nil {
		return err
	}
	if in[1].Rank() != in[0].Rank() {
		return errorf("inputs 0 and 1 have shapes %v and %v, want the same rank", in[0].Shape, in[1].Shape)
	}
	for i, d := range in[1].Shape {
		if most := in[0].Shape[i]; i != axis && d > most && most != tensor.Dynamic {
			return errorf("input 1, %v, is larger than input 0, %v, in dimension %d", in[1].Shape, in[0].Shape, i)
		}
	}
	return nil
}

// Ref copies the elements in the order of the output.
func (o *GatherElements) Ref(in, out []tensor.View) error {
	if len(out[0].Data) == 0 {
		return nil
	}
	axis, err := axisOf(o.Axis, in[0].Rank())
	if err != nil {
		return err
	}
	w := newElementWalk(in[1].Shape, in[0].Type, axis)
	n, size := in[0].Shape[axis], in[0].DType.Size()
	dst, src := out[0].Data, in[0].Data
	for k := range in[1].Len() {
		i, err := indexAt(&in[1], k, n, true)
		if err != nil {
			return err
		}
		at := w.at + i*w.step
		copy(dst[k*size:(k+1)*size], src[at:at+size])
		w.next()
	}
	return nil
}
