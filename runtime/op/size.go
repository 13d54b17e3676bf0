package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Size returns the number of its input's elements, an int64 scalar.
type Size struct{}

// TypeOnly says that contents don't matter.
func (*Size) TypeOnly() {}

// Infer returns an int64 scalar.
func (*Size) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(tensor.I64)}, nil
}

// Ref counts.
func (*Size) Ref(in, out []tensor.View) error {
	out[0].I64()[0] = int64(in[0].Len())
	return nil
}
