package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SoftmaxCrossEntropyGrad computes the gradient of SoftmaxCrossEntropy with
// respect to the logits, (p·Σq − q)·(weight·dy) for each row, from the
// probabilities p, the target, the weight, and the gradient of the loss.
type SoftmaxCrossEntropyGrad SoftmaxCrossEntropy

// Infer returns the logits' type.
func (o *SoftmaxCrossEntropyGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferLossGrad(in, o.Sparse)
	if err != nil {
		return nil, err
	}
	return out, smoothed(o.Smoothing)
}

// Ref computes rows one after the other.
func (o *SoftmaxCrossEntropyGrad) Ref(in, out []tensor.View) error {
	n, c := rowsOf(in[0].Type)
	p, dx, even, keep := in[0].F32(), out[0].F32(), o.Smoothing/float32(c), 1-o.Smoothing
	for i := range n {
		p, dx, f := p[i*c:(i+1)*c], dx[i*c:(i+1)*c], float32(in[2].F32()[i]*in[3].F32()[0])
		switch {
		case f == 0:
			clear(dx)
		case o.Sparse:
			for j, v := range p {
				q := even
				if in[1].I32()[i] == int32(j) {
					q += keep
				}
				dx[j] = float32((v - q) * f)
			}
		default:
			t := in[1].F32()[i*c : (i+1)*c]
			q := laneSum(t) + o.Smoothing/keep
			for j, v := range p {
				dx[j] = float32((float32(v*q) - t[j] - even/keep) * float32(f*keep))
			}
		}
	}
	return nil
}

// Prepare shares rows among workers.
func (o *SoftmaxCrossEntropyGrad) Prepare(p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		n, c := rowsOf(m.In[0].Type)
		p, weight, dy, dx := m.In[0].F32(), m.In[2].F32(), m.In[3].F32(), m.Out[0].F32()
		row, ones := o.row(k, m, c), make([][1]float32, m.sharers(n, c))
		return inSharesOf(m, n, 1, c, func(w, lo, hi int) {
			for i := lo; i < hi; i++ {
				f := float32(weight[i] * dy[0])
				if dx := dx[i*c : (i+1)*c]; f == 0 {
					clear(dx)
				} else {
					row(i, dx, p[i*c:(i+1)*c], f, &ones[w])
				}
			}
		}), nil
	}}, nil
}

// row returns what computes a row by the factor f. one is memory to work with.
func (o *SoftmaxCrossEntropyGrad) row(k *kernels.Set, m *Mem, c int) func(i int, dx, p []float32, f float32, one *[1]float32) {
	even, keep := o.Smoothing/float32(c), 1-o.Smoothing
	if o.Sparse {
		target := m.In[1].I32()
		return func(i int, dx, p []float32, f float32, _ *[1]float32) {
			t := target[i]
			right := float32(0) // before dx, which may be p, is written
			if uint(t) < uint(c) {
				right = float32((p[t] - (even + keep)) * f)
			}
			k.NormF32(dx, p, even, f, nil, nil)
			if uint(t) < uint(c) {
				dx[t] = right
			}
		}
	}
	target := m.In[1].F32()
	return func(i int, dx, p []float32, f float32, one *[1]float32) {
		t := target[i*c : (i+1)*c]
		one[0] = k.ReduceF32(kernels.ReduceSum, t, 0) + o.Smoothing/keep
		k.BinaryF32(kernels.BinaryMul, dx, p, one[:], infs[0], infs[1])
		k.BinaryF32(kernels.BinarySub, dx, dx, t, infs[0], infs[1])
		k.NormF32(dx, dx, even/keep, float32(f*keep), nil, nil)
	}
}

// InPlace says that the gradient may replace the probabilities.
func (*SoftmaxCrossEntropyGrad) InPlace(in, out []tensor.Type) []int { return whole() }
