package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SoftmaxCrossEntropy is the cross-entropy of a softmax of logits: −Σ q·log
// softmax(x) for each row, where q is the target or, if Sparse, 1 for the class
// that the target names. A class below 0 names none: its weight must be 0.
// With Smoothing, q becomes q·(1 − Smoothing) + Smoothing/c, as in Keras. Output
// 1 is the softmax, which has the bits of Softmax's with Plain.
type SoftmaxCrossEntropy struct {
	Sparse    bool
	Smoothing float32
}

// smoothed checks a share of smoothing.
func smoothed(s float32) error {
	if !(s >= 0 && s < 1) {
		return errorf("smoothing is %v, want 0 or more and less than 1", s)
	}
	return nil
}

// Infer returns a scalar and the type of the probabilities.
func (o *SoftmaxCrossEntropy) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferLoss(in, o.Sparse)
	if err != nil {
		return nil, err
	}
	return append(out, tensor.Of(tensor.F32, in[0].Shape...)), smoothed(o.Smoothing)
}

// wantClasses checks sparse targets.
func wantClasses(target []int32, weight []float32, c int) error {
	for i, t := range target {
		if t >= 0 && int(t) < c || t < 0 && weight[i] == 0 {
			continue
		}
		if t < 0 {
			return dataf("sample %d is of class %d and weight %v, want weight 0 where there is no class", i, t, weight[i])
		}
		return dataf("sample %d is of class %d, want 0 to %d", i, t, c-1)
	}
	return nil
}

// Ref computes rows one after the other.
func (o *SoftmaxCrossEntropy) Ref(in, out []tensor.View) error {
	n, c := rowsOf(in[0].Type)
	x, prob, loss := in[0].F32(), out[1].F32(), make([]float32, n)
	if o.Sparse {
		if err := wantClasses(in[1].I32(), in[2].F32(), c); err != nil {
			return err
		}
	}
	l, terms := lines{n, c, 1}, make([]float32, c)
	for i := range loss {
		x := x[i*c : (i+1)*c]
		top := kernels.SoftmaxTop(l.top(x, 0))
		floor, _ := kernels.SoftmaxFloor(top, 1)
		for j, v := range x {
			terms[j] = kernels.Exp(kernels.BinaryMax.Of(v, floor) - top)
		}
		sum := laneSum(terms)
		q, dot := float32(1), float32(0)
		if o.Sparse {
			if t := in[1].I32()[i]; t >= 0 {
				dot = x[t] - top
			}
		} else {
			t := in[1].F32()[i*c : (i+1)*c]
			for j, v := range x {
				terms[j] = float32(t[j] * (kernels.BinaryMax.Of(v, logitFloor) - top))
			}
			q, dot = laneSum(t), laneSum(terms)
		}
		loss[i] = o.loss(top, sum, laneSum(x)/float32(c), q, dot)
		l.softmaxPlain(x, prob[i*c:(i+1)*c], 0, 1)
	}
	out[0].F32()[0] = laneSum(weighed(loss, in[2].F32()))
	return nil
}

// logitFloor is what logits are raised to where targets are multiplied by them:
// 0 times −∞ would be NaN.
const logitFloor = -1e30

// loss returns the loss of a row: its greatest logit, the sum of exponentials of
// what is less than that by as much, the mean logit, the sum of targets and that
// of their products with differences from top.
func (o *SoftmaxCrossEntropy) loss(top, sum, mean, q, dot float32) float32 {
	if s := o.Smoothing; s != 0 {
		q = float32(q*(1-s)) + s
		dot = float32(dot*(1-s)) + float32(s*(mean-top))
	}
	return float32(quant.Log32(sum)*q) - dot
}

// Prepare shares rows among workers. Losses of samples lie in scratch.
func (o *SoftmaxCrossEntropy) Prepare(p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: k.Name, Scratch: 4 * p.In[2].Len(), Bind: func(m *Mem) (Step, error) {
		n, c := rowsOf(m.In[0].Type)
		row, check := o.dense(k, m, c), func() error { return nil }
		if o.Sparse {
			target, weight := m.In[1].I32(), m.In[2].F32()
			row, check = o.sparse(k, m, c), func() error { return wantClasses(target, weight, c) }
		}
		loss, floors := tensor.Cast[float32](m.Scratch)[:n], make([][1]float32, m.sharers(n, softmaxWork*c))
		all := inSharesOf(m, n, 1, softmaxWork*c, func(w, lo, hi int) {
			for i := lo; i < hi; i++ {
				loss[i] = row(i, &floors[w])
			}
		})
		weight, y := m.In[2].F32(), m.Out[0].F32()
		return func() error {
			if err := check(); err != nil {
				return err
			}
			if err := all(); err != nil {
				return err
			}
			y[0] = k.ReduceF32(kernels.ReduceSum, weighed(loss, weight), 0)
			return nil
		}, nil
	}}, nil
}

// mean returns the mean of a row, if it counts.
func (o *SoftmaxCrossEntropy) mean(k *kernels.Set, x []float32) float32 {
	if o.Smoothing == 0 {
		return 0
	}
	return k.ReduceF32(kernels.ReduceSum, x, 0) / float32(len(x))
}

// sparse returns what computes a row whose target is a class.
func (o *SoftmaxCrossEntropy) sparse(k *kernels.Set, m *Mem, c int) func(i int, floor *[1]float32) float32 {
	x, target, prob := m.In[0].F32(), m.In[1].I32(), m.Out[1].F32()
	return func(i int, floor *[1]float32) float32 {
		x := x[i*c : (i+1)*c]
		top, sum := softmaxLine(k, prob[i*c:(i+1)*c], x, floor, 1)
		dot := float32(0)
		if t := target[i]; t >= 0 {
			dot = x[t] - top
		}
		return o.loss(top, sum, o.mean(k, x), 1, dot)
	}
}

// dense returns what computes a row whose target has a number for each class.
// Products with it lie where the probabilities come to be.
func (o *SoftmaxCrossEntropy) dense(k *kernels.Set, m *Mem, c int) func(i int, floor *[1]float32) float32 {
	if o.Sparse {
		return nil
	}
	x, target, prob := m.In[0].F32(), m.In[1].F32(), m.Out[1].F32()
	return func(i int, floor *[1]float32) float32 {
		x, t, y := x[i*c:(i+1)*c], target[i*c:(i+1)*c], prob[i*c:(i+1)*c]
		floor[0] = logitFloor
		k.BinaryF32(kernels.BinaryMax, y, x, floor[:], infs[0], infs[1])
		floor[0] = kernels.SoftmaxTop(k.ReduceF32(kernels.ReduceMax, x, 0))
		k.BinaryF32(kernels.BinarySub, y, y, floor[:], infs[0], infs[1])
		k.BinaryF32(kernels.BinaryMul, y, t, y, infs[0], infs[1])
		q, dot := k.ReduceF32(kernels.ReduceSum, t, 0), k.ReduceF32(kernels.ReduceSum, y, 0)
		top, sum := softmaxLine(k, y, x, floor, 1)
		return o.loss(top, sum, o.mean(k, x), q, dot)
	}
}

// Work counts the exponentials, as Softmax's does.
func (*SoftmaxCrossEntropy) Work(in, out []tensor.Type) int64 { return 10 * int64(in[0].Len()) }

// Grad needs the probabilities, and not the logits.
func (o *SoftmaxCrossEntropy) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	if dy[1] != graph.None {
		return nil, Unsupported("training through the probabilities of a loss")
	}
	return lossGrad(b, n, dy, want, new(SoftmaxCrossEntropyGrad(*o)), n.Out[1], n.In[1], n.In[2])
}
