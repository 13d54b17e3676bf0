package tflite

import (
	"math"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
)

// Identifier and SchemaVersion are what the file of a model must have.
const (
	Identifier    = "TFL3"
	SchemaVersion = 3
)

// A File is a model as its file has it. Data and options are subslices and views
// of the bytes given to Parse, which must not change while the File is in use.
type File struct {
	Description string
	Version     uint32 // of the schema, always SchemaVersion
	Subgraphs   []Subgraph
	Signatures  []Signature
	Metadata    map[string][]byte // by name; subslices of the file
	Buffers     [][]byte          // tensors' constants and metadata; nil where empty
	Size        int64             // bytes of the file, with what is appended

	raw []byte
}

// A Subgraph is one function of the model; the first is the main one. Operators
// are in execution order.
type Subgraph struct {
	Name            string
	Tensors         []Tensor
	Inputs, Outputs []int32 // indices of Tensors
	Operators       []Operator
}

// A Tensor is a value of a sub-graph.
type Tensor struct {
	Name           string
	Type           TensorType
	Shape          []int32
	ShapeSignature []int32       // Shape with -1 where a size is open; nil if none is
	HasRank        bool          // tells a scalar from a tensor of unknown rank; old writers leave it false
	Quant          *Quantization // nil if not quantised
	Variable       bool          // state that lives across runs
	Buffer         int           // index of File.Buffers
	Data           []byte        // constant elements, little-endian, not copied; nil if not constant, or of no elements
	Sparsity       *Sparsity     // how Data is stored, nil if dense
}

// Quantization says that real = Scale·(stored − Zero). There is one scale, or one
// for each index of dimension Axis.
type Quantization struct {
	Scale    []float32
	Zero     []int64
	Min, Max []float32 // the range seen in training; nothing depends on it
	Axis     int32     // quantized_dimension
}

// An Operator is one step of a sub-graph. Tensors are indices of its Tensors;
// among Inputs, -1 stands for an optional one that is not given.
type Operator struct {
	Builtin        BuiltinOperator // OpCustom if Custom names it
	Version        int32
	Custom         string // name of a custom operator
	Inputs         []int32
	Outputs        []int32
	Intermediates  []int32
	MutatingInputs []bool  // as long as Inputs, or nil
	Options        Options // of a builtin operator
	CustomOptions  []byte  // of a custom one; often a FlexBuffer, not copied
}

// Name returns the operator's name: the custom one, or the schema's.
func (op *Operator) Name() string {
	if op.Builtin == OpCustom {
		return op.Custom
	}
	return op.Builtin.String()
}

// A Signature names the inputs and outputs of a sub-graph.
type Signature struct {
	Key             string
	Subgraph        int
	Inputs, Outputs map[string]int32 // tensors of the sub-graph
}

// Parse reads a model. Its errors are *FormatError and *UnsupportedError. The
// memory it takes is in proportion to the file, the data not being copied.
func Parse(data []byte) (*File, error) {
	if err := sniff(data); err != nil {
		return nil, err
	}
	p := parser{File: &File{Size: int64(len(data)), raw: data}, buf: flatbuf.New(data)}
	root := p.buf.Root()
	p.Version = root.Uint32(0, 0)
	p.Description = root.String(3)
	if err := p.buf.Err(); err != nil {
		return nil, broken("", err)
	}
	if p.Version != SchemaVersion {
		return nil, &UnsupportedError{Format: formatName, What: "schema version " + itoa(p.Version) + "; only version 3 is read"}
	}
	steps := []func(flatbuf.Table) error{p.codes, p.buffers, p.externals, p.metadata, p.subgraphs, p.signatures}
	for _, step := range steps {
		if err := step(root); err != nil {
			return nil, err
		}
		if err := p.buf.Err(); err != nil {
			return nil, broken("", err)
		}
	}
	return p.File, nil
}

// Elements returns the number of elements of a shape. It is false if a dimension
// is negative or the product exceeds an int64; so too if it would without the
// dimensions that are 0, lest a part of the shape overflow where it is used.
func Elements(shape []int32) (int64, bool) {
	n, empty := int64(1), false
	for _, d := range shape {
		switch {
		case d < 0:
			return 0, false
		case d == 0:
			empty = true
		case n > math.MaxInt64/int64(d):
			return 0, false
		default:
			n *= int64(d)
		}
	}
	if empty {
		return 0, true
	}
	return n, true
}
