package runtime

import (
	"bytes"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// recode returns g with uint8 between integer operators as int8, sign bits
// flipped (op.Recoder): constants, zero points and all. Nothing else is
// computed, and nothing rounded otherwise. Where uint8 comes in or is wanted,
// an op.FlipSign stands between.
func recode(g *graph.Graph) (*graph.Graph, error) {
	if !slices.ContainsFunc(g.Nodes, func(n graph.Node) bool { return leads(n.Op) }) {
		return g, nil
	}
	r := recoder{g: g, b: graph.Rebuild(g), as: make([]graph.Value, len(g.Values)), flipped: make([]graph.Value, len(g.Values)), wanted: make([]bool, len(g.Values))}
	for i := range r.as {
		r.as[i], r.flipped[i] = graph.None, graph.None
	}
	for _, n := range g.Nodes {
		if _, ok := n.Op.(op.Recoder); ok {
			for _, v := range n.In {
				if v != graph.None {
					r.wanted[v] = true
				}
			}
		}
	}
	for _, v := range g.In {
		r.as[v] = r.b.Input(g.Values[v].Name, g.Values[v].Type)
	}
	for i := range g.Nodes {
		if err := r.node(&g.Nodes[i]); err != nil {
			return nil, err
		}
	}
	out := make([]graph.Value, len(g.Out))
	for i, v := range g.Out {
		out[i] = r.plain(v)
	}
	return r.b.Graph(out...)
}

// leads reports whether an operator is a reason to recode.
func leads(o graph.Op) bool {
	_, recodes := o.(op.Recoder)
	_, follows := o.(op.Follower)
	return recodes && !follows
}

// recoder builds the new graph. A value of the old one has one of two forms in
// it or both: as it is, and flipped.
type recoder struct {
	g           *graph.Graph
	b           *graph.Builder
	as, flipped []graph.Value
	wanted      []bool // some Recoder reads it
}

// plain returns v as it is.
func (r *recoder) plain(v graph.Value) graph.Value {
	if v == graph.None || r.as[v] != graph.None {
		if v == graph.None {
			return v
		}
		return r.as[v]
	}
	switch info := r.g.Values[v]; {
	case info.Var != nil:
		r.as[v] = r.b.Var(info.Var)
	case info.Const != nil:
		r.as[v] = r.b.Const(info.Name, info.Type, info.Const)
	default:
		r.as[v] = r.flip(v, r.flipped[v])
	}
	return r.as[v]
}

// flippedOf returns v flipped; None is a zero point of 0.
func (r *recoder) flippedOf(v graph.Value) graph.Value {
	if v == graph.None {
		return r.b.Const("zero point", tensor.Of(tensor.I8), []byte{0x80})
	}
	if r.flipped[v] == graph.None {
		if info := r.g.Values[v]; info.Const != nil {
			data := bytes.Clone(info.Const)
			for i := range data {
				data[i] ^= 0x80
			}
			r.flipped[v] = r.b.Const(info.Name, signed(info.Type), data)
		} else {
			r.flipped[v] = r.flip(v, r.plain(v))
		}
	}
	return r.flipped[v]
}

func signed(t tensor.Type) tensor.Type {
	t.DType = tensor.I8
	return t
}

// flip adds an operator for v, one of whose forms is given.
func (r *recoder) flip(v, form graph.Value) graph.Value {
	return r.b.Add(r.g.Values[v].Name, &op.FlipSign{}, form)
}

func (r *recoder) node(n *graph.Node) error {
	o, inputs, zeros := r.recoded(n)
	if o == nil {
		return r.emit(n, n.Op, nil, nil)
	}
	return r.emit(n, o, inputs, zeros)
}

// recoded returns the operator that takes n's place; nil if n stays.
func (r *recoder) recoded(n *graph.Node) (o graph.Op, inputs, zeros []int) {
	c, ok := n.Op.(op.Recoder)
	if !ok {
		return nil, nil, nil
	}
	if _, follows := c.(op.Follower); follows && (len(n.In) == 0 || n.In[0] == graph.None || r.flipped[n.In[0]] == graph.None || r.g.Values[n.In[0]].Const != nil) {
		return nil, nil, nil
	}
	touched := func(v graph.Value) bool { return v != graph.None && r.g.Values[v].Type.DType == tensor.U8 }
	if !slices.ContainsFunc(n.In, touched) && !slices.ContainsFunc(n.Out, func(v graph.Value) bool { return touched(v) && r.wanted[v] }) {
		return nil, nil, nil
	}
	return c.Recoded(r.types(n.In), r.types(n.Out))
}

func (r *recoder) types(vs []graph.Value) []tensor.Type {
	ts := make([]tensor.Type, len(vs))
	for i, v := range vs {
		if v != graph.None {
			ts[i] = r.g.Values[v].Type
		}
	}
	return ts
}

// emit adds o for n, with the listed inputs flipped, and the listed zero points
// if they are left out. If inputs are given, outputs of uint8 are flipped.
func (r *recoder) emit(n *graph.Node, o graph.Op, inputs, zeros []int) error {
	c := *n
	c.Op, c.In = o, nil
	for i := range max(len(n.In), 1+maxOf(zeros)) {
		v := graph.None
		if i < len(n.In) {
			v = n.In[i]
		}
		switch {
		case slices.Contains(inputs, i) && (v != graph.None || slices.Contains(zeros, i)):
			c.In = append(c.In, r.flippedOf(v))
		default:
			c.In = append(c.In, r.plain(v))
		}
	}
	names := make([]string, len(n.Out))
	for i, v := range n.Out {
		names[i] = r.g.Values[v].Name
	}
	out, err := r.b.Node(c, names...)
	if err != nil {
		return err
	}
	for i, v := range n.Out {
		if r.g.Values[v].Type.DType == tensor.U8 && r.b.Type(out[i]).DType == tensor.I8 {
			r.flipped[v] = out[i]
		} else {
			r.as[v] = out[i]
		}
	}
	return nil
}

// maxOf returns the greatest, or -1.
func maxOf(x []int) int {
	if len(x) == 0 {
		return -1
	}
	return slices.Max(x)
}
