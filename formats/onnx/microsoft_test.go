package onnx_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	mt "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// microsoftNode is a node of ONNX Runtime's domain.
func microsoftNode(op string, outputs int, attrs []mt.Attribute, in ...*operandOf) oneNode {
	return oneNode{domain: "com.microsoft", op: op, opset: 17, attrs: attrs, in: in, outputs: outputs}
}

// ramp returns numbers 0.1, 0.2 … that start again after 7.
func ramp(shape ...int) *operandOf {
	x := make([]float32, ortLen(shape))
	for i := range x {
		x[i] = float32(i%7+1) / 10
	}
	return operand(onnx.Float, shape, x...)
}

func int32s(shape []int, x ...int32) *operandOf { return operand(onnx.Int32, shape, x...) }

func heads(n int, more ...mt.Attribute) []mt.Attribute {
	return append([]mt.Attribute{mt.Attr("num_heads", n)}, more...)
}

func TestMicrosoftErrors(t *testing.T) {
	x, w, b := ramp(2, 3, 4), ramp(4, 12).constant(), ramp(12).constant()
	ids, words, g := int32s([]int{1, 2}, 1, 9), ramp(5, 4), ramp(4)
	wq, rq := operand(onnx.Int8, []int{1, 4, 8}, make([]int8, 32)...).constant(), operand(onnx.Int8, []int{1, 2, 8}, make([]int8, 16)...).constant()
	seq, one, zero := ramp(3, 1, 4), ramp(1), operand[int8](onnx.Int8, []int{1}, 0)
	u8 := operand[uint8](onnx.Uint8, []int{1, 1}, 3)
	for _, c := range []struct {
		want string
		node oneNode
	}{
		{"num_heads is 0", microsoftNode("Attention", 1, nil, x, w, b)},
		{"does not divide into 3 heads", microsoftNode("Attention", 1, heads(3), x, w, b)},
		{"do_rotary is not supported", microsoftNode("Attention", 1, heads(2, mt.Attr("do_rotary", 1)), x, w, b)},
		{"past_present_share_buffer is not supported", microsoftNode("Attention", 1, heads(2, mt.Attr("past_present_share_buffer", 1)), x, w, b)},
		{"qkv_hidden_sizes is [4 2 6]", microsoftNode("Attention", 1, heads(2, mt.Attr("qkv_hidden_sizes", []int{4, 2, 6})), x, w, b)},
		{"the mask has shape [5]", microsoftNode("Attention", 1, heads(2), x, w, b, int32s([]int{5}, 1, 1, 1, 1, 1))},
		{"the mask has shape [2 2]", microsoftNode("Attention", 1, heads(2), x, w, b, int32s([]int{2, 2}, 1, 1, 1, 1))},
		{"the mask has shape [2 1 2 2]", microsoftNode("Attention", 1, heads(2), x, w, b, int32s([]int{2, 1, 2, 2}, make([]int32, 8)...))},
		{"input 0 (supported: [int32])", microsoftNode("Attention", 1, heads(2), x, w, b, operand[int64](onnx.Int64, []int{2}, 1, 1))},
		{"past_key has shape", microsoftNode("Attention", 2, heads(2), x, w, b, nil, ramp(2, 2, 3, 1, 2))},
		{"want rank 3, 2 and 1", microsoftNode("Attention", 1, heads(2), ramp(3, 4), w, b)},
		{"not all there", microsoftNode("MultiHeadAttention", 1, heads(2), x, x)},
		{"want both or neither", microsoftNode("MultiHeadAttention", 1, heads(2), x, x, x, nil, nil, nil, ramp(2, 2, 1, 2))},
		{"packed heads have shape [2 3 2 2 2]", microsoftNode("MultiHeadAttention", 1, heads(2), ramp(2, 3, 2, 2, 2).constant())},
		{"share (inputs 8 and 9)", microsoftNode("MultiHeadAttention", 1, heads(2), x, x, x, nil, nil, nil, nil, nil, int32s([]int{1}, 1))},
		{"segment_embedding is left out", microsoftNode("EmbedLayerNormalization", 2, nil, ids, ids, words, words, nil, g, g)},
		{"gamma and beta, must be there", microsoftNode("EmbedLayerNormalization", 2, nil, ids, nil, words, words, nil, g)},
		{"input 3 has shape [5 3]", microsoftNode("EmbedLayerNormalization", 2, nil, ids, nil, words, ramp(5, 3), nil, g, g)},
		{"word 9, want 0 to 4", microsoftNode("EmbedLayerNormalization", 1, nil, ids, nil, words, words, nil, g, g)},
		{"input 8, a scale, is left out", microsoftNode("DynamicQuantizeLSTM", 1, nil, seq, wq, rq)},
		{"input 8 has shape [3]", microsoftNode("DynamicQuantizeLSTM", 1, nil, seq, wq, rq, nil, nil, nil, nil, nil, ramp(3), zero, one, zero)},
		{"uint8 as type of input 9", microsoftNode("DynamicQuantizeLSTM", 1, nil, seq, wq, rq, nil, nil, nil, nil, nil, one, operand[uint8](onnx.Uint8, []int{1}, 0), one, zero)},
		{"float32 as type of input 1", microsoftNode("DynamicQuantizeLSTM", 1, nil, seq, ramp(1, 4, 8), rq, nil, nil, nil, nil, nil, one, zero, one, zero)},
		{"input 1 has shape", microsoftNode("DynamicQuantizeLSTM", 1, nil, ramp(3, 1, 5), wq, rq, nil, nil, nil, nil, nil, one, zero, one, zero)},
		{`activation "Cube" is not supported`, microsoftNode("FusedConv", 1, []mt.Attribute{mt.Attr("activation", "Cube")}, ramp(1, 1, 3, 3), ramp(1, 1, 2, 2))},
		{"want a float", microsoftNode("FusedGemm", 1, []mt.Attribute{mt.Attr("activation", "Elu"), mt.Attr("activation_alpha", 1)}, ramp(2, 2), ramp(2, 2))},
		{"2 inputs, want 9", microsoftNode("QLinearWhere", 1, nil, u8, u8)},
		{"want [n … c]", microsoftNode("QLinearGlobalAveragePool", 1, []mt.Attribute{mt.Attr("channels_last", 1)}, u8, one, u8, one, u8)},
	} {
		_, err := c.node.run()
		assert.ErrorContains(t, err, c.want)
	}
}

// What ONNX Runtime has for GPUs only: packed heads, and a mask of longer
// sequences. Each must be the same as in another form.
func TestMicrosoftForms(t *testing.T) {
	const batch, n, h, d = 2, 3, 2, 4
	q, k, v, bias := ramp(batch, n, h*d), ramp(batch, n, h*d), ramp(batch, n, h*d), ramp(3*h*d)
	tensor.Cast[float32](k.data)[3], tensor.Cast[float32](v.data)[5] = -1, 2
	pack := func(parts ...*operandOf) *operandOf {
		packed := ramp(batch, n, h, len(parts), d)
		for i := range batch * n * h {
			for p, part := range parts {
				copy(packed.data[4*(i*len(parts)+p)*d:], part.data[4*i*d:4*(i+1)*d])
			}
		}
		return packed.constant()
	}
	q, k, v = q.constant(), k.constant(), v.constant()
	apart, err := microsoftNode("MultiHeadAttention", 1, heads(h), q, k, v, bias).run()
	require.NoError(t, err)
	for _, in := range [][]*operandOf{{pack(q, k, v), nil, nil, bias}, {q, pack(k, v), nil, bias}} {
		got, err := microsoftNode("MultiHeadAttention", 1, heads(h), in...).run()
		require.NoError(t, err)
		assert.Equal(t, apart, got)
	}

	x, w, b := ramp(1, 2, 4), ramp(4, 12).constant(), ramp(12).constant()
	past := ramp(2, 1, 2, 1, 2)
	rows := []int32{1, 0, 1, 0, 1, 1} // [1 2 3]
	long := make([]int32, 16)         // [1 1 4 4], of which rows 1 and 2 count
	copy(long[4:], rows[:3])
	copy(long[8:], rows[3:])
	three, err := microsoftNode("Attention", 1, heads(2), x, w, b, int32s([]int{1, 2, 3}, rows...), past).run()
	require.NoError(t, err)
	four, err := microsoftNode("Attention", 1, heads(2), x, w, b, int32s([]int{1, 1, 4, 4}, long...), past).run()
	require.NoError(t, err)
	assert.Equal(t, three, four)
	ends, err := microsoftNode("Attention", 1, heads(2), x, w, b, int32s([]int{1}, 2), past).run()
	require.NoError(t, err)
	five, err := microsoftNode("Attention", 1, heads(2), x, w, b, int32s([]int{5}, 2, 0, 2, 0, 3), past).run()
	require.NoError(t, err)
	assert.Equal(t, ends, five)
	assert.False(t, slices.Equal(ends.Data, four.Data), "the mask must matter")
}
