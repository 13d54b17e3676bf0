package op

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Squeeze drops dimensions of 1: Axes or input 1 or, if there is neither, all.
type Squeeze struct{ Axes []int }

// Name returns "Squeeze".
func (Squeeze) Name() string { return "Squeeze" }

// Infer returns input 0's type without those dimensions.
func (o Squeeze) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 2); err != nil {
		return nil, err
	}
	axes, t := o.Axes, in[0].Type
	if v := input(in, 1); !v.Absent() {
		xs, known, err := ints(v)
		if err != nil {
			return nil, fmt.Errorf("input 1: %w", err)
		}
		if !known {
			return nil, Unsupported("computed axes")
		}
		axes = xs
	}
	drop := make([]bool, t.Rank())
	for _, a := range axes {
		axis, err := axisOf(a, t.Rank())
		if err != nil {
			return nil, err
		}
		if d := t.Shape[axis]; d != 1 && d != tensor.Dynamic {
			return nil, fmt.Errorf("dimension %d of shape %v is not 1", axis, t.Shape)
		}
		drop[axis] = true
	}
	if len(axes) == 0 {
		if !t.Static() {
			return nil, Unsupported("dropping all dimensions of 1 from shape %v", t.Shape)
		}
		for i, d := range t.Shape {
			drop[i] = d == 1
		}
	}
	shape := []int{}
	for i, d := range t.Shape {
		if !drop[i] {
			shape = append(shape, d)
		}
	}
	return regrouped(t, shape)
}

// Ref copies the elements.
func (Squeeze) Ref(in, out []tensor.View) error { return Reshape{}.Ref(in, out) }

// Prepare returns a step only where the output has memory of its own.
func (Squeeze) Prepare(*Prep) (Prepared, error) { return byCopy() }

// InPlace says that the elements may stay where they are.
func (Squeeze) InPlace(in, out []tensor.Type) []int { return []int{0} }

// ExpandDims inserts dimensions of 1: input 1 holds their places in the output.
type ExpandDims struct{}

// Name returns "ExpandDims".
func (ExpandDims) Name() string { return "ExpandDims" }

// Infer returns input 0's type with those dimensions.
func (ExpandDims) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	t := in[0].Type
	axes, known, err := ints(in[1])
	if err != nil {
		return nil, fmt.Errorf("input 1: %w", err)
	}
	n, err := listLen(in, 1)
	if err != nil {
		return nil, err
	}
	rank := t.Rank() + n
	if !known {
		return []tensor.Type{t.WithShape(dynamicShape(rank)...)}, nil
	}
	fresh := make([]bool, rank)
	for _, a := range axes {
		axis, err := axisOf(a, rank)
		if err != nil {
			return nil, err
		}
		if fresh[axis] {
			return nil, fmt.Errorf("axis %d is named twice in %v", axis, axes)
		}
		fresh[axis] = true
	}
	shape, old := make([]int, 0, rank), t.Shape
	for i := range rank {
		if fresh[i] {
			shape = append(shape, 1)
		} else {
			shape, old = append(shape, old[0]), old[1:]
		}
	}
	return regrouped(t, shape)
}

// Ref copies the elements.
func (ExpandDims) Ref(in, out []tensor.View) error { return Reshape{}.Ref(in, out) }

// Prepare returns a step only where the output has memory of its own.
func (ExpandDims) Prepare(*Prep) (Prepared, error) { return byCopy() }

// InPlace says that the elements may stay where they are.
func (ExpandDims) InPlace(in, out []tensor.Type) []int { return []int{0} }

// regrouped returns t with a shape of the same elements. Scales run along the
// dimension that has as many elements on either side as theirs had.
func regrouped(t tensor.Type, shape []int) ([]tensor.Type, error) {
	q := t.Quant
	if !q.PerChannel() {
		return []tensor.Type{t.WithShape(shape...)}, nil
	}
	if q.Axis >= 0 && q.Axis < t.Rank() && t.Static() && !slices.Contains(shape, tensor.Dynamic) {
		outer := product(t.Shape[:q.Axis])
		for i, d := range shape {
			if d == len(q.Scale) && product(shape[:i]) == outer {
				t.Quant = &quant.Params{Scale: q.Scale, Zero: q.Zero, Axis: i}
				return []tensor.Type{t.WithShape(shape...)}, nil
			}
		}
	}
	return nil, Unsupported("shape %v with %d scales along dimension %d as %v", t.Shape, len(q.Scale), q.Axis, shape)
}
