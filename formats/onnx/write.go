package onnx

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"

	"github.com/edgeinfer/edgeinfer/formats/lower"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// WriteOptions say how a model is written.
type WriteOptions struct {
	// PlanarInput declares inputs of four dimensions as [n c h w] instead of
	// the graph's [n h w c], so that they need no Transpose.
	PlanarInput bool
	// DynamicBatch leaves the first dimension of every input open, whatever the
	// graph was made for.
	DynamicBatch bool
	// Metadata are properties of the model, for people and tools.
	Metadata map[string]string
}

// What files are written as: the oldest versions that have every operator that
// is used, so that the most readers take them.
const (
	writtenIR    = 8
	writtenOpset = 17
)

// Write writes g as an ONNX model. Inputs, outputs and weights keep their names.
// Images become [n c h w] where an operator needs that, and transposes are put
// only where the layout changes; so filters lie in the file as ONNX wants them.
//
// What ONNX can't say is an *UnsupportedError for each node, joined; w then gets
// nothing.
func Write(w io.Writer, g *graph.Graph, o WriteOptions) error {
	g, err := lower.Graph(g, lower.Options{OpenBatch: o.DynamicBatch})
	if err != nil {
		return lowering(err)
	}
	x := newModelWriter(g, o)
	for i := range g.Nodes {
		x.node(&g.Nodes[i])
	}
	inputs, outputs := x.inputs(), x.outputs()
	if err := errors.Join(x.errs...); err != nil {
		return err
	}
	model := x.model(inputs, outputs)
	if len(model) > math.MaxInt32 {
		return unsupported("", "a model of %d bytes: a protobuf message has less than 2 GiB", len(model))
	}
	_, err = w.Write(model)
	return err
}

// modelWriter turns a graph into the parts of a model.
type modelWriter struct {
	g        *graph.Graph
	o        WriteOptions
	rows     map[reflect.Type]writeRow
	base     []string // the name of each value
	taken    map[string]bool
	forms    map[form]string      // names of the forms in which values exist
	formed   map[string]bool      // names that forms has
	used     map[graph.Value]bool // constants of which there is a form
	small    map[any]string       // constants of the writer's own
	nodes    []*writtenNode
	constant []wire
	errs     []error
}

func newModelWriter(g *graph.Graph, o WriteOptions) *modelWriter {
	x := &modelWriter{g: g, o: o, rows: writeRows(), base: make([]string, len(g.Values)), taken: map[string]bool{"": true},
		forms: map[form]string{}, formed: map[string]bool{}, used: map[graph.Value]bool{}, small: map[any]string{}}
	x.nameAll()
	for _, v := range g.In {
		f := form{v: v}
		if o.PlanarInput && x.typ(v).Rank() == 4 {
			f.kind = planarForm
		}
		x.have(f, x.base[v])
	}
	return x
}

// nameAll names values: the boundary's and constants' names are kept, and go
// before others.
func (x *modelWriter) nameAll() {
	give := func(v graph.Value) {
		if x.base[v] == "" {
			name := x.g.Values[v].Name
			if name == "" {
				name = "v" + strconv.Itoa(int(v))
			}
			x.base[v] = x.unique(name)
		}
	}
	for _, v := range slices.Concat(x.g.In, x.g.Out) {
		give(v)
	}
	for i := range x.g.Values {
		if x.g.Values[i].Const != nil {
			give(graph.Value(i))
		}
	}
	for i := range x.g.Values {
		give(graph.Value(i))
	}
}

// unique returns name, or name with a number if it is taken, and takes it.
func (x *modelWriter) unique(name string) string {
	s := name
	for i := 1; x.taken[s]; i++ {
		s = name + "_" + strconv.Itoa(i)
	}
	x.taken[s] = true
	return s
}

func (x *modelWriter) typ(v graph.Value) tensor.Type { return x.g.Values[v].Type }

// node writes a node, or notes why it can't be written.
func (x *modelWriter) node(n *graph.Node) {
	err := x.check(n)
	if err == nil {
		s := &spelling{modelWriter: x, n: n, first: len(x.nodes)}
		row, ok := x.rows[reflect.TypeOf(n.Op)]
		if err = op.Unsupported("the operator %s", graph.Name(n.Op)); ok {
			err = row(s, n.Op)
		}
	}
	if err != nil {
		var lacks *op.UnsupportedError
		if errors.As(err, &lacks) {
			err = &UnsupportedError{Format: formatName, Where: n.String(), What: lacks.Error()}
		} else {
			err = fmt.Errorf("onnx: %s: %w", n, err)
		}
		x.errs = append(x.errs, err)
	}
	for _, v := range n.Out {
		if !x.exists(v) { // those after it are examined too
			x.have(form{v: v}, x.base[v])
		}
	}
}

// check looks at the types that a node's tensors have.
func (x *modelWriter) check(n *graph.Node) error {
	for _, v := range slices.Concat(n.In, n.Out) {
		if v == graph.None {
			continue
		}
		info := &x.g.Values[v]
		switch _, ok := writtenTypes[info.Type.DType]; {
		case info.Var != nil:
			return op.Unsupported("the variable %q", info.Name)
		case info.Type.Quant != nil:
			return op.Unsupported("the quantised tensor %q", info.Name)
		case !ok:
			return op.Unsupported("the tensor %q of %s", info.Name, info.Type.DType)
		}
	}
	return nil
}

// inputs declares the graph's inputs.
func (x *modelWriter) inputs() (all []wire) {
	for _, v := range x.g.In {
		t := x.typ(v)
		shape := t.Shape
		if _, planar := x.forms[form{v, planarForm}]; planar && x.forms[form{v, planarForm}] == x.base[v] {
			shape = turned(shape)
		}
		all = append(all, x.declare(x.base[v], t.DType, shape))
	}
	return all
}

// outputs declares the graph's outputs, and sees to it that they have their names.
func (x *modelWriter) outputs() (all []wire) {
	said := map[string]bool{}
	for _, v := range x.g.Out {
		name := x.base[v]
		if got := x.own(v); got != name || slices.Contains(x.g.In, v) || x.g.Values[v].Const != nil || said[name] {
			if said[name] || slices.Contains(x.g.In, v) || x.g.Values[v].Const != nil {
				name = x.unique(name + "_output")
			}
			x.nodes = append(x.nodes, &writtenNode{op: "Identity", name: x.unique(name + "/Identity"), in: []string{got}, out: []string{name}})
		}
		said[name] = true
		all = append(all, x.declare(name, x.typ(v).DType, x.typ(v).Shape))
	}
	return all
}

// declare returns a tensor's type. Its first dimension is the batch, if it is open.
func (x *modelWriter) declare(name string, d tensor.DType, shape []int) wire {
	return valueInfo(name, writtenTypes[d], shape, func(i int) string {
		if i == 0 {
			return "batch"
		}
		return name + "_" + strconv.Itoa(i)
	})
}

// model puts a ModelProto together.
func (x *modelWriter) model(inputs, outputs []wire) (w wire) {
	var g, opset wire
	for _, n := range x.nodes {
		g.bytes(1, n.message())
	}
	name := x.g.Name
	if name == "" {
		name = "main"
	}
	g.string(2, name)
	for _, p := range x.constant {
		g.bytes(5, p)
	}
	for _, p := range inputs {
		g.bytes(11, p)
	}
	for _, p := range outputs {
		g.bytes(12, p)
	}
	opset.int(2, writtenOpset)
	w.int(1, writtenIR)
	w.string(2, "edgeinfer")
	w.bytes(7, g)
	w.bytes(8, opset)
	for _, k := range slices.Sorted(maps.Keys(x.o.Metadata)) {
		var entry wire
		entry.string(1, k)
		entry.string(2, x.o.Metadata[k])
		w.bytes(14, entry)
	}
	return w
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
