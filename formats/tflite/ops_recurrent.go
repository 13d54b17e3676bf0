package tflite

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// recurrentRows are the operators that keep state: recurrent layers and
// variables; and those that run other sub-graphs.
var recurrentRows = map[string]row{
	"SVDF": func(n *node) (graph.Op, error) {
		o, err := n.options(SVDFOptions)
		if err != nil {
			return nil, err
		}
		act, err := activation(o.Activation(1))
		return op.SVDF{Rank: int(o.Int32(0, 0)), Activation: act, To: n.to(0)}, err
	},
}
