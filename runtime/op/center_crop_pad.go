package op

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// CenterCropPad cuts its input to the size that input 1 gives for each of Axes
// (nil: all), or surrounds it with zeros. Of an odd number of elements, the odd
// one is cut off or added at the end.
type CenterCropPad struct{ Axes []int }

// Name returns "CenterCropPad".
func (CenterCropPad) Name() string { return "CenterCropPad" }

// Infer puts the sizes in their places.
func (o CenterCropPad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	rank := in[0].Rank()
	size, known, err := ints(in[1])
	if err != nil {
		return nil, fmt.Errorf("shape: %w", err)
	}
	axes, err := Resize{Axes: o.Axes}.axes(rank)
	if err != nil {
		return nil, err
	}
	if err := wantEachAxis("the new sizes", in[1], axes, 1); err != nil {
		return nil, err
	}
	shape := slices.Clone(in[0].Shape)
	for i, a := range axes {
		if shape[a] = tensor.Dynamic; known {
			if shape[a] = size[i]; size[i] < 0 {
				return nil, fmt.Errorf("new size %d is not valid", size[i])
			}
		}
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref moves what is left.
func (o CenterCropPad) Ref(in, out []tensor.View) error {
	copyCentre(&in[0], &out[0])
	return nil
}

// copyCentre copies as much of a tensor into another as fits, both centred,
// with zeros around it.
func copyCentre(in, out *tensor.View) {
	clear(out.Data)
	m := move{size: in.DType.Size()}
	from, to := byteStrides(in.Type), byteStrides(out.Type)
	for i, d := range in.Shape {
		e := out.Shape[i]
		m.add(min(d, e), from[i], to[i])
		m.from += max(d-e, 0) / 2 * from[i]
		m.at += max(e-d, 0) / 2 * to[i]
	}
	m.run(out.Data, in.Data)
}

// Prepare has no kernel of its own.
func (o CenterCropPad) Prepare(*Prep) (Prepared, error) { return byRef(o) }
