package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// attentionRow reads ai.onnx's Attention (opset 23 on).
func attentionRow(n *node) (graph.Op, error) {
	o := &op.Attention{Outputs: 1}
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

func rotaryRow(n *node) (graph.Op, error) {
	var o op.RotaryEmbedding
	var err error
	if o.Interleaved, err = n.bool("interleaved", false); err != nil {
		return nil, err
	}
	if o.Heads, err = n.int("num_heads", 0); err != nil {
		return nil, err
	}
	o.Dim, err = n.int("rotary_embedding_dim", 0)
	return new(o), err
}

func causalConvRow(n *node) (graph.Op, error) {
	a, err := n.str("activation", "none")
	if err != nil {
		return nil, err
	}
	switch a {
	case "none":
		return &op.CausalConvWithState{}, nil
	case "silu", "swish":
		return &op.CausalConvWithState{Silu: true}, nil
	}
	return nil, op.Unsupported("activation %q", a)
}

func linearAttentionRow(n *node) (graph.Op, error) {
	var o op.LinearAttention
	rule, err := n.str("update_rule", "gated_delta")
	if err != nil {
		return nil, err
	}
	switch rule {
	case "linear":
	case "gated":
		o.Gated = true
	case "delta":
		o.Delta = true
	case "gated_delta":
		o.Gated, o.Delta = true, true
	default:
		return nil, op.Unsupported("update_rule %q", rule)
	}
	if o.Heads, err = n.int("q_num_heads", 0); err != nil {
		return nil, err
	}
	if o.KVHeads, err = n.int("kv_num_heads", 0); err != nil {
		return nil, err
	}
	o.Scale, err = n.float("scale", 0)
	return new(o), err
}
