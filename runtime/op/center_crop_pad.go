package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// CenterCropPad gives dimensions of its input the sizes that input 1 holds: it
// cuts both ends, or adds zeros at both. Where the two can't be alike, the
// second loses or gets one more. Axes are the dimensions; all if it is nil.
type CenterCropPad struct{ Axes []int }

// Infer replaces the dimensions.
func (o *CenterCropPad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	rank := in[0].Rank()
	sizes, _, err := shapeFrom(in, 1)
	if err != nil {
		return nil, err
	}
	n := rank
	if o.Axes != nil {
		n = len(o.Axes)
	}
	if len(sizes) != n {
		return nil, errorf("input 1 has shape %v, want [%d]: a size for each axis", in[1].Shape, n)
	}
	shape, seen := slices.Clone(in[0].Shape), [maxRank]bool{}
	for i, d := range sizes {
		axis := i
		if o.Axes != nil {
			if axis, err = axisOf(o.Axes[i], rank); err != nil {
				return nil, err
			}
		}
		if seen[axis] {
			return nil, errorf("axis %d is named twice in %v", axis, o.Axes)
		}
		shape[axis], seen[axis] = d, true
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref clears the output and copies what is kept.
func (*CenterCropPad) Ref(in, out []tensor.View) error {
	clear(out[0].Data)
	m := move{size: out[0].DType.Size()}
	from, to := byteStrides(in[0].Type), byteStrides(out[0].Type)
	for i, d := range in[0].Shape {
		n := out[0].Shape[i]
		m.from += max(d-n, 0) / 2 * from[i]
		m.at += max(n-d, 0) / 2 * to[i]
		m.add(min(d, n), from[i], to[i])
	}
	m.run(out[0].Data, in[0].Data)
	return nil
}
