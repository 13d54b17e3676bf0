package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// MeanAbsoluteError is |x − t|, of which the mean over the last dimension is a
// sample's loss. Its gradient is 0 where x is t.
type MeanAbsoluteError struct{}

// Infer returns a scalar.
func (o *MeanAbsoluteError) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferMeanLoss(o, in)
}

// Ref computes sample by sample.
func (o *MeanAbsoluteError) Ref(in, out []tensor.View) error { return refMeanLoss(o, in, out) }

// Prepare shares samples among workers.
func (o *MeanAbsoluteError) Prepare(p *Prep) (Prepared, error) { return prepareMeanLoss(o, p) }

// Grad is with respect to the prediction.
func (o *MeanAbsoluteError) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return gradOfMean(o, b, n, dy, want)
}

func (*MeanAbsoluteError) valid() error { return nil }

// minusOne and unit are operands of slots.
var minusOne, unit = []float32{-1}, []float32{1}

func (*MeanAbsoluteError) losses(k *kernels.Rows, y, x, t, u []float32) {
	k.BinaryF32(kernels.BinarySub, y, x, t, infs[0], infs[1])
	k.BinaryF32(kernels.BinaryMul, u, y, minusOne, infs[0], infs[1])
	k.BinaryF32(kernels.BinaryMax, y, y, u, infs[0], infs[1])
}

func (*MeanAbsoluteError) slopes(k *kernels.Rows, y, x, t, f, u []float32) {
	k.BinaryF32(kernels.BinarySub, u, x, t, infs[0], infs[1])
	for i := range y {
		y[i] = 1
	}
	k.UnaryGradF32(kernels.GradAbs, y, u, y, 0, 0)
	k.BinaryF32(kernels.BinaryMul, y, y, f, infs[0], infs[1])
}
