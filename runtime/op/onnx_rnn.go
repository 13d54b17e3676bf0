package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// RNN is ONNX's RNN: h = f(W·x + R·h + biases).
type RNN struct {
	Recurrent
}

// Infer checks the shapes against each other.
func (o *RNN) Infer(in []tensor.View) ([]tensor.Type, error) { return o.infer(in, cellRNN) }

// Ref runs the cell over all sequences.
func (o *RNN) Ref(in, out []tensor.View) error {
	return refRecurrent(o, &o.Recurrent, cellRNN, false, in, out)
}

// Prepare packs constant weights.
func (o *RNN) Prepare(p *Prep) (Prepared, error) {
	return prepareRecurrent(o, &o.Recurrent, cellRNN, false, p)
}

// MACs counts the products with weights.
func (o *RNN) MACs(in, _ []tensor.Type) int64 { return o.macs(in) }
