package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Grad is from the output. It needs the last axis.
func (o *Softmax) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	t := b.Type(n.Out[0])
	if axis, err := softmaxAxis(o.Axis, o.Flat, t.Rank()); err != nil || axis != t.Rank()-1 {
		return nil, Unsupported("training through a softmax along axis %d of %d", o.Axis, t.Rank())
	}
	return []graph.Value{b.Add(n.Label+"/grad", &SoftmaxGrad{Beta: o.Beta}, n.Out[0], dy[0])}, nil
}

// SoftmaxGrad computes the gradient of a Softmax along the last axis, Beta·y·(dy −
// Σ y·dy), from its output y, input 0, and dy, input 1.
type SoftmaxGrad struct{ Beta float32 }

// Infer returns the inputs' type.
func (o *SoftmaxGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := (&PointwiseGrad{}).Infer(in)
	if err == nil && (in[0].Rank() == 0 || lastDim(in[0].Shape) == 0) {
		return nil, errorf("shape %v, want a last dimension", in[0].Shape)
	}
	return out, err
}

// Ref computes rows one after the other.
func (o *SoftmaxGrad) Ref(in, out []tensor.View) error {
	n, c := rowsOf(in[0].Type)
	terms := make([]float32, c)
	for i := range n {
		y, dy, dx := in[0].F32()[i*c:(i+1)*c], in[1].F32()[i*c:(i+1)*c], out[0].F32()[i*c:]
		for j := range y {
			terms[j] = float32(y[j] * dy[j])
		}
		sum := laneSum(terms)
		for j := range y {
			dx[j] = float32(float32((dy[j]-sum)*o.Beta) * y[j])
		}
	}
	return nil
}

// Prepare shares rows among workers.
func (o *SoftmaxGrad) Prepare(p *Prep) (Prepared, error) {
	k, c := p.Kernels, lastDim(p.In[0].Shape)
	return Prepared{Kernel: k.Name, PerWorker: 4 * c, Bind: func(m *Mem) (Step, error) {
		n, c := rowsOf(m.In[0].Type)
		y, dy, dx := m.In[0].F32(), m.In[1].F32(), m.Out[0].F32()
		return inSharesOf(m, n, 1, 2*c, func(w, lo, hi int) {
			terms := tensor.Cast[float32](m.PerWorker[w])[:c]
			for i := lo * c; i < hi*c; i += c {
				k.BinaryF32(kernels.BinaryMul, terms, y[i:i+c], dy[i:i+c], infs[0], infs[1])
				sum := k.ReduceF32(kernels.ReduceSum, terms, 0)
				k.NormF32(dx[i:i+c], dy[i:i+c], sum, o.Beta, y[i:i+c], nil)
			}
		}), nil
	}}, nil
}

// InPlace says that the gradient may replace dy.
func (*SoftmaxGrad) InPlace(in, out []tensor.Type) []int { return []int{1} }
