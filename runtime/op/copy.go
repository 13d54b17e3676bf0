package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Copy copies its input: a value that is a graph's output twice, or its input
// too, needs a second one with a name of its own.
type Copy struct{}

// Infer returns the input's type.
func (*Copy) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref copies.
func (*Copy) Ref(in, out []tensor.View) error {
	copy(out[0].Data, in[0].Data)
	return nil
}

// Prepare returns a step only where the output has memory of its own.
func (*Copy) Prepare(*Prep) (Prepared, error) { return byCopy() }

// InPlace says that the elements may stay where they are.
func (*Copy) InPlace(in, out []tensor.Type) []int { return []int{0} }
