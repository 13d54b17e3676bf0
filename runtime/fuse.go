package runtime

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// fuse lets operators take over the work of the node that alone reads their
// output, or of transposes that they alone read. It changes g, which is the
// plan's own.
func fuse(g *graph.Graph) (*graph.Graph, error) {
	readers, writer := make([]int, len(g.Values)), make([]int, len(g.Values))
	for i := range writer {
		writer[i] = -1
	}
	for _, n := range g.Nodes {
		for _, v := range n.In {
			if v != graph.None {
				readers[v]++
			}
		}
	}
	for _, v := range g.Out {
		readers[v]++
	}
	kept := g.Nodes[:0:0]
	for _, n := range g.Nodes {
		if len(n.In) > 0 && len(n.Out) == 1 && n.In[0] != graph.None && readers[n.In[0]] == 1 && writer[n.In[0]] >= 0 {
			prev := &kept[writer[n.In[0]]]
			if f, ok := prev.Op.(op.Fuser); ok && len(prev.Out) == 1 && len(n.In) == 1 {
				if fused := f.Fuse(n.Op, g.Values[n.Out[0]].Type); fused != nil && makes(fused, g.Views(prev.In), g.Values[n.Out[0]].Type) {
					prev.Op, prev.Out = fused, n.Out
					writer[n.Out[0]] = writer[n.In[0]]
					continue
				}
			}
		}
		for i, v := range n.In {
			if v != graph.None && readers[v] == 1 && writer[v] >= 0 {
				turn(g, &n, i, &kept[writer[v]])
			}
		}
		for _, v := range n.Out {
			writer[v] = len(kept)
		}
		kept = append(kept, n)
	}
	g.Nodes = slices.DeleteFunc(kept, func(n graph.Node) bool { return n.Op == nil })
	return g, nil
}

// turn lets n do without prev, if that is the transpose of its input i and n can;
// prev is then no more.
func turn(g *graph.Graph, n *graph.Node, i int, prev *graph.Node) {
	t, transposes := prev.Op.(*op.Transpose)
	o, turns := n.Op.(op.Turner)
	if !transposes || !turns || len(prev.In) != 1 || g.Values[prev.In[0]].Var != nil {
		return
	}
	in := g.Views(n.In)
	in[i] = g.View(prev.In[0])
	if taken := o.TakePlanes(i, t.Perm, in[i].Type); taken != nil && makes(taken, in, g.Values[n.Out[0]].Type) {
		n.Op, n.In = taken, slices.Clone(n.In)
		n.In[i] = prev.In[0]
		prev.Op = nil
	}
}

// makes reports whether o takes the inputs, and gives elements and a shape as t
// has: an operator that fuses knows its own attributes only.
func makes(o graph.Op, in []tensor.View, t tensor.Type) bool {
	if c, ok := o.(op.Chooser); ok && !c.Suits(in) {
		return false
	}
	out, err := o.Infer(in)
	return err == nil && len(out) == 1 && out[0].DType == t.DType && slices.Equal(out[0].Shape, t.Shape)
}
