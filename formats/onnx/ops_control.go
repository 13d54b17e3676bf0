package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// controlRows are the operators that run graphs, and what is constant.
func controlRows() map[string]row {
	return map[string]row{
		"Identity": identityRow,
		"Constant": constantRow,
		"If":       ifRow,
		"Loop":     loopRow,
		"Scan":     scanRow,
	}
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
	if t != nil && len(n.Outputs) > 0 {
		n.note(n.Outputs[0], t.Type)
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

// identityRow gives the input, a sequence too, a second name.
func identityRow(n *node) (graph.Op, error) {
	if len(n.Inputs) == 1 && len(n.Outputs) == 1 {
		if l := n.sequenceNamed(n.Inputs[0]); l != nil {
			return nil, n.defineList(l)
		}
	}
	return nil, n.define(n.in...)
}
