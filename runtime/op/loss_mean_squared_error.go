package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// MeanSquaredError is (x − t)², of which the mean over the last dimension is a
// sample's loss.
type MeanSquaredError struct{}

// Infer returns a scalar.
func (o *MeanSquaredError) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferMeanLoss(o, in)
}

// Ref computes sample by sample.
func (o *MeanSquaredError) Ref(in, out []tensor.View) error { return refMeanLoss(o, in, out) }

// Prepare shares samples among workers.
func (o *MeanSquaredError) Prepare(p *Prep) (Prepared, error) { return prepareMeanLoss(o, p) }

// Grad is with respect to the prediction.
func (o *MeanSquaredError) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return gradOfMean(o, b, n, dy, want)
}

func (*MeanSquaredError) valid() error { return nil }

func (*MeanSquaredError) losses(k *kernels.Rows, y, x, t, _ []float32) {
	k.BinaryF32(kernels.BinarySub, y, x, t, infs[0], infs[1])
	k.BinaryF32(kernels.BinaryMul, y, y, y, infs[0], infs[1])
}

func (*MeanSquaredError) slopes(k *kernels.Rows, y, x, t, f, _ []float32) {
	k.BinaryF32(kernels.BinarySub, y, x, t, infs[0], infs[1])
	k.BinaryF32(kernels.BinaryAdd, y, y, y, infs[0], infs[1])
	k.BinaryF32(kernels.BinaryMul, y, y, f, infs[0], infs[1])
}
