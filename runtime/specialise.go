package runtime

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// specialise returns g for the given input shapes: types are inferred anew,
// and what depends on constants and on types alone is computed. shapes may be
// shorter than g.In; nil leaves a shape as it is. maxBytes bounds what is
// computed. Constants are dequantised only if dequantise is set.
func specialise(g *graph.Graph, shapes [][]int, maxBytes int64, dequantise bool) (*graph.Graph, error) {
	s := specialiser{b: graph.Rebuild(g), g: g, to: make([]graph.Value, len(g.Values)), left: maxBytes, dequantise: dequantise}
	for i := range s.to {
		s.to[i] = graph.None
	}
	if dequantise {
		s.turnable = turnable(g)
	}
	for i, v := range g.In {
		t := g.Values[v].Type
		if i < len(shapes) && shapes[i] != nil {
			t = t.WithShape(shapes[i]...)
		}
		if !t.Static() {
			return nil, fmt.Errorf("input %d %q has shape %v: give the missing dimensions (--shape)", i, g.Values[v].Name, t.Shape)
		}
		s.to[v] = s.b.Input(g.Values[v].Name, t)
	}
	for _, n := range g.Nodes {
		if err := s.node(n); err != nil {
			return nil, err
		}
	}
	out, err := s.values(g.Out)
	if err != nil {
		return nil, err
	}
	return s.b.Graph(out...)
}

type specialiser struct {
	b    *graph.Builder
	g    *graph.Graph
	to   []graph.Value // values of g in the new graph, or None
	left int64         // bytes that may still be computed
	// turnable are transposes of weights that may vanish.
	turnable map[graph.Value][]int

	dequantise bool
}

// values translates vs; constants and variables are added when first used.
func (s *specialiser) values(vs []graph.Value) ([]graph.Value, error) {
	out := make([]graph.Value, len(vs))
	for i, v := range vs {
		out[i] = graph.None
		if v == graph.None {
			continue
		}
		if info := &s.g.Values[v]; s.to[v] == graph.None {
			switch {
			case info.Var != nil:
				s.to[v] = s.b.Var(info.Var)
			case info.Const != nil:
				s.to[v] = s.b.Const(info.Name, info.Type, info.Const)
			default:
				return nil, fmt.Errorf("tensor %q is used before it is computed", info.Name)
			}
		}
		out[i] = s.to[v]
	}
	return out, s.b.Err()
}

func (s *specialiser) node(n graph.Node) error {
	old, before := n.Out, n.In
	in, err := s.values(n.In)
	if err != nil {
		return fmt.Errorf("%s: %w", &n, err)
	}
	if n.In = in; s.turnWeights(&n, before) {
		return nil
	}
	out, folded, err := s.fold(n)
	if err != nil {
		return fmt.Errorf("%s: %w", &n, err)
	}
	if folded {
		for i, v := range old {
			s.to[v] = s.b.Const(s.g.Values[v].Name, out[i].Type, out[i].Data)
		}
		return nil
	}
	names := make([]string, len(old))
	for i, v := range old {
		names[i] = s.g.Values[v].Name
	}
	made, err := s.b.Node(n, names...)
	if err != nil {
		return err
	}
	for i, v := range old {
		s.to[v] = made[i]
	}
	return nil
}

// fold computes n's outputs, if all that they depend on is known.
func (s *specialiser) fold(n graph.Node) (out []tensor.View, ok bool, err error) {
	o, isRef := n.Op.(op.Referenced)
	if _, writes := n.Op.(op.Writer); !isRef || writes {
		return nil, false, nil
	}
	if _, weights := n.Op.(*op.DequantizeLinear); weights && !s.dequantise {
		return nil, false, nil
	}
	in := make([]tensor.View, len(n.In))
	_, typeOnly := n.Op.(op.TypeOnly)
	for i, v := range n.In {
		in[i] = s.b.View(v)
		if typeOnly && !in[i].Static() || !typeOnly && !in[i].Absent() && !in[i].Known() {
			return nil, false, nil
		}
	}
	types, err := o.Infer(in)
	if err != nil {
		return nil, false, err
	}
	if len(types) == 1 && types[0].Static() && movesNothing(n.Op, in[0].Type) {
		return []tensor.View{{Type: types[0], Data: in[0].Data}}, true, nil
	}
	for _, t := range types {
		if !t.Static() {
			return nil, false, nil
		}
		if err := t.Check(); err != nil {
			return nil, false, err
		}
		if s.left -= int64(t.Bytes()); s.left < 0 {
			return nil, false, &op.LimitError{What: "bytes of memory", Need: int64(t.Bytes()), Limit: s.left + int64(t.Bytes()), Detail: "for computed constants", Remedy: "raise --max-memory (Limits.MaxMemory)"}
		}
		out = append(out, tensor.View{Type: t, Data: alloc(t.Bytes())})
	}
	if err := o.Ref(in, out); err != nil {
		return nil, false, err
	}
	return out, true, nil
}

// movesNothing reports whether o's output has the elements of its first input,
// of type t, in the same order.
func movesNothing(o graph.Op, t tensor.Type) bool {
	switch o := o.(type) {
	case *op.Reshape, *op.Flatten, *op.Squeeze, *op.ExpandDims:
		return true
	case *op.Transpose:
		if len(o.Perm) != t.Rank() {
			return false
		}
		_, same := reshaping(t, o.Perm)
		return same
	}
	return false
}
