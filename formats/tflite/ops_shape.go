package tflite

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// shapeRows are the operators that move or regroup elements.
var shapeRows = map[string]row{
	"RESHAPE": func(n *node) (graph.Op, error) {
		o, err := n.options(ReshapeOptions)
		if err != nil || len(n.in) > 1 || !o.Present() {
			return op.Reshape{}, err
		}
		shape := []int{}
		for _, d := range o.Ints(0) {
			shape = append(shape, int(d))
		}
		return op.Reshape{Shape: shape}, nil
	},
}
