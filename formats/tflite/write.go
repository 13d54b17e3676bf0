package tflite

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/formats/lower"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// WriteOptions say how a model is written.
type WriteOptions struct {
	// DynamicBatch leaves the first dimension of every input open, whatever the
	// graph was made for. Tensors then have a shape for one sample, and a
	// signature with -1: interpreters may resize the inputs.
	DynamicBatch bool
	// Unroll writes LSTMs and simple RNNs step by step, in elementary operators,
	// as a GRU is always. TensorFlow Lite's own operators are small, but keep their
	// state from one run to the next: whoever runs them must reset the variables
	// before each sequence. With a batch that is open they are always unrolled.
	Unroll bool
	// Description is a sentence about the model.
	Description string
	// Signature, if not "", is the key of a signature that names the inputs and
	// outputs as the graph does.
	Signature string
	// Metadata are named pieces of data, such as TFLITE_METADATA.
	Metadata map[string][]byte
	// Files are put behind the model, such as labels that the metadata name.
	Files map[string][]byte
}

// Write writes g as a TensorFlow Lite model, with its quantisation. Inputs,
// outputs and weights keep their names. Operators that TensorFlow Lite lacks are
// composed of those it has; clamps go into the operators before them, and padding
// that is neither SAME nor VALID into a PAD.
//
// What can't be said is an *UnsupportedError for each operator, joined; w then
// gets nothing.
func Write(w io.Writer, g *graph.Graph, o WriteOptions) error {
	x, err := newFileWriter(g, o)
	if err != nil {
		return err
	}
	for i := range x.g.Nodes {
		x.node(&x.g.Nodes[i])
	}
	x.boundary()
	if err := errors.Join(x.errs...); err != nil {
		return err
	}
	data, err := flatbuf.Build(Identifier, x.model())
	if err != nil {
		return fmt.Errorf("tflite: %w", err)
	}
	if data, err = appendFiles(data, o.Files); err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// fileWriter turns a graph into the parts of a file.
type fileWriter struct {
	g       *graph.Graph
	o       WriteOptions
	rows    map[reflect.Type]writeRow
	closed  []tensor.Type // of values, with a batch of 1 if it is open
	names   map[string]bool
	tensors []flatbuf.Object
	at      map[graph.Value]int32 // tensors of values
	buffers []flatbuf.Object
	codes   []flatbuf.Object
	codeOf  map[operatorCode]uint32
	ops     []flatbuf.Object
	in, out []int32
	errs    []error
}

type operatorCode struct {
	builtin BuiltinOperator
	version int32
}

// newFileWriter lowers g to operators that files have.
func newFileWriter(g *graph.Graph, o WriteOptions) (*fileWriter, error) {
	open := o.DynamicBatch
	for _, v := range g.In {
		if t := g.Values[v].Type; !t.Static() {
			if open = true; slices.Contains(t.Shape[1:], tensor.Dynamic) {
				return nil, &UnsupportedError{Format: formatName, Where: fmt.Sprintf("input %q", g.Values[v].Name),
					What: fmt.Sprintf("shape %v: only the first dimension may be open", t.Shape)}
			}
		}
	}
	c := composing{unroll: o.Unroll || open}
	low, err := lower.Graph(g, lower.Options{OpenBatch: o.DynamicBatch, Compose: c.compose, Fuse: func(c op.Clamp) bool {
		_, ok := fusedActivation(op.Bounds{Lo: c.Lo, Hi: c.Hi})
		return ok
	}})
	if err != nil {
		return nil, lowering(err)
	}
	x := &fileWriter{g: low, o: o, rows: writeRows(), names: map[string]bool{"": true}, at: map[graph.Value]int32{},
		buffers: []flatbuf.Object{{}}, codeOf: map[operatorCode]uint32{}}
	if x.closed, err = lower.Closed(low); err != nil {
		return nil, fmt.Errorf("tflite: %w", err)
	}
	for _, v := range slices.Concat(low.In, low.Out) {
		x.tensor(v)
	}
	return x, nil
}

// tensor returns the index of a value's tensor, -1 for none.
func (x *fileWriter) tensor(v graph.Value) int32 {
	if v == graph.None {
		return -1
	}
	if i, ok := x.at[v]; ok {
		return i
	}
	info, t := &x.g.Values[v], x.closed[v]
	buffer := uint32(0)
	if info.Const != nil {
		buffer = x.buffer(info.Const)
	}
	i := x.add(info.Name, t, info.Type.Shape, buffer)
	if info.Var != nil {
		x.tensors[i][5] = true // is_variable
	}
	x.at[v] = i
	return i
}

// buffer adds data and returns its index.
func (x *fileWriter) buffer(data []byte) uint32 {
	b := flatbuf.Object{}
	if len(data) > 0 {
		b[0] = flatbuf.Aligned{Data: data, To: 16}
	}
	x.buffers = append(x.buffers, b)
	return uint32(len(x.buffers) - 1)
}

// add adds a tensor. open is its shape with Dynamic where a size is open.
func (x *fileWriter) add(name string, t tensor.Type, open []int, buffer uint32) int32 {
	typ, ok := writtenType(t.DType)
	if !ok {
		x.errs = append(x.errs, &UnsupportedError{Format: formatName, Where: fmt.Sprintf("tensor %q", name), What: fmt.Sprintf("element type %s", t.DType)})
	}
	if name == "" {
		name = "tensor"
	}
	unique := name
	for i := 1; x.names[unique]; i++ {
		unique = name + "_" + strconv.Itoa(i)
	}
	x.names[unique] = true
	o := flatbuf.Object{0: int32sOf(t.Shape), 1: int8(typ), 2: buffer, 3: unique, 8: true}
	if slices.Contains(open, tensor.Dynamic) {
		o[7] = int32sOf(open)
	}
	if q := t.Quant; q != nil {
		zero := make([]int64, len(q.Zero))
		for i, z := range q.Zero {
			zero[i] = int64(z)
		}
		o[4] = flatbuf.Object{2: q.Scale, 3: zero, 6: int32(q.Axis)}
	}
	x.tensors = append(x.tensors, o)
	return int32(len(x.tensors) - 1)
}

// writtenType returns the file's element type for the runtime's, if it has one.
func writtenType(d tensor.DType) (t TensorType, ok bool) {
	i := slices.Index(dtypes[:], d)
	return TensorType(max(i, 0)), i >= 0 && d != tensor.None
}

func int32sOf(xs []int) []int32 {
	out := make([]int32, len(xs))
	for i, x := range xs {
		out[i] = int32(x)
	}
	return out
}

// code returns the index of an operator code.
func (x *fileWriter) code(c operatorCode) uint32 {
	i, ok := x.codeOf[c]
	if !ok {
		i = uint32(len(x.codes))
		x.codeOf[c] = i
		x.codes = append(x.codes, flatbuf.Object{0: int8(min(c.builtin, OpPlaceholderForGreaterOpCodes)), 2: c.version, 3: int32(c.builtin)})
	}
	return i
}

// boundary lists inputs and outputs.
func (x *fileWriter) boundary() {
	for _, v := range x.g.In {
		x.in = append(x.in, x.tensor(v))
	}
	for _, v := range x.g.Out {
		x.out = append(x.out, x.tensor(v))
	}
}

// model returns the root table.
func (x *fileWriter) model() flatbuf.Object {
	name := x.g.Name
	if name == "" {
		name = "main"
	}
	description := x.o.Description
	if description == "" {
		description = "written by edgeinfer"
	}
	root := flatbuf.Object{
		0: uint32(SchemaVersion), 1: x.codes, 3: description,
		2: []flatbuf.Object{{0: x.tensors, 1: x.in, 2: x.out, 3: x.ops, 4: name}},
	}
	var metadata []flatbuf.Object
	for _, k := range slices.Sorted(maps.Keys(x.o.Metadata)) {
		metadata = append(metadata, flatbuf.Object{0: k, 1: x.buffer(x.o.Metadata[k])})
	}
	root[4] = x.buffers
	if metadata != nil {
		root[6] = metadata
	}
	if x.o.Signature != "" {
		root[7] = []flatbuf.Object{{0: x.aliases(x.g.In, x.in), 1: x.aliases(x.g.Out, x.out), 2: x.o.Signature, 4: uint32(0)}}
	}
	return root
}

// aliases names tensors as the graph does.
func (x *fileWriter) aliases(vs []graph.Value, tensors []int32) []flatbuf.Object {
	out := make([]flatbuf.Object, len(vs))
	for i, v := range vs {
		out[i] = flatbuf.Object{0: x.g.Values[v].Name, 1: uint32(tensors[i])}
	}
	return out
}

// lowering turns an error of lower.Graph into one of this format.
func lowering(err error) error {
	place, ok := errors.AsType[*lower.NodeError](err)
	lacks, unsupported := errors.AsType[*op.UnsupportedError](err)
	if ok && unsupported {
		return &UnsupportedError{Format: formatName, Where: place.Node, What: lacks.Error()}
	}
	return fmt.Errorf("%s: %w", formatName, err)
}
