package runtime

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// turnable returns the outputs of g's transposes that are nothing but weights of
// operators which can do without the transpose (op.WeightTurner), and the
// permutations.
func turnable(g *graph.Graph) map[graph.Value][]int {
	perms := map[graph.Value][]int{}
	for _, n := range g.Nodes {
		for i, v := range n.In {
			perm, ok := perms[v]
			if !ok {
				continue
			}
			if t, turns := n.Op.(op.WeightTurner); i != 1 || !turns || t.TurnWeights(perm) == nil {
				delete(perms, v)
			}
		}
		if o, ok := n.Op.(*op.Transpose); ok && o.Perm != nil {
			perms[n.Out[0]] = o.Perm
		}
	}
	for _, v := range g.Out {
		delete(perms, v)
	}
	return perms
}

// turnWeights passes over a transpose of constant weights, and has the operator
// that reads them do without. n's inputs are those of the new graph, old those
// of the old one.
func (s *specialiser) turnWeights(n *graph.Node, old []graph.Value) (gone bool) {
	if _, ok := n.Op.(*op.Transpose); ok && s.turnable[n.Out[0]] != nil {
		if w := s.b.View(n.In[0]); !w.Known() || w.DType != tensor.F32 || w.Rank() != len(s.turnable[n.Out[0]]) {
			delete(s.turnable, n.Out[0])
			return false
		}
		s.to[n.Out[0]] = n.In[0]
		return true
	}
	if len(old) > 1 {
		if perm := s.turnable[old[1]]; perm != nil {
			n.Op = n.Op.(op.WeightTurner).TurnWeights(perm)
		}
	}
	return false
}
