package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// elementwiseRows are the operators that compute each element by itself.
var elementwiseRows = map[string]row{
	"Add": func(n *node) (graph.Op, error) { return op.Add{To: op.To{DType: n.typ(0).DType}}, nil },
}
