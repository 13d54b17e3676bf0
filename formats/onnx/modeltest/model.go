// Package modeltest writes ONNX files in memory: for tests, as seeds of fuzzing,
// and for tools that make small models.
//
//	m := modeltest.New(17)
//	m.Input("x", onnx.Float, "batch", 4)
//	m.Const("w", onnx.Float, []int64{4, 2}, []float32{1, 2, 3, 4, 5, 6, 7, 8})
//	m.Node("MatMul", []string{"x", "w"}, []string{"y"})
//	m.Node("LeakyRelu", []string{"y"}, []string{"z"}, modeltest.Attr("alpha", float32(0.1)))
//	m.Output("z", onnx.Float, "batch", 2)
//	file := m.Bytes()
//
// Little is checked, since tests need wrong files too; what cannot be written at
// all (a value of an unknown Go type) panics.
package modeltest

// A Model is a file being made. Its embedded Graph is the main one.
type Model struct {
	*Graph
	IRVersion int64
	Producer  string

	head message // opsets, functions, metadata
}

// New returns a model of IR version 8 that imports a version of ONNX's opset, or
// none if it is 0.
func New(opset int64) *Model {
	m := &Model{Graph: NewGraph("main"), IRVersion: 8, Producer: "modeltest"}
	if opset != 0 {
		m.Opset("", opset)
	}
	return m
}

// Opset imports the opset of a domain.
func (m *Model) Opset(domain string, version int64) { m.head.message(8, opset(domain, version)) }

// Metadata adds a metadata property.
func (m *Model) Metadata(key, value string) { m.head.message(14, entry(key, value)) }

// Function adds a function.
func (m *Model) Function(f *Function) { m.head.message(25, f.message) }

// Bytes returns the file.
func (m *Model) Bytes() []byte {
	var w message
	w.int(1, m.IRVersion)
	w.string(2, m.Producer)
	w.message(7, m.Graph.bytes())
	return append(w, m.head...)
}

// A Function is the body of an operator being made.
type Function struct{ message }

// NewFunction returns a function that imports a version of ONNX's opset.
func NewFunction(domain, name string, opsetVersion int64, inputs, outputs []string) *Function {
	f := &Function{}
	f.string(1, name)
	f.strings(4, inputs)
	f.strings(5, outputs)
	f.message.message(9, opset("", opsetVersion))
	f.string(10, domain)
	return f
}

// Overload sets the function's overload.
func (f *Function) Overload(name string) { f.string(13, name) }

// Attribute names an attribute that has no default.
func (f *Function) Attribute(name string) { f.string(6, name) }

// Default adds an attribute with a default.
func (f *Function) Default(a Attribute) { f.message.message(11, message(a)) }

// Node adds a node of ONNX's own domain.
func (f *Function) Node(op string, inputs, outputs []string, attrs ...Attribute) {
	f.NodeOf("", op, inputs, outputs, attrs...)
}

// NodeOf adds a node of any domain.
func (f *Function) NodeOf(domain, op string, inputs, outputs []string, attrs ...Attribute) {
	f.message.message(7, node(domain, op, inputs, outputs, attrs))
}

func opset(domain string, version int64) (w message) {
	w.string(1, domain)
	w.int(2, version)
	return w
}

func entry(key, value string) (w message) {
	w.string(1, key)
	w.string(2, value)
	return w
}
