package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Flatten makes a matrix of its input: the dimensions before Axis are its
// rows, those from it on its columns. Axis may be the rank, and counts from
// there if negative.
type Flatten struct{ Axis int }

// Infer multiplies the dimensions.
func (o *Flatten) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	rank, axis := in[0].Rank(), o.Axis
	if axis < 0 {
		axis += rank
	}
	if axis < 0 || axis > rank {
		return nil, errorf("axis %d is out of range for rank %d", o.Axis, rank)
	}
	shape := []int{1, 1}
	var err error
	for i, d := range in[0].Shape {
		side := &shape[0]
		if i >= axis {
			side = &shape[1]
		}
		if *side, err = mulDims(*side, d); err != nil {
			return nil, err
		}
	}
	return regrouped(in[0].Type, shape)
}

// Ref copies the elements.
func (*Flatten) Ref(in, out []tensor.View) error { return (&Reshape{}).Ref(in, out) }

// Prepare returns a step only where the output has memory of its own.
func (*Flatten) Prepare(*Prep) (Prepared, error) { return byCopy() }

// InPlace says that the elements may stay where they are.
func (*Flatten) InPlace(in, out []tensor.Type) []int { return []int{0} }
