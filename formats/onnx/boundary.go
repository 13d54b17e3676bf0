package onnx

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// The inputs and outputs of a model are tensors. A sequence that is an input is
// given as one, its elements, which are alike, stacked along a new first dimension;
// one that is an output comes as its elements, NAME[0] and so on or, if data
// decide how many there are, as NAME, stacked too. Optional inputs are always given.

// inputType returns the type of a model's input, and whether it is a sequence's stack.
func inputType(v *ValueInfo) (t tensor.Type, list bool, err error) {
	if v.Type == nil {
		t, err = typeOf(v)
		return t, false, err
	}
	typ := v.Type
	for typ.Kind == KindOptional && typ.Elem != nil {
		typ = typ.Elem
	}
	if list = typ.Kind == KindSequence && typ.Elem != nil; list {
		typ = typ.Elem
	}
	if t, err = typeOf(&ValueInfo{Name: v.Name, Type: typ}); err != nil || !list {
		return t, false, err
	}
	t.Shape = append([]int{tensor.Dynamic}, t.Shape...)
	return t, true, t.Check()
}

// maxElements bounds the elements of a sequence that become values of their own.
const maxElements = 1024

// inputList makes a sequence of the stack v.
func (s *scope) inputList(name string, v graph.Value) error {
	n := &node{scope: s, Node: &Node{OpType: "input", Name: name}}
	count := s.b.Type(v).Shape[0]
	if count == tensor.Dynamic || count > maxElements {
		return s.setList(name, &sequence{stack: s.hide(name, -1, v)})
	}
	l := &sequence{}
	for i := range count {
		at := s.b.Const(name, tensor.Of(tensor.I64), tensor.Bytes([]int64{int64(i)}))
		element, err := n.one(&op.Gather{}, v, at)
		if err != nil {
			return err
		}
		l.names = append(l.names, s.hide(name, i, element))
	}
	return s.setList(name, l)
}

// outputs returns the values of a graph's outputs.
func (s *scope) outputs(g *Graph) (out []graph.Value, err error) {
	for _, o := range g.Outputs {
		l := s.sequenceNamed(o.Name)
		switch {
		case l != nil && (s.outer != nil || s.resting):
			return nil, op.Undecided("a sequence, %q, as output of a part that depends on data", o.Name)
		case l != nil:
			out, err = s.outputList(out, o.Name, l)
		default:
			var v graph.Value
			if v, err = s.lookup(o.Name); err == nil && v == graph.None {
				err = errorf("an input that is left out is no output")
			}
			if err == nil && s.outer == nil && !s.resting {
				v, err = s.outputNamed(out, v, o.Name)
			}
			out = append(out, v)
		}
		if err != nil {
			return nil, &FormatError{Format: formatName, Where: fmt.Sprintf("output %q", o.Name), Offset: -1, What: err.Error()}
		}
	}
	return out, nil
}

// outputList appends what stands for a sequence.
func (s *scope) outputList(out []graph.Value, name string, l *sequence) ([]graph.Value, error) {
	if l.stack != "" {
		v, err := s.lookup(l.stack)
		if err == nil {
			v, err = s.outputNamed(out, v, name)
		}
		return append(out, v), err
	}
	for i, element := range l.names {
		v, err := s.lookup(element)
		if err == nil {
			v, err = s.outputNamed(out, v, fmt.Sprintf("%s[%d]", name, i))
		}
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// outputNamed gives an output its name in the file: nodes such as Identity, which
// only name a value anew, are not in the graph. An input, a constant or a value
// that is an output already is copied.
func (s *scope) outputNamed(out []graph.Value, v graph.Value, name string) (graph.Value, error) {
	taken := false
	for _, u := range out {
		taken = taken || u == v
	}
	if !taken && s.b.Rename(v, name) {
		return v, nil
	}
	made, err := s.b.Node(graph.Node{Label: name, Source: graph.Source{Op: "output"}, Op: &op.Copy{}, In: []graph.Value{v}}, name)
	if err != nil {
		return 0, err
	}
	return made[0], nil
}
