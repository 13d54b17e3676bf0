package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// GRU is ONNX's GRU: gates z, r and h in this order. LinearBeforeReset
// says that the reset gate is applied to the product R·h, bias included, and
// not to h.
type GRU struct {
	Recurrent
	LinearBeforeReset bool
}

// Infer checks the shapes against each other.
func (o *GRU) Infer(in []tensor.View) ([]tensor.Type, error) { return o.infer(in, cellGRU) }

// Ref runs the cell over all sequences.
func (o *GRU) Ref(in, out []tensor.View) error {
	return refRecurrent(o, &o.Recurrent, cellGRU, o.LinearBeforeReset, in, out)
}

// Prepare packs constant weights.
func (o *GRU) Prepare(p *Prep) (Prepared, error) {
	return prepareRecurrent(o, &o.Recurrent, cellGRU, o.LinearBeforeReset, p)
}

// MACs counts the products with weights.
func (o *GRU) MACs(in, _ []tensor.Type) int64 { return o.macs(in) }
