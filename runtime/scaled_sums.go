package runtime

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// foldScaledSums lets a product of integers do what dynamic quantisation does
// with its sums: a Cast to float32, a Mul by scales, an Add of a bias. The bits
// stay as they are. It changes g, which is the plan's own.
func foldScaledSums(g *graph.Graph) (*graph.Graph, error) {
	f := scaledSums{g: g, made: make([]int, len(g.Values)), reads: make([]int, len(g.Values))}
	for i := range f.made {
		f.made[i] = -1
	}
	for _, n := range g.Nodes {
		for _, v := range n.In {
			if v != graph.None {
				f.reads[v]++
			}
		}
	}
	for _, v := range g.Out {
		f.reads[v]++
	}
	folded := false
	for i := range g.Nodes {
		n := &g.Nodes[i]
		folded = f.scale(n) || f.bias(n) || folded
		for _, v := range n.Out {
			f.made[v] = i
		}
	}
	if folded {
		dropUnread(g)
	}
	return g, nil
}

// scaledSums knows which node makes a value, and how often it is read.
type scaledSums struct {
	g           *graph.Graph
	made, reads []int
}

// maker returns the node that makes v, if alone the asker reads v.
func (f *scaledSums) maker(v graph.Value) *graph.Node {
	if v == graph.None || f.reads[v] != 1 || f.made[v] < 0 {
		return nil
	}
	return &f.g.Nodes[f.made[v]]
}

func (f *scaledSums) typeOf(v graph.Value) tensor.Type { return f.g.Values[v].Type }

// scale makes n, if it multiplies sums by scales, the product itself.
func (f *scaledSums) scale(n *graph.Node) bool {
	if m, ok := n.Op.(op.Mul); !ok || m.Clamp != (op.Bounds{}) {
		return false
	}
	for i := range 2 {
		cast := f.maker(n.In[i])
		if cast == nil {
			continue
		}
		if c, ok := cast.Op.(op.Cast); !ok || c.DType != tensor.F32 {
			continue
		}
		product := f.maker(cast.In[0])
		if product == nil {
			continue
		}
		o, ok := product.Op.(op.IntegerMatMul)
		if !ok || o.DType != tensor.I32 || len(product.In) > 4 {
			continue
		}
		x, w, ok := f.factors(n.In[1-i], f.typeOf(n.Out[0]), f.typeOf(product.Out[0]))
		if !ok {
			continue
		}
		o.DType = tensor.F32
		in := append(append([]graph.Value(nil), product.In...), graph.None, graph.None)[:4]
		n.Op, n.In, n.Label = o, append(in, x, w), product.Label
		return true
	}
	return false
}

// factors returns scales of the left and right matrix whose product is v, which
// has one element or one for each column of y, the type of sums and result.
func (f *scaledSums) factors(v graph.Value, y, sums tensor.Type) (x, w graph.Value, ok bool) {
	if f.typeOf(v).DType != tensor.F32 || !sameShape(y, sums) || !f.perColumn(v, y) {
		return 0, 0, false
	}
	if f.made[v] >= 0 {
		n := &f.g.Nodes[f.made[v]]
		if m, isMul := n.Op.(op.Mul); isMul && m.Clamp == (op.Bounds{}) {
			for i := range 2 {
				if f.typeOf(n.In[i]).Len() == 1 && f.perColumn(n.In[1-i], y) {
					return n.In[i], n.In[1-i], true
				}
			}
		}
	}
	one := tensor.Of(tensor.F32)
	f.g.Values = append(f.g.Values, graph.Info{Name: "one", Type: one, Const: tensor.Bytes([]float32{1})})
	f.made, f.reads = append(f.made, -1), append(f.reads, 1)
	return graph.Value(len(f.g.Values) - 1), v, true
}

func sameShape(a, b tensor.Type) bool {
	return a.Static() && slices.Equal(a.Shape, b.Shape)
}

// perColumn reports whether v has one element, or one for each column of y.
func (f *scaledSums) perColumn(v graph.Value, y tensor.Type) bool {
	t := f.typeOf(v)
	if !t.Static() || t.Rank() > y.Rank() {
		return false
	}
	n := y.Shape[y.Rank()-1]
	return t.Len() == 1 || t.Len() == n && t.Shape[t.Rank()-1] == n
}

// bias makes n, if it adds a bias to a product of integers, the product itself.
func (f *scaledSums) bias(n *graph.Node) bool {
	if a, ok := n.Op.(op.Add); !ok || a.Clamp != (op.Bounds{}) {
		return false
	}
	for i := range 2 {
		product, b := f.maker(n.In[i]), n.In[1-i]
		if product == nil || f.g.Values[b].Const == nil {
			continue
		}
		y := f.typeOf(n.Out[0])
		o, ok := product.Op.(op.IntegerMatMul)
		if !ok || o.DType != tensor.F32 || len(product.In) != 6 || !sameShape(y, f.typeOf(n.In[i])) || f.typeOf(b).Len() == 1 || !f.perColumn(b, y) {
			continue
		}
		n.Op, n.Label = o, product.Label
		n.In = append(append([]graph.Value(nil), product.In...), graph.None, graph.None, graph.None, b)
		return true
	}
	return false
}
