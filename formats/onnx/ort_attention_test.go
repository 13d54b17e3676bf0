package onnx_test

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
)

func (r *ortRandom) int32s(f func() int, shape ...int) *operandOf {
	return ortInts[int32](onnx.Int32, shape, f)
}

// length is that of a sequence: short, or more than a block of queries.
func (r *ortRandom) length() int {
	if r.chance(6) {
		return r.n(40, 110)
	}
	return r.n(1, 7)
}

func (r *ortRandom) embedLayerNorm() *ortModel {
	batch, seq, hidden, words, places, segments := r.n(1, 3), r.n(1, 7), r.n(1, 9), r.n(1, 20), r.n(7, 12), r.n(1, 3)
	var segment, table *operandOf
	if r.chance(2) {
		segment, table = r.int32s(func() int { return r.n(0, segments-1) }, batch, seq), r.floats(segments, hidden).constant()
	}
	mask := r.some(r.int32s(func() int { return r.n(0, 1) }, batch, seq))
	position := r.some(r.int32s(func() int { return r.n(0, places-1) }, pick(r, 1, batch), seq))
	types := []onnx.DataType{onnx.Float, onnx.Int32, onnx.Float}[:r.n(2, 3)]
	a := attrs{"epsilon", pick(r, float32(1e-5), 0.1)}
	if r.chance(3) {
		a = append(a, "mask_index_type", r.n(0, 1))
	}
	return r.microsoft("EmbedLayerNormalization", a, types, r.int32s(func() int { return r.n(0, words-1) }, batch, seq), segment,
		r.floats(words, hidden).constant(), r.floats(places, hidden).constant(), table, r.floats(hidden).constant(), r.floats(hidden).constant(), mask, position)
}

// bits returns a mask of keys. Where a query may see no key, the number that is
// added must be a small one: scores less 10000 lose their digits, which ones
// depends on the order of sums.
func (r *ortRandom) bits(soft bool, total int, shape ...int) *operandOf {
	i := -1
	return r.int32s(func() int {
		if i++; !soft && i%total == 0 {
			return 1
		}
		return r.n(0, 1)
	}, shape...)
}

// maskIndex returns an Attention's mask in one of its forms.
func (r *ortRandom) maskIndex(batch, seq, total int, causal, soft bool) *operandOf {
	switch form := r.n(0, 6); {
	case form == 0:
		return r.int32s(func() int { return r.n(1, total) }, batch)
	case form == 1 && (soft || !causal):
		ends := make([]int, 0, 2*batch)
		for range batch {
			ends = append(ends, r.n(1, total))
		}
		for i := range batch {
			ends = append(ends, r.n(0, ends[i]-1))
		}
		i := -1
		return r.int32s(func() int { i++; return ends[i] }, 2*batch)
	case form == 2:
		return r.bits(soft, total, batch, total)
	case form == 3:
		return r.bits(soft, total, batch, seq, total)
	case form == 4:
		return r.bits(soft, total, pick(r, 1, batch), 1)
	}
	return nil
}

func (r *ortRandom) attention() *ortModel {
	batch, seq, in, heads, d := r.n(1, 3), r.length(), r.n(1, 12), r.n(1, 3), r.n(1, 20)
	dv, past := d, 0
	causal := r.chance(3)
	a := attrs{"num_heads", heads}
	if causal {
		a = append(a, "unidirectional", 1)
	}
	var state *operandOf
	types := ortFloat
	if r.chance(3) {
		past = r.n(0, 5)
		state = r.floats(2, batch, heads, past, d)
		types = []onnx.DataType{onnx.Float, onnx.Float}
	} else if r.chance(3) {
		dv = r.n(1, 8)
		a = append(a, "qkv_hidden_sizes", []int{heads * d, heads * d, heads * dv})
	}
	if r.chance(3) {
		a = append(a, "scale", r.Float32())
	}
	soft := r.chance(2)
	if soft {
		a = append(a, "mask_filter_value", float32(-3))
	}
	var bias *operandOf
	if state == nil && r.chance(3) {
		bias = r.floats(pick(r, 1, batch), pick(r, 1, heads), seq, seq)
	}
	n := heads * (2*d + dv)
	return r.microsoft("Attention", a, types, r.floats(batch, seq, in), r.weights(in, n), r.weights(n), r.maskIndex(batch, seq, seq+past, causal, soft), state, bias)
}

func (r *ortRandom) multiHeadAttention() *ortModel {
	batch, seq, kv, heads, d := r.n(1, 3), r.length(), r.length(), r.n(1, 3), r.n(1, 20)
	dv, past, causal := pick(r, d, r.n(1, 8)), 0, r.chance(3)
	a := attrs{"num_heads", heads}
	if causal {
		a, kv = append(a, "unidirectional", 1), seq
	}
	if r.chance(3) {
		a = append(a, "scale", r.Float32())
	}
	soft := r.chance(2)
	if soft {
		a = append(a, "mask_filter_value", float32(-3))
	}
	q := r.floats(batch, seq, heads*d)
	var in []*operandOf
	bias := r.some(r.weights(heads * (2*d + dv)))
	if r.chance(4) { // K and V of another attention, heads apart
		in = []*operandOf{q, r.floats(batch, heads, kv, d), r.floats(batch, heads, kv, dv), nil}
		return r.microsoft("MultiHeadAttention", a, ortFloat, append(in, r.keyMask(batch, seq, kv, soft), r.attentionBias(batch, heads, seq, kv))...)
	}
	in = []*operandOf{q, r.floats(batch, kv, heads*d), r.floats(batch, kv, heads*dv), bias}
	var pastKey, pastValue *operandOf
	types := []onnx.DataType{onnx.Float, onnx.Float, onnx.Float}[:pick(r, 1, 1, 3)]
	if r.chance(3) {
		past, types = r.n(1, 5), []onnx.DataType{onnx.Float, onnx.Float, onnx.Float}
		if dv != d {
			in[2], in[3], dv = r.floats(batch, kv, heads*d), nil, d
		}
		pastKey, pastValue = r.floats(batch, heads, past, d), r.floats(batch, heads, past, dv)
	}
	return r.microsoft("MultiHeadAttention", a, types,
		slices.Concat(in, []*operandOf{r.keyMask(batch, seq, kv+past, soft), r.attentionBias(batch, heads, seq, kv+past), pastKey, pastValue})...)
}

// keyMask returns a key_padding_mask in one of its forms.
func (r *ortRandom) keyMask(batch, seq, total int, soft bool) *operandOf {
	switch r.n(0, 5) {
	case 0:
		return r.int32s(func() int { return r.n(1, total) }, batch)
	case 1:
		return r.bits(soft, total, batch, total)
	case 2:
		return r.bits(soft, total, batch, seq, total)
	}
	return nil
}

func (r *ortRandom) attentionBias(batch, heads, seq, total int) *operandOf {
	return r.some(r.floats(pick(r, 1, batch), pick(r, 1, heads), seq, total))
}

// onnxAttention is ai.onnx's operator.
func (r *ortRandom) onnxAttention() *ortModel {
	batch, kvHeads, q, kv, d, dv := r.n(1, 2), r.n(1, 3), r.length(), r.length(), r.n(1, 20), r.n(1, 20)
	heads, past := kvHeads*r.n(1, 3), 0
	a := attrs{"is_causal", r.n(0, 1)}
	if r.chance(3) {
		a = append(a, "scale", 0.1+r.Float32())
	}
	if r.chance(3) {
		a = append(a, "softcap", 0.5+r.Float32())
	}
	in := []*operandOf{r.floats(batch, heads, q, d), r.floats(batch, kvHeads, kv, d), r.floats(batch, kvHeads, kv, dv)}
	if r.chance(2) {
		in = []*operandOf{r.floats(batch, q, heads*d), r.floats(batch, kv, kvHeads*d), r.floats(batch, kv, kvHeads*dv)}
		a = append(a, "q_num_heads", heads, "kv_num_heads", kvHeads)
	}
	var pastKey, pastValue *operandOf
	types := ortFloat
	if r.chance(3) {
		past = r.n(1, 5)
		pastKey, pastValue = r.floats(batch, kvHeads, past, d), r.floats(batch, kvHeads, past, dv)
		types = []onnx.DataType{onnx.Float, onnx.Float, onnx.Float}
	}
	mask := r.some(r.floats(pick(r, []int{q, kv + past}, []int{1, 1, q, kv + past}, []int{batch, heads, q, kv + past})...))
	return r.one("Attention", 23, a, types, append(in, mask, pastKey, pastValue)...)
}
