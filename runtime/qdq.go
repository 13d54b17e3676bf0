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
// Functions of one number become tables, and what only moves elements moves
// integers. Products that nothing quantises after multiply integers too, and
// have a float result. What stays in float is told with the reason.
//
// Types of g are static, but for sizes that depend on data, and constants are
// not dequantised yet.
func foldQDQ(g *graph.Graph) (*graph.Graph, []Boundary, error) {
	why := map[string]string{}
	for _, pass := range []func(q *qdq, n graph.Node) ([]graph.Value, string){(*qdq).integer, (*qdq).floatProduct} {
		var err error
		if g, err = newQDQ(g, why).rewrite(pass); err != nil {
			return nil, nil, err
		}
	}
	return g, boundaries(g, why), nil
}

// quantises reports whether foldQDQ has anything to do.
func quantises(g *graph.Graph) bool {
	return slices.ContainsFunc(g.Nodes, func(n graph.Node) bool {
		switch n.Op.(type) {
		case *op.QuantizeLinear, *op.DequantizeLinear:
			return true
		}
		return false
	})
}

// qdq rewrites a graph. Its maps are about values of the new graph.
type qdq struct {
	specialiser
	reads    map[graph.Value]int         // how often the old graph reads it
	made     map[graph.Value]graph.Node  // by which node
	of       map[graph.Value]dequantised // of DequantizeLinear
	readsOld []int                       // of values of the old graph
	why      map[string]string           // nodes stay in float, by nodeKey
}

// dequantised is what a float stands for: q, with one scale or, if many, one
// for each index of axis.
type dequantised struct {
	q, scale, zero graph.Value
	many           bool
	axis           int
}

func newQDQ(g *graph.Graph, why map[string]string) *qdq {
	q := &qdq{specialiser: specialiser{b: graph.Rebuild(g), g: g, to: make([]graph.Value, len(g.Values))},
		reads: map[graph.Value]int{}, made: map[graph.Value]graph.Node{}, of: map[graph.Value]dequantised{}, readsOld: make([]int, len(g.Values)), why: why}
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

// rewrite returns the graph in which instead, where it can, gives what replaces
// a node, or says why not.
func (q *qdq) rewrite(instead func(q *qdq, n graph.Node) ([]graph.Value, string)) (*graph.Graph, error) {
	for _, v := range q.g.In {
		q.is(v, q.b.Input(q.g.Values[v].Name, q.g.Values[v].Type))
	}
	for _, n := range q.g.Nodes {
		if err := q.node(n, instead); err != nil {
			return nil, err
		}
	}
	out, err := q.values(q.g.Out)
	if err != nil {
		return nil, err
	}
	folded, err := q.b.Graph(out...)
	if err == nil {
		dropUnread(folded)
	}
	return folded, err
}

// node adds n, or what replaces it.
func (q *qdq) node(n graph.Node, instead func(q *qdq, n graph.Node) ([]graph.Value, string)) error {
	old := n.Out
	in, err := q.values(n.In)
	if err != nil {
		return err
	}
	n.In = in
	out, why := instead(q, n)
	if q.b.Err() != nil {
		return q.b.Err()
	}
	if out == nil {
		if why != "" {
			q.why[nodeKey(&n)] = why
		}
		names := make([]string, len(old))
		for i, v := range old {
			names[i] = q.g.Values[v].Name
		}
		if out, err = q.b.Node(n, names...); err != nil {
			return err
		}
		if len(out) == 1 {
			q.note(n, out[0])
		}
	}
	for i, v := range old {
		q.is(v, out[i])
	}
	return nil
}

// integer returns what replaces n: integers for a QuantizeLinear, or integers
// moved and then dequantised.
func (q *qdq) integer(n graph.Node) ([]graph.Value, string) {
	if o, ok := n.Op.(*op.QuantizeLinear); ok {
		if v, why := q.quantise(n, *o); why != "" {
			return nil, why
		} else {
			return []graph.Value{v}, ""
		}
	}
	return q.movedFirst(n), ""
}

// is makes v the new value of old.
func (q *qdq) is(old, v graph.Value) {
	q.to[old] = v
	q.reads[v] += q.readsOld[old]
}

// note keeps how v is made.
func (q *qdq) note(n graph.Node, v graph.Value) {
	q.made[v] = n
	o, ok := n.Op.(*op.DequantizeLinear)
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

// add adds an operator in n's place, if it takes these inputs; else it says
// what is wrong.
func (q *qdq) add(n graph.Node, o graph.Op, in ...graph.Value) (graph.Value, string) {
	for len(in) > 0 && in[len(in)-1] == graph.None {
		in = in[:len(in)-1]
	}
	if _, err := o.Infer(q.views(in)); err != nil {
		return graph.None, graph.Name(o) + " does not do it: " + err.Error()
	}
	n.Op, n.In = o, in
	out, err := q.b.Node(n, n.Label)
	if err != nil || len(out) != 1 {
		return graph.None, graph.Name(o) + " does not do it"
	}
	q.note(n, out[0])
	return out[0], ""
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
