package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// BitCast reads the bits of its elements as another type of the same size.
type BitCast struct{ DType tensor.DType }

// Infer returns DType with the input's shape.
func (o *BitCast) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if o.DType == tensor.None || o.DType.Bits() != in[0].DType.Bits() {
		return nil, Unsupported("%s as type of the output (the input is %s; sizes must be equal)", o.DType, in[0].DType)
	}
	return []tensor.Type{tensor.Of(o.DType, in[0].Shape...)}, nil
}

// Ref copies the bytes.
func (*BitCast) Ref(in, out []tensor.View) error {
	copy(out[0].Data, in[0].Data)
	return nil
}

// Prepare returns a step only where the output has memory of its own.
func (*BitCast) Prepare(*Prep) (Prepared, error) { return byCopy() }

// InPlace says that the elements may stay where they are.
func (*BitCast) InPlace(in, out []tensor.Type) []int { return []int{0} }
