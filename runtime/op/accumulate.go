package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Accumulate adds input 1 to input 0, a variable of the same shape, or sets the
// variable to it if input 2, an int32, is 0: gradients of a batch that comes in
// parts. It has no output.
type Accumulate struct{}

// Writes lists the variable.
func (*Accumulate) Writes() []int { return []int{0} }

// Infer checks that the types agree.
func (*Accumulate) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32); err != nil {
		return nil, err
	}
	if err := wantType(in, 2, tensor.I32); err != nil {
		return nil, err
	}
	if in[1].DType != tensor.F32 || !sameShape(in[0].Shape, in[1].Shape) || len(in[0].Shape) != len(in[1].Shape) {
		return nil, errorf("variable is %s%v and what is added %s%v", in[0].DType, in[0].Shape, in[1].DType, in[1].Shape)
	}
	if in[2].Static() && in[2].Len() != 1 {
		return nil, errorf("input 2 has %d elements, want 1", in[2].Len())
	}
	return nil, nil
}

// Ref adds element by element.
func (*Accumulate) Ref(in, out []tensor.View) error {
	y, x := in[0].F32(), in[1].F32()
	if in[2].I32()[0] == 0 {
		copy(y, x)
		return nil
	}
	for i := range y {
		y[i] += x[i]
	}
	return nil
}

// Prepare splits the elements between threads.
func (*Accumulate) Prepare(p *Prep) (Prepared, error) {
	set := p.Kernels
	return Prepared{Kernel: set.Name, Bind: func(m *Mem) (Step, error) {
		y, x, part := m.In[0].F32(), m.In[1].F32(), m.In[2].I32()
		one := []float32{1}
		inf := float32(math.Inf(1))
		return inShares(m, len(y), shareGrain, 1, func(lo, hi int) {
			if part[0] == 0 {
				set.BinaryF32(kernels.BinaryMul, y[lo:hi], x[lo:hi], one, -inf, inf)
				return
			}
			set.BinaryF32(kernels.BinaryAdd, y[lo:hi], y[lo:hi], x[lo:hi], -inf, inf)
		}), nil
	}}, nil
}
