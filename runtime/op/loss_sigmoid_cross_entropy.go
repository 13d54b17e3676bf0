package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SigmoidCrossEntropy is the binary cross-entropy of a sigmoid of logits: −t·log
// σ(x) − (1 − t)·log(1 − σ(x)), of which the mean over the last dimension is a
// sample's loss. With Smoothing, t becomes t·(1 − Smoothing) + ½·Smoothing, as in
// Keras.
type SigmoidCrossEntropy struct{ Smoothing float32 }

// Infer returns a scalar.
func (o *SigmoidCrossEntropy) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferMeanLoss(o, in)
}

// Ref computes sample by sample.
func (o *SigmoidCrossEntropy) Ref(in, out []tensor.View) error { return refMeanLoss(o, in, out) }

// Prepare shares samples among workers.
func (o *SigmoidCrossEntropy) Prepare(p *Prep) (Prepared, error) { return prepareMeanLoss(o, p) }

// Grad is with respect to the prediction.
func (o *SigmoidCrossEntropy) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return gradOfMean(o, b, n, dy, want)
}

func (o *SigmoidCrossEntropy) valid() error { return smoothed(o.Smoothing) }

// target returns the target, in y if it is smoothed: (t + ½·s/(1 − s))·(1 − s).
func (o *SigmoidCrossEntropy) target(k *kernels.Rows, y, t []float32) []float32 {
	if o.Smoothing == 0 {
		return t
	}
	keep := 1 - o.Smoothing
	k.NormF32(y, t, -(o.Smoothing/2)/keep, keep, nil, nil)
	return y
}

// losses computes log(1 + e^−|x|) + (max(x, 0) − x·t), which is precise where the
// loss is small.
func (o *SigmoidCrossEntropy) losses(k *kernels.Rows, y, x, t, u []float32) {
	k.BinaryF32(kernels.BinaryMul, u, o.target(k, u, t), x, infs[0], infs[1])
	k.BinaryF32(kernels.BinaryMul, y, x, unit, 0, infs[1])
	k.BinaryF32(kernels.BinarySub, u, y, u, infs[0], infs[1])
	k.BinaryF32(kernels.BinaryMul, y, x, minusOne, infs[0], infs[1])
	k.BinaryF32(kernels.BinaryMin, y, x, y, infs[0], infs[1])
	k.UnaryF32(kernels.UnarySoftplus, y, y, 0)
	k.BinaryF32(kernels.BinaryAdd, y, y, u, infs[0], infs[1])
}

func (o *SigmoidCrossEntropy) slopes(k *kernels.Rows, y, x, t, f, u []float32) {
	k.UnaryF32(kernels.UnarySigmoid, u, x, 0)
	k.BinaryF32(kernels.BinarySub, y, u, o.target(k, y, t), infs[0], infs[1])
	k.BinaryF32(kernels.BinaryMul, y, y, f, infs[0], infs[1])
}
