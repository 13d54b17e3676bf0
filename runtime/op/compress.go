package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Compress keeps the indices along Axis of input 0 for which input 1, a list of
// bools, is true. If Flat, it does so with the list of all elements. The bools
// may be fewer than the indices; the rest goes.
type Compress struct {
	Axis int
	Flat bool
}

// Infer counts what is kept, if that is known.
func (o *Compress) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, tensor.Bool); err != nil {
		return nil, err
	}
	if err := wantRank(in, 1, 1); err != nil {
		return nil, err
	}
	shape, axis := []int{tensor.Dynamic}, 0
	if o.Flat {
		if in[0].Static() {
			shape[0] = in[0].Len()
		}
	} else {
		var err error
		if axis, err = axisOf(o.Axis, in[0].Rank()); err != nil {
			return nil, err
		}
		shape = slices.Clone(in[0].Shape)
	}
	n := shape[axis]
	shape[axis] = tensor.Dynamic
	if known := in[1].Known() || in[1].Shape[0] == 0; known && n != tensor.Dynamic {
		if in[1].Len() > n {
			return nil, errorf("%d bools for a dimension of %d", in[1].Len(), n)
		}
		shape[axis] = 0
		for _, keep := range in[1].Data {
			if keep != 0 {
				shape[axis]++
			}
		}
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref copies a run for each index that is kept.
func (o *Compress) Ref(in, out []tensor.View) error {
	outer, n, run := 1, in[0].Len(), in[0].DType.Size()
	if !o.Flat {
		axis, err := axisOf(o.Axis, in[0].Rank())
		if err != nil {
			return err
		}
		s := in[0].Shape
		outer, n, run = product(s[:axis]), s[axis], run*product(s[axis+1:])
	}
	dst, src := out[0].Data, in[0].Data
	for range outer {
		for i, keep := range in[1].Data {
			if keep != 0 && len(dst) > 0 {
				copy(dst[:run], src[i*run:])
				dst = dst[run:]
			}
		}
		src = src[n*run:]
	}
	return nil
}
