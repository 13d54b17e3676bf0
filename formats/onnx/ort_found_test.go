package onnx_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	mt "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
)

// TestFoundBesideORT holds what TestORT has found, for where it cannot run.
func TestFoundBesideORT(t *testing.T) {
	nine := operand[float32](onnx.Float, []int{1, 1, 1, 9}, 0, 1, 2, 3, 4, 5, 6, 7, 8)
	list := func(x ...int64) *operandOf { return operand(onnx.Int64, []int{len(x)}, x...).constant() }
	scales := func(x float32) *operandOf { return operand(onnx.Float, []int{4}, 1, 1, 1, x).constant() }
	nothing := operand[float32](onnx.Float, []int{0}).constant()
	region := operand[float32](onnx.Float, []int{8}, 0, 0, 0, 0.2, 1, 1, 1, 0.9).constant()
	nearest := func(where, mode string) []mt.Attribute {
		return []mt.Attribute{mt.Attr("mode", "nearest"), mt.Attr("coordinate_transformation_mode", where), mt.Attr("nearest_mode", mode)}
	}
	for name, c := range map[string]struct {
		oneNode
		want any
	}{
		"a begin before the dimension, going back": {oneNode{op: "Slice", opset: 13,
			in: []*operandOf{nine, list(-12), list(-1 << 40), list(3), list(-1)}}, []float32{0}},
		"the place of the least number": {oneNode{op: "MaxPool", opset: 12, outputs: 2, attrs: []mt.Attribute{mt.Attr("kernel_shape", []int{2})},
			in: []*operandOf{operand[int8](onnx.Int8, []int{1, 1, 4}, 7, -128, -128, -128)}}, []int64{0, 1, 2}},
		"2 / 0.4 is 5": {oneNode{op: "Resize", opset: 13, attrs: nearest("asymmetric", "floor"),
			in: []*operandOf{nine, nothing, scales(0.4)}}, []float32{0, 2, 5}},
		"0.2 of 5 is 1": {oneNode{op: "Resize", opset: 13, attrs: nearest("tf_crop_and_resize", "ceil"),
			in: []*operandOf{operand[float32](onnx.Float, []int{1, 1, 1, 6}, 0, 1, 2, 3, 4, 5), region, scales(0.5)}}, []float32{1, 3, 5}},
		"one pixel is the first": {oneNode{op: "Resize", opset: 13, attrs: []mt.Attribute{mt.Attr("mode", "cubic"), mt.Attr("coordinate_transformation_mode", "pytorch_half_pixel")},
			in: []*operandOf{nine, nothing, nothing, list(1, 1, 1, 1)}}, []float32{0}},
	} {
		got, err := c.run()
		require.NoError(t, err, name)
		if want, ok := c.want.([]int64); ok {
			assert.Equal(t, want, got.I64(), name)
			continue
		}
		assert.Equal(t, c.want, got.F32(), name)
	}
}
