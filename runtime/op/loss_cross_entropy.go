package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// CrossEntropy is −Σ t·log p for each row of probabilities, which are clipped to
// [1e−7, 1 − 1e−7], as in Keras, and taken as they are: rows are not divided by
// their sum. Targets are SoftmaxCrossEntropy's, which is faster and more precise.
type CrossEntropy struct{ Sparse bool }

// Infer returns a scalar.
func (o *CrossEntropy) Infer(in []tensor.View) ([]tensor.Type, error) { return inferLoss(in, o.Sparse) }

// Ref computes row by row.
func (o *CrossEntropy) Ref(in, out []tensor.View) error {
	n, c := rowsOf(in[0].Type)
	if o.Sparse {
		if err := wantClasses(in[1].I32(), in[2].F32(), c); err != nil {
			return err
		}
	}
	loss := make([]float32, n)
	for i := range loss {
		loss[i] = o.row(in, i, c)
	}
	out[0].F32()[0] = laneSum(weighed(loss, in[2].F32()))
	return nil
}

// row returns the loss of a row: one chain, of what has a target.
func (o *CrossEntropy) row(in []tensor.View, i, c int) float32 {
	p := in[0].F32()[i*c : (i+1)*c]
	if o.Sparse {
		if t := in[1].I32()[i]; t >= 0 {
			return -quant.Log32(kernels.Clamp(p[t], leastProb, 1-leastProb))
		}
		return 0
	}
	loss := float32(0)
	for j, t := range in[1].F32()[i*c : (i+1)*c] {
		if t != 0 {
			loss -= float32(t * quant.Log32(kernels.Clamp(p[j], leastProb, 1-leastProb)))
		}
	}
	return loss
}

// Prepare shares rows among workers.
func (o *CrossEntropy) Prepare(p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: "go", Scratch: 4 * p.In[2].Len(), Bind: func(m *Mem) (Step, error) {
		n, c := rowsOf(m.In[0].Type)
		weight, y, loss := m.In[2].F32(), m.Out[0].F32(), tensor.Cast[float32](m.Scratch)[:n]
		all := inShares(m, n, 1, c, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				loss[i] = o.row(m.In, i, c)
			}
		})
		return func() error {
			if o.Sparse {
				if err := wantClasses(m.In[1].I32(), weight, c); err != nil {
					return err
				}
			}
			if err := all(); err != nil {
				return err
			}
			y[0] = k.ReduceF32(kernels.ReduceSum, weighed(loss, weight), 0)
			return nil
		}, nil
	}}, nil
}

// Grad is with respect to the probabilities.
func (o *CrossEntropy) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return lossGrad(b, n, dy, want, new(CrossEntropyGrad(*o)), n.In...)
}

// CrossEntropyGrad computes the gradient of CrossEntropy with respect to the
// probabilities, (−t·(weight·dy))/p, and 0 where p is clipped, from its inputs and dy.
type CrossEntropyGrad CrossEntropy

// Infer returns the probabilities' type.
func (o *CrossEntropyGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferLossGrad(in, o.Sparse)
}

// Ref computes row by row.
func (o *CrossEntropyGrad) Ref(in, out []tensor.View) error {
	n, c := rowsOf(in[0].Type)
	for i := range n {
		o.row(in, out[0].F32()[i*c:(i+1)*c], i, c)
	}
	return nil
}

// row computes a row of the gradient, dx.
func (o *CrossEntropyGrad) row(in []tensor.View, dx []float32, i, c int) {
	p, f := in[0].F32()[i*c:(i+1)*c], -float32(in[2].F32()[i]*in[3].F32()[0])
	clear(dx)
	if f == 0 {
		return
	}
	slope := func(j int, t float32) {
		if p[j] > leastProb && p[j] < 1-leastProb {
			dx[j] = float32(t*f) / p[j]
		}
	}
	if o.Sparse {
		if t := in[1].I32()[i]; uint(t) < uint(c) {
			slope(int(t), 1)
		}
		return
	}
	for j, t := range in[1].F32()[i*c : (i+1)*c] {
		if t != 0 {
			slope(j, t)
		}
	}
}

// Prepare shares rows among workers.
func (o *CrossEntropyGrad) Prepare(p *Prep) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		n, c := rowsOf(m.In[0].Type)
		dx := m.Out[0].F32()
		return inShares(m, n, 1, c, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				o.row(m.In, dx[i*c:(i+1)*c], i, c)
			}
		}), nil
	}}, nil
}
