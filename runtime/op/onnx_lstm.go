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

// Name returns "LSTM".
func (LSTM) Name() string { return "LSTM" }

// Infer checks the shapes against each other.
func (o LSTM) Infer(in []tensor.View) ([]tensor.Type, error) { return o.infer(in, cellLSTM) }

// Ref runs the cell over all sequences.
func (o LSTM) Ref(in, out []tensor.View) error { return refFloat(o, in, out) }

// Prepare reserves the memory of one step.
func (o LSTM) Prepare(p *Prep) (Prepared, error) { return byFloat(o, p) }

// MACs counts the products with weights.
func (o LSTM) MACs(in, _ []tensor.Type) int64 { return o.macs(in) }

func (o LSTM) floatScratch(in, _ []tensor.Type) int64 { return o.scratch(in) }

func (o LSTM) runFloat32(in, out []tensor.View, scratch []float32) error {
	return runRecurrent(&o.Recurrent, cellLSTM, o.InputForget, in, out, scratch)
}

func (o LSTM) runFloat64(in, out []tensor.View, scratch []float64) error {
	return runRecurrent(&o.Recurrent, cellLSTM, o.InputForget, in, out, scratch)
}
