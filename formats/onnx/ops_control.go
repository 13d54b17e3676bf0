package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// controlRows are the operators that run graphs, and what is constant.
var controlRows = map[string]row{
	"Identity": func(n *node) (graph.Op, error) { return nil, n.define(n.in...) },
	"Constant": constantRow,
	"If":       ifRow,
}

// constantRow defines the output: it makes no node.
func constantRow(n *node) (graph.Op, error) {
	t, err := n.tensor("value")
	if err != nil {
		return nil, err
	}
	var v tensor.View
	if t != nil {
		v, err = View(t)
	} else {
		v, err = n.numbers()
	}
	if err != nil {
		return nil, err
	}
	out := n.b.Const(n.label(), v.Type, v.Data)
	if err := n.b.Err(); err != nil {
		return nil, err
	}
	return nil, n.define(out)
}

// numbers returns the tensor that value_float and the like stand for.
func (n *node) numbers() (tensor.View, error) {
	view := func(d tensor.DType, data []byte, shape ...int) (tensor.View, error) {
		return tensor.View{Type: tensor.Type{DType: d, Shape: shape}, Data: data}, nil
	}
	for _, a := range n.Attributes {
		switch a.Name {
		case "value_float":
			return view(tensor.F32, tensor.Bytes([]float32{a.Float}))
		case "value_floats":
			return view(tensor.F32, tensor.Bytes(a.Floats), len(a.Floats))
		case "value_int":
			return view(tensor.I64, tensor.Bytes([]int64{a.Int}))
		case "value_ints":
			return view(tensor.I64, tensor.Bytes(a.Ints), len(a.Ints))
		}
	}
	return tensor.View{}, op.Unsupported("a constant that is not a tensor or numbers")
}

// ifRow gives both branches all values that either takes from around it.
func ifRow(n *node) (graph.Op, error) {
	var names []string
	var o op.If
	for _, b := range []struct {
		attr string
		to   **graph.Graph
	}{{"then_branch", &o.Then}, {"else_branch", &o.Else}} {
		g, err := n.graph(b.attr)
		if err != nil {
			return nil, err
		}
		_, captured, err := n.subgraph(g, nil, nil)
		if err != nil {
			return nil, err
		}
		names = union(names, captured)
	}
	for _, b := range []struct {
		attr string
		to   **graph.Graph
	}{{"then_branch", &o.Then}, {"else_branch", &o.Else}} {
		g, err := n.graph(b.attr)
		if err != nil {
			return nil, err
		}
		if *b.to, _, err = n.subgraph(g, nil, names); err != nil {
			return nil, err
		}
	}
	for _, name := range names {
		v, err := n.lookup(name)
		if err != nil {
			return nil, err
		}
		n.in = append(n.in, v)
	}
	return o, nil
}

func union(a, b []string) []string {
	seen := map[string]bool{}
	for _, s := range a {
		seen[s] = true
	}
	for _, s := range b {
		if !seen[s] {
			a = append(a, s)
		}
	}
	return a
}
