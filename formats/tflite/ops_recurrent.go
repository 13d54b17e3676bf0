package tflite

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// recurrentRows are the layers that keep state.
func recurrentRows() map[string]row {
	return map[string]row{
		"CIRCULAR_BUFFER": circularBuffer,
		"SVDF": func(n *node) (graph.Op, error) {
			o, err := n.options(SVDFOptions)
			if err != nil {
				return nil, err
			}
			act, err := activation(o.Activation(1))
			return &op.SVDF{Rank: int(o.Int32(0, 0)), Activation: act, Asymmetric: o.Bool(2, false), To: n.to(0)}, err
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
			return &op.UnidirectionalSequenceLSTM{
				TimeMajor: o.Bool(3, false), Activation: act, CellClip: o.Float32(1, 0), ProjClip: o.Float32(2, 0), Asymmetric: o.Bool(4, false), To: n.to(0),
			}, err
		},
		"BIDIRECTIONAL_SEQUENCE_LSTM": func(n *node) (graph.Op, error) {
			o, err := n.options(BidirectionalSequenceLSTMOptions)
			if err != nil {
				return nil, err
			}
			act, err := activation(o.Activation(0))
			return &op.BidirectionalSequenceLSTM{
				TimeMajor: o.Bool(4, true), Activation: act, CellClip: o.Float32(1, 0), ProjClip: o.Float32(2, 0), Asymmetric: o.Bool(5, false), Merge: o.Bool(3, false), To: n.to(0),
			}, err
		},
		"UNIDIRECTIONAL_SEQUENCE_RNN": func(n *node) (graph.Op, error) {
			o, err := n.options(SequenceRNNOptions)
			if err != nil {
				return nil, err
			}
			act, err := activation(o.Activation(1))
			return &op.UnidirectionalSequenceRNN{TimeMajor: o.Bool(0, false), Activation: act, Asymmetric: o.Bool(2, false)}, err
		},
	}
}

// circularBuffer reads a CIRCULAR_BUFFER. Where the file doesn't say how many
// runs make one cycle, the reference knows it of the two models that it was
// made for: one, for outputs of certain heights and for the fifth buffer of a
// model if its width and channels are 2 and 96; else two.
func circularBuffer(n *node) (graph.Op, error) {
	if len(n.in) != 1 || len(n.Outputs) != 1 {
		return nil, fmt.Errorf("%d inputs and %d outputs, want one of each", len(n.in), len(n.Outputs))
	}
	t, err := n.declared(n.Outputs[0])
	if err != nil {
		return nil, err
	}
	if t.Rank() != 4 || !t.Static() {
		return nil, fmt.Errorf("output of shape %v, want rank 4", t.Shape)
	}
	o := &op.CircularBuffer{Slots: t.Shape[1]}
	if len(n.CustomOptions) > 0 {
		flex := flatbuf.ReadFlex(n.CustomOptions)
		o.Cycles = int(min(flex.At(0).Int(0), math.MaxInt32))
		if err := flex.Err(); err != nil {
			return nil, fmt.Errorf("options are no flexbuffer: %w", err)
		}
	}
	if o.Cycles <= 0 {
		n.buffers++
		o.Cycles = 2
		if h := t.Shape[1]; h == 5 || h == 13 || h == 25 || n.buffers == 5 && t.Shape[2] == 2 && t.Shape[3] == 96 {
			o.Cycles, n.buffers = 1, 0
		}
	}
	slots := &graph.Var{Name: n.label(), Type: t}
	if n.sub.Tensors[n.Outputs[0]].Variable {
		slots.Init = firstState(t)
	}
	count := &graph.Var{Name: n.label() + " cycle", Type: tensor.Of(tensor.I32, 1)}
	n.in = append(n.in, n.b.Var(slots), n.b.Var(count))
	return o, nil
}
