package modeltest

import (
	"maps"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
)

// A Subgraph is a sub-graph being made. Tensors are known by their index, in the
// order in which they are added.
type Subgraph struct {
	Name  string
	Index int // its number in the model

	model           *Model
	tensors         []Table
	operators       []Table
	inputs, outputs []int
}

// A TensorOption adds to a tensor's table.
type TensorOption interface{ apply(t Table) }

// Quant is a tensor's quantisation.
type Quant struct {
	Scale    []float32
	Zero     []int64
	Min, Max []float32
	Axis     int32
}

func (q Quant) apply(t Table) {
	quant := Table{2: q.Scale, 3: q.Zero, 6: q.Axis}
	if q.Min != nil {
		quant[0], quant[1] = q.Min, q.Max
	}
	t[4] = quant
}

// Signature is a tensor's shape with -1 where a size is open.
type Signature []int

func (s Signature) apply(t Table) { t[7] = int32s(s) }

// Fields sets any fields of a tensor's table, by slot.
type Fields Table

func (f Fields) apply(t Table) { maps.Copy(t, f) }

// Dim is one dimension of a sparse tensor: dense of Size, or CSR if Segments are given.
type Dim struct {
	Size              int32
	Segments, Indices []int32
}

// Sparse says how the data of a Const are stored; the words are tflite.Sparsity's.
// Indices are written in the narrowest of the schema's three vectors.
type Sparse struct {
	TraversalOrder, BlockMap []int32
	Dims                     []Dim
}

func (s Sparse) apply(t Table) {
	dims := each(s.Dims, func(d Dim) Table {
		if d.Segments == nil {
			return Table{0: int8(tflite.DimDense), 1: d.Size}
		}
		return Table{0: int8(tflite.DimSparseCSR), 2: indexVector(d.Segments), 4: indexVector(d.Indices)}
	})
	t[6] = Table{0: s.TraversalOrder, 1: s.BlockMap, 2: dims}
}

func indexVector(v []int32) Union {
	top := int32(0)
	for _, x := range v {
		top = max(top, x)
	}
	switch {
	case top < 1<<8:
		return Union{3, Table{0: each(v, func(x int32) byte { return byte(x) })}}
	case top < 1<<16:
		return Union{2, Table{0: each(v, func(x int32) uint16 { return uint16(x) })}}
	}
	return Union{1, Table{0: v}}
}

// Tensor adds a tensor with no data and returns its index.
func (s *Subgraph) Tensor(name string, typ tflite.TensorType, shape []int, opts ...TensorOption) int {
	return s.add(name, typ, shape, 0, opts)
}

// Input adds a tensor and makes it an input.
func (s *Subgraph) Input(name string, typ tflite.TensorType, shape []int, opts ...TensorOption) int {
	i := s.add(name, typ, shape, 0, opts)
	s.inputs = append(s.inputs, i)
	return i
}

// Const adds a tensor with data: a slice of numbers or bools, or bytes as the file
// stores them.
func (s *Subgraph) Const(name string, typ tflite.TensorType, shape []int, data any, opts ...TensorOption) int {
	return s.add(name, typ, shape, s.model.Buffer(bytesOf(data)), opts)
}

// Variable adds a tensor that keeps its value across runs.
func (s *Subgraph) Variable(name string, typ tflite.TensorType, shape []int, opts ...TensorOption) int {
	return s.add(name, typ, shape, 0, append([]TensorOption{Fields{5: true}}, opts...))
}

func (s *Subgraph) add(name string, typ tflite.TensorType, shape []int, buffer int, opts []TensorOption) int {
	t := Table{0: int32s(shape), 1: int8(typ), 2: uint32(buffer), 3: name, 8: true}
	for _, o := range opts {
		o.apply(t)
	}
	s.tensors = append(s.tensors, t)
	return len(s.tensors) - 1
}

// Inputs adds tensors to the sub-graph's inputs.
func (s *Subgraph) Inputs(tensors ...int) { s.inputs = append(s.inputs, tensors...) }

// Outputs adds tensors to the sub-graph's outputs.
func (s *Subgraph) Outputs(tensors ...int) { s.outputs = append(s.outputs, tensors...) }

// Options are a builtin operator's options; the zero value writes none.
type Options struct {
	Type   tflite.OptionsType
	Fields Table
}

// Op adds a builtin operator by the schema's name, such as CONV_2D. Input -1 is an
// optional one not given. The returned table can be added to, by slot (8:
// intermediates, 7: mutating_variable_inputs).
func (s *Subgraph) Op(name string, version int32, opts Options, inputs, outputs []int) Table {
	op, ok := tflite.ParseBuiltinOperator(name)
	if !ok {
		panic("BUG: modeltest: no operator is called " + name)
	}
	t := s.operator(codeKey{builtin: op, version: version}, inputs, outputs)
	if opts.Type == tflite.NoOptions {
		return t
	}
	slot, kind := opts.Type.Union()
	fields := opts.Fields
	if fields == nil {
		fields = Table{}
	}
	t[slot] = Union{kind, fields}
	return t
}

// Custom adds a custom operator, version 1, with its option bytes.
func (s *Subgraph) Custom(name string, options []byte, inputs, outputs []int) Table {
	t := s.operator(codeKey{tflite.OpCustom, 1, name}, inputs, outputs)
	t[5] = options
	return t
}

func (s *Subgraph) operator(k codeKey, inputs, outputs []int) Table {
	t := Table{0: s.model.code(k), 1: int32s(inputs), 2: int32s(outputs)}
	s.operators = append(s.operators, t)
	return t
}

func (s *Subgraph) table() Table {
	return Table{0: s.tensors, 1: int32s(s.inputs), 2: int32s(s.outputs), 3: s.operators, 4: s.Name}
}

func int32s(v []int) []int32 { return each(v, func(x int) int32 { return int32(x) }) }

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
