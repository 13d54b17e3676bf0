package modeltest

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
)

// A Graph is a graph being made: a model's, or an attribute's.
type Graph struct {
	Name string
	body message
}

// NewGraph returns a graph, to be given to Attr.
func NewGraph(name string) *Graph { return &Graph{Name: name} }

func (g *Graph) bytes() []byte {
	var w message
	w.string(2, g.Name)
	return append(w, g.body...)
}

// Input adds a tensor as an input. Dimensions are int (a size), string (a name) or
// nil (unknown).
func (g *Graph) Input(name string, t onnx.DataType, dims ...any) {
	g.body.message(11, valueInfo(name, TensorType(t, dims...)))
}

// Output adds a tensor as an output; see Input.
func (g *Graph) Output(name string, t onnx.DataType, dims ...any) {
	g.body.message(12, valueInfo(name, TensorType(t, dims...)))
}

// Value tells the type of a tensor between; see Input.
func (g *Graph) Value(name string, t onnx.DataType, dims ...any) {
	g.body.message(13, valueInfo(name, TensorType(t, dims...)))
}

// InputOf adds an input of any type.
func (g *Graph) InputOf(name string, t Type) { g.body.message(11, valueInfo(name, t)) }

// OutputOf adds an output of any type.
func (g *Graph) OutputOf(name string, t Type) { g.body.message(12, valueInfo(name, t)) }

// Const adds an initializer with its elements in raw_data; see Tensor.
func (g *Graph) Const(name string, t onnx.DataType, dims []int64, data any) {
	g.body.message(5, Tensor(name, t, dims, data))
}

// Initializer adds a TensorProto as an initializer.
func (g *Graph) Initializer(tensor []byte) { g.body.message(5, tensor) }

// SparseInitializer adds a SparseTensorProto as an initializer.
func (g *Graph) SparseInitializer(sparse Sparse) { g.body.message(15, sparse) }

// Node adds a node of ONNX's own domain.
func (g *Graph) Node(op string, inputs, outputs []string, attrs ...Attribute) {
	g.body.message(1, node("", op, inputs, outputs, attrs))
}

// NodeOf adds a node of any domain.
func (g *Graph) NodeOf(domain, op string, inputs, outputs []string, attrs ...Attribute) {
	g.body.message(1, node(domain, op, inputs, outputs, attrs))
}

// node names a node after its first output.
func node(domain, op string, inputs, outputs []string, attrs []Attribute) (w message) {
	w.strings(1, inputs)
	w.strings(2, outputs)
	if len(outputs) > 0 {
		w.string(3, op+"_"+outputs[0])
	}
	w.string(4, op)
	for _, a := range attrs {
		w.message(5, a)
	}
	if domain != "" {
		w.string(7, domain)
	}
	return w
}

func valueInfo(name string, t Type) (w message) {
	w.string(1, name)
	w.message(2, t)
	return w
}

// A Type is an encoded TypeProto.
type Type []byte

// TensorType returns the type of tensors; see Graph.Input.
func TensorType(t onnx.DataType, dims ...any) Type {
	var shape message
	for _, d := range dims {
		var dim message
		switch d := d.(type) {
		case nil:
		case int:
			dim.int(1, int64(d))
		case string:
			dim.string(2, d)
		default:
			panic(fmt.Sprintf("modeltest: a dimension of type %T", d))
		}
		shape.message(1, dim)
	}
	var w message
	w.int(1, int64(t))
	w.message(2, shape)
	return wrap(1, w)
}

// SequenceType returns the type of sequences of elem.
func SequenceType(elem Type) Type { return wrap(4, wrap(1, elem)) }

// OptionalType returns the type of optional values of type elem.
func OptionalType(elem Type) Type { return wrap(9, wrap(1, elem)) }

// MapType returns the type of maps.
func MapType(key onnx.DataType, value Type) Type {
	var w message
	w.int(1, int64(key))
	w.message(2, value)
	return wrap(5, w)
}

// wrap returns a message with one field.
func wrap[T ~[]byte](num protowire.Number, inner T) Type {
	var w message
	w.message(num, inner)
	return Type(w)
}
