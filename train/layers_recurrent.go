package train

import (
	"errors"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// recurrent is a layer that reads sequences [steps features] step by step.
type recurrent struct {
	layer
	units int
	cell  op.RecurrenceCell
	gates int
}

// newRecurrent reads the options of a recurrent layer. Weights begin as
// GlorotUniform, those of the state as Orthogonal, biases as zeros but for the 1
// of an LSTM's forget gate: as in Keras.
func newRecurrent(kind string, units int, cell op.RecurrenceCell, gates int, opts []Option, allowed ...string) Layer {
	allowed = append(allowed, "NoBias", "KernelInitializer", "L1", "L2", "ReturnSequences", "Stateful", "GoBackwards")
	l := &recurrent{newLayer(kind, opts, config{kernelInit: GlorotUniform, activation: Tanh}, allowed...), units, cell, gates}
	l.positive("units", units)
	return l
}

// SimpleRNN adds its last output, through a matrix, to each input (Elman, 1990).
// Its activation is Tanh, or ReLU.
func SimpleRNN(units int, opts ...Option) Layer {
	return newRecurrent("simple_rnn", units, op.SimpleRNNCell, 1, opts, "an activation")
}

// LSTM is a long short-term memory (Hochreiter and Schmidhuber, 1997), with forget
// gates. It returns its last output, or all with ReturnSequences.
func LSTM(units int, opts ...Option) Layer {
	return newRecurrent("lstm", units, op.LSTMCell, 4, opts)
}

// GRU is a gated recurrent unit (Cho et al., 2014), in Keras' default form, which
// resets after the product.
func GRU(units int, opts ...Option) Layer {
	return newRecurrent("gru", units, op.GRUCell, 3, opts)
}

// Build adds a Recurrence.
func (l *recurrent) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 1, 3) {
		return 0
	}
	if l.activation != Tanh && l.activation != ReLU {
		return s.Fail("activation %s, want tanh or relu", l.activation)
	}
	return l.run(s, in[0], l.backwards)
}

// run reads x forwards or backwards.
func (l *recurrent) run(s *Scope, x graph.Value, reverse bool) graph.Value {
	shape := s.Shape(x)
	n, cols := shape[0], l.gates*l.units
	kernel := s.Weight("kernel", l.kernelInit, l.config, shape[2], cols)
	own := s.Weight("recurrent_kernel", Orthogonal, l.config, l.units, cols)
	bias := graph.None
	switch {
	case l.noBias:
	case l.cell == op.GRUCell:
		bias = s.Weight("bias", Zeros, l.config, 2, cols)
	case l.cell == op.LSTMCell:
		bias = s.Weight("bias", forgetBias, l.config, cols)
	default:
		bias = s.Weight("bias", Zeros, l.config, cols)
	}
	lstm := l.cell == op.LSTMCell
	args := []graph.Value{x, kernel, own, bias, graph.None, graph.None}
	var memory []graph.Value // h, and c of an LSTM
	if l.stateful && s.phase != Exporting {
		memory = append(memory, s.Memory("h", n, l.units))
		if lstm {
			memory = append(memory, s.Memory("c", n, l.units))
		}
		for i, v := range memory { // as it is now: the gradient reads it later
			args[4+i] = s.Add(&op.ReadVariable{}, v)
		}
	}
	if !lstm {
		args = args[:5]
	}
	out := s.AddAll(&op.Recurrence{Cell: l.cell, Reverse: reverse, Relu: l.activation == ReLU, Keep: s.phase == Training}, args...)
	if len(out) == 0 {
		return 0
	}
	for i, v := range memory {
		s.AddAll(&op.AssignVariable{}, v, out[1+i])
	}
	if l.returnSequences {
		return out[0]
	}
	return out[1]
}

// forgetBias is 0, and 1 for the second gate of four.
var forgetBias = Initializer{"unit_forget_bias", func(w []float32, _ []int, _ *stream) {
	for i := range w {
		w[i] = 0
		if i*4/len(w) == 1 {
			w[i] = 1
		}
	}
}}

// bidirectional reads sequences both ways.
type bidirectional struct {
	layer
	inner *recurrent
}

// Bidirectional reads a sequence with a recurrent layer, and with another like it
// from the end, and joins what both give (Schuster and Paliwal, 1997).
func Bidirectional(l Layer, opts ...Option) Layer {
	b := &bidirectional{layer: newLayer("bidirectional", opts, config{})}
	inner, ok := l.(*recurrent)
	if !ok {
		b.err = errNotRecurrent
		return b
	}
	b.inner = inner
	if b.err == nil {
		b.err = inner.err
	}
	if b.err == nil && inner.backwards {
		b.err = errors.New("Bidirectional reads both ways: leave GoBackwards out")
	}
	return b
}

// Build adds two Recurrences and a Concatenation.
func (l *bidirectional) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 1, 3) {
		return 0
	}
	forward := s.within("forward", func() graph.Value { return l.inner.run(s, in[0], false) })
	backward := s.within("backward", func() graph.Value { return l.inner.run(s, in[0], true) })
	return s.Add(&op.Concatenation{Axis: -1}, forward, backward)
}
