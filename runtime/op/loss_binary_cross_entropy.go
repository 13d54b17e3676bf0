package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// BinaryCrossEntropy is −t·log p − (1 − t)·log(1 − p) of probabilities, which are
// clipped to [1e−7, 1 − 1e−7], as in Keras: beyond, the gradient is 0. The mean
// over the last dimension is a sample's loss. SigmoidCrossEntropy is faster and
// more precise.
type BinaryCrossEntropy struct{}

// Infer returns a scalar.
func (o *BinaryCrossEntropy) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferMeanLoss(o, in)
}

// Ref computes sample by sample.
func (o *BinaryCrossEntropy) Ref(in, out []tensor.View) error { return refMeanLoss(o, in, out) }

// Prepare shares samples among workers.
func (o *BinaryCrossEntropy) Prepare(p *Prep) (Prepared, error) { return prepareMeanLoss(o, p) }

// Grad is with respect to the prediction.
func (o *BinaryCrossEntropy) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return gradOfMean(o, b, n, dy, want)
}

func (*BinaryCrossEntropy) valid() error { return nil }

// leastProb is what probabilities are clipped to, so that logarithms are numbers.
const leastProb float32 = 1e-7

func (*BinaryCrossEntropy) losses(_ *kernels.Rows, y, x, t, _ []float32) {
	for i, p := range x {
		p = kernels.Clamp(p, leastProb, 1-leastProb)
		yes, no := float32(0), float32(0)
		if t[i] != 0 {
			yes = float32(t[i] * quant.Log32(p))
		}
		if t[i] != 1 {
			no = float32((1 - t[i]) * quant.Log32(1-p))
		}
		y[i] = -yes - no
	}
}

// slopes computes (p − t)/(p·(1 − p)).
func (*BinaryCrossEntropy) slopes(k *kernels.Rows, y, x, t, f, _ []float32) {
	for i, p := range x {
		if p <= leastProb || p >= 1-leastProb {
			y[i] = 0
		} else {
			y[i] = (p - t[i]) / float32(p*(1-p))
		}
	}
	k.BinaryF32(kernels.BinaryMul, y, y, f, infs[0], infs[1])
}
