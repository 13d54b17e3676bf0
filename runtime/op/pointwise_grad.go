package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// PointwiseGrad computes the gradient of a function of each element: input 0 is
// the function's output or input, as F has it, and input 1 the gradient of its
// output.
type PointwiseGrad struct {
	F    kernels.UnaryGradFn
	A, B float32
}

// Infer returns the inputs' type.
func (o *PointwiseGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantType(in, i, tensor.F32); err != nil {
			return nil, err
		}
	}
	if !sameShape(in[0].Shape, in[1].Shape) {
		return nil, errorf("inputs have shapes %v and %v, want the same", in[0].Shape, in[1].Shape)
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref computes each element.
func (o *PointwiseGrad) Ref(in, out []tensor.View) error {
	v, dy, dx := in[0].F32(), in[1].F32(), out[0].F32()
	for i := range dx {
		dx[i] = o.F.Of(v[i], dy[i], o.A, o.B)
	}
	return nil
}

// Prepare uses the kernel.
func (o *PointwiseGrad) Prepare(p *Prep) (Prepared, error) {
	k, work := p.Kernels, functionWork
	if o.F < kernels.GradSoftplus {
		work = 1
	}
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		v, dy, dx := m.In[0].F32(), m.In[1].F32(), m.Out[0].F32()
		return inShares(m, len(dx), shareGrain, work, func(lo, hi int) {
			k.UnaryGradF32(o.F, dx[lo:hi], v[lo:hi], dy[lo:hi], o.A, o.B)
		}), nil
	}}, nil
}

// InPlace says that the gradient may replace either input.
func (*PointwiseGrad) InPlace(in, out []tensor.Type) []int { return []int{0, 1} }

// fromOutput adds o on the output of n.
func (o *PointwiseGrad) fromOutput(b *graph.Builder, n *graph.Node, dy []graph.Value) ([]graph.Value, error) {
	return []graph.Value{b.Add(n.Label+"/grad", o, n.Out[0], dy[0])}, nil
}

// fromInput adds o on the input of n.
func (o *PointwiseGrad) fromInput(b *graph.Builder, n *graph.Node, dy []graph.Value) ([]graph.Value, error) {
	return []graph.Value{b.Add(n.Label+"/grad", o, n.In[0], dy[0])}, nil
}

// scaledBy adds the product of v and a number.
func scaledBy(b *graph.Builder, label string, v graph.Value, f float32) graph.Value {
	return b.Add(label, &Mul{}, v, b.Const(label+"/factor", tensor.Of(tensor.F32), tensor.Bytes([]float32{f})))
}
