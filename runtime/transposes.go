package runtime

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// moveTransposes returns g with as few transposes as it finds: each is moved
// along through operators that don't mind (op.Elementwise, op.Permuter), and
// vanishes when it meets its inverse. Formats whose images are NCHW come with a
// pair around each convolution; between convolutions nothing remains of them.
// What moves nothing but dimensions of 1 becomes a reshape.
func moveTransposes(g *graph.Graph) (*graph.Graph, error) {
	if !slices.ContainsFunc(g.Nodes, func(n graph.Node) bool { _, ok := n.Op.(*op.Transpose); return ok }) {
		return g, nil
	}
	m := mover{g: g, b: graph.Rebuild(g), to: make([]graph.Value, len(g.Values)), owed: make([]owed, len(g.Values)), made: map[string]graph.Value{}}
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
	made map[string]graph.Value // transposes, by what they transpose and how
}

// owed says that a value is Transpose(from, perm), from being in the new graph,
// given another shape after that unless it is nil.
type owed struct {
	from        graph.Value
	perm, shape []int
	node, other *graph.Node // whose names the transpose and the change of shape get
}

// value returns v in the new graph, as it was.
func (m *mover) value(v graph.Value) graph.Value {
	if v == graph.None {
		return v
	}
	if m.to[v] != graph.None {
		return m.to[v]
	}
	info := m.g.Values[v]
	switch o := m.owed[v]; {
	case o.perm != nil:
		m.to[v] = m.turned(o, info.Name)
	case info.Var != nil:
		m.to[v] = m.b.Var(info.Var)
	default:
		m.to[v] = m.b.Const(info.Name, info.Type, info.Const)
	}
	return m.to[v]
}

// turned adds the transpose that is owed, if it isn't there.
func (m *mover) turned(o owed, name string) graph.Value {
	key := turnKey(o.from, o.perm)
	v, ok := m.made[key]
	if !ok {
		t := m.b.Type(o.from)
		var turn graph.Op = &op.Transpose{Perm: o.perm}
		if shape, same := reshaping(t, o.perm); same {
			turn = &op.Reshape{Shape: shape}
		}
		v = m.named(o.node, turn, name, o.from)
		m.made[key] = v
	}
	if o.shape != nil {
		v = m.named(o.other, &op.Reshape{Shape: o.shape}, name, v)
	}
	return v
}

// turnKey stands for Transpose(v, perm).
func turnKey(v graph.Value, perm []int) string { return fmt.Sprint(v, perm) }

// has reports whether Transpose(v, perm) is there.
func (m *mover) has(v graph.Value, perm []int) bool {
	_, ok := m.made[turnKey(v, perm)]
	return ok
}

// named adds an operator that gets n's label.
func (m *mover) named(n *graph.Node, o graph.Op, name string, in graph.Value) graph.Value {
	c := *n
	c.Op, c.In = o, []graph.Value{in}
	out, err := m.b.Node(c, name)
	if err != nil {
		return graph.None // the builder keeps the error
	}
	return out[0]
}

// reshaping returns the shape of Transpose(x, perm) if it leaves the order of
// elements as it is.
func reshaping(t tensor.Type, perm []int) (shape []int, same bool) {
	last := -1
	for _, p := range perm {
		d := t.Shape[p]
		if d == tensor.Dynamic || d != 1 && p < last {
			return nil, false
		}
		if shape = append(shape, d); d != 1 {
			last = p
		}
	}
	return shape, true
}

func (m *mover) node(n *graph.Node) error {
	// A variable is transposed where it is read: later it may have changed.
	if t, ok := n.Op.(*op.Transpose); ok && t.Perm != nil && len(n.In) == 1 && m.g.Values[n.In[0]].Var == nil && m.owed[n.In[0]].shape == nil {
		m.transpose(n, t.Perm)
		return m.b.Err()
	}
	for _, rule := range []func(*graph.Node) (bool, error){m.permuted, m.flattened, m.pointwise, m.contracted} {
		if done, err := rule(n); done || err != nil {
			return err
		}
	}
	return m.emit(n, n.Op, m.each(n, m.value), owed{})
}

// each translates n's inputs.
func (m *mover) each(n *graph.Node, to func(graph.Value) graph.Value) []graph.Value {
	in := make([]graph.Value, len(n.In))
	for i, v := range n.In {
		in[i] = to(v)
	}
	return in
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
	m.owed[out] = owed{from: from, perm: perm, node: n}
}

// permuted adds n without the transposes of its inputs, if it commutes with
// them, and owes its outputs one instead.
func (m *mover) permuted(n *graph.Node) (bool, error) {
	i := slices.IndexFunc(n.In, func(v graph.Value) bool { return v != graph.None && m.owed[v].perm != nil && m.owed[v].shape == nil })
	if i < 0 {
		return false, nil
	}
	perm := m.owed[n.In[i]].perm
	o, params, out := permuted(n.Op, perm, m.g.Views(n.In))
	if o == nil {
		return false, nil
	}
	_, elementwise := n.Op.(op.Elementwise)
	in := make([]graph.Value, len(params))
	for i := range params {
		v := n.In[i]
		switch {
		case v == graph.None:
			in[i] = graph.None
		case params[i].Absent():
			data, ok := m.data(v, perm, elementwise)
			if !ok {
				return false, nil
			}
			in[i] = data()
		case m.g.Values[v].Const == nil || len(params[i].Data) == 0, &params[i].Data[0] == &m.g.Values[v].Const[0]:
			in[i] = m.value(v)
		default:
			in[i] = m.b.Const(m.g.Values[v].Name, params[i].Type, params[i].Data)
		}
	}
	if _, err := o.Infer(m.views(in)); err != nil {
		return false, nil
	}
	return true, m.emit(n, o, in, owed{perm: out, node: n})
}

// views returns what is known of values of the new graph.
func (m *mover) views(vs []graph.Value) []tensor.View {
	views := make([]tensor.View, len(vs))
	for i, v := range vs {
		if v != graph.None {
			views[i] = m.b.View(v)
		}
	}
	return views
}

// permuted is op.Permuter's for any operator.
func permuted(o graph.Op, perm []int, in []tensor.View) (_ graph.Op, params []tensor.View, out []int) {
	switch o := o.(type) {
	case op.Elementwise:
		return o.(graph.Op), make([]tensor.View, len(in)), perm
	case op.Permuter:
		if p, params, out := o.Permuted(perm, in); p != nil {
			return p, params, out
		}
	}
	return nil, nil, nil
}

// data returns what adds an operand without the transpose that it is owed, if
// it is owed that or can be given its inverse at no cost. One element needs none
// where operands are broadcast.
func (m *mover) data(v graph.Value, perm []int, broadcast bool) (func() graph.Value, bool) {
	info := &m.g.Values[v]
	if t := info.Type; !t.Static() || t.Rank() > len(perm) || t.Quant.PerChannel() {
		return nil, false
	}
	switch {
	case slices.Equal(m.owed[v].perm, perm) && m.owed[v].shape == nil:
		return func() graph.Value { return m.owed[v].from }, true
	case m.to[v] != graph.None && m.has(m.to[v], op.Inverse(perm)):
		return func() graph.Value { return m.made[turnKey(m.to[v], op.Inverse(perm))] }, true
	case broadcast && info.Type.Len() == 1:
		return func() graph.Value { return m.value(v) }, true
	case info.Const != nil:
		return func() graph.Value { return m.constant(v, op.Inverse(perm)) }, true
	}
	return nil, false
}

// emit adds an operator for n. The values it makes are owed what o says before
// they are n's outputs.
func (m *mover) emit(n *graph.Node, o graph.Op, in []graph.Value, owes owed) error {
	c := *n
	c.Op, c.In = o, in
	names := make([]string, len(n.Out))
	for i, v := range n.Out {
		names[i] = m.g.Values[v].Name
	}
	out, err := m.b.Node(c, names...)
	if err != nil {
		return err
	}
	for i, v := range n.Out {
		if owes.perm == nil || owes.shape == nil && op.Identity(owes.perm) {
			m.to[v] = out[i]
			continue
		}
		m.owed[v] = owes
		m.owed[v].from = out[i]
	}
	return nil
}

// constant adds a constant operand, given all dimensions and transposed.
func (m *mover) constant(v graph.Value, perm []int) graph.Value {
	info := m.g.Values[v]
	full := info.Type.WithShape(append(slices.Repeat([]int{1}, len(perm)-info.Type.Rank()), info.Type.Shape...)...)
	turned, ok := turnedConst(tensor.View{Type: full, Data: info.Const}, perm)
	if !ok {
		return m.value(v) // the builder reports what comes of it
	}
	return m.b.Const(info.Name, turned.Type, turned.Data)
}

// turnedConst returns Transpose(v, perm).
func turnedConst(v tensor.View, perm []int) (tensor.View, bool) {
	t := op.Transpose{Perm: perm}
	types, err := t.Infer([]tensor.View{v})
	if err != nil {
		return v, false
	}
	out := []tensor.View{{Type: types[0], Data: alloc(types[0].Bytes())}}
	return out[0], t.Ref([]tensor.View{v}, out) == nil
}
