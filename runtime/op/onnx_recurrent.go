package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Recurrent is what ONNX's RNN, GRU and LSTM have in common. The inputs are
//
//	X [seq batch input]          W [dirs gates·hidden input]    R [dirs gates·hidden hidden]
//	B [dirs 2·gates·hidden]      sequence_lens [batch] int32    initial_h [dirs batch hidden]
//
// from B on optional, and the outputs
//
//	Y [seq dirs batch hidden]    Y_h [dirs batch hidden]
//
// If Batchwise (layout 1), batch comes first in X, Y and the states. Y is 0
// past the end of a sequence.
type Recurrent struct {
	Hidden    int            // 0: R tells
	Reverse   []bool         // of each direction: whether it reads from the end
	Functions []CellFunction // those of the first direction, then of the second
	Clip      float32        // of what the functions are applied to; 0: none
	Batchwise bool
}

// cellKind tells the recurrent operators apart.
type cellKind int

const (
	cellRNN  cellKind = 1 // the values are the numbers of gates
	cellGRU  cellKind = 3
	cellLSTM cellKind = 4
)

// functions is the number of functions of a direction.
func (k cellKind) functions() int {
	switch k {
	case cellRNN:
		return 1
	case cellGRU:
		return 2
	}
	return 3
}

// infer checks the inputs that all kinds have, and returns Y, Y_h and, for an
// LSTM, Y_c.
func (o Recurrent) infer(in []tensor.View, k cellKind) ([]tensor.Type, error) {
	if err := o.check(in, k); err != nil {
		return nil, err
	}
	dirs, gates := len(o.Reverse), int(k)
	x, r := in[0].Shape, in[2].Shape
	seq, batch := x[0], x[1]
	if o.Batchwise {
		seq, batch = batch, seq
	}
	hidden := r[2]
	if hidden == tensor.Dynamic && o.Hidden > 0 {
		hidden = o.Hidden
	}
	if o.Hidden > 0 && hidden != o.Hidden {
		return nil, errorf("hidden_size is %d, and R has shape %v", o.Hidden, r)
	}
	state := []int{dirs, batch, hidden}
	y := []int{seq, dirs, batch, hidden}
	if o.Batchwise {
		state, y = []int{batch, dirs, hidden}, []int{batch, seq, dirs, hidden}
	}
	wide := timesDim(gates, hidden)
	for i, want := range [][]int{nil, {dirs, wide, x[2]}, {dirs, wide, hidden}, {dirs, timesDim(2, wide)}, {batch}, state, state, {dirs, timesDim(3, hidden)}} {
		if v := input(in, i); i > 0 && !v.Absent() && !fitsShape(v.Shape, want) {
			return nil, errorf("input %d has shape %v, want %v", i, v.Shape, want)
		}
	}
	t := in[0].DType
	out := []tensor.Type{tensor.Of(t, y...), tensor.Of(t, state...)}
	if k == cellLSTM {
		out = append(out, tensor.Of(t, slices.Clone(state)...))
	}
	return out, nil
}

// check looks at types, ranks and attributes.
func (o Recurrent) check(in []tensor.View, k cellKind) error {
	most := 6
	if k == cellLSTM {
		most = 8
	}
	if err := wantInputs(in, 3, most); err != nil {
		return err
	}
	if err := wantFloats(in, 0, 1, 2, 3, 5, 6, 7); err != nil {
		return err
	}
	for i := range 3 {
		if err := wantRank(in, i, 3); err != nil {
			return err
		}
	}
	if v := input(in, 4); !v.Absent() && v.DType != tensor.I32 {
		return Unsupported("%s as type of input 4, sequence_lens (supported: int32)", v.DType)
	}
	if n := len(o.Reverse); n < 1 || n > 2 {
		return errorf("%d directions, want 1 or 2", n)
	}
	if n, want := len(o.Functions), k.functions()*len(o.Reverse); n != want {
		return errorf("%d activations, want %d", n, want)
	}
	if o.Hidden < 0 {
		return errorf("hidden_size is %d", o.Hidden)
	}
	if !(o.Clip >= 0) {
		return errorf("clip is %v, want a positive number", o.Clip)
	}
	return nil
}

// timesDim returns n·d, Dynamic if d is, and more than any dimension can be
// if the product is too large for an int of 32 bits.
func timesDim(n, d int) int {
	if d == tensor.Dynamic {
		return d
	}
	return int(min(int64(n)*int64(d), 1<<31-1))
}

// fitsShape reports whether a shape may be want, as far as both are known.
func fitsShape(shape, want []int) bool {
	if len(shape) != len(want) {
		return false
	}
	for i, d := range shape {
		if d != want[i] && d != tensor.Dynamic && want[i] != tensor.Dynamic {
			return false
		}
	}
	return true
}

// macs counts the products with W and R.
func (o Recurrent) macs(in []tensor.Type) int64 {
	x, r := in[0].Shape, in[2].Shape
	return int64(x[0]) * int64(x[1]) * int64(in[2].Len()/max(r[2], 1)) * int64(x[2]+r[2])
}
