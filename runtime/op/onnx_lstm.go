package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// LSTM is ONNX's LSTM: gates i, o, f and c in this order. Two more inputs,
// both optional, are initial_c [dirs batch hidden] and the peepholes
// P [dirs 3·hidden] of i, o and f; one more output is Y_c. InputForget says
// that the forget gate is 1 − i.
type LSTM struct {
	Recurrent
	InputForget bool
}

// Infer checks the shapes against each other.
func (o *LSTM) Infer(in []tensor.View) ([]tensor.Type, error) { return o.infer(in, cellLSTM) }

// Ref runs the cell over all sequences.
func (o *LSTM) Ref(in, out []tensor.View) error {
	return refRecurrent(o, &o.Recurrent, cellLSTM, o.InputForget, in, out)
}

// Prepare packs constant weights.
func (o *LSTM) Prepare(p *Prep) (Prepared, error) {
	return prepareRecurrent(o, &o.Recurrent, cellLSTM, o.InputForget, p)
}

// MACs counts the products with weights.
func (o *LSTM) MACs(in, _ []tensor.Type) int64 { return o.macs(in) }
