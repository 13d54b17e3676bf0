package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// LossReduction says what becomes of the losses of all samples.
type LossReduction uint8

// The reductions: the mean is weighted.
const (
	LossMean LossReduction = iota
	LossSum
	LossNone
)

// Loss is the negative log likelihood: input 0, [n c d…], has logarithms of
// probabilities of c classes; input 1, [n d…], the class that is right; input
// 2, [c], weights of classes or nothing. With Ignore, samples of the class
// IgnoreIndex count for nothing.
type Loss struct {
	Reduction   LossReduction
	Ignore      bool
	IgnoreIndex int
}

// Name returns "NegativeLogLikelihoodLoss".
func (*Loss) Name() string { return "NegativeLogLikelihoodLoss" }

// Infer returns the targets' shape, or a scalar.
func (o *Loss) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 3); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	x, t := in[0].Shape, in[1].Shape
	if len(x) < 2 || len(t) != len(x)-1 {
		return nil, errorf("inputs %v and %v, want [n c d…] and [n d…]", x, t)
	}
	rest := append(slices.Clone(x[:1]), x[2:]...)
	for i, d := range rest {
		if d != t[i] && d != tensor.Dynamic && t[i] != tensor.Dynamic {
			return nil, errorf("inputs %v and %v, want [n c d…] and [n d…]", x, t)
		}
	}
	if w := input(in, 2); !w.Absent() {
		if err := wantSame(in, 0, 2); err != nil {
			return nil, err
		}
		if w.Rank() != 1 || w.Shape[0] != x[1] && w.Shape[0] != tensor.Dynamic && x[1] != tensor.Dynamic {
			return nil, errorf("weights %v, want one for each class of input %v", w.Shape, x)
		}
	}
	if o.Reduction == LossNone {
		return []tensor.Type{tensor.Of(in[0].DType, t...)}, nil
	}
	return []tensor.Type{tensor.Of(in[0].DType)}, nil
}

// Ref adds up in float64 and rounds once.
func (o *Loss) Ref(in, out []tensor.View) error {
	if in[0].DType == tensor.F32 {
		return lossSum(*o, in, in[0].F32(), out[0].F32())
	}
	return lossSum(*o, in, in[0].F64(), out[0].F64())
}

func lossSum[T float32 | float64](o Loss, in []tensor.View, x, y []T) error {
	l := linesOf(in[0].Shape, 1)
	var weights []T
	if len(in) > 2 && !in[2].Absent() {
		weights = tensor.Cast[T](in[2].Data)
	}
	sum, total := 0.0, 0.0
	for i := range in[1].Len() {
		class, err := intAt(&in[1], i)
		if err != nil {
			return dataf("target %d: %v", i, err)
		}
		weight, loss := 0.0, T(0)
		if !o.Ignore || class != o.IgnoreIndex {
			if class < 0 || class >= l.n {
				return dataf("target %d is class %d, want 0 to %d", i, class, l.n-1)
			}
			weight = 1
			if weights != nil {
				weight = float64(weights[class])
			}
			loss = -x[i/l.inner*l.n*l.inner+class*l.inner+i%l.inner] * T(weight)
		}
		if o.Reduction == LossNone {
			y[i] = loss
		}
		sum += float64(loss)
		total += weight
	}
	switch o.Reduction {
	case LossMean:
		y[0] = T(sum / total)
	case LossSum:
		y[0] = T(sum)
	}
	return nil
}
