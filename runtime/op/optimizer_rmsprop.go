package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// RMSprop divides gradients by the root of the running mean of their squares
// (Tieleman and Hinton, 2012), not centred. As in Keras, Epsilon is added within
// the root, and the velocity has the rate in it; in PyTorch neither is so. Its
// inputs are the weight, the mean of squares, the velocity if Momentum isn't 0,
// the gradient, hyper, scale and loss.
type RMSprop struct {
	Rho, Momentum, Epsilon float64
	Decay
}

// RMSpropHyper is the number of elements of RMSprop's hyper: the rate.
const RMSpropHyper = 1

// Hyper fills hyper for a step.
func (*RMSprop) Hyper(hyper []float32, rate float64, step int) { hyper[0] = float32(rate) }

// States returns how many variables are kept beside each weight.
func (o *RMSprop) States() int {
	if o.Momentum == 0 {
		return 1
	}
	return 2
}

// Writes lists the weight, the mean and the velocity.
func (o *RMSprop) Writes() []int { return []int{0, 1, 2}[:1+o.States()] }

// Infer checks the inputs.
func (o *RMSprop) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := fraction("rho", o.Rho); err != nil {
		return nil, err
	}
	if err := wantEpsilon(o.Epsilon); err != nil {
		return nil, err
	}
	if err := o.valid("momentum and epsilon", o.Momentum, o.Epsilon); err != nil {
		return nil, err
	}
	return inferUpdate(in, o.States(), RMSpropHyper)
}

// params returns the parameters of a step.
func (o *RMSprop) params(hyper []float32, scale float32) kernels.RMSpropF32 {
	return kernels.RMSpropF32{
		Scale: scale, L2: float32(o.L2), Keep: o.keep(hyper[0]), Rate: hyper[0],
		Square: float32(1 - o.Rho), Momentum: float32(o.Momentum), Epsilon: float32(o.Epsilon),
	}
}

// Ref steps element by element.
func (o *RMSprop) Ref(in, out []tensor.View) error {
	var p kernels.RMSpropF32
	set := func(hyper []float32, scale float32) { p = o.params(hyper, scale) }
	w, v, g := in[0].F32(), in[1].F32(), in[1+o.States()].F32()
	if o.States() == 1 {
		return refUpdate(in, 1, set, func(i int) { w[i], _, v[i] = p.Next(w[i], 0, v[i], g[i]) })
	}
	m := in[2].F32()
	return refUpdate(in, 2, set, func(i int) { w[i], m[i], v[i] = p.Next(w[i], m[i], v[i], g[i]) })
}

// Prepare uses the kernel.
func (o *RMSprop) Prepare(p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: k.Name, Bind: func(mem *Mem) (Step, error) {
		params := new(kernels.RMSpropF32)
		set := func(hyper []float32, scale float32) { *params = o.params(hyper, scale) }
		w, v, g := mem.In[0].F32(), mem.In[1].F32(), mem.In[1+o.States()].F32()
		if o.States() == 1 {
			return updateStep(mem, 1, set, func(lo, hi int) { k.RMSpropF32(w[lo:hi], nil, v[lo:hi], g[lo:hi], params) }), nil
		}
		m := mem.In[2].F32()
		return updateStep(mem, 2, set, func(lo, hi int) {
			k.RMSpropF32(w[lo:hi], m[lo:hi], v[lo:hi], g[lo:hi], params)
		}), nil
	}}, nil
}
