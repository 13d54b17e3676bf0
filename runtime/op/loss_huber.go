package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Huber is ½·d² where |d| ≤ Delta, and Delta·|d| − ½·Delta² elsewhere, of d = x −
// t. The mean over the last dimension is a sample's loss.
type Huber struct{ Delta float32 }

// Infer returns a scalar.
func (o *Huber) Infer(in []tensor.View) ([]tensor.Type, error) { return inferMeanLoss(o, in) }

// Ref computes sample by sample.
func (o *Huber) Ref(in, out []tensor.View) error { return refMeanLoss(o, in, out) }

// Prepare shares samples among workers.
func (o *Huber) Prepare(p *Prep) (Prepared, error) { return prepareMeanLoss(o, p) }

// Grad is with respect to the prediction.
func (o *Huber) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return gradOfMean(o, b, n, dy, want)
}

func (o *Huber) valid() error {
	if !(o.Delta > 0) || math.IsInf(float64(o.Delta), 0) {
		return errorf("delta is %v, want a number above 0", o.Delta)
	}
	return nil
}

// oneHalf is an operand of slots.
var oneHalf = []float32{0.5}

// losses computes ½·(b·((d + d) − b)), where b is d within ±Delta.
func (o *Huber) losses(k *kernels.Rows, y, x, t, u []float32) {
	k.BinaryF32(kernels.BinarySub, u, x, t, infs[0], infs[1])
	k.BinaryF32(kernels.BinarySub, y, x, t, -o.Delta, o.Delta)
	k.BinaryF32(kernels.BinaryAdd, u, u, u, infs[0], infs[1])
	k.BinaryF32(kernels.BinarySub, u, u, y, infs[0], infs[1])
	k.BinaryF32(kernels.BinaryMul, y, y, u, infs[0], infs[1])
	k.BinaryF32(kernels.BinaryMul, y, y, oneHalf, infs[0], infs[1])
}

func (o *Huber) slopes(k *kernels.Rows, y, x, t, f, _ []float32) {
	k.BinaryF32(kernels.BinarySub, y, x, t, -o.Delta, o.Delta)
	k.BinaryF32(kernels.BinaryMul, y, y, f, infs[0], infs[1])
}
