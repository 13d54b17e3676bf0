package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// Grad takes each group for the row of a LayerNormalization, after which come
// scale and bias.
func (o *GroupNormalization) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	x, k := b.Type(n.In[0]), b.Type(n.In[1]).Len()
	groups := o.Groups
	if groups == 0 {
		groups = x.Shape[1]
	}
	if x.Len() == 0 || b.Type(n.In[2]).Len() != k {
		return nil, Unsupported("training through a GroupNormalization of %v with %d scales and %d biases", x.Shape, k, b.Type(n.In[2]).Len())
	}
	label, dx := n.Label+"/grad", noGrads(n)
	row := product(x.Shape[1:]) / groups
	byRow := Reshape{Shape: []int{x.Shape[0] * groups, row}}
	byScale := Reshape{Shape: []int{x.Shape[0], k, product(x.Shape[1:]) / k}}
	rows := b.Add(label+"/rows", new(byRow), n.In[0])
	g := b.Add(label+"/dy", new(byScale), dy[0])
	sum := Reduce{Kind: ReduceSum, Axes: []int{0, 2}}
	if want[2] {
		dx[2] = b.Add(gradLabel(n, 2), new(sum), g)
	}
	if want[1] {
		h := b.Add(label+"/normalised", &LayerNormalization{Axis: 1, Epsilon: o.Epsilon}, rows)
		dx[1] = b.Add(gradLabel(n, 1), new(sum), b.Add(label+"/products", &Mul{}, g, b.Add(label+"/channels", new(byScale), h)))
	}
	if want[0] {
		scale := b.Add(label+"/scale", &Reshape{Shape: []int{k, 1}}, n.In[1])
		g = b.Add(label+"/scaled", &Mul{}, g, scale)
		g = b.Add(label, &LayerNormalizationGrad{N: row, Epsilon: o.Epsilon}, rows, b.Add(label+"/groups", new(byRow), g))
		dx[0] = b.Add(gradLabel(n, 0), &Reshape{Shape: x.Shape}, g)
	}
	return dx, nil
}
