package onnx

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// A sequence is a list of tensors. The runtime has no such value: it exists while
// the graph is built only. Either it is known how many elements there are, and
// each is a value of its own, or they are alike and stacked in one value.
type sequence struct {
	names []string // of the elements' values
	stack string   // of the value whose first dimension they run along, or ""
}

// defineList makes l the node's only output.
func (n *node) defineList(l *sequence) error {
	if len(n.Outputs) != 1 || n.Outputs[0] == "" {
		return errorf("%d outputs, want 1", len(n.Outputs))
	}
	return n.setList(n.Outputs[0], l)
}

func (s *scope) setList(name string, l *sequence) error {
	if _, twice := s.values[name]; twice || s.lists[name] != nil {
		return errorf("%q is computed twice", name)
	}
	s.lists[name] = l
	return nil
}

// hide gives a value a name that no file has, by which sub-graphs can take it.
func (s *scope) hide(name string, i int, v graph.Value) string {
	hidden := fmt.Sprintf("%s\x00%d", name, i)
	s.values[hidden] = v
	return hidden
}

// share makes l, of a scope of the same graph, known here.
func (s *scope) share(name string, l *sequence, from *scope) error {
	here := &sequence{}
	for i, element := range l.names {
		v, err := from.lookup(element)
		if err != nil {
			return err
		}
		here.names = append(here.names, s.hide(name, i, v))
	}
	if l.stack != "" {
		v, err := from.lookup(l.stack)
		if err != nil {
			return err
		}
		here.stack = s.hide(name, -1, v)
	}
	return s.setList(name, here)
}

// sequenceElements returns the values of a sequence whose length is known.
func (n *node) sequenceElements(l *sequence) ([]graph.Value, error) {
	if l.stack != "" {
		return nil, op.Undecided("the operator on a sequence whose length depends on data")
	}
	out := make([]graph.Value, len(l.names))
	for i, name := range l.names {
		var err error
		if out[i], err = n.lookup(name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// stackOf returns the value in which the elements are stacked.
func (n *node) stackOf(l *sequence) (graph.Value, error) {
	if l.stack != "" {
		return n.lookup(l.stack)
	}
	vs, err := n.sequenceElements(l)
	if err != nil {
		return 0, err
	}
	if len(vs) == 0 {
		return 0, errorf("the sequence is empty")
	}
	for _, v := range vs {
		if !n.b.Type(v).Equal(n.b.Type(vs[0])) {
			return 0, op.Undecided("an index that depends on data, into a sequence of %s and %s", n.b.Type(vs[0]), n.b.Type(v))
		}
	}
	return n.one(&op.Pack{}, vs...)
}

// sequenceInts adds a list of integers.
func (n *node) sequenceInts(x ...int64) graph.Value {
	return n.b.Const(n.label(), tensor.Of(tensor.I64, len(x)), tensor.Bytes(x))
}

// position returns integer input i, a position in count things, if it is constant.
func (n *node) position(i, count int) (at int, known bool, err error) {
	v := n.view(i)
	if !v.Known() {
		return 0, false, nil
	}
	var x int64
	switch {
	case v.DType == tensor.I64 && v.Len() == 1:
		x = v.I64()[0]
	case v.DType == tensor.I32 && v.Len() == 1:
		x = int64(v.I32()[0])
	default:
		return 0, false, errorf("position is %s, want one int32 or int64", v.Type)
	}
	if x < 0 {
		x += int64(count)
	}
	if x < 0 || x >= int64(count) {
		return 0, false, errorf("position %d in a sequence of %d", x, count)
	}
	return int(x), true, nil
}

// A stacking is a sequence that a loop adds one element to in each turn.
type stacking struct{ output int } // of the node

// stacked looks for sequences among what the body carries. Those to which each
// turn appends an element become scans of the body, which are its last outputs
// then; those that stay the same are taken from around it.
func (n *node) stacked(body **Graph) ([]stacking, error) {
	var out []stacking
	for i := len(n.Inputs) - 1; i >= 2; i-- {
		l := n.sequenceNamed(n.Inputs[i])
		if l == nil {
			continue
		}
		element, at := appended(*body, i)
		if at < 0 || l.stack != "" || len(l.names) > 0 {
			return nil, op.Unsupported("a sequence, %q, that a loop does more to than to append to it, from empty", n.Inputs[i])
		}
		g := **body
		g.Inputs = slices.Delete(slices.Clone(g.Inputs), i, i+1)
		g.Outputs = append(slices.Delete(slices.Clone(g.Outputs), i-1, i), &ValueInfo{Name: element})
		g.Nodes = slices.Delete(slices.Clone(g.Nodes), at, at+1)
		*body = &g
		p := *n.Node
		p.Inputs = slices.Delete(slices.Clone(p.Inputs), i, i+1)
		n.Node, n.in = &p, slices.Delete(slices.Clone(n.in), i, i+1)
		out = append(out, stacking{i - 2})
	}
	return out, nil
}

// appended finds the only use of input i: a SequenceInsert at the end that makes
// output i-1. It returns the element's name and the node's index, or -1.
func appended(g *Graph, i int) (element string, at int) {
	list, result := g.Inputs[i].Name, g.Outputs[i-1].Name
	at = -1
	for k, p := range g.Nodes {
		uses := slices.Contains(p.Inputs, list) || slices.Contains(p.Inputs, result)
		if at < 0 && p.OpType == "SequenceInsert" && len(p.Inputs) == 2 && p.Inputs[0] == list && len(p.Outputs) == 1 && p.Outputs[0] == result {
			element, at = p.Inputs[1], k
		} else if uses {
			return "", -1
		}
		for _, a := range p.Attributes {
			if a.Graph != nil || len(a.Graphs) > 0 { // it might use them
				return "", -1
			}
		}
	}
	return element, at
}

// defineStacks adds the loop; its last outputs are stacks, the last sequence of
// the node first.
func (n *node) defineStacks(o op.Loop, stacks []stacking) error {
	out, err := n.then(new(o), n.in...)
	if err != nil {
		return err
	}
	plain := out[:len(out)-len(stacks)]
	for k, s := range slices.Backward(stacks) {
		v := out[len(plain)+k]
		if s.output >= len(n.Outputs) || n.Outputs[s.output] == "" {
			plain = slices.Insert(slices.Clone(plain), s.output, graph.None)
			continue
		}
		name := n.Outputs[s.output]
		if err := n.setList(name, &sequence{stack: n.hide(name, -1, v)}); err != nil {
			return err
		}
		plain = slices.Insert(slices.Clone(plain), s.output, graph.None)
	}
	return n.define(plain...)
}
