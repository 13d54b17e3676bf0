package train

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// batchNormalization is a BatchNormalization layer.
type batchNormalization struct{ layer }

// BatchNormalization brings each channel, the last dimension, to mean 0 and
// variance 1 over the batch, then scales and shifts it (Ioffe and Szegedy,
// 2015). Predictions use running means. Momentum is 0.99 and Epsilon 1e-3, as
// in Keras.
func BatchNormalization(opts ...Option) Layer {
	return &batchNormalization{newLayer("batch_normalization", opts, config{momentum: .99, epsilon: 1e-3}, "Momentum", "Epsilon")}
}

// Build adds the operator, and in training new running means.
func (l *batchNormalization) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 1) {
		return 0
	}
	shape := s.Shape(in[0])
	c := shape[len(shape)-1]
	scale, shift := s.Weight("gamma", Ones, nil, c), s.Weight("beta", Zeros, nil, c)
	mean, variance := s.State("moving_mean", Zeros, c), s.State("moving_variance", Ones, c)
	o := &op.BatchNormalization{Axis: -1, Epsilon: float32(l.epsilon), Momentum: float32(l.momentum), Training: s.phase == Training}
	out := s.AddAll(o, in[0], scale, shift, mean, variance)
	if len(out) == 0 {
		return 0
	}
	if o.Training {
		s.Assign(mean, out[1])
		s.Assign(variance, out[2])
	}
	return out[0]
}

// layerNormalization is a LayerNormalization layer.
type layerNormalization struct{ layer }

// LayerNormalization brings each vector, the last dimension, to mean 0 and
// variance 1, then scales and shifts it (Ba, Kiros, Hinton, 2016). Epsilon is
// 1e-3, as in Keras.
func LayerNormalization(opts ...Option) Layer {
	return &layerNormalization{newLayer("layer_normalization", opts, config{epsilon: 1e-3}, "Epsilon")}
}

// Build adds the operator.
func (l *layerNormalization) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 1) {
		return 0
	}
	return s.layerNorm(in[0], l.epsilon)
}

func (s *Scope) layerNorm(x graph.Value, epsilon float64) graph.Value {
	shape := s.Shape(x)
	if shape == nil {
		return 0
	}
	c := shape[len(shape)-1]
	return s.Add(&op.LayerNormalization{Axis: -1, Epsilon: float32(epsilon)}, x, s.Weight("gamma", Ones, nil, c), s.Weight("beta", Zeros, nil, c))
}

// dropoutLayer is a Dropout layer.
type dropoutLayer struct {
	layer
	rate float64
}

// Dropout sets a part of the numbers to zero while training, and scales the others
// up (Srivastava et al., 2014).
func Dropout(rate float64, opts ...Option) Layer {
	l := &dropoutLayer{newLayer("dropout", opts, config{}), rate}
	if !(rate >= 0 && rate < 1) && l.err == nil {
		l.err = fmt.Errorf("rate %v, want at least 0 and below 1", rate)
	}
	return l
}

// Build adds the operator in training, and else nothing.
func (l *dropoutLayer) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 1) {
		return 0
	}
	return s.dropout(in[0], l.rate)
}

// dropout drops a part of x in training. Each place in a network has random
// numbers of its own.
func (s *Scope) dropout(x graph.Value, rate float64) graph.Value {
	if rate == 0 || s.phase != Training {
		return x
	}
	s.drops++
	return s.Add(&op.RandomDropout{Rate: float32(rate), Seed: s.m.seed, Layer: uint32(s.drops)}, x, s.step)
}
