package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// RNN is ONNX's RNN: h = f(W·x + R·h + biases).
type RNN struct {
	Recurrent
}

// Name returns "RNN".
func (RNN) Name() string { return "RNN" }

// Infer checks the shapes against each other.
func (o RNN) Infer(in []tensor.View) ([]tensor.Type, error) { return o.infer(in, cellRNN) }

// Ref runs the cell over all sequences.
func (o RNN) Ref(in, out []tensor.View) error { return refFloat(o, in, out) }

// Prepare reserves the memory of one step.
func (o RNN) Prepare(p *Prep) (Prepared, error) { return byFloat(o, p) }

// MACs counts the products with weights.
func (o RNN) MACs(in, _ []tensor.Type) int64 { return o.macs(in) }

func (o RNN) floatScratch(in, _ []tensor.Type) int64 { return o.scratch(in) }

func (o RNN) runFloat32(in, out []tensor.View, scratch []float32) error {
	return runRecurrent(&o.Recurrent, cellRNN, false, in, out, scratch)
}

func (o RNN) runFloat64(in, out []tensor.View, scratch []float64) error {
	return runRecurrent(&o.Recurrent, cellRNN, false, in, out, scratch)
}
