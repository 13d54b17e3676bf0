package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SignalDelay delays int16 streams [..., n] by Length samples, zeros coming
// first. The variable holds those under way.
type SignalDelay struct{ Length int }

// Writes lists the variable.
func (*SignalDelay) Writes() []int { return []int{1} }

// State returns the type of the samples under way.
func (o *SignalDelay) State(x tensor.Type) ([]tensor.Type, error) {
	outer, _, err := streams(x, 1)
	if err != nil {
		return nil, err
	}
	if err := wantWithin("delay_length", o.Length, 0, math.MaxInt32/2); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(tensor.I16, outer, o.Length)}, nil
}

// Infer returns the streams' type.
func (o *SignalDelay) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantState(o, in, tensor.I16); err != nil {
		return nil, err
	}
	return []tensor.Type{plainType(in[0].Type)}, nil
}

// Ref gives the oldest samples and keeps the newest.
func (o *SignalDelay) Ref(in, out []tensor.View) error {
	x, kept, y := in[0].I16(), in[1].I16(), out[0].I16()
	n := in[0].Shape[in[0].Rank()-1]
	for ; len(x) > 0; x, y, kept = x[n:], y[n:], kept[o.Length:] {
		row, late := x[:n], kept[:o.Length]
		given := copy(y[:n], late)
		copy(y[given:n], row)
		copy(late, late[given:])
		copy(late[o.Length-given:], row[n-given:])
	}
	return nil
}
