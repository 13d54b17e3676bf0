package onnx

import (
	"errors"
	"maps"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Values have a number of dimensions when the graph is built, since rows and
// operators depend on it. Where that number, or a choice that a row must make,
// depends on data, the nodes from there on are left to the run: they become one
// op.Deferred, which builds them as soon as its inputs are known.

// graph builds g in the scope that open returns. If a node can't be decided, it
// starts again, and leaves the nodes from that one on to the run.
func (l *loader) graph(g *Graph, open func() (*scope, error)) (*graph.Graph, *scope, error) {
	nodes, folded := l.nodes, l.folded
	s, err := open()
	if err != nil {
		return nil, nil, err
	}
	built, err := s.finish(g, len(g.Nodes))
	if _, ok := errors.AsType[*op.UndecidedError](err); !ok || s.resting && s.at == 0 { // nothing would be gained
		return built, s, err
	}
	undecided, at := err, s.at
	l.nodes, l.folded = nodes, folded
	if s, err = open(); err != nil {
		return nil, nil, err
	}
	built, err = s.finish(g, at)
	if _, ok := errors.AsType[*op.UnsupportedError](err); !ok {
		return built, s, err
	}
	if s.outer != nil { // the graph around it might do
		return nil, nil, undecided
	}
	return l.graphNow(g, open)
}

// graphNow builds g without leaving anything to the run: it is for the error.
func (l *loader) graphNow(g *Graph, open func() (*scope, error)) (*graph.Graph, *scope, error) {
	l.now = true
	s, err := open()
	if err != nil {
		return nil, nil, err
	}
	built, err := s.finish(g, len(g.Nodes))
	return built, s, err
}

// rest is what a graph has from one node on.
type rest struct {
	*loader
	graph  *Graph
	first  int // the number of its first node
	opsets map[string]int64
	depth  int
	attrs  map[string]*Attribute
	names  []string // of the inputs
	absent []string // names of optional values that are left out
	lists  map[string]*sequence
}

// deferRest makes one node of those from the given one on.
func (s *scope) deferRest(g *Graph, from int) error {
	h := *g
	h.Nodes, h.Outputs = g.Nodes[from:], nil
	r := &rest{loader: s.loader, graph: &h, first: s.first + from, opsets: s.opsets, depth: s.depth, attrs: s.attrs, lists: map[string]*sequence{}}
	o := &op.Deferred{Rest: r}
	var names []string
	for _, v := range g.Outputs {
		if _, done := s.values[v.Name]; done {
			continue
		}
		t, err := typeOf(v)
		if err != nil {
			return errorf("output %q of a graph whose types depend on data: %w", v.Name, err)
		}
		h.Outputs, o.Types, names = append(h.Outputs, v), append(o.Types, t), append(names, v.Name)
	}
	if err := s.lackedBy(h.Nodes, r.first); err != nil {
		return err
	}
	in := s.taken(r)
	label := &node{scope: s, Node: h.Nodes[0]}
	label.domain = domainOf(label.Domain)
	out, err := s.b.Node(graph.Node{Label: label.label(), Source: graph.Source{Index: r.first, Op: label.kind()}, Op: o, In: in}, names...)
	if err != nil {
		return err
	}
	for i, v := range h.Outputs {
		s.values[v.Name] = out[i]
	}
	return nil
}

// taken finds the names of values around the rest that it uses.
func (s *scope) taken(r *rest) (in []graph.Value) {
	seen := map[string]bool{}
	var take func(name string)
	take = func(name string) {
		if seen[name] || name == "" {
			return
		}
		seen[name] = true
		if l := s.sequenceNamed(name); l != nil {
			r.lists[name] = l
			for _, element := range append(slices.Clone(l.names), l.stack) {
				take(element)
			}
			return
		}
		v, err := s.lookup(name)
		switch {
		case err != nil: // of the rest itself, or an error that building it will tell
		case v == graph.None:
			r.absent = append(r.absent, name)
		default:
			r.names, in = append(r.names, name), append(in, v)
		}
	}
	var walk func(nodes []*Node)
	walk = func(nodes []*Node) {
		for _, p := range nodes {
			for _, name := range p.Inputs {
				take(name)
			}
			for _, g := range p.graphs() {
				walk(g.Nodes)
				for _, o := range g.Outputs {
					take(o.Name)
				}
			}
		}
	}
	walk(r.graph.Nodes)
	return in
}

// graphs returns the graphs among the attributes.
func (p *Node) graphs() (out []*Graph) {
	for _, a := range p.Attributes {
		if a.Graph != nil {
			out = append(out, a.Graph)
		}
		out = append(out, a.Graphs...)
	}
	return out
}

// lackedBy notes the operators that no row knows: the run is too late for that.
func (s *scope) lackedBy(nodes []*Node, first int) error {
	for i, p := range nodes {
		n := &node{scope: s, Node: p, index: first + i, domain: domainOf(p.Domain)}
		n.opset = s.opsets[n.domain]
		if s.functions[p.Domain+"\x00"+p.OpType+"\x00"+p.Overload] == nil && s.rows[n.kind()] == nil {
			n.missing = append(n.missing, n.missed("the operator is not supported"))
		}
		for _, g := range p.graphs() {
			if err := s.lackedBy(g.Nodes, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// Nodes counts those of the graph itself.
func (r *rest) Nodes() int { return len(r.graph.Nodes) }

// Build builds the rest, at first from the types alone: what it then computes may
// serve other data too.
func (r *rest) Build(in []tensor.View) (*graph.Graph, []int, error) {
	g, used, err := r.build(in, false)
	if _, ok := errors.AsType[*op.UndecidedError](err); ok {
		g, used, err = r.build(in, true)
	}
	return g, used, err
}

// build takes the contents of what may be shapes, indices and conditions too.
func (r *rest) build(in []tensor.View, contents bool) (g *graph.Graph, used []int, err error) {
	l := &loader{m: r.m, rows: r.rows, functions: r.functions, narrow: maps.Clone(r.narrow)}
	open := func() (*scope, error) {
		s := l.newScope(r.graph.Name)
		s.opsets, s.depth, s.attrs, s.first, s.resting = r.opsets, r.depth, r.attrs, r.first, true
		for name, list := range r.lists {
			s.lists[name] = list
		}
		for _, name := range r.absent {
			s.values[name] = graph.None
		}
		used = nil
		for i, name := range r.names {
			v := &in[i]
			s.values[name] = s.b.Input(name, v.Type)
			if contents && len(v.Data) <= maxFolded && (!v.DType.Float() || v.Len() <= maxScales) {
				s.values[name] = s.b.Const(name, v.Type, slices.Clone(v.Data))
				used = append(used, i)
			}
		}
		return s, s.b.Err()
	}
	g, _, err = l.graph(r.graph, open)
	if _, ok := errors.AsType[*op.UndecidedError](err); ok && contents {
		g, _, err = l.graphNow(r.graph, open)
	}
	if err == nil && len(l.missing) > 0 {
		err = &MissingError{Format: formatName, Missing: l.missing}
	}
	return g, used, err
}

// maxScales is how many numbers of floating point are taken for a parameter, such
// as the scales of a Resize, rather than for data.
const maxScales = 16
