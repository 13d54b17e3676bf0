// Package onnx reads and writes ONNX models.
//
// Parse takes a file apart into plain Go values and checks everything that does
// not depend on what operators mean: the wire format, the nesting, the lengths of
// tensors. Models are untrusted; an error says what is wrong and where.
//
// The words are the schema's: a model has a graph, a graph has nodes, and nodes
// are joined by the names of values. Initializers are the values that are constant;
// attributes belong to one node and may hold tensors and whole graphs. A function
// is a node's meaning spelt out in other nodes. An opset is a version of one
// domain's operators; the domain of ONNX's own is spelt "" here, also where the
// file has "ai.onnx".
package onnx

// A Model is the content of a file. What the file's bytes hold, tensors and
// attributes, is not copied: it is valid as long as they are.
type Model struct {
	IRVersion       int64
	Producer        string
	ProducerVersion string
	Domain          string
	DocString       string
	ModelVersion    int64
	Opsets          map[string]int64 // the version of each domain
	Graph           *Graph
	Functions       []*Function
	Metadata        map[string]string
	Size            int64 // bytes of the file

	external []*Tensor // whose data lie in other files, wherever they are in the model
}

// A Graph has its nodes in an order in which they can run.
type Graph struct {
	Name         string
	DocString    string
	Nodes        []*Node
	Initializers []*Tensor // sparse ones are made dense
	Inputs       []*ValueInfo
	Outputs      []*ValueInfo
	ValueInfo    []*ValueInfo // types of values between
}

// A Node applies one operator. An input or output named "" is not given.
type Node struct {
	Name       string
	OpType     string
	Domain     string
	Overload   string
	Inputs     []string
	Outputs    []string
	Attributes []*Attribute
	DocString  string
}

// An Attribute is a value of the type that Type names; the other fields are zero.
// If RefAttrName is given, the value is that of an attribute of the function
// around.
type Attribute struct {
	Name        string
	RefAttrName string
	Type        AttributeType

	Float        float32
	Int          int64
	String       []byte
	Tensor       *Tensor
	Graph        *Graph
	SparseTensor *SparseTensor
	TypeProto    *TypeProto

	Floats        []float32
	Ints          []int64
	Strings       [][]byte
	Tensors       []*Tensor
	Graphs        []*Graph
	SparseTensors []*SparseTensor
	TypeProtos    []*TypeProto
}

// A ValueInfo gives the type of a value. Type is nil if the file has none.
type ValueInfo struct {
	Name string
	Type *TypeProto
}

// TypeKind says what a TypeProto is a type of.
type TypeKind uint8

// The kinds of types. KindNone stands for a type about which nothing is said.
const (
	KindNone TypeKind = iota
	KindTensor
	KindSequence
	KindMap
	KindOptional
	KindSparseTensor
	KindOpaque
)

// A TypeProto is the type of a value.
type TypeProto struct {
	Kind     TypeKind
	DataType DataType   // of a tensor's elements, dense or sparse; Undefined if not given
	HasShape bool       // false if even a tensor's rank is unknown
	Shape    []Dim      // of a tensor
	Key      DataType   // of a map
	Elem     *TypeProto // of a sequence or an optional, the values of a map; nil if not given
}

// A Dim is one dimension: a size if Known, or else unknown, with a name in Param
// if it equals other dimensions of that name.
type Dim struct {
	Value int64
	Known bool
	Param string
}

// A Function defines an operator, that of its Domain, Name and Overload, by nodes.
type Function struct {
	Name              string
	Domain            string
	Overload          string
	DocString         string
	Inputs            []string
	Outputs           []string
	AttributeNames    []string     // attributes without a default
	AttributeDefaults []*Attribute // and those with one
	Nodes             []*Node
	Opsets            map[string]int64 // that Nodes use
}
