package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Stateful is implemented by operators on streams: they keep what they need of
// earlier runs in variables of their own, which are their last inputs and
// zero at first.
type Stateful interface {
	graph.Op
	Writer
	// State returns the types of the variables for an input 0 of type x, after
	// checking x and the attributes against each other.
	State(x tensor.Type) ([]tensor.Type, error)
}

// wantState checks the inputs of a stateful operator: x, of one of the types,
// and the variables.
func wantState(o Stateful, in []tensor.View, types ...tensor.DType) error {
	n := len(o.Writes())
	if err := wantInputs(in, 1+n, 1+n); err != nil {
		return err
	}
	if err := wantType(in, 0, types...); err != nil {
		return err
	}
	if !in[0].Static() {
		return Unsupported("a stream of unknown shape %v", in[0].Shape)
	}
	state, err := o.State(in[0].Type)
	if err != nil {
		return err
	}
	for i, t := range state {
		if err := t.Check(); err != nil {
			return err
		}
		if v := in[i+1]; v.DType != t.DType || !v.Static() || v.Len() != t.Len() {
			return errorf("input of shape %v needs a state of %s%v, and has %s%v", in[0].Shape, t.DType, t.Shape, v.DType, v.Shape)
		}
	}
	return nil
}

// streams returns how many signals x holds, and the innermost dimensions of
// each, which may not be empty.
func streams(x tensor.Type, innermost int) (outer int, inner []int, err error) {
	if x.Rank() < innermost {
		return 0, nil, errorf("input has shape %v, want %d or more dimensions", x.Shape, innermost)
	}
	at := x.Rank() - innermost
	inner = x.Shape[at:]
	for _, d := range inner {
		if d <= 0 {
			return 0, nil, errorf("input of shape %v has no elements in a frame", x.Shape)
		}
	}
	return product(x.Shape[:at]), inner, nil
}

// wantWithin checks an attribute that counts something.
func wantWithin(name string, got, least, most int) error {
	if got < least || got > most {
		return errorf("%s is %d, want %d to %d", name, got, least, most)
	}
	return nil
}
