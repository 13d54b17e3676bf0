package modeltest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
)

// The model of the package's comment.
func TestModel(t *testing.T) {
	m := modeltest.New(17)
	m.Input("x", onnx.Float, "batch", 4)
	m.Const("w", onnx.Float, []int64{4, 2}, []float32{1, 2, 3, 4, 5, 6, 7, 8})
	m.Node("MatMul", []string{"x", "w"}, []string{"y"})
	m.Node("LeakyRelu", []string{"y"}, []string{"z"}, modeltest.Attr("alpha", float32(0.1)))
	m.Output("z", onnx.Float, "batch", 2)

	got, err := onnx.Parse(m.Bytes())
	require.NoError(t, err)
	require.Len(t, got.Graph.Nodes, 2)
	assert.Equal(t, &onnx.Node{
		Name: "LeakyRelu_z", OpType: "LeakyRelu", Inputs: []string{"y"}, Outputs: []string{"z"},
		Attributes: []*onnx.Attribute{{Name: "alpha", Type: onnx.AttrFloat, Float: 0.1}},
	}, got.Graph.Nodes[1])
	assert.Equal(t, []onnx.Dim{{Param: "batch"}, {Value: 2, Known: true}}, got.Graph.Outputs[0].Type.Shape)
}

// What cannot be written is the test's mistake.
func TestUnknownGoTypes(t *testing.T) {
	for name, f := range map[string]func(){
		"attribute": func() { modeltest.Attr("a", struct{}{}) },
		"tensor":    func() { modeltest.Tensor("x", onnx.Float, nil, "text") },
		"typed":     func() { modeltest.TypedTensor("x", onnx.Float, nil, []int16{1}) },
		"dimension": func() { modeltest.TensorType(onnx.Float, 1.5) },
	} {
		assert.Panics(t, f, name)
	}
}
