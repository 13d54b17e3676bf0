package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Gather picks indices along Axis of input 0: those that input 1 holds. The
// first BatchDims dimensions of both go together; if negative, it counts from
// the rank of input 1. With Negative, indices may count from the end.
type Gather struct {
	Axis, BatchDims int
	Negative        bool
}

// Infer puts input 1's dimensions, without the batch's, in place of the axis.
func (o *Gather) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	axis, batch, err := o.axes(in)
	if err != nil {
		return nil, err
	}
	for i := range batch {
		if a, b := in[0].Shape[i], in[1].Shape[i]; a != b && a != tensor.Dynamic && b != tensor.Dynamic {
			return nil, errorf("shapes %v and %v differ in batch dimension %d", in[0].Shape, in[1].Shape, i)
		}
	}
	shape := slices.Concat(in[0].Shape[:axis], in[1].Shape[batch:], in[0].Shape[axis+1:])
	if len(shape) > maxRank {
		return nil, Unsupported("a result of %d dimensions (at most %d are)", len(shape), maxRank)
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

func (o *Gather) axes(in []tensor.View) (axis, batch int, err error) {
	if axis, err = axisOf(o.Axis, in[0].Rank()); err != nil {
		return 0, 0, err
	}
	if batch = o.BatchDims; batch < 0 {
		batch += in[1].Rank()
	}
	if batch < 0 || batch > axis || batch > in[1].Rank() {
		return 0, 0, errorf("%d batch dimensions, want 0 to %d", o.BatchDims, min(axis, in[1].Rank()))
	}
	return axis, batch, nil
}

// Ref copies a run for each index.
func (o *Gather) Ref(in, out []tensor.View) error {
	axis, batch, err := o.axes(in)
	if err != nil || len(out[0].Data) == 0 {
		return err
	}
	s := in[0].Shape
	batches, outer := product(s[:batch]), product(s[batch:axis])
	picks, run := product(in[1].Shape[batch:]), in[0].DType.Size()*product(s[axis+1:])
	dst, src := out[0].Data, in[0].Data
	for b := range batches {
		for range outer {
			for p := range picks {
				i, err := o.index(&in[1], b*picks+p, s[axis])
				if err != nil {
					return err
				}
				copy(dst[:run], src[i*run:])
				dst = dst[run:]
			}
			src = src[s[axis]*run:]
		}
	}
	return nil
}

func (o *Gather) index(v *tensor.View, k, n int) (int, error) { return indexAt(v, k, n, o.Negative) }

// indexAt returns element k of v as an index of a dimension of n.
func indexAt(v *tensor.View, k, n int, negative bool) (int, error) {
	i, err := intAt(v, k)
	if err != nil {
		return 0, dataf("index: %v", err)
	}
	if negative && i < 0 {
		i += n
	}
	if i < 0 || i >= n {
		return 0, dataf("index %d (element %d) is outside of a dimension of %d", i, k, n)
	}
	return i, nil
}
