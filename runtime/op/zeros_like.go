package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ZerosLike returns zeros of its input's type and shape. Quantised elements
// are 0 too, whatever that stands for.
type ZerosLike struct{}

// Infer returns the input's type.
func (*ZerosLike) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].Type}, nil
}

// TypeOnly says that the input's elements don't matter.
func (*ZerosLike) TypeOnly() {}

// Ref clears the output.
func (*ZerosLike) Ref(in, out []tensor.View) error { clear(out[0].Data); return nil }

// InPlace says that the zeros may replace the input.
func (*ZerosLike) InPlace(in, out []tensor.Type) []int { return whole() }
