package onnx

import (
	"maps"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// flexAttentionRow reads the preview's FlexAttention: attention in which
// graphs may change the scores, score_mod, and the probabilities, prob_mod.
func flexAttentionRow(n *node) (graph.Op, error) {
	scale, err := n.float("scale", 0)
	if err != nil {
		return nil, err
	}
	if len(n.in) != 3 {
		return nil, errorf("%d inputs, want 3", len(n.in))
	}
	half, err := n.halfSoftmax()
	if err != nil {
		return nil, err
	}
	if n.attr("score_mod") == nil && n.attr("prob_mod") == nil {
		return &op.Attention{Scale: scale, Left: -1, Right: -1, Half: half, Outputs: 1}, nil
	}
	d := n.typ(0).DType
	if d == tensor.F16 && !half {
		d = tensor.F32
	}
	if p, _ := n.int("softmax_precision", int(Float)); n.attr("softmax_precision") != nil && dtypes[DataType(p)] != d {
		return nil, op.Unsupported("softmax_precision %v of inputs of type %s, with score_mod or prob_mod,", DataType(p), n.typ(0).DType)
	}
	x, err := n.one(&op.AttentionScores{Scale: scale, DType: d}, n.in[0], n.in[1])
	if err != nil {
		return nil, err
	}
	if x, err = n.applyGraph("score_mod", x); err != nil {
		return nil, err
	}
	if x, err = n.one(&op.Softmax{Beta: 1, Plain: true, Axis: -1, To: op.To{DType: d}}, x); err != nil {
		return nil, err
	}
	if x, err = n.applyGraph("prob_mod", x); err != nil {
		return nil, err
	}
	n.in = []graph.Value{x, n.in[2]}
	return &op.AttentionValues{}, nil
}

// applyGraph adds the nodes of a graph attribute with one input and one output
// to this graph, and returns that output; x if there is no such attribute.
func (n *node) applyGraph(name string, x graph.Value) (graph.Value, error) {
	if n.attr(name) == nil {
		return x, nil
	}
	g, err := n.graph(name)
	if err != nil {
		return 0, err
	}
	if n.depth >= maxDepth {
		return 0, op.Unsupported("a graph nested more than %d deep", maxDepth)
	}
	if len(g.Inputs) != 1 || len(g.Outputs) != 1 {
		return 0, errorf("%s has %d inputs and %d outputs, want one each", name, len(g.Inputs), len(g.Outputs))
	}
	body := &scope{loader: n.loader, b: n.b, values: maps.Clone(n.values), opsets: n.opsets, depth: n.depth + 1, attrs: n.attrs}
	for _, p := range g.Nodes { // its names hide those around it
		for _, out := range p.Outputs {
			delete(body.values, out)
		}
	}
	if err := body.initializers(g); err != nil {
		return 0, err
	}
	body.values[g.Inputs[0].Name] = x
	for i, p := range g.Nodes {
		if err := body.node(i, p); err != nil {
			return 0, err
		}
	}
	return body.lookup(g.Outputs[0].Name)
}
