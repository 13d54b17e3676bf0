package runtime

import (
	"bytes"
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// target is what QuantizeLinear makes of a float.
type target struct {
	n           graph.Node // the QuantizeLinear
	scale, zero graph.Value
	d           tensor.DType
}

// quantise replaces QuantizeLinear and what alone it reads: operators that
// move elements or clamp, and before these one that has an integer form.
func (q *qdq) quantise(n graph.Node, o op.QuantizeLinear) (graph.Value, bool) {
	if t := q.b.Type(n.In[1]); o.Block != 0 || o.ZeroFirst || !t.Static() || t.Len() != 1 {
		return graph.None, false
	}
	to := target{n: n, scale: n.In[1], zero: graph.None, d: o.DType}
	if len(n.In) > 2 {
		to.zero = n.In[2]
	}
	v, after := n.In[0], []graph.Node(nil)
	for {
		if d, ok := q.of[v]; ok {
			y, ok := q.rescaled(n, d, to)
			return q.then(y, ok, after, to)
		}
		m, ok := q.made[v]
		if !ok || q.reads[v] != 1 {
			return graph.None, false
		}
		if y, ok := q.computed(m, to); ok {
			return q.then(y, true, after, to)
		}
		switch m.Op.(type) {
		case op.Transpose, op.Reshape, op.ExpandDims, op.Squeeze, op.Clamp:
			after, v = append(after, m), m.In[0]
		default:
			return graph.None, false
		}
	}
}

// then adds the operators that come after y, in reverse, on integers.
func (q *qdq) then(y graph.Value, ok bool, after []graph.Node, to target) (graph.Value, bool) {
	for i := len(after) - 1; i >= 0 && ok; i-- {
		m := after[i]
		c, clamps := m.Op.(op.Clamp)
		switch {
		case !clamps:
			y, ok = q.add(m, m.Op, append([]graph.Value{y}, m.In[1:]...)...)
		case c.Lo == 0 && math.IsInf(float64(c.Hi), 1) && q.startsAtZero(to):
		default:
			y, ok = q.add(m, op.LinearTable{Curve: op.CurveClamp, Lo: c.Lo, Hi: c.Hi, DType: to.d}, y, to.scale, to.zero, to.scale, to.zero)
		}
	}
	return y, ok
}

// startsAtZero reports whether the least integer stands for 0, so that nothing
// is below that.
func (q *qdq) startsAtZero(to target) bool {
	if to.zero == graph.None {
		return to.d == tensor.U8
	}
	z := q.b.View(to.zero)
	return z.Known() && len(z.Data) == 1 && (to.d == tensor.U8 && z.Data[0] == 0 || to.d == tensor.I8 && z.Data[0] == 0x80)
}

// rescaled brings integers to another scale.
func (q *qdq) rescaled(n graph.Node, d dequantised, to target) (graph.Value, bool) {
	if d.many {
		return graph.None, false
	}
	if q.b.Type(d.q).DType == to.d && q.same(d.scale, to.scale) && q.same(d.zero, to.zero) {
		return d.q, true
	}
	return q.add(n, op.LinearTable{DType: to.d}, d.q, d.scale, d.zero, to.scale, to.zero)
}

// same reports whether two parameters are known to be the same.
func (q *qdq) same(a, b graph.Value) bool {
	if a == b {
		return true
	}
	if a == graph.None || b == graph.None {
		return false
	}
	x, y := q.b.View(a), q.b.View(b)
	return x.Known() && y.Known() && x.DType == y.DType && bytes.Equal(x.Data, y.Data)
}

// computed adds the integer form of m, if there is one.
func (q *qdq) computed(m graph.Node, to target) (graph.Value, bool) {
	switch o := m.Op.(type) {
	case op.Conv2D:
		if o.Bounds != (op.Bounds{}) {
			return graph.None, false
		}
		return q.product(m, to, op.IntegerConv{Stride: o.Stride, Dilation: o.Dilation, Padding: o.Padding, DType: to.d}, 0, nil)
	case op.DepthwiseConv2D:
		if o.Bounds != (op.Bounds{}) {
			return graph.None, false
		}
		return q.product(m, to, op.IntegerConv{Stride: o.Stride, Dilation: o.Dilation, Padding: o.Padding, DType: to.d}, 3, []int{3, 1, 2, 0})
	case op.FullyConnected:
		if o.Bounds != (op.Bounds{}) || !o.KeepDims {
			return graph.None, false
		}
		return q.product(m, to, op.IntegerMatMul{DType: to.d}, 0, []int{1, 0})
	case op.BatchMatMul:
		return q.matMul(m, o, to)
	case op.Add:
		if o.Clamp != (op.Bounds{}) {
			return graph.None, false
		}
		if y, ok := q.pair(m, to, op.LinearPair{}); ok {
			return y, true
		}
		return q.biased(m, to)
	case op.Mul:
		if o.Clamp != (op.Bounds{}) {
			return graph.None, false
		}
		return q.pair(m, to, op.LinearPair{Product: true})
	case op.Concatenation:
		return q.joined(m, to)
	case op.Clamp:
		return q.curve(m, to, op.LinearTable{Curve: op.CurveClamp, Lo: o.Lo, Hi: o.Hi})
	case op.Logistic:
		return q.curve(m, to, op.LinearTable{Curve: op.CurveSigmoid})
	case op.Tanh:
		return q.curve(m, to, op.LinearTable{Curve: op.CurveTanh})
	case op.LeakyRelu:
		return q.curve(m, to, op.LinearTable{Curve: op.CurveLeaky, Alpha: o.Alpha})
	}
	return graph.None, false
}

// curve adds a function of one number.
func (q *qdq) curve(m graph.Node, to target, o op.LinearTable) (graph.Value, bool) {
	d, ok := q.of[m.In[0]]
	if !ok || d.many {
		return graph.None, false
	}
	o.DType = to.d
	return q.add(m, o, d.q, d.scale, d.zero, to.scale, to.zero)
}

// pair adds a sum or product. Its output has the type of its first input.
func (q *qdq) pair(m graph.Node, to target, o op.LinearPair) (graph.Value, bool) {
	a, okA := q.of[m.In[0]]
	b, okB := q.of[m.In[1]]
	if !okA || !okB || a.many || b.many || q.b.Type(a.q).DType != to.d {
		return graph.None, false
	}
	return q.add(m, o, a.q, a.scale, a.zero, b.q, b.scale, b.zero, to.scale, to.zero)
}

// joined joins what is first brought to one scale.
func (q *qdq) joined(m graph.Node, to target) (graph.Value, bool) {
	parts := make([]graph.Value, len(m.In))
	for i, v := range m.In {
		d, ok := q.of[v]
		if !ok {
			return graph.None, false
		}
		if parts[i], ok = q.rescaled(m, d, to); !ok {
			return graph.None, false
		}
	}
	return q.add(m, op.Concatenation{Axis: m.Op.(op.Concatenation).Axis}, parts...)
}
