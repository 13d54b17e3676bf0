package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Pack joins inputs of the same shape along a new dimension, Axis of the output.
type Pack struct{ Axis int }

// Infer inserts the number of inputs into their shape.
func (o *Pack) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, math.MaxInt32); err != nil {
		return nil, err
	}
	shape := slices.Clone(in[0].Shape)
	for i := range in {
		if in[i].Absent() || in[i].Rank() != len(shape) {
			return nil, errorf("inputs 0 and %d have shapes %v and %v, want the same", i, in[0].Shape, in[i].Shape)
		}
		if err := wantMovable(in, i); err != nil {
			return nil, err
		}
		if err := wantSame(in, 0, i); err != nil {
			return nil, err
		}
		for k, d := range in[i].Shape {
			if shape[k] == tensor.Dynamic {
				shape[k] = d
			} else if d != shape[k] && d != tensor.Dynamic {
				return nil, errorf("inputs 0 and %d have shapes %v and %v, want the same", i, in[0].Shape, in[i].Shape)
			}
		}
	}
	if len(shape) == maxRank {
		return nil, Unsupported("a result of %d dimensions (at most %d are)", maxRank+1, maxRank)
	}
	axis, err := axisOf(o.Axis, len(shape)+1)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].WithShape(slices.Insert(shape, axis, len(in))...)}, nil
}

// Ref puts each input in its place.
func (o *Pack) Ref(in, out []tensor.View) error {
	axis, _ := axisOf(o.Axis, out[0].Rank())
	for i := range in {
		m := alongAxis(out[0].Type, axis, 1)
		m.at = i * m.dst[1]
		m.run(out[0].Data, in[i].Data)
	}
	return nil
}
