package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Squeeze drops dimensions of 1: Axes or input 1 or, if there is neither, all.
type Squeeze struct{ Axes []int }

// Infer returns input 0's type without those dimensions.
func (o *Squeeze) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 2); err != nil {
		return nil, err
	}
	axes, t := o.Axes, in[0].Type
	if v := input(in, 1); !v.Absent() {
		xs, known, err := ints(v)
		if err != nil {
			return nil, errorf("input 1: %w", err)
		}
		if !known {
			return nil, Undecided("computed axes")
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
			return nil, errorf("dimension %d of shape %v is not 1", axis, t.Shape)
		}
		drop[axis] = true
	}
	if len(axes) == 0 {
		if !t.Static() {
			return nil, Undecided("dropping all dimensions of 1 from shape %v", t.Shape)
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
func (*Squeeze) Ref(in, out []tensor.View) error { return (&Reshape{}).Ref(in, out) }

// Prepare returns a step only where the output has memory of its own.
func (*Squeeze) Prepare(*Prep) (Prepared, error) { return byCopy() }

// InPlace says that the elements may stay where they are.
func (*Squeeze) InPlace(in, out []tensor.Type) []int { return []int{0} }
