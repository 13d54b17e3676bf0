package onnx

import (
	"maps"
	"math"
	"reflect"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeRow says how files spell an operator: it adds nodes and defines the
// outputs.
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

// writeRows returns how operators are spelt.
func writeRows() map[reflect.Type]writeRow {
	all := map[reflect.Type]writeRow{}
	for _, family := range [][]map[reflect.Type]writeRow{writeFilterRows(), writeImageRows(), writeResizeRows(), writeElementRows(), writePairRows(), writeShapeRows(), writeMatrixRows(), writeRecurrentRows()} {
		for _, r := range family {
			maps.Copy(all, r)
		}
	}
	return all
}

// spelling is a node on its way into the file.
type spelling struct {
	*modelWriter
	n     *graph.Node
	first int // the number of the first node that is written for it
}

// in returns the name of input i as the graph has it, "" if there is none.
func (s *spelling) in(i int) string {
	if i >= len(s.n.In) {
		return ""
	}
	return s.own(s.n.In[i])
}

// has reports whether there is an input i.
func (s *spelling) has(i int) bool { return i < len(s.n.In) && s.n.In[i] != graph.None }

// view returns input i as far as it is known.
func (s *spelling) view(i int) tensor.View {
	if !s.has(i) {
		return tensor.View{}
	}
	return s.g.View(s.n.In[i])
}

// out returns the type of output i.
func (s *spelling) out(i int) tensor.Type { return s.typ(s.n.Out[i]) }

// emit adds a node with one output, which it returns.
//
//go:noinline
func (s *spelling) emit(operator string, in []string, attrs ...wire) string {
	return s.emitAll(operator, 1, in, attrs...)[0]
}

// emitAll adds a node with a number of outputs. Their names may still be changed
// by define.
func (s *spelling) emitAll(operator string, outputs int, in []string, attrs ...wire) []string {
	for len(in) > 0 && in[len(in)-1] == "" {
		in = in[:len(in)-1]
	}
	label := s.n.Label
	if label == "" {
		label = s.base[s.n.Out[0]]
	}
	name := s.unique(label + "/" + operator)
	n := &writtenNode{op: operator, name: name, in: in, attrs: attrs}
	for range outputs {
		n.out = append(n.out, s.unique(name+"_out"))
	}
	s.nodes = append(s.nodes, n)
	return n.out
}

// define says that a tensor is output i as the graph has it.
func (s *spelling) define(i int, name string) { s.defineAs(i, "", name) }

// defineAs says that a tensor is output i in a form. If this node computed it, it
// takes the value's name.
func (s *spelling) defineAs(i int, kind, name string) {
	v := s.n.Out[i]
	f := form{v, kind}
	want := s.base[v]
	if kind != "" {
		want += "_" + kind
		if s.taken[want] {
			s.have(f, name)
			return
		}
		s.taken[want] = true
	}
	if n, k := s.emitted(name); n != nil {
		n.out[k], name = want, want
	}
	s.have(f, name)
}

// emitted returns the node that computes a tensor to which nothing refers yet, nil
// if there is none: its output may still be called otherwise.
func (s *spelling) emitted(name string) (n *writtenNode, output int) {
	if s.formed[name] {
		return nil, 0
	}
	for _, m := range s.nodes[s.first:] {
		if slices.Contains(m.in, name) {
			return nil, 0
		}
		if k := slices.Index(m.out, name); k >= 0 {
			n, output = m, k
		}
	}
	return n, output
}

// alike returns the names of inputs that are combined element by element, all
// in the layout in which the first image of four dimensions is there, and the kind
// of form that the output then has.
func (s *spelling) alike(inputs ...int) (names []string, kind string) {
	rank := s.out(0).Rank()
	turn := false
	for _, i := range inputs {
		if !s.has(i) {
			continue
		}
		v := s.n.In[i]
		if s.g.Values[v].Const != nil {
			continue
		}
		if rank != 4 || s.typ(v).Rank() != 4 {
			turn = false
			break
		}
		turn = turn || s.onlyPlanar(v)
	}
	for _, i := range inputs {
		switch {
		case !s.has(i):
			names = append(names, "")
		case turn:
			names = append(names, s.planar(s.n.In[i]))
		default:
			names = append(names, s.in(i))
		}
	}
	if turn {
		kind = planarForm
	}
	return names, kind
}

// bounded adds what clamps a tensor.
func (s *spelling) bounded(name string, b op.Bounds) string {
	if b == (op.Bounds{}) {
		return name
	}
	return s.clamped(name, b.Lo, b.Hi)
}

// clamped adds Relu or Clip, if a bound is less than what float32 has.
func (s *spelling) clamped(name string, lo, hi float32) string {
	low, high := lo > -math.MaxFloat32, hi < math.MaxFloat32
	switch {
	case !low && !high:
		return name
	case lo == 0 && !high:
		return s.emit("Relu", []string{name})
	}
	in := []string{name, "", ""}
	if low {
		in[1] = s.number(lo)
	}
	if high {
		in[2] = s.number(hi)
	}
	return s.emit("Clip", in)
}

// float checks that input i is float32.
func (s *spelling) float(i int) error {
	if d := s.view(i).DType; d != tensor.F32 {
		return op.Unsupported("input %d of %s", i, d)
	}
	return nil
}
