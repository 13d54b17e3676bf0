package runtime

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// moveTransposes returns g with as few transposes as it finds: each is moved
// along through operators that don't mind (op.Permuter), and vanishes when it
// meets its inverse. Formats whose images are NCHW come with a pair around
// each convolution; between convolutions nothing remains of them.
func moveTransposes(g *graph.Graph) (*graph.Graph, error) {
	if !slices.ContainsFunc(g.Nodes, func(n graph.Node) bool { _, ok := n.Op.(op.Transpose); return ok }) {
		return g, nil
	}
	m := mover{g: g, b: graph.NewBuilder(g.Name), to: make([]graph.Value, len(g.Values)), owed: make([]owed, len(g.Values))}
	for i := range m.to {
		m.to[i] = graph.None
	}
	for _, v := range g.In {
		m.to[v] = m.b.Input(g.Values[v].Name, g.Values[v].Type)
	}
	for i := range g.Nodes {
		if err := m.node(&g.Nodes[i]); err != nil {
			return nil, err
		}
	}
	out := make([]graph.Value, len(g.Out))
	for i, v := range g.Out {
		out[i] = m.value(v)
	}
	return m.b.Graph(out...)
}

// mover builds the new graph. to maps values of the old one; a value that is
// owed a transpose has no place in the new graph until something needs it as
// it was.
type mover struct {
	g    *graph.Graph
	b    *graph.Builder
	to   []graph.Value
	owed []owed
}

// owed says that a value is Transpose(from, perm), from being in the new graph.
type owed struct {
	from graph.Value
	perm []int
	node *graph.Node // whose name a transpose gets
}

// value returns v in the new graph, as it was.
func (m *mover) value(v graph.Value) graph.Value {
	if v == graph.None || m.to[v] != graph.None {
		if v == graph.None {
			return v
		}
		return m.to[v]
	}
	info := m.g.Values[v]
	switch o := m.owed[v]; {
	case o.perm != nil:
		n := *o.node
		n.Op, n.In = op.Transpose{Perm: o.perm}, []graph.Value{o.from}
		if out, err := m.b.Node(n, info.Name); err == nil {
			m.to[v] = out[0]
		}
	case info.Var != nil:
		m.to[v] = m.b.Var(info.Var)
	default:
		m.to[v] = m.b.Const(info.Name, info.Type, info.Const)
	}
	return m.to[v]
}

func (m *mover) node(n *graph.Node) error {
	// A variable is transposed where it is read: later it may have changed.
	if t, ok := n.Op.(op.Transpose); ok && t.Perm != nil && len(n.In) == 1 && m.g.Values[n.In[0]].Var == nil {
		m.transpose(n, t.Perm)
		return m.b.Err()
	}
	if perm := m.common(n); perm != nil {
		if done, err := m.permuted(n, perm); done || err != nil {
			return err
		}
	}
	return m.emit(n, n.Op, n.In, func(v graph.Value) graph.Value { return m.value(v) }, nil)
}

// transpose owes n's output a transpose instead of adding one.
func (m *mover) transpose(n *graph.Node, perm []int) {
	v, out := n.In[0], n.Out[0]
	from := m.owed[v].from
	if m.owed[v].perm != nil {
		perm = op.Compose(m.owed[v].perm, perm)
	} else {
		from = m.value(v)
	}
	if op.Identity(perm) {
		m.to[out] = from
		return
	}
	m.owed[out] = owed{from, perm, n}
}

// common returns the permutation that all of n's inputs are owed, but for
// constants; nil if there is none.
func (m *mover) common(n *graph.Node) (perm []int) {
	for _, v := range n.In {
		switch {
		case v == graph.None:
			return nil
		case m.g.Values[v].Const != nil:
			if m.g.Values[v].Type.Quant.PerChannel() {
				return nil
			}
		case m.owed[v].perm == nil || perm != nil && !slices.Equal(perm, m.owed[v].perm):
			return nil
		default:
			perm = m.owed[v].perm
		}
	}
	for _, v := range n.In {
		if t := m.g.Values[v].Type; !t.Static() || t.Rank() > len(perm) {
			return nil
		}
	}
	return perm
}

// permuted adds n without the transposes of its inputs, and owes its outputs
// one instead.
func (m *mover) permuted(n *graph.Node, perm []int) (bool, error) {
	p, ok := n.Op.(op.Permuter)
	if !ok {
		return false, nil
	}
	o := p.Permuted(perm)
	if o == nil {
		return false, nil
	}
	return true, m.emit(n, o, n.In, func(v graph.Value) graph.Value {
		if m.g.Values[v].Const != nil {
			return m.constant(v, op.Inverse(perm))
		}
		return m.owed[v].from
	}, perm)
}

// emit adds an operator for n. If perm is given, its outputs are n's before
// they are transposed by it.
func (m *mover) emit(n *graph.Node, o graph.Op, in []graph.Value, to func(graph.Value) graph.Value, perm []int) error {
	c := *n
	c.Op, c.In = o, make([]graph.Value, len(in))
	for i, v := range in {
		c.In[i] = to(v)
	}
	names := make([]string, len(n.Out))
	for i, v := range n.Out {
		names[i] = m.g.Values[v].Name
	}
	out, err := m.b.Node(c, names...)
	if err != nil {
		return err
	}
	for i, v := range n.Out {
		if perm == nil {
			m.to[v] = out[i]
		} else {
			m.owed[v] = owed{out[i], perm, n}
		}
	}
	return nil
}

// constant adds a constant operand, given all dimensions and transposed.
func (m *mover) constant(v graph.Value, perm []int) graph.Value {
	info := m.g.Values[v]
	full := info.Type.WithShape(append(slices.Repeat([]int{1}, len(perm)-info.Type.Rank()), info.Type.Shape...)...)
	t := op.Transpose{Perm: perm}
	in := []tensor.View{{Type: full, Data: info.Const}}
	types, err := t.Infer(in)
	if err != nil {
		return m.value(v) // the builder reports what comes of it
	}
	out := []tensor.View{{Type: types[0], Data: alloc(types[0].Bytes())}}
	if err := t.Ref(in, out); err != nil {
		return m.value(v)
	}
	return m.b.Const(info.Name, types[0], out[0].Data)
}
