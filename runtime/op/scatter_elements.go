package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// ScatterElements returns input 0 with the elements of input 2 put in: each
// goes where its own index is but along Axis, where it is what input 1 holds.
// Indices may count from the end.
type ScatterElements struct {
	Axis       int
	Scattering Scattering
}

// Infer returns input 0's type.
func (o *ScatterElements) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	if err := wantAlike(in, o.Axis); err != nil {
		return nil, err
	}
	if err := wantSame(in, 0, 2); err != nil {
		return nil, err
	}
	if !shapesAgree(in[1].Shape, in[2].Shape) {
		return nil, errorf("inputs 1 and 2 have shapes %v and %v, want the same", in[1].Shape, in[2].Shape)
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref puts the elements in, in order.
func (o *ScatterElements) Ref(in, out []tensor.View) error {
	copy(out[0].Data, in[0].Data)
	if len(in[2].Data) == 0 {
		return nil
	}
	axis, err := axisOf(o.Axis, in[0].Rank())
	if err != nil {
		return err
	}
	if in[1].Len() != in[2].Len() {
		return dataf("%v updates for %v indices", in[2].Shape, in[1].Shape)
	}
	w := newElementWalk(in[1].Shape, in[0].Type, axis)
	n, size := in[0].Shape[axis], in[0].DType.Size()
	dst, src := out[0].Data, in[2].Data
	for k := range in[1].Len() {
		i, err := indexAt(&in[1], k, n, true)
		if err != nil {
			return err
		}
		at := w.at + i*w.step
		o.Scattering.into(out[0].DType, dst[at:at+size], src[k*size:(k+1)*size])
		w.next()
	}
	return nil
}

// InPlace says that input 0's elements may stay where they are.
func (*ScatterElements) InPlace(in, out []tensor.Type) []int { return []int{0} }
