package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SGD is stochastic gradient descent. Its inputs are the weight, the velocity if
// Momentum isn't 0, the gradient, hyper, scale and loss. Momentum is Keras': the
// velocity, Momentum·velocity − rate·gradient, has the rate in it, as in Sutskever
// et al., "On the importance of initialization and momentum in deep learning"
// (2013). While the rate stays the same, this is PyTorch's too.
type SGD struct {
	Momentum float64
	Nesterov bool
	Decay
}

// SGDHyper is the number of elements of SGD's hyper: the rate.
const SGDHyper = 1

// Hyper fills hyper for a step.
func (*SGD) Hyper(hyper []float32, rate float64, step int) { hyper[0] = float32(rate) }

// States returns how many variables are kept beside each weight.
func (o *SGD) States() int {
	if o.Momentum == 0 {
		return 0
	}
	return 1
}

// Writes lists the weight and the velocity.
func (o *SGD) Writes() []int { return []int{0, 1}[:1+o.States()] }

// Infer checks the inputs.
func (o *SGD) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := o.valid("momentum", o.Momentum); err != nil {
		return nil, err
	}
	return inferUpdate(in, o.States(), SGDHyper)
}

// params returns the parameters of a step.
func (o *SGD) params(hyper []float32, scale float32) kernels.SGDF32 {
	return kernels.SGDF32{
		Scale: scale, L2: float32(o.L2), Keep: o.keep(hyper[0]), Rate: hyper[0],
		Momentum: float32(o.Momentum), Nesterov: o.Nesterov,
	}
}

// Ref steps element by element.
func (o *SGD) Ref(in, out []tensor.View) error {
	var p kernels.SGDF32
	set := func(hyper []float32, scale float32) { p = o.params(hyper, scale) }
	w, g := in[0].F32(), in[1+o.States()].F32()
	if o.States() == 0 {
		return refUpdate(in, 0, set, func(i int) { w[i] = p.Plain(w[i], g[i]) })
	}
	v := in[1].F32()
	return refUpdate(in, 1, set, func(i int) { w[i], v[i] = p.Next(w[i], v[i], g[i]) })
}

// Prepare uses the kernel.
func (o *SGD) Prepare(p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		params := new(kernels.SGDF32)
		set := func(hyper []float32, scale float32) { *params = o.params(hyper, scale) }
		w, g := m.In[0].F32(), m.In[1+o.States()].F32()
		if o.States() == 0 {
			return updateStep(m, 0, set, func(lo, hi int) { k.SGDF32(w[lo:hi], nil, g[lo:hi], params) }), nil
		}
		v := m.In[1].F32()
		return updateStep(m, 1, set, func(lo, hi int) { k.SGDF32(w[lo:hi], v[lo:hi], g[lo:hi], params) }), nil
	}}, nil
}
