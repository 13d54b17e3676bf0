package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// microsoftAttentionRows are ONNX Runtime's parts of Transformers.
func microsoftAttentionRows() map[string]row {
	return map[string]row{
		"Attention":               viaFloat32(microsoftAttentionRow),
		"MultiHeadAttention":      viaFloat32(multiHeadRow),
		"EmbedLayerNormalization": viaFloat32(embedLayerNormRow),
	}
}

// microsoftHeads reads the attributes that Attention and MultiHeadAttention
// share, and how masks are added.
func (n *node) microsoftHeads() (o op.Attention, m op.AttentionMask, err error) {
	o = op.Attention{Left: -1, Right: -1, Outputs: 1}
	if o.Causal, err = n.bool("unidirectional", false); err != nil {
		return
	}
	if o.QHeads, err = n.int("num_heads", 0); err != nil {
		return
	}
	if o.QHeads < 1 {
		return o, m, errorf("num_heads is %d, want 1 or more", o.QHeads)
	}
	o.KVHeads, m.Heads = o.QHeads, o.QHeads
	if o.Scale, err = n.float("scale", 0); err != nil {
		return
	}
	m.Filter, err = n.float("mask_filter_value", -10000)
	return
}

// microsoftMask makes one mask of that of keys and the one that is added, either
// of which may be None.
func (n *node) microsoftMask(m op.AttentionMask, mask, bias, q, k, past graph.Value) (graph.Value, error) {
	if mask == graph.None {
		return bias, nil
	}
	v, err := n.one(new(m), trimmed([]graph.Value{mask, q, k, past})...)
	if err != nil || bias == graph.None {
		return v, err
	}
	return n.one(&op.Add{To: op.To{DType: tensor.F32}}, v, bias)
}

// named is how many outputs up to the last that has a name there are.
func (n *node) named() int {
	for i := len(n.Outputs); i > 0; i-- {
		if n.Outputs[i-1] != "" {
			return i
		}
	}
	return 0
}

// microsoftAttentionRow has input, weights of Q, K and V side by side, bias,
// mask, past (keys and values in one), a bias of scores, and the length of past
// where it shares memory with present.
func microsoftAttentionRow(n *node) (graph.Op, error) {
	for _, name := range []string{"do_rotary", "past_present_share_buffer"} {
		if on, err := n.bool(name, false); err != nil || on {
			return nil, firstError(err, op.Unsupported("%s", name))
		}
	}
	o, mask, err := n.microsoftHeads()
	if err != nil {
		return nil, err
	}
	qkv, err := n.projected()
	if err != nil {
		return nil, err
	}
	past := []graph.Value{graph.None, graph.None}
	if v := n.arg(4); v != graph.None {
		if past, err = n.unnamed(&op.Unpack{Num: 2}, v); err != nil {
			return nil, err
		}
	}
	if n.named() > 1 {
		o.Outputs = 3
	}
	m, err := n.microsoftMask(mask, n.arg(3), n.arg(5), qkv[0], qkv[1], past[0])
	if err != nil {
		return nil, err
	}
	out, err := n.unnamed(new(o), trimmed(append(qkv, m, past[0], past[1]))...)
	if err != nil {
		return nil, err
	}
	if o.Outputs == 1 {
		return nil, n.define(out...)
	}
	present, err := n.one(&op.Pack{}, out[1], out[2])
	if err != nil {
		return nil, err
	}
	return nil, n.define(out[0], present)
}

func firstError(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// projected returns Q, K and V of an Attention's input.
func (n *node) projected() ([]graph.Value, error) {
	if len(n.in) < 2 || n.in[0] == graph.None || n.in[1] == graph.None {
		return nil, errorf("%d inputs, want input and weights", len(n.in))
	}
	x, w, bias := n.typ(0), n.typ(1), n.arg(2)
	if x.Rank() != 3 || w.Rank() != 2 || bias != graph.None && n.typ(2).Rank() != 1 {
		return nil, errorf("input, weights and bias have shapes %v, %v and %v, want rank 3, 2 and 1", x.Shape, w.Shape, n.typ(2).Shape)
	}
	sizes, err := n.ints("qkv_hidden_sizes")
	if err != nil {
		return nil, err
	}
	if sizes == nil {
		if w.Shape[1] == tensor.Dynamic {
			return nil, op.Unsupported("weights of unknown shape %v", w.Shape)
		}
		each := w.Shape[1] / 3
		sizes = []int{each, each, w.Shape[1] - 2*each}
	}
	if len(sizes) != 3 || sizes[0] != sizes[1] {
		return nil, errorf("qkv_hidden_sizes is %v, want three sizes of which the first two are equal", sizes)
	}
	var y graph.Value
	if bias != graph.None && n.isBias(false) {
		y, err = n.dense(n.in[0], n.in[1], bias, false, false)
	} else if y, err = n.product(n.in[0], n.in[1], false, false); err == nil && bias != graph.None {
		y, err = n.one(&op.Add{To: op.To{DType: tensor.F32}}, y, bias)
	}
	if err != nil {
		return nil, err
	}
	return n.unnamed(&op.Split{Num: 3, Axis: -1}, y, n.constInts(sizes...))
}

// multiHeadRow has Q, K and V, which may be packed in fewer, a bias of all
// three, masks of keys and scores, and past keys and values.
func multiHeadRow(n *node) (graph.Op, error) {
	if n.arg(8) != graph.None || n.arg(9) != graph.None {
		return nil, op.Unsupported("memory that past and present share (inputs 8 and 9)")
	}
	o, mask, err := n.microsoftHeads()
	if err != nil {
		return nil, err
	}
	q, k, v, err := n.unpackedHeads(o.QHeads)
	if err != nil {
		return nil, err
	}
	apart := n.b.Type(k).Rank() == 4
	if apart { // as Q must be too, then
		if q, err = n.headsApart(q, o.QHeads); err != nil {
			return nil, err
		}
	}
	m, err := n.microsoftMask(mask, n.arg(4), n.arg(5), q, k, n.arg(6))
	if err != nil {
		return nil, err
	}
	o.Outputs, o.Scores = max(n.named(), 1), 2
	out, err := n.unnamed(new(o), trimmed([]graph.Value{q, k, v, m, n.arg(6), n.arg(7)})...)
	if err != nil {
		return nil, err
	}
	if !apart {
		return nil, n.define(out...)
	}
	y, err := n.headsTogether(out[0])
	if err != nil {
		return nil, err
	}
	return nil, n.define(append([]graph.Value{y}, out[1:]...)...)
}

// unpackedHeads returns Q, K and V, biases added: [batch n heads·d], or K and V
// [batch heads n d].
func (n *node) unpackedHeads(heads int) (q, k, v graph.Value, err error) {
	q, k, v = n.arg(0), n.arg(1), n.arg(2)
	parts := []graph.Value{q, k, v}
	switch {
	case q != graph.None && n.typ(0).Rank() == 5 && k == graph.None && v == graph.None:
		parts, err = n.packedHeads(q, 3, heads)
	case q != graph.None && k != graph.None && n.typ(1).Rank() == 5 && v == graph.None:
		if parts, err = n.packedHeads(k, 2, heads); err == nil {
			parts = append([]graph.Value{q}, parts...)
		}
	case q == graph.None || k == graph.None || v == graph.None:
		err = errorf("inputs Q, K and V are not all there, nor packed in fewer inputs of rank 5")
	}
	if err != nil {
		return
	}
	q, k, v = parts[0], parts[1], parts[2]
	if bias := n.arg(3); bias != graph.None {
		return n.biasedHeads(q, k, v, bias)
	}
	return
}

// packedHeads takes so many tensors [batch n heads·d] out of one
// [batch n heads parts d].
func (n *node) packedHeads(v graph.Value, parts, heads int) ([]graph.Value, error) {
	if s := n.b.Type(v).Shape; s[2] != heads && s[2] != tensor.Dynamic || s[3] != parts && s[3] != tensor.Dynamic {
		return nil, errorf("packed heads have shape %v, want [batch n %d %d d]", s, heads, parts)
	}
	apart, err := n.unnamed(&op.Unpack{Num: parts, Axis: 3}, v)
	out := make([]graph.Value, parts)
	for i := 0; err == nil && i < parts; i++ {
		out[i], err = n.one(&op.Reshape{Shape: []int{0, 0, -1}, CopyZero: true}, apart[i])
	}
	return out, err
}

// biasedHeads adds the parts of a bias.
func (n *node) biasedHeads(q, k, v, bias graph.Value) (_, _, _ graph.Value, err error) {
	parts := []graph.Value{q, k, v}
	sizes := make([]int, 3)
	for i, part := range parts {
		t := n.b.Type(part)
		if t.Rank() != 3 {
			return 0, 0, 0, op.Unsupported("a bias of %v", t)
		}
		if sizes[i] = t.Shape[2]; sizes[i] == tensor.Dynamic {
			return 0, 0, 0, op.Unsupported("a bias of heads of unknown shape %v", t.Shape)
		}
	}
	biases, err := n.unnamed(&op.Split{Num: 3}, bias, n.constInts(sizes...))
	for i := 0; err == nil && i < 3; i++ {
		parts[i], err = n.one(&op.Add{To: op.To{DType: n.b.Type(parts[i]).DType}}, parts[i], biases[i])
	}
	return parts[0], parts[1], parts[2], err
}

// headsApart makes [batch heads n d] of [batch n heads·d].
func (n *node) headsApart(v graph.Value, heads int) (graph.Value, error) {
	if t := n.b.Type(v); t.Rank() != 3 {
		return 0, errorf("input Q has shape %v, want rank 3", t.Shape)
	}
	v, err := n.one(&op.Reshape{Shape: []int{0, 0, heads, -1}, CopyZero: true}, v)
	if err != nil {
		return 0, err
	}
	return n.one(&op.Transpose{Perm: []int{0, 2, 1, 3}}, v)
}

// headsTogether makes [batch n heads·d] of [batch heads n d].
func (n *node) headsTogether(v graph.Value) (graph.Value, error) {
	v, err := n.one(&op.Transpose{Perm: []int{0, 2, 1, 3}}, v)
	if err != nil {
		return 0, err
	}
	return n.one(&op.Reshape{Shape: []int{0, 0, -1}, CopyZero: true}, v)
}

// embedLayerNormRow has ids, segments, the tables of words, places and
// segments, gamma, beta, a mask and position_ids; outputs are the normalised
// sum of embeddings, how many ids the mask counts, and the sum.
func embedLayerNormRow(n *node) (graph.Op, error) {
	eps, err := n.float("epsilon", 1e-12)
	if err != nil {
		return nil, err
	}
	sum, err := n.unnamed(&op.EmbeddingSum{}, trimmed([]graph.Value{n.arg(0), n.arg(1), n.arg(2), n.arg(3), n.arg(4), n.arg(7), n.arg(8)})...)
	if err != nil {
		return nil, err
	}
	if n.arg(5) == graph.None || n.arg(6) == graph.None {
		return nil, errorf("inputs 5 and 6, gamma and beta, must be there")
	}
	y, err := n.one(&op.LayerNormalization{Axis: -1, Epsilon: eps}, sum[0], n.in[5], n.in[6])
	if err != nil {
		return nil, err
	}
	return nil, n.define(y, sum[1], sum[0])
}
