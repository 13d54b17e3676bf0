package runtime

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// target is what QuantizeLinear makes of a float.
type target struct {
	n           graph.Node // the QuantizeLinear
	o           op.QuantizeLinear
	scale, zero graph.Value
	d           tensor.DType
}

// newTarget reads a QuantizeLinear that has one scale.
func (q *qdq) newTarget(n graph.Node, o op.QuantizeLinear) (target, string) {
	t := q.b.Type(n.In[1])
	switch {
	case o.Block != 0:
		return target{}, "its scales are of blocks"
	case o.ZeroFirst:
		return target{}, "its zero point is added before it rounds"
	case !t.Static():
		return target{}, "how many scales it has depends on data"
	case t.Len() != 1:
		return target{}, fmt.Sprintf("its scale differs along axis %d", o.Axis)
	}
	to := target{n: n, o: o, scale: n.In[1], zero: graph.None, d: o.DType}
	if len(n.In) > 2 {
		to.zero = n.In[2]
	}
	return to, ""
}

// quantise replaces QuantizeLinear and what alone it reads: operators that
// move elements or clamp, and before these one that has an integer form.
func (q *qdq) quantise(n graph.Node, o op.QuantizeLinear) (graph.Value, string) {
	to, why := q.newTarget(n, o)
	if why != "" {
		return graph.None, why
	}
	v, after := n.In[0], []graph.Node(nil)
	for {
		if y, why := q.function(n, v, to); why == "" {
			return q.then(y, after, to)
		}
		m, ok := q.made[v]
		if !ok {
			return graph.None, "it quantises " + q.name(v)
		}
		if q.reads[v] != 1 {
			return graph.None, fmt.Sprintf("%s is read in float too, %s", nodeName(&m), q.others(v, n))
		}
		y, why := q.computed(m, to)
		if why == "" {
			return q.then(y, after, to)
		}
		_, clamps := m.Op.(*op.Clamp)
		_, pads := m.Op.(*op.Pad)
		_, sides := m.Op.(*op.PadSides)
		if !clamps && !pads && !sides && !moves(m.Op) || len(m.In) == 0 {
			q.why[nodeKey(&m)] = why
			return graph.None, fmt.Sprintf("%s gives float: %s", nodeName(&m), why)
		}
		after, v = append(after, m), m.In[0]
	}
}

// name is what the model calls a value.
func (q *qdq) name(v graph.Value) string {
	for i, w := range q.to {
		if w != v {
			continue
		}
		if slices.Contains(q.g.In, graph.Value(i)) {
			return fmt.Sprintf("%q, an input of the model", q.g.Values[i].Name)
		}
		return fmt.Sprintf("%q", q.g.Values[i].Name)
	}
	return "a constant"
}

// others says who but n, or what comes before n, reads v.
func (q *qdq) others(v graph.Value, n graph.Node) string {
	for i, w := range q.to {
		if w != v {
			continue
		}
		for k := range q.g.Nodes {
			m := &q.g.Nodes[k]
			if slices.Contains(m.In, graph.Value(i)) && nodeKey(m) != nodeKey(&n) {
				return "by " + nodeName(m)
			}
		}
	}
	return "as an output of the model"
}

// then adds the operators that come after y, in reverse, on integers.
func (q *qdq) then(y graph.Value, after []graph.Node, to target) (_ graph.Value, why string) {
	for i := len(after) - 1; i >= 0; i-- {
		m := after[i]
		in := append([]graph.Value{y}, m.In[1:]...)
		switch o := m.Op.(type) {
		case *op.Clamp:
			y, why = q.clamped(m, *o, y, to)
		case *op.Pad, *op.PadSides:
			in, ok := q.padding(m, in, to.scale, to.zero, false)
			if !ok {
				return graph.None, fmt.Sprintf("%s pads with a number that is not constant", nodeName(&m))
			}
			y, why = q.add(m, plain(o), in...)
		default:
			y, why = q.add(m, plain(o), in...)
		}
		if why != "" {
			return graph.None, fmt.Sprintf("%s gives float: %s", nodeName(&m), why)
		}
	}
	return y, ""
}

// clamped bounds what integers of to's scale stand for.
func (q *qdq) clamped(m graph.Node, o op.Clamp, y graph.Value, to target) (graph.Value, string) {
	d := dequantised{q: y, scale: to.scale, zero: to.zero}
	if real, ok := q.allNumbers(d); ok {
		real, ok = evaluated(new(o), real)
		if t, known := q.allQuantised(real, to); ok && known {
			return q.lookup(m, y, t, to.d)
		}
	}
	return q.add(m, &op.LinearTable{Curve: op.CurveClamp, Lo: o.Lo, Hi: o.Hi, DType: to.d}, y, to.scale, to.zero, to.scale, to.zero)
}

// rescaled brings integers to another scale.
func (q *qdq) rescaled(n graph.Node, d dequantised, to target) (graph.Value, string) {
	if d.many {
		return graph.None, fmt.Sprintf("its scale differs along axis %d", d.axis)
	}
	if q.b.Type(d.q).DType == to.d && q.same(d.scale, to.scale) && q.same(d.zero, to.zero) {
		return d.q, ""
	}
	if real, ok := q.allNumbers(d); ok {
		if t, ok := q.allQuantised(real, to); ok {
			return q.lookup(n, d.q, t, to.d)
		}
	}
	return q.add(n, &op.LinearTable{DType: to.d}, d.q, d.scale, d.zero, to.scale, to.zero)
}

// same reports whether two parameters are known to be the same. A zero point
// that is left out is 0.
func (q *qdq) same(a, b graph.Value) bool {
	if a == b {
		return true
	}
	if a == graph.None {
		a, b = b, a
	}
	x := q.b.View(a)
	if b == graph.None {
		return x.Known() && x.Len() == 1 && len(bytes.Trim(x.Data, "\x00")) == 0
	}
	y := q.b.View(b)
	return x.Known() && y.Known() && x.DType == y.DType && bytes.Equal(x.Data, y.Data)
}
