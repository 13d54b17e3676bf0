package train

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// update is an operator that changes a weight: see package op's optimisers.
type update interface {
	graph.Op
	States() int // variables beside each weight
	// Hyper fills what changes from step to step, of which the first is 1.
	Hyper(hyper []float32, rate float64, step int)
}

// Optimizer says how weights follow their gradients.
type Optimizer struct {
	name     string
	update   update
	hyper    int // numbers of Hyper
	rate     float64
	schedule Schedule
	clip     float64 // of the global norm, 0: none
	err      error
}

// tuning is what options of optimisers set.
type tuning struct {
	schedule          Schedule
	clip, momentum    float64
	beta1, beta2, rho float64
	epsilon, decay    float64
	nesterov          bool
}

// OptimizerOption sets something about an optimiser.
type OptimizerOption struct {
	name string
	set  func(t *tuning)
}

// LearningRateSchedule changes the learning rate as training goes on.
func LearningRateSchedule(s Schedule) OptimizerOption {
	return OptimizerOption{"LearningRateSchedule", func(t *tuning) { t.schedule = s }}
}

// ClipNorm scales all gradients down together where their norm, as one vector, is
// over the limit (Pascanu, Mikolov, Bengio, 2013).
func ClipNorm(limit float64) OptimizerOption {
	return OptimizerOption{"ClipNorm", func(t *tuning) { t.clip = limit }}
}

// MomentumOf is how much of its direction SGD or RMSprop keeps.
func MomentumOf(m float64) OptimizerOption {
	return OptimizerOption{"MomentumOf", func(t *tuning) { t.momentum = m }}
}

// Nesterov makes SGD look ahead (Sutskever et al., 2013).
var Nesterov = OptimizerOption{"Nesterov", func(t *tuning) { t.nesterov = true }}

// Betas are how much Adam keeps of the means of gradients and of their squares:
// 0.9 and 0.999 by default.
func Betas(beta1, beta2 float64) OptimizerOption {
	return OptimizerOption{"Betas", func(t *tuning) { t.beta1, t.beta2 = beta1, beta2 }}
}

// Rho is how much RMSprop keeps of the mean of squares: 0.9 by default.
func Rho(rho float64) OptimizerOption {
	return OptimizerOption{"Rho", func(t *tuning) { t.rho = rho }}
}

// EpsilonOf is what keeps Adam and RMSprop from dividing by zero: 1e-7 by
// default, as in Keras.
func EpsilonOf(e float64) OptimizerOption {
	return OptimizerOption{"EpsilonOf", func(t *tuning) { t.epsilon = e }}
}

// WeightDecay shrinks weights by rate·decay at each step, whatever the gradient
// (decoupled, as AdamW and Keras have it). AdamW's default is 0.004. All
// trainable parameters of more than one dimension decay: not biases, nor scales.
func WeightDecay(decay float64) OptimizerOption {
	return OptimizerOption{"WeightDecay", func(t *tuning) { t.decay = decay }}
}

// newOptimizer reads options; o makes the operator.
func newOptimizer(name string, rate float64, hyper int, opts []OptimizerOption, defaults tuning, o func(t *tuning) update, allowed ...string) Optimizer {
	t := defaults
	allow := map[string]bool{"LearningRateSchedule": true, "ClipNorm": true, "WeightDecay": true}
	for _, a := range allowed {
		allow[a] = true
	}
	var err error
	for _, opt := range opts {
		if !allow[opt.name] && err == nil {
			err = fmt.Errorf("train: optimizer %s has no use for %s", name, opt.name)
		}
		opt.set(&t)
	}
	if !(rate > 0) && err == nil {
		err = fmt.Errorf("train: optimizer %s: learning rate %v, want more than 0", name, rate)
	}
	if !(t.clip >= 0) && err == nil {
		err = fmt.Errorf("train: optimizer %s: norm of %v, want more than 0", name, t.clip)
	}
	return Optimizer{name: name, update: o(&t), hyper: hyper, rate: rate, schedule: t.schedule, clip: t.clip, err: err}
}

// SGD is stochastic gradient descent, with MomentumOf and Nesterov if asked for.
func SGD(rate float64, opts ...OptimizerOption) Optimizer {
	return newOptimizer("sgd", rate, op.SGDHyper, opts, tuning{}, func(t *tuning) update {
		return &op.SGD{Momentum: t.momentum, Nesterov: t.nesterov, Decay: op.Decay{Decoupled: t.decay}}
	}, "MomentumOf", "Nesterov")
}

// RMSprop divides gradients by the root of their mean square (Hinton, 2012).
func RMSprop(rate float64, opts ...OptimizerOption) Optimizer {
	return newOptimizer("rmsprop", rate, op.RMSpropHyper, opts, tuning{rho: .9, epsilon: 1e-7}, func(t *tuning) update {
		return &op.RMSprop{Rho: t.rho, Epsilon: t.epsilon, Momentum: t.momentum, Decay: op.Decay{Decoupled: t.decay}}
	}, "MomentumOf", "Rho", "EpsilonOf")
}

// Adam is the optimiser of Kingma and Ba (2015).
func Adam(rate float64, opts ...OptimizerOption) Optimizer { return adam("adam", rate, 0, opts) }

// AdamW is Adam with decoupled weight decay (Loshchilov and Hutter, 2019): 0.004
// by default, as in Keras.
func AdamW(rate float64, opts ...OptimizerOption) Optimizer { return adam("adamw", rate, .004, opts) }

func adam(name string, rate, decay float64, opts []OptimizerOption) Optimizer {
	return newOptimizer(name, rate, op.AdamHyper, opts, tuning{beta1: .9, beta2: .999, epsilon: 1e-7, decay: decay}, func(t *tuning) update {
		return &op.Adam{Beta1: t.beta1, Beta2: t.beta2, Epsilon: t.epsilon, Decay: op.Decay{Decoupled: t.decay}}
	}, "Betas", "EpsilonOf")
}

// String returns the optimiser's name and rate.
func (o Optimizer) String() string { return fmt.Sprintf("%s(%g)", o.name, o.rate) }

// rateAt returns the learning rate of a step, counted from 0.
func (o *Optimizer) rateAt(step, perEpoch int) float64 {
	if o.schedule == nil {
		return o.rate
	}
	return o.rate * o.schedule(float64(step)/float64(max(perEpoch, 1)))
}

// of returns the operator for a parameter: only matrices decay.
func (o *Optimizer) of(p *Param) graph.Op {
	if len(p.Shape) > 1 {
		return o.update
	}
	switch u := o.update.(type) {
	case *op.SGD:
		u = new(*u)
		u.Decoupled = 0
		return u
	case *op.RMSprop:
		u = new(*u)
		u.Decoupled = 0
		return u
	case *op.Adam:
		u = new(*u)
		u.Decoupled = 0
		return u
	}
	return o.update
}
