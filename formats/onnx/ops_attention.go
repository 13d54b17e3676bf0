package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// attentionRow reads ai.onnx's Attention (opset 23 on).
func attentionRow(n *node) (graph.Op, error) {
	o := op.Attention{Outputs: 1}
	var err error
	if o.Causal, err = n.bool("is_causal", false); err != nil {
		return nil, err
	}
	for _, a := range []struct {
		name string
		def  int
		to   *int
	}{
		{"q_num_heads", 0, &o.QHeads}, {"kv_num_heads", 0, &o.KVHeads}, {"qk_matmul_output_mode", 0, &o.Scores},
		{"left_window_size", -1, &o.Left}, {"right_window_size", -1, &o.Right},
	} {
		if *a.to, err = n.int(a.name, a.def); err != nil {
			return nil, err
		}
	}
	if o.Scale, err = n.float("scale", 0); err != nil {
		return nil, err
	}
	if o.Softcap, err = n.float("softcap", 0); err != nil {
		return nil, err
	}
	if o.Half, err = n.halfSoftmax(); err != nil {
		return nil, err
	}
	for i, name := range n.Outputs {
		if name != "" {
			o.Outputs = i + 1
		}
	}
	return o, nil
}

// halfSoftmax reads the attribute softmax_precision: whether it asks for
// float16. Wider types than the input's are what is computed in at least.
func (n *node) halfSoftmax() (bool, error) {
	p, err := n.int("softmax_precision", int(Float))
	switch d := DataType(p); d {
	case Float, Double, Undefined:
		return false, err
	case Float16:
		return true, err
	default:
		return false, op.Unsupported("softmax_precision %v", d)
	}
}
