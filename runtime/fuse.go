package runtime

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// fuse lets operators take over the work of the node that alone reads their
// output. It changes g, which is the plan's own.
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
				if fused := f.Fuse(n.Op, g.Values[n.Out[0]].Type); fused != nil {
					prev.Op, prev.Out = fused, n.Out
					writer[n.Out[0]] = writer[n.In[0]]
					continue
				}
			}
		}
		for _, v := range n.Out {
			writer[v] = len(kept)
		}
		kept = append(kept, n)
	}
	g.Nodes = kept
	return g, nil
}
