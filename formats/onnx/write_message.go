package onnx

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// wire is a protobuf message being written, field after field.
type wire []byte

func (w *wire) int(field protowire.Number, v int64) {
	*w = protowire.AppendVarint(protowire.AppendTag(*w, field, protowire.VarintType), uint64(v))
}

func (w *wire) float(field protowire.Number, v float32) {
	*w = protowire.AppendFixed32(protowire.AppendTag(*w, field, protowire.Fixed32Type), math.Float32bits(v))
}

func (w *wire) bytes(field protowire.Number, v []byte) {
	*w = protowire.AppendBytes(protowire.AppendTag(*w, field, protowire.BytesType), v)
}

func (w *wire) string(field protowire.Number, v string) { w.bytes(field, []byte(v)) }

// attribute returns an AttributeProto. Its type follows from the value's: float32,
// int, string, []int, []string or []float32.
func attribute(name string, value any) (w wire) {
	w.string(1, name)
	var t AttributeType
	switch v := value.(type) {
	case float32:
		w.float(2, v)
		t = AttrFloat
	case int:
		w.int(3, int64(v))
		t = AttrInt
	case string:
		w.string(4, v)
		t = AttrString
	case []float32:
		for _, x := range v {
			w.float(7, x)
		}
		t = AttrFloats
	case []int:
		for _, x := range v {
			w.int(8, int64(x))
		}
		t = AttrInts
	case []string:
		for _, x := range v {
			w.string(9, x)
		}
		t = AttrStrings
	default:
		panic("BUG: an attribute's value of another type")
	}
	w.int(20, int64(t))
	return w
}

// initializer returns a TensorProto. data are the elements, little-endian.
func initializer(name string, t DataType, dims []int, data []byte) (w wire) {
	for _, d := range dims {
		w.int(1, int64(d))
	}
	w.int(2, int64(t))
	w.string(8, name)
	w.bytes(9, data)
	return w
}

// valueInfo returns a ValueInfoProto of a tensor. Open dimensions are called
// open(i), or have no name if that is "".
func valueInfo(name string, t DataType, dims []int, open func(i int) string) (w wire) {
	var shape wire
	for i, d := range dims {
		var dim wire
		if d != tensor.Dynamic {
			dim.int(1, int64(d))
		} else if s := open(i); s != "" {
			dim.string(2, s)
		}
		shape.bytes(1, dim)
	}
	var elements, typ wire
	elements.int(1, int64(t))
	elements.bytes(2, shape)
	typ.bytes(1, elements)
	w.string(1, name)
	w.bytes(2, typ)
	return w
}

// writtenNode is a node of the file, as long as its names may still change.
type writtenNode struct {
	op, name string
	in, out  []string
	attrs    []wire
}

func (n *writtenNode) message() (w wire) {
	for _, s := range n.in {
		w.string(1, s)
	}
	for _, s := range n.out {
		w.string(2, s)
	}
	w.string(3, n.name)
	w.string(4, n.op)
	for _, a := range n.attrs {
		w.bytes(5, a)
	}
	return w
}

// dataTypes of the runtime's element types.
var writtenTypes = map[tensor.DType]DataType{
	tensor.F32: Float, tensor.F16: Float16, tensor.F64: Double, tensor.I8: Int8, tensor.U8: Uint8,
	tensor.I16: Int16, tensor.U16: Uint16, tensor.I32: Int32, tensor.U32: Uint32, tensor.I64: Int64, tensor.U64: Uint64, tensor.Bool: Bool,
}
