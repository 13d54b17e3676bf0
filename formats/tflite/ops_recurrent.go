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
	"UNIDIRECTIONAL_SEQUENCE_LSTM": func(n *node) (graph.Op, error) {
		o, err := n.options(UnidirectionalSequenceLSTMOptions)
		if err != nil {
			return nil, err
		}
		if o.Bool(5, false) {
			return nil, op.Unsupported("a diagonal matrix of recurrent weights")
		}
		act, err := activation(o.Activation(0))
		return op.UnidirectionalSequenceLSTM{
			TimeMajor: o.Bool(3, false), Activation: act, CellClip: o.Float32(1, 0), ProjClip: o.Float32(2, 0), To: n.to(0),
		}, err
	},
}
