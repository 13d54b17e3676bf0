package runtime

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// gelu finds ½·x·(1 + erf(x/√2)), in any order, and the form by tanh.
func (m *matcher) gelu() graph.Value {
	vs, c, ok := m.factorsOf(m.n)
	if !ok || len(vs) != 2 || !near(float32(c), 0.5) {
		return graph.None
	}
	for i, x := range vs {
		gate, ok := m.plus(vs[1-i], 1)
		if !ok {
			continue
		}
		if u, ok := m.elementary(gate, op.FnErf); ok {
			if v, ok := m.scaledBy(u, math.Sqrt2/2); ok && v == x {
				return m.replace(&op.Gelu{Plain: true}, x)
			}
		}
		if u, ok := m.elementary(gate, op.FnTanh); ok && m.geluArgument(u, x) {
			return m.replace(&op.Gelu{Tanh: true, Plain: true}, x)
		}
	}
	return graph.None
}

// geluArgument reports whether u is √(2/π)·(x + 0.044715·x³).
func (m *matcher) geluArgument(u, x graph.Value) bool {
	sum, ok := m.scaledBy(u, math.Sqrt2/math.SqrtPi)
	if !ok {
		return false
	}
	n, _ := m.once(sum)
	a, b, ok := binary(n, &op.Add{})
	if b == x {
		a, b = b, a
	}
	if !ok || a != x {
		return false
	}
	n, _ = m.once(b)
	vs, c, ok := m.factorsOf(n)
	if !ok || !near(float32(c), 0.044715) {
		return false
	}
	switch len(vs) {
	case 1:
		cube, _ := m.once(vs[0])
		if _, power := cube.Op.(*op.Power); !power || cube.In[0] != x {
			return false
		}
		exponent, known := m.number(cube.In[1])
		return known && exponent == 3
	case 3:
		return vs[0] == x && vs[1] == x && vs[2] == x
	}
	return false
}

// swish finds x·sigmoid(a·x).
func (m *matcher) swish() graph.Value {
	a, b, ok := binary(m.n, &op.Mul{})
	if !ok {
		return graph.None
	}
	for _, p := range [2][2]graph.Value{{a, b}, {b, a}} {
		x, gate := p[0], m.made[p[1]]
		o, sigmoid := gate.Op.(*op.Logistic)
		if !sigmoid || !o.Plain || m.reads[p[1]] != 1 {
			continue
		}
		if gate.In[0] == x {
			return m.replace(&op.Activation{F: op.ActSwish, A: 1}, x)
		}
		scaled, _ := m.once(gate.In[0])
		if vs, c, ok := m.factorsOf(scaled); ok && len(vs) == 1 && vs[0] == x {
			return m.replace(&op.Activation{F: op.ActSwish, A: float32(c)}, x)
		}
	}
	return graph.None
}

// bias finds the sum of a dense layer that has none and a constant row.
func (m *matcher) bias() graph.Value {
	a, b, ok := binary(m.n, &op.Add{})
	if !ok {
		return graph.None
	}
	for _, p := range [2][2]graph.Value{{a, b}, {b, a}} {
		n, read := m.once(p[0])
		o, dense := n.Op.(*op.FullyConnected)
		if !read || !dense || !o.Fused || o.Bounds != (op.Bounds{}) || len(n.In) != 2 {
			continue
		}
		y, row := m.b.Type(p[0]), m.b.View(p[1])
		if !y.Static() || !row.Known() || row.Rank() == 0 || row.DType != tensor.F32 || row.Len() != y.Shape[y.Rank()-1] || row.Len() != row.Shape[row.Rank()-1] || row.Rank() > y.Rank() {
			continue
		}
		return m.replace(o, n.In[0], n.In[1], m.b.Const("bias", tensor.Of(tensor.F32, row.Len()), row.Data))
	}
	return graph.None
}
