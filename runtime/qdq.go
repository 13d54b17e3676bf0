package runtime

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// foldQDQ returns a graph in which operators between DequantizeLinear and
// QuantizeLinear compute on integers, where there is such an operator: the
// results are the same but for the order of float32 roundings, a step at most.
// What only moves elements is done on integers too. A graph without these
// operators is returned as it is.
func foldQDQ(g *graph.Graph) (*graph.Graph, error) {
	if !slices.ContainsFunc(g.Nodes, func(n graph.Node) bool { _, ok := n.Op.(op.QuantizeLinear); return ok }) {
		return g, nil
	}
	q := newQDQ(g)
	for _, v := range g.In {
		q.to[v] = q.b.Input(g.Values[v].Name, g.Values[v].Type)
	}
	for _, n := range g.Nodes {
		if err := q.node(n); err != nil {
			return nil, err
		}
	}
	out, err := q.values(g.Out)
	if err != nil {
		return nil, err
	}
	folded, err := q.b.Graph(out...)
	if err == nil {
		dropUnread(folded)
	}
	return folded, err
}

// qdq rewrites a graph. Its maps are about values of the new graph.
type qdq struct {
	specialiser
	reads    map[graph.Value]int         // how often the old graph reads it
	made     map[graph.Value]graph.Node  // by which node
	of       map[graph.Value]dequantised // of DequantizeLinear
	readsOld []int                       // of values of the old graph
}

// dequantised is what a float stands for: q, with one scale or, if many, one
// for each index of axis.
type dequantised struct {
	q, scale, zero graph.Value
	many           bool
	axis           int
}

func newQDQ(g *graph.Graph) *qdq {
	q := &qdq{specialiser: specialiser{b: graph.NewBuilder(g.Name), g: g, to: make([]graph.Value, len(g.Values))},
		reads: map[graph.Value]int{}, made: map[graph.Value]graph.Node{}, of: map[graph.Value]dequantised{}, readsOld: make([]int, len(g.Values))}
	for i := range q.to {
		q.to[i] = graph.None
	}
	for _, n := range g.Nodes {
		for _, v := range n.In {
			if v != graph.None {
				q.readsOld[v]++
			}
		}
	}
	for _, v := range g.Out {
		q.readsOld[v]++
	}
	return q
}

// node adds n, or what replaces it.
func (q *qdq) node(n graph.Node) error {
	old := n.Out
	in, err := q.values(n.In)
	if err != nil {
		return err
	}
	n.In = in
	if len(old) == 1 && len(in) > 0 {
		v, ok := graph.None, false
		switch o := n.Op.(type) {
		case op.QuantizeLinear:
			v, ok = q.quantise(n, o)
		case op.Transpose, op.Reshape, op.ExpandDims, op.Squeeze:
			v, ok = q.moveFirst(n)
		}
		if ok {
			q.is(old[0], v)
			return q.b.Err()
		}
	}
	names := make([]string, len(old))
	for i, v := range old {
		names[i] = q.g.Values[v].Name
	}
	out, err := q.b.Node(n, names...)
	if err != nil {
		return err
	}
	for i, v := range old {
		q.is(v, out[i])
	}
	if len(out) == 1 {
		q.note(n, out[0])
	}
	return nil
}

// is makes v the new value of old.
func (q *qdq) is(old, v graph.Value) {
	q.to[old] = v
	q.reads[v] += q.readsOld[old]
}

// note keeps how v is made.
func (q *qdq) note(n graph.Node, v graph.Value) {
	q.made[v] = n
	o, ok := n.Op.(op.DequantizeLinear)
	if !ok || o.Block != 0 || o.DType != tensor.F32 || !q.b.Type(n.In[1]).Static() {
		return
	}
	d := dequantised{q: n.In[0], scale: n.In[1], zero: graph.None, axis: o.Axis}
	if len(n.In) > 2 {
		d.zero = n.In[2]
	}
	if d.many = q.b.Type(d.scale).Len() != 1; d.many && d.axis < 0 {
		d.axis += q.b.Type(d.q).Rank()
	}
	q.of[v] = d
}

// add adds an operator in n's place, if it takes these inputs.
func (q *qdq) add(n graph.Node, o graph.Op, in ...graph.Value) (graph.Value, bool) {
	for len(in) > 0 && in[len(in)-1] == graph.None {
		in = in[:len(in)-1]
	}
	views := make([]tensor.View, len(in))
	for i, v := range in {
		views[i] = q.b.View(v)
	}
	if out, err := o.Infer(views); err != nil || len(out) != 1 || q.b.Err() != nil {
		return graph.None, false
	}
	n.Op, n.In = o, in
	out, err := q.b.Node(n, n.Label)
	if err != nil {
		return graph.None, false
	}
	q.note(n, out[0])
	return out[0], true
}

// moveFirst lets n, which moves elements, do so before they are dequantised.
func (q *qdq) moveFirst(n graph.Node) (graph.Value, bool) {
	d, ok := q.of[n.In[0]]
	if !ok {
		return graph.None, false
	}
	if d.many {
		if d.axis, ok = q.movedAxis(n, d.axis); !ok {
			return graph.None, false
		}
	}
	moved, ok := q.add(n, n.Op, append([]graph.Value{d.q}, n.In[1:]...)...)
	if !ok {
		return graph.None, false
	}
	return q.add(n, op.DequantizeLinear{Axis: d.axis, DType: tensor.F32}, moved, d.scale, d.zero)
}

// movedAxis returns where n puts an axis, if that is clear.
func (q *qdq) movedAxis(n graph.Node, axis int) (int, bool) {
	switch o := n.Op.(type) {
	case op.Transpose:
		axis = slices.Index(o.Perm, axis)
		return axis, axis >= 0
	case op.ExpandDims:
		at := q.b.View(n.In[1])
		return axis, axis == 0 && at.Known() && at.DType == tensor.I32 && at.Len() == 1 && at.I32()[0] > 0
	}
	return 0, false
}

// dropUnread removes nodes whose outputs nobody reads.
func dropUnread(g *graph.Graph) {
	read := make([]bool, len(g.Values))
	mark := func(vs []graph.Value) {
		for _, v := range vs {
			if v != graph.None {
				read[v] = true
			}
		}
	}
	mark(g.Out)
	var kept []graph.Node
	for _, n := range slices.Backward(g.Nodes) {
		_, writes := n.Op.(op.Writer)
		_, controls := n.Op.(op.Controller)
		_, idles := n.Op.(op.Idler)
		if writes || controls || idles || slices.ContainsFunc(n.Out, func(v graph.Value) bool { return read[v] }) {
			mark(n.In)
			kept = append(kept, n)
		}
	}
	slices.Reverse(kept)
	g.Nodes = kept
}
