package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// And is true where both operands are, broadcast.
type And struct{}

// Or is true where one of the operands is, broadcast.
type Or struct{}

// Not is true where its input is false.
type Not struct{}

// Infer returns bools of the broadcast shape.
func (*And) Infer(in []tensor.View) ([]tensor.Type, error) { return inferPair(in, To{}, tensor.Bool) }

// Infer returns bools of the broadcast shape.
func (*Or) Infer(in []tensor.View) ([]tensor.Type, error) { return inferPair(in, To{}, tensor.Bool) }

// Infer returns the input's type.
func (*Not) Infer(in []tensor.View) ([]tensor.Type, error) { return inferSame(in, tensor.Bool) }

var (
	and = pair[uint8, uint8, uint8]{f: func(a, b uint8) uint8 { return truth(a != 0 && b != 0) }}
	or  = pair[uint8, uint8, uint8]{f: func(a, b uint8) uint8 { return truth(a|b != 0) }}
)

// Ref combines the operands.
func (*And) Ref(in, out []tensor.View) error { refPairs(and, in, out); return nil }

// Ref combines the operands.
func (*Or) Ref(in, out []tensor.View) error { refPairs(or, in, out); return nil }

// Ref negates.
func (*Not) Ref(in, out []tensor.View) error {
	x, y := in[0].U8(), out[0].U8()
	for i := range y {
		y[i] = truth(x[i] == 0)
	}
	return nil
}

// Prepare prepares loops over runs.
func (*And) Prepare(*Prep) (Prepared, error) { return preparePairs("go", and) }

// Prepare prepares loops over runs.
func (*Or) Prepare(*Prep) (Prepared, error) { return preparePairs("go", or) }

// InPlace says that the result may replace an operand.
func (*And) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }

// InPlace says that the result may replace an operand.
func (*Or) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }

// InPlace says that the result may replace the input.
func (*Not) InPlace(in, out []tensor.Type) []int { return []int{0} }
