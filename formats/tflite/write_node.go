package tflite

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeRow says how files spell an operator.
type writeRow func(s *spelling, o graph.Op) error

// rowOf returns a row of one type of operators.
func rowOf[O graph.Op](row writeRow) map[reflect.Type]writeRow {
	return map[reflect.Type]writeRow{reflect.TypeFor[O](): row}
}

// rowFor is rowOf by what an operator says.
//
//go:noinline
func rowFor[O graph.Op](f func(s *spelling, o O) error) map[reflect.Type]writeRow {
	return rowOf[O](func(s *spelling, o graph.Op) error { return f(s, o.(O)) })
}

// plainFor returns a row of operators without options. version 2 is of int8, if
// there is one.
//
//go:noinline
func plainFor[O graph.Op](b BuiltinOperator, t OptionsType) map[reflect.Type]writeRow {
	return rowOf[O](plainRow(b, t))
}

func plainRow(b BuiltinOperator, t OptionsType) writeRow {
	return func(s *spelling, _ graph.Op) error { return s.plain(b, t) }
}

// writeRows returns how operators are spelt.
func writeRows() map[reflect.Type]writeRow {
	all := map[reflect.Type]writeRow{}
	for _, family := range [][]map[reflect.Type]writeRow{writeFilterRows(), writeElementRows(), writeReductionRows(), writeShapeRows(), writeRecurrentRows()} {
		for _, r := range family {
			maps.Copy(all, r)
		}
	}
	return all
}

// spelling is an operator on its way into the file.
type spelling struct {
	*fileWriter
	n *graph.Node
}

// node writes a node, or notes why it can't be written.
func (x *fileWriter) node(n *graph.Node) {
	row, ok := x.rows[reflect.TypeOf(n.Op)]
	err := error(op.Unsupported("the operator %s", graph.Name(n.Op)))
	if ok {
		err = row(&spelling{x, n}, n.Op)
	}
	if err == nil {
		return
	}
	var lacks *op.UnsupportedError
	if errors.As(err, &lacks) {
		err = &UnsupportedError{Format: formatName, Where: n.String(), What: lacks.Error()}
	} else {
		err = fmt.Errorf("tflite: %s: %w", n, err)
	}
	x.errs = append(x.errs, err)
}

// has reports whether there is an input i.
func (s *spelling) has(i int) bool { return i < len(s.n.In) && s.n.In[i] != graph.None }

// view returns input i as far as it is known, with a batch of 1 if it is open.
func (s *spelling) view(i int) tensor.View {
	if !s.has(i) {
		return tensor.View{}
	}
	v := s.g.View(s.n.In[i])
	v.Type = s.closed[s.n.In[i]]
	return v
}

// typ returns the type of output i, with a batch of 1 if it is open.
func (s *spelling) typ(i int) tensor.Type { return s.closed[s.n.Out[i]] }

// inputs returns the tensors of inputs; one that is not there is -1.
func (s *spelling) inputs(list ...int) []int32 {
	out := make([]int32, len(list))
	for i, k := range list {
		if out[i] = -1; s.has(k) {
			out[i] = s.tensor(s.n.In[k])
		}
	}
	return out
}

// all returns the tensors of all inputs.
func (s *spelling) all() []int32 {
	out := make([]int32, len(s.n.In))
	for i, v := range s.n.In {
		out[i] = s.tensor(v)
	}
	return out
}

// emit adds an operator on some tensors, whose outputs are the node's.
func (s *spelling) emit(b BuiltinOperator, version int32, t OptionsType, fields flatbuf.Object, in []int32) {
	out := make([]int32, len(s.n.Out))
	for i, v := range s.n.Out {
		out[i] = s.tensor(v)
	}
	o := flatbuf.Object{0: s.code(operatorCode{b, version}), 1: in, 2: out}
	if t != NoOptions {
		slot, kind := t.Union()
		if fields == nil {
			fields = flatbuf.Object{}
		}
		o[slot] = flatbuf.Union{Kind: kind, Value: fields}
	}
	s.ops = append(s.ops, o)
}

// plain adds an operator whose options have no fields.
func (s *spelling) plain(b BuiltinOperator, t OptionsType) error {
	s.emit(b, s.version(2), t, nil, s.all())
	return nil
}

// version is 1, or another of input 0 of int8.
func (s *spelling) version(int8 int32) int32 {
	if s.view(0).DType == tensor.I8 {
		return int8
	}
	return 1
}

// fusedActivation returns the activation that clamps to b; false if there is none.
// Bounds beyond what float32 has are none.
func fusedActivation(b op.Bounds) (ActivationFunctionType, bool) {
	if b == (op.Bounds{}) {
		return ActivationNone, true
	}
	low, high := b.Lo > -math.MaxFloat32, b.Hi < math.MaxFloat32
	switch {
	case !low && !high:
		return ActivationNone, true
	case b.Lo == 0 && !high:
		return ActivationRelu, true
	case b == op.Bounds{Lo: 0, Hi: 6}:
		return ActivationRelu6, true
	case b == op.Bounds{Lo: -1, Hi: 1}:
		return ActivationReluN1To1, true
	}
	return 0, false
}

// act is fusedActivation as an options' field; composing has seen to it that
// there is one.
func act(b op.Bounds) int8 {
	a, _ := fusedActivation(b)
	return int8(a)
}
