package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Adam is the optimiser of Kingma and Ba, "Adam: a method for stochastic
// optimization" (2015), algorithm 1: biases are corrected before Epsilon is
// added, as in PyTorch (Keras' Epsilon is the paper's ε̂). With Decoupled it is
// AdamW, of Loshchilov and Hutter, "Decoupled weight decay regularization" (2019).
// Its inputs are the weight, the running means of gradients and of their squares,
// the gradient, hyper, scale and loss.
type Adam struct {
	Beta1, Beta2, Epsilon float64
	Decay
}

// AdamHyper is the number of elements of Adam's hyper: the rate, 1 − β₁ᵗ and 1 −
// β₂ᵗ, where t counts steps from 1 on.
const AdamHyper = 3

// Hyper fills hyper for a step, of which the first is 1.
func (o *Adam) Hyper(hyper []float32, rate float64, step int) {
	hyper[0] = float32(rate)
	hyper[1], hyper[2] = float32(1-powerOf(o.Beta1, step)), float32(1-powerOf(o.Beta2, step))
}

// powerOf returns xⁿ by products, which are the same everywhere.
func powerOf(x float64, n int) float64 {
	y := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			y = float64(y * x)
		}
		x = float64(x * x)
	}
	return float64(y)
}

// Name returns "Adam" or "AdamW".
func (o *Adam) Name() string {
	if o.Decoupled != 0 {
		return "AdamW"
	}
	return "Adam"
}

// States returns how many variables are kept beside each weight.
func (*Adam) States() int { return 2 }

// Writes lists the weight and the means.
func (*Adam) Writes() []int { return []int{0, 1, 2} }

// Infer checks the inputs.
func (o *Adam) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := fraction("beta1", o.Beta1); err != nil {
		return nil, err
	}
	if err := fraction("beta2", o.Beta2); err != nil {
		return nil, err
	}
	if err := wantEpsilon(o.Epsilon); err != nil {
		return nil, err
	}
	if err := o.valid("epsilon", o.Epsilon); err != nil {
		return nil, err
	}
	return inferUpdate(in, 2, AdamHyper)
}

// wantEpsilon checks that a divisor can't be 0.
func wantEpsilon(x float64) error {
	if !(float32(x) > 0) {
		return errorf("epsilon is %v, want more than 0", x)
	}
	return nil
}

// params returns the parameters of a step.
func (o *Adam) params(hyper []float32, scale float32) kernels.AdamF32 {
	return kernels.AdamF32{
		Scale: scale, L2: float32(o.L2), Keep: o.keep(hyper[0]), Rate: hyper[0] / hyper[1],
		Mean: float32(1 - o.Beta1), Square: float32(1 - o.Beta2),
		Root: float32(1 / math.Sqrt(float64(hyper[2]))), Epsilon: float32(o.Epsilon),
	}
}

// Ref steps element by element.
func (o *Adam) Ref(in, out []tensor.View) error {
	var p kernels.AdamF32
	w, m, v, g := in[0].F32(), in[1].F32(), in[2].F32(), in[3].F32()
	return refUpdate(in, 2, func(hyper []float32, scale float32) { p = o.params(hyper, scale) }, func(i int) {
		w[i], m[i], v[i] = p.Next(w[i], m[i], v[i], g[i])
	})
}

// Prepare uses the kernel.
func (o *Adam) Prepare(p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: k.Name, Bind: func(mem *Mem) (Step, error) {
		params := new(kernels.AdamF32)
		set := func(hyper []float32, scale float32) { *params = o.params(hyper, scale) }
		w, m, v, g := mem.In[0].F32(), mem.In[1].F32(), mem.In[2].F32(), mem.In[3].F32()
		return updateStep(mem, 2, set, func(lo, hi int) {
			k.AdamF32(w[lo:hi], m[lo:hi], v[lo:hi], g[lo:hi], params)
		}), nil
	}}, nil
}
