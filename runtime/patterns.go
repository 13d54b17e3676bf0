package runtime

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// patterns returns a graph in which chains of operators that write out one
// function of float32 are an operator for that function: exporters of ONNX
// write GELU, layer normalisation and others so. Results are the same but for
// roundings. Operators of TensorFlow Lite, which promise its bits, are let be.
func patterns(g *graph.Graph) (*graph.Graph, error) {
	if !slices.ContainsFunc(g.Nodes, endsPattern) {
		return g, nil
	}
	q := newQDQ(g, map[string]string{})
	return q.rewrite(func(q *qdq, n graph.Node) ([]graph.Value, string) {
		for _, match := range []func(*matcher) graph.Value{(*matcher).gelu, (*matcher).swish, (*matcher).centred, (*matcher).scaledNorm, (*matcher).shiftedNorm, (*matcher).softmax, (*matcher).scaledSoftmax, (*matcher).bias} {
			if v := match(&matcher{q, n}); v != graph.None {
				return []graph.Value{v}, ""
			}
		}
		return nil, ""
	})
}

// endsPattern reports whether n may be the last of a pattern's operators.
func endsPattern(n graph.Node) bool {
	switch n.Op.(type) {
	case *op.Mul, *op.Div, *op.Add, *op.Softmax:
		return true
	}
	return false
}

// matcher looks at a node, whose inputs are in the new graph, and at what made
// them. A pattern's inner values are read once: others would have to stay.
type matcher struct {
	*qdq
	n graph.Node
}

// replace adds o in the node's place, None if it doesn't take these inputs or
// makes something else of them: a constant may have had more dimensions.
func (m *matcher) replace(o graph.Op, in ...graph.Value) graph.Value {
	if m.b.Type(in[0]).DType != tensor.F32 {
		return graph.None
	}
	types, err := o.Infer(m.views(in))
	if err != nil || !slices.Equal(types[0].Shape, m.g.Values[m.n.Out[0]].Type.Shape) {
		return graph.None
	}
	v, why := m.add(m.n, o, in...)
	if why != "" {
		return graph.None
	}
	return v
}

// number returns the constant float32 that v holds, in one element.
func (m *matcher) number(v graph.Value) (float32, bool) {
	c := m.b.View(v)
	if !c.Known() || c.DType != tensor.F32 || c.Len() != 1 {
		return 0, false
	}
	return c.F32()[0], true
}

// near reports whether x is y but for the digits that exporters leave out.
func near(x float32, y float64) bool { return math.Abs(float64(x)-y) <= 1e-4*math.Abs(y) }

// binary returns the operands of n, a sum, difference, product or quotient
// without a clamp: what o is.
func binary(n graph.Node, o graph.Op) (a, b graph.Value, ok bool) {
	var clamp op.Bounds
	switch is := n.Op.(type) {
	case *op.Add:
		_, ok = o.(*op.Add)
		clamp = is.Clamp
	case *op.Sub:
		_, ok = o.(*op.Sub)
		clamp = is.Clamp
	case *op.Mul:
		_, ok = o.(*op.Mul)
		clamp = is.Clamp
	case *op.Div:
		_, ok = o.(*op.Div)
		clamp = is.Clamp
	}
	if !ok || clamp != (op.Bounds{}) || len(n.In) != 2 {
		return graph.None, graph.None, false
	}
	return n.In[0], n.In[1], true
}

// once returns how v is made, if only one reader needs it.
func (m *matcher) once(v graph.Value) (graph.Node, bool) {
	n, ok := m.made[v]
	return n, ok && m.reads[v] == 1
}

// plus returns v − c, if v is made as that plus the constant c.
func (m *matcher) plus(v graph.Value, c float64) (graph.Value, bool) {
	n, _ := m.once(v)
	a, b, ok := binary(n, &op.Add{})
	if !ok {
		return graph.None, false
	}
	if x, known := m.number(a); known && near(x, c) {
		return b, true
	}
	x, known := m.number(b)
	return a, known && near(x, c)
}

// factors returns what the product n multiplies, its constants of one element
// made one number. A quotient by a constant is a product too.
func (m *matcher) factorsOf(n graph.Node) (vs []graph.Value, c float64, ok bool) {
	a, b, product := binary(n, &op.Mul{})
	c = 1
	if !product {
		if a, b, ok = binary(n, &op.Div{}); !ok {
			return nil, 0, false
		}
		x, known := m.number(b)
		if !known || x == 0 {
			return nil, 0, false
		}
		c, b = 1/float64(x), graph.None
	}
	for _, v := range []graph.Value{a, b} {
		if v == graph.None {
			continue
		}
		if x, known := m.number(v); known {
			c *= float64(x)
			continue
		}
		if inner, read := m.once(v); read {
			if more, by, ok := m.factorsOf(inner); ok {
				vs, c = append(vs, more...), c*by
				continue
			}
		}
		vs = append(vs, v)
	}
	return vs, c, true
}

// scaledBy returns x, if v is made as x·c.
func (m *matcher) scaledBy(v graph.Value, c float64) (graph.Value, bool) {
	n, _ := m.once(v)
	vs, by, ok := m.factorsOf(n)
	if !ok || len(vs) != 1 || math.Abs(by-c) > 1e-4*c {
		return graph.None, false
	}
	return vs[0], true
}

// elementary returns x, if v is made as f of it.
func (m *matcher) elementary(v graph.Value, f op.Function) (graph.Value, bool) {
	n, read := m.once(v)
	o, ok := n.Op.(*op.Elementary)
	if !read || !ok || o.F != f {
		return graph.None, false
	}
	return n.In[0], true
}
