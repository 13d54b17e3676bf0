package onnx_test

import (
	"github.com/edgeinfer/edgeinfer/formats/onnx"
	mt "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
)

// everything returns a small model with something of each kind in it.
func everything() []byte {
	m := mt.New(17)
	m.Opset("com.example", 2)
	m.Metadata("author", "nobody")
	m.Input("x", onnx.Float, 1, "batch", nil)
	m.InputOf("s", mt.SequenceType(mt.OptionalType(mt.TensorType(onnx.Int4, 3))))
	m.InputOf("m", mt.MapType(onnx.String, mt.TensorType(onnx.Int64)))
	m.Value("y", onnx.Float, -1)
	m.Output("z", onnx.Float)
	m.Const("w", onnx.Float, []int64{2, 2}, []float32{1, 2, 3, 4})
	m.Const("names", onnx.String, []int64{2}, []string{"a", "bc"})
	m.Initializer(mt.TypedTensor("t", onnx.Int8, []int64{3}, []int32{-1, 2, -128}))
	m.Initializer(mt.ExternalTensor("e", onnx.Int16, []int64{2}, "location", "sub/e.bin", "offset", "1", "length", "4"))
	sparse := mt.SparseTensor(
		mt.Tensor("sp", onnx.Float, []int64{2}, []float32{5, 6}),
		mt.Tensor("", onnx.Int64, []int64{2, 2}, []int64{0, 1, 1, 2}), []int64{2, 3})
	m.SparseInitializer(sparse)

	then := mt.NewGraph("then")
	then.Output("c", onnx.Float)
	then.Node("Constant", nil, []string{"c"},
		mt.Attr("value", mt.TensorValue(mt.Tensor("", onnx.Float, nil, []float32{1}))))
	m.Node("If", []string{"x", "", "w"}, []string{"y"}, mt.Attr("then_branch", then), mt.Attr("else_branch", then))
	m.NodeOf("com.example", "Twice", []string{"y"}, []string{"z"},
		mt.Attr("f", float32(0.5)), mt.Attr("i", -3), mt.Attr("s", "text"), mt.Attr("fs", []float32{1, 2}),
		mt.Attr("is", []int{4, -5}), mt.Attr("ss", []string{"p", "q"}), mt.Attr("gs", []*mt.Graph{then}),
		mt.Attr("tp", mt.TensorType(onnx.Bool, 1)), mt.Attr("sp", sparse),
		mt.Attr("ts", []mt.TensorValue{mt.Tensor("", onnx.Uint8, nil, []byte{3})}))

	f := mt.NewFunction("com.example", "Twice", 17, []string{"a"}, []string{"b"})
	f.Overload("float")
	f.Attribute("i")
	f.Default(mt.Attr("f", float32(2)))
	f.Node("LeakyRelu", []string{"a"}, []string{"b"}, mt.Ref("alpha", "f", onnx.AttrFloat))
	m.Function(f)
	return m.Bytes()
}
