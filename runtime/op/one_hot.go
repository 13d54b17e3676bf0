package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// OneHot returns, for each index in input 0, a row of input 1 elements along
// the new dimension Axis: input 2 at the index, input 3 elsewhere, and so
// everywhere if the index is out of range. With Negative, indices may count
// from the end.
type OneHot struct {
	Axis     int
	Negative bool
}

// Infer inserts the depth into input 0's shape.
func (o *OneHot) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 4, 4); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	for i := 2; i <= 3; i++ {
		if err := wantMovable(in, i); err != nil {
			return nil, err
		}
		if in[i].Static() && in[i].Len() != 1 {
			return nil, errorf("input %d has shape %v, want one element", i, in[i].Shape)
		}
	}
	if err := wantSame(in, 2, 3); err != nil {
		return nil, err
	}
	if in[0].Rank() >= maxRank {
		return nil, Unsupported("a result of %d dimensions (at most %d are)", in[0].Rank()+1, maxRank)
	}
	axis, err := axisOf(o.Axis, in[0].Rank()+1)
	if err != nil {
		return nil, err
	}
	depth, known, err := scalarInt(in, 1)
	switch {
	case err != nil:
		return nil, err
	case !known:
		depth = tensor.Dynamic
	case depth < 0:
		return nil, errorf("depth %d is negative", depth)
	}
	return []tensor.Type{in[2].WithShape(slices.Insert(slices.Clone(in[0].Shape), axis, depth)...)}, nil
}

// Ref writes input 3 everywhere, then input 2.
func (o *OneHot) Ref(in, out []tensor.View) error {
	dst, on := out[0].Data, in[2].Data
	if len(dst) == 0 {
		return nil
	}
	repeatInto(dst, in[3].Data)
	axis, _ := axisOf(o.Axis, out[0].Rank())
	depth, inner := out[0].Shape[axis], product(out[0].Shape[axis+1:])
	for k := range in[0].Len() {
		i, err := indexAt(&in[0], k, depth, o.Negative)
		if err != nil {
			continue
		}
		at := ((k/inner*depth+i)*inner + k%inner) * len(on)
		copy(dst[at:at+len(on)], on)
	}
	return nil
}
