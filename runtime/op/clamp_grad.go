package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ClampGrad computes the gradient of a clamp to [Lo, Hi], or of what an operator
// clamps at its end: input 0 is the clamped output, y, input 1 the gradient with
// respect to it, which passes where Lo < y < Hi. Elsewhere it is 0.
type ClampGrad struct{ Lo, Hi float32 }

// Infer returns the inputs' type.
func (o *ClampGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := Bounds(*o).valid(); err != nil {
		return nil, err
	}
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

// Ref lets pass what is within the bounds.
func (o *ClampGrad) Ref(in, out []tensor.View) error {
	o.mask(out[0].F32(), in[0].F32(), in[1].F32())
	return nil
}

func (o *ClampGrad) mask(dx, y, dy []float32) {
	y, dy = y[:len(dx)], dy[:len(dx)]
	for i, v := range y {
		d := dy[i]
		if !(v > o.Lo && v < o.Hi) {
			d = 0
		}
		dx[i] = d
	}
}

// Prepare uses the kernel for a lower bound of 0.
func (o *ClampGrad) Prepare(p *Prep) (Prepared, error) {
	mask, name := o.mask, "go"
	if o.Lo == 0 {
		k := p.Kernels
		mask, name = func(dx, y, dy []float32) { k.UnaryGradF32(kernels.GradClamp, dx, y, dy, o.Hi, 1) }, k.Name
	}
	return Prepared{Kernel: name, Bind: func(m *Mem) (Step, error) {
		y, dy, dx := m.In[0].F32(), m.In[1].F32(), m.Out[0].F32()
		return inShares(m, len(dx), shareGrain, 1, func(lo, hi int) { mask(dx[lo:hi], y[lo:hi], dy[lo:hi]) }), nil
	}}, nil
}

// InPlace says that the gradient may replace either input.
func (*ClampGrad) InPlace(in, out []tensor.Type) []int { return []int{0, 1} }

// Elementwise says that the order of elements doesn't matter.
func (*ClampGrad) Elementwise() {}
