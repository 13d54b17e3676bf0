package runtime

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// scaleSums returns a graph in which products of integers whose sums are cast
// to float32 and multiplied by scales do that themselves, and add a bias that
// follows, with the same results: models quantised while they run come so.
func scaleSums(g *graph.Graph) (*graph.Graph, error) {
	if !slices.ContainsFunc(g.Nodes, func(n graph.Node) bool { _, ok := withFloats(n.Op); return ok }) {
		return g, nil
	}
	return newQDQ(g, map[string]string{}).rewrite((*qdq).scaled)
}

// withFloats returns a product of integers with an output of float32.
func withFloats(o graph.Op) (graph.Op, bool) {
	switch o := o.(type) {
	case *op.IntegerConv:
		o = new(*o)
		ok := o.DType == tensor.I32 || o.DType == tensor.F32
		o.DType = tensor.F32
		return o, ok
	case *op.IntegerMatMul:
		o = new(*o)
		ok := o.DType == tensor.I32 || o.DType == tensor.F32
		o.DType = tensor.F32
		return o, ok
	}
	return nil, false
}

// The inputs of products of integers: see op.IntegerConv.
const (
	inputXScale    = 4
	inputBiasFloat = 9
	productInputs  = 10
)

// scaled returns what replaces n, a product with scales or a sum with a bias.
func (q *qdq) scaled(n graph.Node) ([]graph.Value, string) {
	switch o := n.Op.(type) {
	case *op.Mul:
		if o.Clamp != (op.Bounds{}) {
			return nil, ""
		}
	case *op.Add:
		if o.Clamp != (op.Bounds{}) {
			return nil, ""
		}
	default:
		return nil, ""
	}
	for i := range 2 {
		y, other := n.In[i], n.In[1-i]
		m, ok := q.made[y]
		if !ok || q.reads[y] != 1 || q.b.Type(other).DType != tensor.F32 || !q.perOutput(other, q.b.Type(y)) {
			continue
		}
		if _, sum := n.Op.(*op.Add); sum {
			m, ok = q.withBias(m, other)
		} else {
			m, ok = q.withScale(m, other)
		}
		if !ok {
			continue
		}
		if v, why := q.add(m, m.Op, m.In...); why == "" {
			return []graph.Value{v}, ""
		}
	}
	return nil, ""
}

// perOutput reports whether v has one element, or one for each of y's last
// dimension, and broadcasts to y.
func (q *qdq) perOutput(v graph.Value, y tensor.Type) bool {
	t := q.b.Type(v)
	if !t.Static() || !y.Static() || t.Rank() > y.Rank() || y.Rank() == 0 {
		return false
	}
	return t.Len() == 1 || t.Rank() > 0 && t.Len() == y.Shape[y.Rank()-1] && t.Len() == t.Shape[t.Rank()-1]
}

// withBias adds a bias to a product that has a float result, and none yet.
func (q *qdq) withBias(m graph.Node, bias graph.Value) (graph.Node, bool) {
	o, ok := withFloats(m.Op)
	if !ok || len(m.In) <= inputXScale || m.In[inputXScale] == graph.None || len(m.In) > inputBiasFloat && m.In[inputBiasFloat] != graph.None {
		return m, false // sums without a scale are int32
	}
	m.Op, m.In = o, padded(m.In)
	m.In[inputBiasFloat] = bias
	return m, true
}

// withScale multiplies the sums of which m makes floats by a scale: by its two
// factors, if it is the product of one for x and others for the outputs.
func (q *qdq) withScale(m graph.Node, scale graph.Value) (graph.Node, bool) {
	c, casts := m.Op.(*op.Cast)
	if !casts || c.DType != tensor.F32 {
		return m, false
	}
	p, ok := q.made[m.In[0]]
	if !ok || q.reads[m.In[0]] != 1 {
		return m, false
	}
	o, ok := withFloats(p.Op)
	if !ok || len(p.In) > inputXScale && p.In[inputXScale] != graph.None {
		return m, false
	}
	x, w := q.factors(scale)
	p.Op, p.In = o, padded(p.In)
	p.In[inputXScale], p.In[inputXScale+1] = x, w
	return p, true
}

// factors returns two scales whose product is one, the first of one element.
func (q *qdq) factors(scale graph.Value) (x, w graph.Value) {
	if m, ok := q.made[scale]; ok {
		if o, ok := m.Op.(*op.Mul); ok && o.Clamp == (op.Bounds{}) {
			a, b := q.b.Type(m.In[0]), q.b.Type(m.In[1])
			switch {
			case a.Static() && a.Len() == 1:
				return m.In[0], m.In[1]
			case b.Static() && b.Len() == 1:
				return m.In[1], m.In[0]
			}
		}
	}
	one := q.b.Const("one", tensor.Of(tensor.F32), tensor.Bytes([]float32{1}))
	if q.b.Type(scale).Len() == 1 {
		return scale, one
	}
	return one, scale
}

// padded returns all inputs of a product, None for those left out.
func padded(in []graph.Value) []graph.Value {
	all := slices.Clone(in)
	for len(all) < productInputs {
		all = append(all, graph.None)
	}
	return all
}
