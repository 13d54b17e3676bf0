package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Rank returns the number of its input's dimensions, an int32 scalar.
type Rank struct{}

// TypeOnly says that contents don't matter.
func (*Rank) TypeOnly() {}

// Infer returns a scalar.
func (*Rank) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(tensor.I32)}, nil
}

// Ref writes the rank.
func (*Rank) Ref(in, out []tensor.View) error {
	setInt(&out[0], 0, in[0].Rank())
	return nil
}
