package writetest

import (
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// recurrence adds a layer of 4 units on 3 features.
func (b *Builder) recurrence(o op.Recurrence, x graph.Value, states ...graph.Value) []graph.Value {
	cols, bias := 4, []int{4}
	switch o.Cell {
	case op.GRUCell:
		cols, bias = 12, []int{2, 12}
	case op.LSTMCell:
		cols, bias = 16, []int{16}
	}
	in := append([]graph.Value{x, b.W(3, cols), b.W(4, cols), b.W(bias...)}, states...)
	out, err := b.Node(graph.Node{Label: "layer", Op: new(o), In: in})
	if err != nil {
		return []graph.Value{0, 0, 0}
	}
	return out
}

// layer is a case of one layer, of which y is the output, or with h the last state.
func layer(name string, o op.Recurrence, h bool) Case {
	return of(name, func(b *Builder) graph.Value {
		out := b.recurrence(o, b.X(2, 5, 3))
		if h {
			return out[1]
		}
		return out[0]
	})
}

// recurrentCases are Keras' layers, one way and both.
func recurrentCases() []Case {
	lstm, gru, rnn := op.Recurrence{Cell: op.LSTMCell}, op.Recurrence{Cell: op.GRUCell}, op.Recurrence{}
	back := func(o op.Recurrence) op.Recurrence { o.Reverse = true; return o }
	both := func(o op.Recurrence) func(b *Builder) graph.Value {
		return func(b *Builder) graph.Value {
			x := b.X(2, 5, 3)
			return b.Add("join", &op.Concatenation{Axis: -1}, b.recurrence(o, x)[0], b.recurrence(back(o), x)[0])
		}
	}
	cases := []Case{
		layer("lstm", lstm, false), layer("lstm state", lstm, true), layer("lstm backwards", back(lstm), true), of("lstm both ways", both(lstm)),
		layer("gru", gru, false), layer("gru state", gru, true), of("gru both ways", both(gru)),
		layer("rnn", rnn, false), layer("rnn of relu backwards", op.Recurrence{Relu: true, Reverse: true}, false),
		{Name: "lstm cells", Build: func(b *Builder) []graph.Value { return b.recurrence(lstm, b.X(2, 5, 3)) }},
		{Name: "lstm from states", Build: func(b *Builder) []graph.Value {
			return b.recurrence(lstm, b.X(2, 5, 3), b.X(2, 4), b.X(2, 4))
		}},
		{Name: "gru from a state", Build: func(b *Builder) []graph.Value { return b.recurrence(gru, b.X(2, 5, 3), b.X(2, 4)) }},
		of("lstm of any batch", func(b *Builder) graph.Value {
			return b.recurrence(lstm, b.Input("x", tensor.Of(tensor.F32, -1, 5, 3)))[0]
		}),
	}
	for name, o := range map[string]op.TrainedAttention{"fused attention": {Heads: 2}, "causal attention": {Heads: 2, Causal: true, Scale: 0.3}} {
		cases = append(cases, of(name, func(b *Builder) graph.Value {
			return b.attention(o, b.X(2, 5, 8), b.X(2, 5, 8), b.X(2, 5, 6))
		}), of("masked "+name, func(b *Builder) graph.Value {
			mask := b.Floats([]int{2, 5}, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0)
			return b.attention(o, b.X(2, 5, 8), b.X(2, 5, 8), b.X(2, 5, 6), mask)
		}), of(name+" of any batch", func(b *Builder) graph.Value {
			x := b.Input("x", tensor.Of(tensor.F32, -1, 5, 8))
			return b.attention(o, x, x, x)
		}))
	}
	slices.SortFunc(cases, func(a, b Case) int { return strings.Compare(a.Name, b.Name) })
	for i := range cases {
		cases[i].Exact = false
	}
	return cases
}

func (b *Builder) attention(o op.TrainedAttention, in ...graph.Value) graph.Value {
	return b.Add("attention", new(o), in...)
}
