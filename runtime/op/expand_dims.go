package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// ExpandDims inserts dimensions of 1: input 1 holds their places in the output.
type ExpandDims struct{}

// Infer returns input 0's type with those dimensions.
func (*ExpandDims) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	t := in[0].Type
	axes, known, err := ints(in[1])
	if err != nil {
		return nil, errorf("input 1: %w", err)
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
			return nil, errorf("axis %d is named twice in %v", axis, axes)
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
func (*ExpandDims) Ref(in, out []tensor.View) error { return (&Reshape{}).Ref(in, out) }

// Prepare returns a step only where the output has memory of its own.
func (*ExpandDims) Prepare(*Prep) (Prepared, error) { return byCopy() }

// InPlace says that the elements may stay where they are.
func (*ExpandDims) InPlace(in, out []tensor.Type) []int { return []int{0} }
