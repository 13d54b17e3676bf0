package onnx

import (
	"errors"
	"fmt"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// The limits of what a model may ask of the loader.
const (
	maxNodes = 1 << 16 // with functions inlined
	maxDepth = 16      // of functions that call functions, and graphs in graphs
)

// Build makes the model's graph. What edgeinfer lacks is reported all at
// once, as a *MissingError.
//
// shapes are those of the inputs, in order; where one is nil or missing, it is the
// file's. Conditions that depend on shapes are decided while the graph is built:
// with shapes given in full, more models can run than with Dynamic ones.
func (m *Model) Build(shapes ...[]int) (*graph.Graph, error) {
	l := &loader{m: m, rows: allRows(), functions: map[string]*Function{}, shapes: shapes}
	for _, f := range m.Functions {
		l.functions[f.Domain+"\x00"+f.Name+"\x00"+f.Overload] = f
	}
	g, _, err := l.graph(m.Graph, func() (*scope, error) {
		s := l.newScope(m.Graph.Name)
		if err := s.initializers(m.Graph); err != nil {
			return nil, err
		}
		return s, s.inputs(m.Graph)
	})
	if err == nil && len(l.missing) > 0 {
		err = &MissingError{Format: formatName, Missing: l.missing}
	}
	return g, err
}

// Declared returns a graph without operators that has the inputs and outputs as
// the file declares them. An output's element type is float32 if it declares none.
func (m *Model) Declared() (*graph.Graph, error) {
	l := &loader{m: m}
	s := l.newScope(m.Graph.Name)
	if err := s.inputs(m.Graph); err != nil {
		return nil, err
	}
	g, err := s.b.Graph()
	if err != nil {
		return nil, err
	}
	for _, o := range m.Graph.Outputs {
		t, err := typeOf(o)
		if err != nil {
			t = tensor.Of(tensor.F32)
		}
		g.Out = append(g.Out, graph.Value(len(g.Values)))
		g.Values = append(g.Values, graph.Info{Name: o.Name, Type: t})
	}
	return g, nil
}

// loader turns the graphs of one model into graphs of the runtime.
type loader struct {
	m         *Model
	rows      map[string]row
	functions map[string]*Function
	missing   []Missing
	nodes     int // so far
	folded    int // bytes so far
	shapes    [][]int
	now       bool                // nothing may be deferred
	narrow    map[string]DataType // of names whose tensors have a wider type
}

// scope builds one graph. Names are looked up here, then in the scopes around.
type scope struct {
	*loader
	b        *graph.Builder
	values   map[string]graph.Value
	lists    map[string]*sequence
	opsets   map[string]int64
	outer    *scope // the graph around a sub-graph
	inlined  bool   // the nodes go into the graph of outer
	captured []string
	depth    int
	attrs    map[string]*Attribute // arguments of the function being inlined
	first    int                   // the number of the graph's first node in the file
	at       int                   // the node that is being added, from there on
	resting  bool                  // the graph is one that was deferred
}

func (l *loader) newScope(name string) *scope {
	return &scope{loader: l, b: graph.NewBuilder(name), values: map[string]graph.Value{}, lists: map[string]*sequence{}, opsets: l.m.Opsets}
}

// inputs adds the inputs that are no initializers. Those that are might be
// overridden, but never are.
func (s *scope) inputs(g *Graph) error {
	constant := map[string]bool{}
	for _, t := range g.Initializers {
		constant[t.Name] = true
	}
	count := 0
	for _, in := range g.Inputs {
		if constant[in.Name] {
			continue
		}
		t, list, err := inputType(in)
		if lacks, ok := errors.AsType[*op.UnsupportedError](err); ok && s.rows != nil {
			s.values[in.Name] = s.lacks("input", in.Name, dataTypeOf(in), lacks)
			count++
			continue
		}
		if err != nil {
			return errorf("onnx: input %q: %w", in.Name, err)
		}
		s.note(in.Name, dataTypeOf(in))
		if count < len(s.shapes) && s.shapes[count] != nil {
			if len(s.shapes[count]) != len(t.Shape) {
				return errorf("onnx: input %q has shape %v: %v does not fit", in.Name, t.Shape, s.shapes[count])
			}
			t = t.WithShape(s.shapes[count]...)
		}
		v := s.b.Input(in.Name, t)
		if count++; !list {
			s.values[in.Name] = v
		} else if err := s.inputList(in.Name, v); err != nil {
			return err
		}
	}
	return s.b.Err()
}

// finish adds the nodes of g, of which those from the given one on are left to
// the run, and names its outputs.
func (s *scope) finish(g *Graph, deferred int) (*graph.Graph, error) {
	for i, n := range g.Nodes[:deferred] {
		s.at = i
		if err := s.node(s.first+i, n); err != nil {
			return nil, err
		}
	}
	if deferred < len(g.Nodes) {
		if err := s.deferRest(g, deferred); err != nil {
			return nil, err
		}
	}
	out, err := s.outputs(g)
	if err != nil {
		return nil, err
	}
	built, err := s.b.Graph(out...)
	if err != nil {
		return nil, &FormatError{Format: formatName, Where: fmt.Sprintf("graph %q", g.Name), Offset: -1, What: err.Error()}
	}
	return built, nil
}

func (s *scope) initializers(g *Graph) error {
	for _, t := range g.Initializers {
		v, err := s.constant(t.Name, t)
		if lacks, ok := errors.AsType[*op.UnsupportedError](err); ok {
			v, err = s.lacks("initializer", t.Name, t.Type, lacks), nil
		}
		if err != nil {
			return errorf("onnx: initializer %q: %w", t.Name, err)
		}
		s.values[t.Name] = v
	}
	return nil
}

// lacks notes a tensor that can't be read. The value that it returns stands in for
// it: what follows is examined, never run.
func (s *scope) lacks(what, name string, d DataType, why error) graph.Value {
	s.missing = append(s.missing, Missing{Subgraph: s.depth, Operator: -1, Name: what, Label: name, Types: []string{d.String()}, Why: why.Error()})
	return s.b.Input(name, tensor.Of(tensor.F32, tensor.Dynamic))
}

// dataTypeOf returns the element type that an input is declared with.
func dataTypeOf(v *ValueInfo) DataType {
	if v.Type == nil {
		return Undefined
	}
	return v.Type.DataType
}

// constant adds a tensor of the file to the graph.
func (s *scope) constant(name string, t *Tensor) (graph.Value, error) {
	s.note(name, t.Type)
	v, err := View(t)
	if err != nil {
		return 0, err
	}
	return s.b.Const(name, v.Type, v.Data), s.b.Err()
}

// lookup returns the value of a name: of this graph or, as one more input of
// this graph, of one around it.
func (s *scope) lookup(name string) (graph.Value, error) {
	if name == "" {
		return graph.None, nil
	}
	if v, ok := s.values[name]; ok {
		return v, nil
	}
	if s.outer == nil {
		return 0, errorf("%q is used before a node computes it", name)
	}
	v, err := s.outer.lookup(name)
	if err != nil || s.inlined || v == graph.None {
		return v, err
	}
	if o := s.outer.b.View(v); o.Known() {
		s.values[name] = s.b.Const(name, o.Type, o.Data)
	} else {
		s.values[name] = s.b.Input(name, o.Type)
		s.captured = append(s.captured, name)
	}
	return s.values[name], s.b.Err()
}

// sequenceNamed returns the sequence of a name, nil if it is none.
func (s *scope) sequenceNamed(name string) *sequence {
	for ; s != nil; s = s.outer {
		if _, hidden := s.values[name]; hidden {
			return nil
		}
		if l, ok := s.lists[name]; ok {
			return l
		}
	}
	return nil
}

// node adds a node, or what the function that it calls consists of.
func (s *scope) node(i int, p *Node) error {
	if s.nodes++; s.nodes > maxNodes {
		return &op.UnsupportedError{What: fmt.Sprintf("a model of over %d nodes", maxNodes)}
	}
	n := &node{scope: s, Node: p, index: i, domain: domainOf(p.Domain)}
	n.opset = s.opsets[n.domain]
	err := n.add()
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*op.UndecidedError](err); ok && len(s.missing) == 0 && !s.now {
		return err
	}
	var lacks *op.UnsupportedError
	if errors.As(err, &lacks) {
		n.lacks(lacks.Error())
		return nil
	}
	if len(s.missing) > 0 {
		n.declareOutputs() // what is missing comes first; this may only follow from it
		return nil
	}
	var format *FormatError
	if errors.As(err, &format) {
		return err
	}
	return &FormatError{Format: formatName, Where: n.where(), Offset: -1, What: err.Error()}
}

// domainOf returns "" for the default domain, however it is spelt.
func domainOf(d string) string {
	if d == "ai.onnx" {
		return ""
	}
	return d
}

// inlineGraph adds the nodes of a graph attribute to this graph. The scope that
// it returns has the outputs.
func (s *scope) inlineGraph(g *Graph, in []graph.Value) (*scope, error) {
	if s.depth >= maxDepth {
		return nil, &op.UnsupportedError{What: fmt.Sprintf("a graph nested more than %d deep", maxDepth)}
	}
	if len(in) != len(g.Inputs) {
		return nil, errorf("graph %q has %d inputs, want %d", g.Name, len(g.Inputs), len(in))
	}
	sub := &scope{loader: s.loader, b: s.b, values: map[string]graph.Value{}, lists: map[string]*sequence{}, opsets: s.opsets, outer: s, inlined: true, depth: s.depth + 1, attrs: s.attrs}
	for i, v := range in {
		sub.values[g.Inputs[i].Name] = v
	}
	if err := sub.initializers(g); err != nil {
		return nil, err
	}
	for i, n := range g.Nodes {
		if err := sub.node(i, n); err != nil {
			return nil, err
		}
	}
	return sub, nil
}

// subgraph builds a graph attribute whose inputs have the given types. Values
// that it takes from around it become further inputs: first those that take
// names, whether they are used or not, then others, which it returns too.
func (s *scope) subgraph(g *Graph, in []tensor.Type, take []string) (*graph.Graph, []string, error) {
	if s.depth >= maxDepth {
		return nil, nil, &op.UnsupportedError{What: fmt.Sprintf("a graph nested more than %d deep", maxDepth)}
	}
	if len(in) != len(g.Inputs) {
		return nil, nil, errorf("graph %q has %d inputs, want %d", g.Name, len(g.Inputs), len(in))
	}
	built, sub, err := s.loader.graph(g, func() (*scope, error) {
		sub := &scope{loader: s.loader, b: graph.NewBuilder(g.Name), values: map[string]graph.Value{}, lists: map[string]*sequence{}, opsets: s.opsets, outer: s, depth: s.depth + 1, attrs: s.attrs}
		for i, t := range in {
			sub.values[g.Inputs[i].Name] = sub.b.Input(g.Inputs[i].Name, t)
		}
		for _, name := range take {
			if _, err := sub.lookup(name); err != nil {
				return nil, err
			}
		}
		return sub, sub.initializers(g)
	})
	if err != nil {
		return nil, nil, err
	}
	return built, sub.captured, nil
}
