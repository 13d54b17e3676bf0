package runtime

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// aggregated returns x and the axis, if v is made of it by a reduction of that
// kind along one axis, which stays.
func (m *matcher) aggregated(v graph.Value, kind op.Reduction) (x graph.Value, axis int, ok bool) {
	n := m.made[v]
	o, is := n.Op.(*op.Aggregate)
	if !is || o.Kind != kind || !o.KeepDims {
		return graph.None, 0, false
	}
	axes := o.Axes
	if len(n.In) > 1 && n.In[1] != graph.None {
		c := m.b.View(n.In[1])
		if !c.Known() || c.DType != tensor.I64 {
			return graph.None, 0, false
		}
		axes = axes[:0:0]
		for _, a := range c.I64() {
			axes = append(axes, int(a))
		}
	}
	if len(axes) != 1 {
		return graph.None, 0, false
	}
	if axis = axes[0]; axis < 0 {
		axis += m.b.Type(n.In[0]).Rank()
	}
	return n.In[0], axis, true
}

// last reports whether axis is x's last.
func (m *matcher) last(x graph.Value, axis int) bool { return axis == m.b.Type(x).Rank()-1 }

// lessMean returns x, if v is made as x less its mean along the last axis.
func (m *matcher) lessMean(v graph.Value) (graph.Value, bool) {
	x, mean, ok := binary(m.made[v], &op.Sub{})
	if !ok {
		return graph.None, false
	}
	of, axis, ok := m.aggregated(mean, op.ReduceMean)
	return x, ok && of == x && m.last(x, axis)
}

// squared returns x, if v is made as its square.
func (m *matcher) squared(v graph.Value) (graph.Value, bool) {
	n, read := m.once(v)
	if _, power := n.Op.(*op.Power); power && read {
		exponent, known := m.number(n.In[1])
		return n.In[0], known && exponent == 2
	}
	a, b, ok := binary(n, &op.Mul{})
	return a, ok && read && a == b
}

// deviation returns d and ε, if v is made as √(mean of d² + ε).
func (m *matcher) deviation(v graph.Value) (d graph.Value, epsilon float32, ok bool) {
	u, ok := m.elementary(v, op.FnSqrt)
	if !ok {
		return graph.None, 0, false
	}
	n, _ := m.once(u)
	a, b, ok := binary(n, &op.Add{})
	if !ok {
		return graph.None, 0, false
	}
	if _, known := m.number(a); known {
		a, b = b, a
	}
	epsilon, known := m.number(b)
	s, axis, ok := m.aggregated(a, op.ReduceMean)
	if !known || !ok || m.reads[a] != 1 || !m.last(s, axis) {
		return graph.None, 0, false
	}
	d, ok = m.squared(s)
	return d, epsilon, ok
}

// quotient returns a and b, if n is a/b, or a·(1/b).
func (m *matcher) quotient() (a, b graph.Value, ok bool) {
	if a, b, ok = binary(m.n, &op.Div{}); ok {
		return a, b, true
	}
	u, v, ok := binary(m.n, &op.Mul{})
	if !ok {
		return graph.None, graph.None, false
	}
	for _, p := range [2][2]graph.Value{{u, v}, {v, u}} {
		if b, ok = m.elementary(p[1], op.FnReciprocal); ok {
			return p[0], b, true
		}
		n, _ := m.once(p[1])
		if one, b, ok := binary(n, &op.Div{}); ok {
			if x, known := m.number(one); known && x == 1 {
				return p[0], b, true
			}
		}
	}
	return graph.None, graph.None, false
}

// centred finds (x − mean)/√(variance + ε), or x/√(mean square + ε), along the
// last axis.
func (m *matcher) centred() graph.Value {
	a, b, ok := m.quotient()
	if !ok {
		return graph.None
	}
	d, epsilon, ok := m.deviation(b)
	if !ok {
		return graph.None
	}
	o := &op.LayerNormalization{Axis: -1, Epsilon: epsilon}
	x, less := m.lessMean(a)
	if y, also := m.lessMean(d); less && also && x == y { // mostly a is d
		return m.replace(o, x)
	}
	if a != d {
		return graph.None
	}
	o.RMS = true
	return m.replace(o, a)
}

// normed returns how v is made, if by a layer normalisation along the last
// axis with n inputs, and other, if that is a row of constants.
func (m *matcher) normed(v, other graph.Value, n int) (graph.Node, bool) {
	node, read := m.once(v)
	o, norm := node.Op.(*op.LayerNormalization)
	row, t := m.b.View(other), m.b.Type(v)
	return node, read && norm && o.Axis == -1 && o.Stats == tensor.None && len(node.In) == n && t.Static() && t.Rank() > 0 &&
		row.Known() && row.Rank() == 1 && slices.Equal(row.Shape, t.Shape[t.Rank()-1:])
}

// scaledNorm gives a normalisation the scale that follows.
func (m *matcher) scaledNorm() graph.Value { return m.withRow(&op.Mul{}, 1) }

// shiftedNorm gives a scaled normalisation the bias that follows.
func (m *matcher) shiftedNorm() graph.Value { return m.withRow(&op.Add{}, 2) }

// withRow gives a normalisation of n inputs another: that of the node, which o
// is like.
func (m *matcher) withRow(o graph.Op, n int) graph.Value {
	a, b, ok := binary(m.n, o)
	if !ok {
		return graph.None
	}
	for _, p := range [2][2]graph.Value{{a, b}, {b, a}} {
		if norm, ok := m.normed(p[0], p[1], n); ok {
			return m.replace(norm.Op, append(slices.Clone(norm.In), p[1])...)
		}
	}
	return graph.None
}

// scaledSoftmax finds the softmax of a multiple.
func (m *matcher) scaledSoftmax() graph.Value {
	o, ok := m.n.Op.(*op.Softmax)
	if !ok || !o.Plain {
		return graph.None
	}
	n, _ := m.once(m.n.In[0])
	vs, c, ok := m.factorsOf(n)
	if !ok || len(vs) != 1 || c <= 0 {
		return graph.None
	}
	scaled := *o
	scaled.Beta = float32(float64(o.Beta) * c)
	return m.replace(&scaled, vs[0])
}

// softmax finds e/Σe with e = exp(x − greatest x), along one axis.
func (m *matcher) softmax() graph.Value {
	e, sum, ok := binary(m.n, &op.Div{})
	if !ok {
		return graph.None
	}
	of, axis, ok := m.aggregated(sum, op.ReduceSum)
	if !ok || of != e || m.reads[e] != 2 || m.reads[sum] != 1 {
		return graph.None
	}
	exp := m.made[e]
	if o, is := exp.Op.(*op.Elementary); !is || o.F != op.FnExp {
		return graph.None
	}
	less, _ := m.once(exp.In[0])
	x, top, ok := binary(less, &op.Sub{})
	if !ok {
		return graph.None
	}
	of, along, ok := m.aggregated(top, op.ReduceMax)
	if !ok || of != x || along != axis {
		return graph.None
	}
	return m.replace(&op.Softmax{Beta: 1, Axis: axis, Plain: true, To: op.To{DType: tensor.F32}}, x)
}
