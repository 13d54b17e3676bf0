package runtime

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Any function of a number that an 8-bit integer stands for has 256 values: the
// operators that make it up are run on all of them, and a table remains.

// function returns the integers for v, a number of elements each a function
// of one dequantised number in its place.
func (q *qdq) function(n graph.Node, v graph.Value, to target) (graph.Value, string) {
	if d, ok := q.of[v]; ok {
		return q.rescaled(n, d, to)
	}
	e := evaluation{q: q, known: map[graph.Value]tensor.View{}}
	real, why := e.of(v)
	switch {
	case why != "":
		return graph.None, why
	case !e.found || real.DType != tensor.F32:
		return graph.None, "it is a function of no integers"
	case !slices.Equal(q.b.Type(v).Shape, q.b.Type(e.x.q).Shape):
		return graph.None, "it is broadcast"
	}
	t, ok := q.allQuantised(real, to)
	if !ok {
		return graph.None, "the scale that follows is not constant"
	}
	m := q.made[v]
	return q.lookup(m, e.x.q, t, to.d)
}

// lookup adds a table, unless it changes nothing.
func (q *qdq) lookup(n graph.Node, x graph.Value, table *[256]byte, d tensor.DType) (graph.Value, string) {
	from := q.b.Type(x).DType
	same := from == d
	for i, b := range table {
		same = same && int(b) == i
	}
	if same {
		return x, ""
	}
	return q.add(n, &op.Lookup{Table: table, From: from, DType: d}, x)
}

// allNumbers returns the numbers that all 256 integers stand for, in the order
// of their bits.
func (q *qdq) allNumbers(d dequantised) (tensor.View, bool) {
	t := q.b.Type(d.q)
	s, z, ok := q.knownScale(d.scale, d.zero)
	if d.many || !ok || t.DType != tensor.I8 && t.DType != tensor.U8 {
		return tensor.View{}, false
	}
	all := tensor.View{Type: tensor.Of(t.DType, 256), Data: make([]byte, 256)}
	for i := range all.Data {
		all.Data[i] = byte(i)
	}
	return evaluated(&op.DequantizeLinear{DType: tensor.F32}, withZero(z, all, s)...)
}

// withZero appends a zero point, unless there is none.
func withZero(z tensor.View, in ...tensor.View) []tensor.View {
	if z.Absent() {
		return in
	}
	return append(in, z)
}

// allQuantised returns what to makes of 256 numbers.
func (q *qdq) allQuantised(real tensor.View, to target) (*[256]byte, bool) {
	s, z, ok := q.knownScale(to.scale, to.zero)
	if !ok || to.d != tensor.I8 && to.d != tensor.U8 || !slices.Equal(real.Shape, []int{256}) {
		return nil, false
	}
	y, ok := evaluated(&op.QuantizeLinear{DType: to.d}, withZero(z, real, s)...)
	if !ok {
		return nil, false
	}
	return (*[256]byte)(y.Data), true
}

// evaluation computes values, from all 256 integers that x may be on, or
// constants of one element.
type evaluation struct {
	q     *qdq
	x     dequantised
	found bool
	known map[graph.Value]tensor.View
	count int
}

// maxChain is the most operators that one table stands for.
const maxChain = 64

func (e *evaluation) of(v graph.Value) (tensor.View, string) {
	if y, ok := e.known[v]; ok {
		return y, ""
	}
	y, why := e.compute(v)
	if why == "" {
		e.known[v] = y
	}
	return y, why
}

func (e *evaluation) compute(v graph.Value) (tensor.View, string) {
	if c := e.q.b.View(v); c.Known() {
		if c.Len() != 1 {
			return c, "it reads a constant of many elements"
		}
		c.Shape = []int{1}
		return c, ""
	}
	if d, ok := e.q.of[v]; ok {
		return e.dequantised(d)
	}
	m, ok := e.q.made[v]
	if !ok {
		return tensor.View{}, "it reads " + e.q.name(v) + ", which is float"
	}
	o, ok := m.Op.(op.Referenced)
	if _, elementwise := m.Op.(op.Elementwise); !ok || !elementwise {
		return tensor.View{}, nodeName(&m) + " is no function of one number"
	}
	if e.count++; e.count > maxChain {
		return tensor.View{}, fmt.Sprintf("it is a function of more than %d operators", maxChain)
	}
	in := make([]tensor.View, len(m.In))
	for i, x := range m.In {
		if x == graph.None {
			continue
		}
		var why string
		if in[i], why = e.of(x); why != "" {
			return tensor.View{}, why
		}
	}
	y, ok := evaluated(o, in...)
	if !ok {
		return y, nodeName(&m) + " is not defined for all integers"
	}
	return y, ""
}

// dequantised returns all numbers that d may be: one if it is constant.
func (e *evaluation) dequantised(d dequantised) (tensor.View, string) {
	q := e.q
	if c := q.b.View(d.q); c.Known() && c.Len() == 1 && !d.many {
		c.Shape = []int{1}
		if s, z, ok := q.knownScale(d.scale, d.zero); ok {
			if y, ok := evaluated(&op.DequantizeLinear{DType: tensor.F32}, withZero(z, c, s)...); ok {
				return y, ""
			}
		}
		return c, "its constant has a scale that is not"
	}
	if e.found && (e.x.q != d.q || !q.same(e.x.scale, d.scale) || !q.same(e.x.zero, d.zero)) {
		return tensor.View{}, "it is a function of two tensors"
	}
	real, ok := q.allNumbers(d)
	if !ok {
		return real, "its input has not one constant scale of 8-bit integers"
	}
	e.x, e.found = d, true
	return real, ""
}
