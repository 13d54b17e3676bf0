package edgeinfer

import (
	"fmt"
	"maps"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// WithState returns the model with inputs turned into state: after each run,
// each output that state names becomes, for the next run, what the input it
// maps to holds. At first, and after Reset, that is zeros. Such inputs need not
// be filled any more: they are not among the model's inputs. Formats without
// variables (ONNX) stream in this way.
//
// shapes gives such inputs, by name, a shape where the file leaves dimensions
// open; else these are 1. The model shares its file's memory with m, and must
// not be used after m is closed.
func (m *Model) WithState(state map[string]string, shapes map[string][]int) (*Model, error) {
	s := &stateful{base: m.graph, shapes: make([][]int, len(m.graph.In))}
	for _, out := range slices.Sorted(maps.Keys(state)) {
		if err := s.add(out, state[out], shapes); err != nil {
			return nil, m.named(err)
		}
	}
	return &Model{name: m.name, file: m.file, graph: s.apply(m.graph), state: s, mapped: m.mapped}, nil
}

// stateful says how to make state of a graph's inputs.
type stateful struct {
	base   *graph.Graph // as the file has it
	vars   []stateVar
	shapes [][]int // of base's inputs that are state
}

type stateVar struct {
	v       *graph.Var
	in, out int // of base
}

// add makes the input called in state.
func (s *stateful) add(out, in string, shapes map[string][]int) error {
	g := s.base
	to := slices.IndexFunc(g.In, func(v graph.Value) bool { return g.Values[v].Name == in })
	from := slices.IndexFunc(g.Out, func(v graph.Value) bool { return g.Values[v].Name == out })
	if to < 0 || from < 0 || s.shapes[to] != nil {
		return fmt.Errorf("state %s=%s: want an output and an input, each once, of outputs %s and inputs %s", out, in, names(g, g.Out), names(g, g.In))
	}
	t := g.Values[g.In[to]].Type
	t = t.WithShape(slices.Clone(t.Shape)...)
	if shape, ok := shapes[in]; ok {
		t = t.WithShape(shape...)
	}
	for i, d := range t.Shape {
		if d == tensor.Dynamic {
			t.Shape[i] = 1
		}
	}
	if got := g.Values[g.Out[from]].Type; got.DType != t.DType || got.Static() && got.Len() != t.Len() {
		return fmt.Errorf("state %s=%s: the output is %s and the input %s", out, in, got, t)
	}
	s.shapes[to] = t.Shape
	s.vars = append(s.vars, stateVar{&graph.Var{Name: in, Type: t}, to, from})
	return nil
}

// apply returns of, which is base or base built for other shapes, with
// variables in the place of inputs, set to outputs at the end.
func (s *stateful) apply(of *graph.Graph) *graph.Graph {
	g := *of
	g.In, g.Values, g.Nodes = nil, slices.Clone(g.Values), slices.Clone(g.Nodes)
	for i, v := range of.In {
		if s.shapes[i] == nil {
			g.In = append(g.In, v)
		}
	}
	for _, x := range s.vars {
		in, out := of.In[x.in], of.Out[x.out]
		g.Values[in].Type, g.Values[in].Var = x.v.Type, x.v
		g.Nodes = append(g.Nodes, graph.Node{Label: x.v.Name, Source: graph.Source{Index: len(g.Nodes)}, Op: &op.AssignVariable{}, In: []graph.Value{in, out}})
	}
	return &g
}

// build returns the graph for inputs of the given shapes, those that are state
// left out.
func (m *Model) build(shapes [][]int) (*graph.Graph, error) {
	if m.state == nil {
		return m.file.buildFor(m.graph, shapes)
	}
	full, k := slices.Clone(m.state.shapes), 0
	for i := range full {
		if full[i] == nil {
			full[i] = shapes[k]
			k++
		}
	}
	g, err := m.file.buildFor(m.state.base, full)
	if err != nil {
		return nil, err
	}
	return m.state.apply(g), nil
}
