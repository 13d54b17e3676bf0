package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Optimisers change variables. Their inputs are the weight, their states, which
// are variables of its shape, all written; the gradient, of its shape too; hyper,
// what changes from step to step, as the operator's Hyper fills it; scale, a
// number that the gradient is multiplied by; and the loss. If scale or loss is
// NaN or infinite, the step changes nothing.

// Decay is how weights shrink, beside what the loss demands.
type Decay struct {
	// L2 is added to the gradient times the weight: PyTorch's weight_decay of SGD,
	// Adam and RMSprop, and twice Keras' L2 penalty.
	L2 float64
	// Decoupled takes rate·Decoupled of the weight, whatever the gradient: AdamW's
	// weight_decay, in PyTorch and Keras.
	Decoupled float64
}

// keep returns what is left of a weight at a rate.
func (d Decay) keep(rate float32) float32 {
	return float32(1 - float64(float64(rate)*d.Decoupled))
}

// valid says what is wrong with numbers of a step, named for messages.
func (d Decay) valid(names string, xs ...float64) error {
	for _, x := range append(xs, d.L2, d.Decoupled) {
		if !(x >= 0 && x <= math.MaxFloat32) {
			return errorf("%s, L2 and decoupled decay %v, %v and %v: want numbers of 0 or more", names, xs, d.L2, d.Decoupled)
		}
	}
	return nil
}

// fraction checks that x, which name names, is a share that is kept.
func fraction(name string, x float64) error {
	if !(x >= 0 && x < 1) {
		return errorf("%s is %v, want 0 or more and less than 1", name, x)
	}
	return nil
}

// inferUpdate checks the inputs of an optimiser.
func inferUpdate(in []tensor.View, states, hyper int) ([]tensor.Type, error) {
	if err := wantInputs(in, states+5, states+5); err != nil {
		return nil, err
	}
	w, tail := in[0].Shape, in[states+2:]
	for i := range in {
		if err := wantType(in, i, tensor.F32); err != nil {
			return nil, err
		}
		if i <= states+1 && !sameShape(in[i].Shape, w) {
			return nil, errorf("input %d has shape %v, want that of the weight, %v", i, in[i].Shape, w)
		}
	}
	for i, n := range []int{hyper, 1, 1} {
		if !tail[i].Static() || tail[i].Len() != n {
			return nil, errorf("input %d has shape %v, want %d elements", states+2+i, tail[i].Shape, n)
		}
	}
	return nil, nil
}

// sameShape reports whether two shapes are the same as far as they are known.
func sameShape(a, b []int) bool {
	return slices.EqualFunc(a, b, func(x, y int) bool { return x == y || x == tensor.Dynamic || y == tensor.Dynamic })
}

// updateWork is what an element takes, as inShares has it: it reads and writes
// several arrays.
const updateWork = 2

// updateStep returns a step that runs elements of an update in shares, after set
// has seen hyper and scale.
func updateStep(m *Mem, states int, set func(hyper []float32, scale float32), run func(lo, hi int)) Step {
	hyper, scale, loss := m.In[states+2].F32(), m.In[states+3].F32(), m.In[states+4].F32()
	all := inShares(m, m.In[0].Len(), shareGrain, updateWork, run)
	return func() error {
		if !isFinite(scale[0]) || !isFinite(loss[0]) {
			return nil
		}
		set(hyper, scale[0])
		return all()
	}
}

// isFinite reports whether x is a number.
func isFinite(x float32) bool { return x-x == 0 }

// refUpdate is an update of each element by itself.
func refUpdate(in []tensor.View, states int, set func(hyper []float32, scale float32), next func(i int)) error {
	m := &Mem{In: in}
	return updateStep(m, states, set, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			next(i)
		}
	})()
}
