package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// RecurrenceGrad is the gradient of a Recurrence that keeps. The inputs are
//
//	x  kernel  recurrent  h  c (the initial states)  y  gates  cells (what was kept)
//	dy [n t u]  dh [n u]  dc [n u], the gradients with respect to the outputs
//
// of which h, c, those that the cell hasn't, and gradients may be left out: they
// are 0. The outputs are the gradients with respect to the inputs of Recurrence
// that Want lists: x, kernel, recurrent, bias, h and c.
//
// Sums: the gradient of a sum s of a step, da, follows from kernels.Cells; dh of
// the step before is a chain over the columns of recurrent, to which dh·z of a
// GRU is added first and then dy. dx is a chain over the columns of kernel; dkernel, drecurrent
// and dbias are chains over sequences, in order, and indices in each.
type RecurrenceGrad struct {
	Layer Recurrence
	Want  [6]bool
}

// The inputs.
const (
	recurrenceGradH = 3 + iota
	recurrenceGradC
	recurrenceGradY
	recurrenceGradGates
	recurrenceGradCells
	recurrenceGradDY
	recurrenceGradDH
	recurrenceGradDC
	recurrenceGradInputs
)

// Infer checks the shapes against each other.
func (o *RecurrenceGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if o.Layer.Cell > LSTMCell {
		return nil, errorf("cell %d: want 0 to 2", o.Layer.Cell)
	}
	if err := wantInputs(in, 3, recurrenceGradInputs); err != nil {
		return nil, err
	}
	for i, rank := range []int{3, 2, 2} {
		if err := wantRank(in, i, rank); err != nil {
			return nil, err
		}
	}
	s := o.Layer.size(in[0].Shape, in[2].Shape)
	if s.n == 0 || s.t == 0 || s.in == 0 || s.u == 0 {
		return nil, errorf("x has shape %v, and there are %d units: want no 0", in[0].Shape, s.u)
	}
	state, all := []int{s.n, s.u}, []int{s.n, s.t, s.u}
	shapes := [recurrenceGradInputs][]int{in[0].Shape, {s.in, s.cols}, {s.u, s.cols}, state, state, all, {s.n, s.t, s.kept}, all, all, state, state}
	needs := [recurrenceGradInputs]bool{true, true, true, recurrenceGradY: true, recurrenceGradGates: o.Layer.Cell != SimpleRNNCell, recurrenceGradCells: o.Layer.Cell == LSTMCell}
	for i, want := range shapes {
		v := input(in, i)
		if v.Absent() && needs[i] {
			return nil, errorf("input %d is left out, and must be there", i)
		}
		if !v.Absent() && (v.DType != tensor.F32 || !fitsShape(v.Shape, want)) {
			return nil, errorf("input %d is %s%v, want float32%v", i, v.DType, v.Shape, want)
		}
	}
	var out []tensor.Type
	for i, shape := range [][]int{shapes[0], shapes[1], shapes[2], s.biasShape(), state, state} {
		if o.Want[i] {
			out = append(out, tensor.Of(tensor.F32, shape...))
		}
	}
	return out, nil
}

// MACs counts the products with weights, and those that make gradients of them.
func (o *RecurrenceGrad) MACs(in, out []tensor.Type) int64 { return 2 * o.Layer.MACs(in, out) }

// wanted returns the outputs in their places, nil where they aren't wanted.
func (o *RecurrenceGrad) wanted(out []tensor.View) (to [6][]float32) {
	for i, want := range o.Want {
		if want {
			to[i], out = out[0].F32(), out[1:]
		}
	}
	return to
}

// Ref computes one element after the other.
func (o *RecurrenceGrad) Ref(in, out []tensor.View) error {
	s, to := o.Layer.size(in[0].Shape, in[2].Shape), o.wanted(out)
	da := make([]float32, s.n*s.t*s.kept)
	for i := range s.n {
		s.refBack(i, da, in, to)
	}
	s.refWeights(da, in, to)
	return nil
}
