package modeltest

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
)

// An Attribute is an encoded AttributeProto.
type Attribute []byte

// A TensorValue is an encoded TensorProto, in the place of an attribute's value.
type TensorValue []byte

// Attr returns an attribute. Its type follows from the value's:
//
//	float32 []float32   int int64 []int []int64   string []string
//	TensorValue []TensorValue   *Graph []*Graph   Sparse   Type
func Attr(name string, value any) Attribute {
	var w message
	w.string(1, name)
	w.int(20, int64(w.value(value)))
	return Attribute(w)
}

// Ref returns an attribute of a function's node that takes the value of the
// function's attribute from.
func Ref(name, from string, t onnx.AttributeType) Attribute {
	var w message
	w.string(1, name)
	w.int(20, int64(t))
	w.string(21, from)
	return Attribute(w)
}

// value writes an attribute's value and returns its type.
func (w *message) value(value any) onnx.AttributeType {
	switch v := value.(type) {
	case float32:
		w.float(2, v)
		return onnx.AttrFloat
	case int:
		w.int(3, int64(v))
		return onnx.AttrInt
	case int64:
		w.int(3, v)
		return onnx.AttrInt
	case string:
		w.string(4, v)
		return onnx.AttrString
	case TensorValue:
		w.message(5, v)
		return onnx.AttrTensor
	case *Graph:
		w.message(6, v.bytes())
		return onnx.AttrGraph
	case Type:
		w.message(14, v)
		return onnx.AttrTypeProto
	case Sparse:
		w.message(22, v)
		return onnx.AttrSparseTensor
	}
	return w.list(value)
}

// list writes an attribute's value that has several elements.
func (w *message) list(value any) onnx.AttributeType {
	switch v := value.(type) {
	case []float32:
		for _, x := range v {
			w.float(7, x)
		}
		return onnx.AttrFloats
	case []int:
		for _, x := range v {
			w.int(8, int64(x))
		}
		return onnx.AttrInts
	case []int64:
		w.ints(8, v)
		return onnx.AttrInts
	case []string:
		w.strings(9, v)
		return onnx.AttrStrings
	case []TensorValue:
		for _, x := range v {
			w.message(10, x)
		}
		return onnx.AttrTensors
	case []*Graph:
		for _, x := range v {
			w.message(11, x.bytes())
		}
		return onnx.AttrGraphs
	}
	panic(fmt.Sprintf("modeltest: an attribute's value of type %T", value))
}
