package onnx_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/writetest"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// cells returns the functions of these names.
func cells(t *testing.T, alphas, betas []float32, names ...string) []op.CellFunction {
	f, err := op.CellFunctions(names, alphas, betas)
	require.NoError(t, err)
	return f
}

// TestWriteLayers writes recurrent layers that came from ONNX: with the batch
// first, which files say by transposes, functions with parameters, and both ways.
func TestWriteLayers(t *testing.T) {
	for name, build := range map[string]func(b *writetest.Builder) graph.Node{
		"LSTM": func(b *writetest.Builder) graph.Node {
			r := op.Recurrent{Reverse: []bool{false, true}, Functions: cells(t, nil, nil, "sigmoid", "tanh", "tanh", "sigmoid", "tanh", "tanh"), Batchwise: true}
			return graph.Node{Op: &op.LSTM{Recurrent: r}, In: []graph.Value{b.X(2, 5, 3), b.W(2, 16, 3), b.W(2, 16, 4), b.W(2, 32)}}
		},
		"LSTM from states": func(b *writetest.Builder) graph.Node {
			r := op.Recurrent{Reverse: []bool{true}, Functions: cells(t, []float32{0.3}, []float32{0.4}, "hardsigmoid", "tanh", "softsign"), Batchwise: true, Clip: 2}
			return graph.Node{Op: &op.LSTM{Recurrent: r}, In: []graph.Value{b.X(2, 5, 3), b.W(1, 16, 3), b.W(1, 16, 4), graph.None, graph.None, b.X(2, 1, 4), b.W(2, 1, 4)}}
		},
		"GRU": func(b *writetest.Builder) graph.Node {
			r := op.Recurrent{Reverse: []bool{true}, Functions: cells(t, nil, nil, "sigmoid", "tanh")}
			return graph.Node{Op: &op.GRU{Recurrent: r, LinearBeforeReset: true}, In: []graph.Value{b.X(5, 2, 3), b.W(1, 12, 3), b.W(1, 12, 4), b.W(1, 24)}}
		},
		"RNN": func(b *writetest.Builder) graph.Node {
			r := op.Recurrent{Reverse: []bool{false}, Functions: cells(t, []float32{0.2}, nil, "leakyrelu")}
			return graph.Node{Op: &op.RNN{Recurrent: r}, In: []graph.Value{b.X(5, 2, 3), b.W(1, 4, 3), b.W(1, 4, 4), b.W(1, 8)}}
		},
	} {
		c := writetest.Case{Name: name, Build: func(b *writetest.Builder) []graph.Value {
			n := build(b)
			n.Label = "layer"
			out, _ := b.Node(n)
			return out
		}}
		g := graphOf(t, &c)
		in := writetest.Inputs(g)
		want, err := writetest.Run(g, in)
		require.NoError(t, err)
		m, err := onnx.Parse(fileOf(t, &c))
		require.NoError(t, err)
		back, err := m.Build()
		require.NoError(t, err)
		got, err := writetest.Run(back, in)
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
}
