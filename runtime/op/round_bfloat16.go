package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// RoundBFloat16 rounds float32 to the nearest numbers that bfloat16 has, ties to
// even. Tensors of bfloat16 are held as float32.
type RoundBFloat16 struct{}

// Infer returns the input's type.
func (*RoundBFloat16) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32); err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref rounds.
func (*RoundBFloat16) Ref(in, out []tensor.View) error {
	y := out[0].F32()
	for i, x := range in[0].F32() {
		b := math.Float32bits(x)
		if x == x { // what a NaN keeps is its upper half
			b += 0x7fff + b>>16&1
		}
		y[i] = math.Float32frombits(b &^ 0xffff)
	}
	return nil
}

// InPlace says that each element is read before it is written.
func (*RoundBFloat16) InPlace(in, out []tensor.Type) []int { return []int{0} }
