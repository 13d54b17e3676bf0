package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Pack joins inputs of the same shape along a new dimension, Axis of the output.
type Pack struct{ Axis int }

// Name returns "Pack".
func (Pack) Name() string { return "Pack" }

// Infer inserts the number of inputs into their shape.
func (o Pack) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, math.MaxInt32); err != nil {
		return nil, err
	}
	shape := slices.Clone(in[0].Shape)
	for i := range in {
		if in[i].Absent() || in[i].Rank() != len(shape) {
			return nil, fmt.Errorf("inputs 0 and %d have shapes %v and %v, want the same", i, in[0].Shape, in[i].Shape)
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
				return nil, fmt.Errorf("inputs 0 and %d have shapes %v and %v, want the same", i, in[0].Shape, in[i].Shape)
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
func (o Pack) Ref(in, out []tensor.View) error {
	axis, _ := axisOf(o.Axis, out[0].Rank())
	for i := range in {
		m := alongAxis(out[0].Type, axis, 1)
		m.at = i * m.dst[1]
		m.run(out[0].Data, in[i].Data)
	}
	return nil
}

// Prepare has no kernel of its own.
func (o Pack) Prepare(*Prep) (Prepared, error) { return byRef(o) }

// alongAxis returns the move of a tensor of n indices along axis into the
// beginning of a larger one of type t. Its dimension 1 is that axis.
func alongAxis(t tensor.Type, axis, n int) move {
	m := move{size: t.DType.Size()}
	inner := m.size * product(t.Shape[axis+1:])
	m.add(product(t.Shape[:axis]), inner*n, inner*t.Shape[axis])
	m.add(n, inner, inner)
	m.add(inner/m.size, m.size, m.size)
	return m
}

// reversed returns the move that takes m's elements back.
func (m move) reversed() move {
	m.src, m.dst = m.dst, m.src
	m.from, m.at = m.at, m.from
	return m
}

// Unpack parts its input into Num outputs along Axis, which they lack.
type Unpack struct{ Num, Axis int }

// Name returns "Unpack".
func (Unpack) Name() string { return "Unpack" }

// Infer removes the axis.
func (o Unpack) Infer(in []tensor.View) ([]tensor.Type, error) {
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
		return nil, fmt.Errorf("shape %v has no %d indices along axis %d", in[0].Shape, o.Num, axis)
	}
	shape := slices.Delete(slices.Clone(in[0].Shape), axis, axis+1)
	return slices.Repeat([]tensor.Type{in[0].WithShape(shape...)}, o.Num), nil
}

// Ref takes each output from its place.
func (o Unpack) Ref(in, out []tensor.View) error {
	axis, _ := axisOf(o.Axis, in[0].Rank())
	for i := range out {
		m := alongAxis(in[0].Type, axis, 1)
		m.at = i * m.dst[1]
		m.reversed().run(out[i].Data, in[0].Data)
	}
	return nil
}

// Prepare has no kernel of its own.
func (o Unpack) Prepare(*Prep) (Prepared, error) { return byRef(o) }
