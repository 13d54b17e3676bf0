package tflite

import (
	"errors"
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// maxOperators bounds a sub-graph: planning takes time with its square.
const maxOperators = 1 << 16

// maxDepth bounds how deep sub-graphs may call each other.
const maxDepth = 16

// Graph builds the main sub-graph of a model, with those that it calls. What
// edgeinfer lacks is reported all at once, as a *MissingError.
func (f *File) Graph() (*graph.Graph, error) { return f.graphOf(0) }

// graphOf builds sub-graph i.
func (f *File) graphOf(i int) (*graph.Graph, error) {
	l := &loader{f: f, rows: allRows(), graphs: map[string]*called{}, lacking: map[*graph.Graph]bool{}, tensorVars: map[[2]int32]*graph.Var{}}
	c, err := l.subgraph(i, 0, make([]*resource, l.inputs(i)))
	if err == nil && len(l.missing) > 0 {
		err = &MissingError{Format: formatName, Missing: l.missing}
	}
	if err != nil {
		return nil, err
	}
	return c.g, nil
}

// loader turns the sub-graphs of one file into graphs.
type loader struct {
	f       *File
	rows    map[string]row
	graphs  map[string]*called // finished ones, by number and the handles given
	vars    []*resource
	lacking map[*graph.Graph]bool // graphs with missing operators
	missing []Missing
	buffers int // CIRCULAR_BUFFERs since one that runs each time

	tensorVars map[[2]int32]*graph.Var // by sub-graph and tensor
}

// inputs returns the number of sub-graph i's inputs.
func (l *loader) inputs(i int) int {
	if i < 0 || i >= len(l.f.Subgraphs) {
		return 0
	}
	return len(l.f.Subgraphs[i].Inputs)
}

// subgraph builds sub-graph i, called from depth others. given says which
// inputs are handles of variables; the graph doesn't have them.
func (l *loader) subgraph(i, depth int, given []*resource) (*called, error) {
	where := fmt.Sprintf("sub-graph %d", i)
	key := fmt.Sprint(i, given) // addresses, which tell resources apart
	switch {
	case i < 0 || i >= len(l.f.Subgraphs):
		return nil, wrong("", "there is no sub-graph %d", i)
	case depth > maxDepth:
		return nil, wrong(where, "sub-graphs call each other more than %d deep: in a circle", maxDepth)
	case l.graphs[key] != nil:
		return l.graphs[key], nil
	case l.inputs(i) != len(given):
		return nil, wrong(where, "has %d inputs, and is called with %d", l.inputs(i), len(given))
	case len(l.graphs) >= maxSubgraphs:
		return nil, &UnsupportedError{Format: formatName, Where: where, What: fmt.Sprintf("more than %d sub-graphs and ways to give them variables", maxSubgraphs)}
	case len(l.f.Subgraphs[i].Operators) > maxOperators:
		return nil, &UnsupportedError{Format: formatName, Where: where, What: fmt.Sprintf("%d operators; at most %d are supported", len(l.f.Subgraphs[i].Operators), maxOperators)}
	}
	sub := &l.f.Subgraphs[i]
	s := &scope{loader: l, index: i, depth: depth, sub: sub, b: graph.NewBuilder(sub.Name), values: make([]graph.Value, len(sub.Tensors)), resources: map[int32]*resource{}}
	c, err := s.build(given)
	if err != nil {
		return nil, err
	}
	l.graphs[key] = c
	return c, nil
}

// scope builds one sub-graph.
type scope struct {
	*loader
	index, depth int
	sub          *Subgraph
	b            *graph.Builder
	values       []graph.Value       // of tensors; None before they are written
	resources    map[int32]*resource // of tensors that are handles
	size         int64               // operators of sub-graphs called
}

func (s *scope) build(given []*resource) (*called, error) {
	for i := range s.values {
		s.values[i] = graph.None
	}
	for i, t := range s.sub.Inputs {
		if given[i] != nil {
			s.resources[t] = given[i]
			continue
		}
		typ, err := s.declared(t)
		if err != nil {
			return nil, err
		}
		s.values[t] = s.b.Input(s.sub.Tensors[t].Name, typ)
	}
	for i := range s.sub.Operators {
		if err := s.operator(i); err != nil {
			return nil, err
		}
	}
	c := &called{out: make([]*resource, len(s.sub.Outputs)), size: int64(len(s.sub.Operators)) + s.size}
	var out []graph.Value
	for i, t := range s.sub.Outputs {
		v, err := s.value(t)
		if err != nil {
			return nil, err
		}
		if c.out[i] = s.resources[t]; c.out[i] == nil {
			out = append(out, v)
		}
	}
	g, err := s.b.Graph(out...)
	if err != nil {
		return nil, wrong(s.where(), "%v", err)
	}
	c.g = g
	return c, nil
}

func (s *scope) where() string { return fmt.Sprintf("sub-graph %d", s.index) }

// declared returns the type that the file gives a tensor.
func (s *scope) declared(t int32) (tensor.Type, error) {
	x := &s.sub.Tensors[t]
	where := fmt.Sprintf("%s tensor %d %q", s.where(), t, x.Name)
	d := DType(x.Type)
	if d == tensor.None {
		return tensor.Type{}, &UnsupportedError{Format: formatName, Where: where, What: "element type " + x.Type.String()}
	}
	typ := tensor.Type{DType: d, Shape: make([]int, len(x.Shape))}
	for i, n := range x.Shape {
		typ.Shape[i] = int(n)
	}
	if x.Quant != nil && !d.Float() {
		q, err := params(x.Quant, typ.Shape)
		if err != nil {
			return tensor.Type{}, wrong(where, "%v", err)
		}
		typ.Quant = q
	}
	if err := typ.Check(); err != nil {
		return tensor.Type{}, wrong(where, "%v", err)
	}
	return typ, nil
}

// dtypes are the runtime's element types, tensor.None where it has none.
var dtypes = [...]tensor.DType{
	Float32: tensor.F32, Float16: tensor.F16, Float64: tensor.F64, Int4: tensor.I4, Int8: tensor.I8, Uint8: tensor.U8,
	Int16: tensor.I16, Uint16: tensor.U16, Int32: tensor.I32, Uint32: tensor.U32, Int64: tensor.I64, Uint64: tensor.U64, Bool: tensor.Bool,
}

// DType returns the runtime's element type for t, tensor.None if it has none.
func DType(t TensorType) tensor.DType {
	if t < 0 || int(t) >= len(dtypes) {
		return tensor.None
	}
	return dtypes[t]
}

// params converts quantisation parameters. Some files name a wrong dimension
// for the scales; it is mended where only one other has the right size.
func params(q *Quantization, shape []int) (*quant.Params, error) {
	n := len(q.Scale)
	p := &quant.Params{Scale: q.Scale, Zero: make([]int32, n), Axis: int(q.Axis)}
	for i := range p.Zero {
		z := int64(0)
		if len(q.Zero) == 1 {
			z = q.Zero[0]
		} else if i < len(q.Zero) {
			z = q.Zero[i]
		}
		if int64(int32(z)) != z {
			return nil, fmt.Errorf("zero point %d does not fit 32 bits", z)
		}
		p.Zero[i] = int32(z)
	}
	if n > 1 && (p.Axis >= len(shape) || shape[p.Axis] != n) {
		p.Axis = slices.Index(shape, n)
		if p.Axis < 0 || slices.Index(shape[p.Axis+1:], n) >= 0 {
			return nil, fmt.Errorf("%d scales do not fit dimension %d of shape %v", n, q.Axis, shape)
		}
	}
	return p, nil
}

// value returns the graph's value of a tensor; constants and variables are
// added when first read.
func (s *scope) value(t int32) (graph.Value, error) {
	if t < 0 || s.resources[t] != nil {
		return graph.None, nil
	}
	if v := s.values[t]; v != graph.None {
		return v, nil
	}
	x := &s.sub.Tensors[t]
	where := fmt.Sprintf("%s tensor %d %q", s.where(), t, x.Name)
	typ, err := s.declared(t)
	if err != nil {
		return 0, err
	}
	switch {
	case x.Variable:
		s.values[t] = s.b.Var(s.variableTensor(t, typ))
	case x.Sparsity != nil:
		if s.values[t], err = s.dense(x, typ); err != nil {
			return 0, fmt.Errorf("tensor %d %q: %w", t, x.Name, err)
		}
	case x.Data != nil || typ.Len() == 0:
		s.values[t] = s.b.Const(x.Name, typ, aligned(x.Data, typ))
	default:
		return 0, wrong(where, "is read, but no operator writes it and it has no data")
	}
	return s.values[t], s.b.Err()
}

// firstState returns what a variable tensor holds at first: zeros, but an
// int8 tensor's zero point.
func firstState(t tensor.Type) []byte {
	if t.DType != tensor.I8 || t.Quant == nil || t.Quant.Zero[0] == 0 {
		return nil
	}
	b := make([]byte, t.Bytes())
	for i := range b {
		b[i] = byte(t.Quant.Zero[0])
	}
	return b
}

// operator adds operator i to the graph.
func (s *scope) operator(i int) error {
	n := &node{scope: s, Operator: &s.sub.Operators[i], index: i}
	err := n.add()
	if err == nil {
		return nil
	}
	var lacks *op.UnsupportedError
	if errors.As(err, &lacks) {
		return n.lacks(lacks.Error())
	}
	if len(s.missing) > 0 {
		// What is missing comes first: its outputs have no more than the types
		// that the file declares, and this operator may be right.
		n.declareOutputs()
		return nil
	}
	var unsupported *UnsupportedError
	var format *FormatError
	if errors.As(err, &unsupported) || errors.As(err, &format) {
		return err
	}
	return wrong(n.where(), "%v", err)
}
