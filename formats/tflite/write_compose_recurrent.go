package tflite

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/lower"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// composeRecurrence writes a layer as TensorFlow Lite's own operator, where it has
// one and its state may begin at 0, and else step by step.
func (k *composing) composeRecurrence(c *lower.Composer, o op.Recurrence, in []graph.Value) ([]graph.Value, error) {
	x := c.Type(in[0])
	if o.Keep || x.Shape[1] == tensor.Dynamic {
		return nil, op.Unsupported("a recurrent layer over an unknown length, or one that keeps what its gradient needs")
	}
	states := len(in) > 4 && slices.ContainsFunc(in[4:], func(v graph.Value) bool { return v != graph.None })
	if k.unroll || states || o.Cell == op.GRUCell || !x.Static() || o.Cell == op.LSTMCell && c.Reads(2) {
		return unrolled(c, o, in), nil
	}
	return whole(c, o, in), nil
}

// whole adds UNIDIRECTIONAL_SEQUENCE_LSTM or _RNN.
func whole(c *lower.Composer, o op.Recurrence, in []graph.Value) []graph.Value {
	n, t, u := c.Type(in[0]).Shape[0], c.Type(in[0]).Shape[1], c.Type(in[2]).Shape[0]
	x := in[0]
	if o.Reverse {
		x = c.Add(&op.Reverse{}, x, c.Ints(1))
	}
	gates := 1
	if o.Cell == op.LSTMCell {
		gates = 4
	}
	parts := func(v graph.Value) []graph.Value { // a matrix for each gate
		return c.AddAll(&op.Split{Num: gates}, gates, c.Add(&op.Transpose{Perm: []int{1, 0}}, v))
	}
	bias := graph.None
	if len(in) > 3 {
		bias = in[3]
	}
	if bias == graph.None {
		bias = c.F32(make([]float32, gates*u), gates*u)
	}
	state := func(name string) graph.Value {
		return c.Var(&graph.Var{Name: c.Label + "/" + name, Type: tensor.Of(tensor.F32, n, u)})
	}
	list := append([]graph.Value{x}, parts(in[1])...)
	list = append(list, parts(in[2])...)
	var y graph.Value
	if o.Cell == op.LSTMCell {
		list = append(list, graph.None, graph.None, graph.None) // peepholes
		list = append(list, c.AddAll(&op.Split{Num: 4}, 4, bias)...)
		list = append(list, graph.None, graph.None, state("h"), state("c"), graph.None, graph.None, graph.None, graph.None)
		y = c.Add(&op.UnidirectionalSequenceLSTM{Activation: quant.Tanh, To: toF32}, list...)
	} else {
		act := quant.Tanh
		if o.Relu {
			act = quant.ReLU
		}
		y = c.Add(&op.UnidirectionalSequenceRNN{Activation: act}, append(list, bias, state("h"))...)
	}
	last := c.Add(&op.Reshape{Shape: []int{-1, u}}, c.Add(&op.Slice{}, y, c.Ints(0, t-1, 0), c.Ints(-1, 1, -1)))
	if o.Reverse {
		y = c.Add(&op.Reverse{}, y, c.Ints(1))
	}
	return []graph.Value{y, last}
}

// stepping adds the steps of a layer.
type stepping struct {
	*lower.Composer
	o         op.Recurrence
	recurrent graph.Value
	bias      graph.Value // of h·recurrent; None for none
	gates     int
}

// unrolled adds the steps one by one. Where the state begins at 0, the first has
// no product with it.
func unrolled(c *lower.Composer, o op.Recurrence, in []graph.Value) []graph.Value {
	in = append(slices.Clone(in), graph.None, graph.None, graph.None)
	t := c.Type(in[0]).Shape[1]
	s := &stepping{Composer: c, o: o, recurrent: in[2], bias: graph.None, gates: map[op.RecurrenceCell]int{op.SimpleRNNCell: 1, op.GRUCell: 3, op.LSTMCell: 4}[o.Cell]}
	dense := &op.FullyConnected{Turned: true, KeepDims: true, Epilogue: op.Epilogue{To: toF32, Fused: true}}
	product := []graph.Value{in[0], in[1]}
	if bias := in[3]; bias != graph.None && o.Cell == op.GRUCell {
		rows := c.AddAll(&op.Unpack{Num: 2}, 2, bias)
		bias, s.bias = rows[0], rows[1]
		product = append(product, bias)
	} else if bias != graph.None {
		product = append(product, bias)
	}
	sums := c.AddAll(&op.Unpack{Num: t, Axis: 1}, t, c.Add(dense, product...))
	h, cell := in[4], in[5]
	ys := make([]graph.Value, t)
	for i := range t {
		if o.Reverse {
			i = t - 1 - i
		}
		h, cell = s.step(sums[i], h, cell)
		ys[i] = h
	}
	out := []graph.Value{c.Add(&op.Pack{Axis: 1}, ys...), h}
	if o.Cell == op.LSTMCell {
		out = append(out, cell)
	}
	return out
}

func (s *stepping) add(a, b graph.Value) graph.Value { return s.Add(&op.Add{To: toF32}, a, b) }
func (s *stepping) mul(a, b graph.Value) graph.Value { return s.Add(&op.Mul{To: toF32}, a, b) }
func (s *stepping) sigmoid(a graph.Value) graph.Value {
	return s.Add(&op.Logistic{To: toF32}, a)
}
func (s *stepping) tanh(a graph.Value) graph.Value { return s.Add(&op.Tanh{To: toF32}, a) }

// parts returns the gates of a sum, in its last dimension.
func (s *stepping) parts(v graph.Value) []graph.Value {
	return s.AddAll(&op.Split{Num: s.gates, Axis: -1}, s.gates, v)
}

// step adds a step from a = x·kernel + b and the states, which may be None for 0.
func (s *stepping) step(a, h, cell graph.Value) (newH, newCell graph.Value) {
	r := s.bias // h·recurrent and its bias
	if h != graph.None {
		in := []graph.Value{h, s.recurrent}
		if s.bias != graph.None {
			in = append(in, s.bias)
		}
		r = s.Add(&op.FullyConnected{Turned: true, KeepDims: true, Epilogue: op.Epilogue{To: toF32, Fused: true}}, in...)
	}
	if s.o.Cell == op.GRUCell {
		return s.gru(s.parts(a), r, h), graph.None
	}
	if r != graph.None {
		a = s.add(a, r)
	}
	if s.o.Cell == op.SimpleRNNCell {
		if s.o.Relu {
			return s.Add(reluOp(), a), graph.None
		}
		return s.tanh(a), graph.None
	}
	g := s.parts(a)
	newCell = s.mul(s.sigmoid(g[0]), s.tanh(g[2]))
	if cell != graph.None {
		newCell = s.add(s.mul(s.sigmoid(g[1]), cell), newCell)
	}
	return s.mul(s.sigmoid(g[3]), s.tanh(newCell)), newCell
}

// gru returns z·h + (1 − z)·g as g + z·(h − g).
func (s *stepping) gru(a []graph.Value, r, h graph.Value) graph.Value {
	if r != graph.None {
		b := s.parts(r)
		a = []graph.Value{s.add(a[0], b[0]), s.add(a[1], b[1]), a[2], b[2]}
		a[2] = s.add(a[2], s.mul(s.sigmoid(a[1]), a[3]))
	}
	z, g := s.sigmoid(a[0]), s.tanh(a[2])
	if h == graph.None {
		return s.Add(&op.Sub{To: toF32}, g, s.mul(z, g))
	}
	return s.add(g, s.mul(z, s.Add(&op.Sub{To: toF32}, h, g)))
}
