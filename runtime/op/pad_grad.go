package op

import "github.com/edgeinfer/edgeinfer/runtime/graph"

// Grad cuts the padding off.
func (*Pad) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	if len(want) > 2 && want[2] {
		return nil, Unsupported("a gradient of the value that a Pad adds")
	}
	pads, known, err := ints(b.View(n.In[1]))
	if err != nil {
		return nil, errorf("input 1: %w", err)
	}
	if !known {
		return nil, Unsupported("training through a Pad of computed size")
	}
	shape := b.Type(n.In[0]).Shape
	begin := make([]int, len(shape))
	for i := range begin {
		begin[i] = pads[2*i]
	}
	return oneGrad(n, 0, b.Add(gradLabel(n, 0), &Slice{}, dy[0], listConst(b, begin...), listConst(b, shape...))), nil
}

// Grad spreads the squares again.
func (o *SpaceToDepth) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return oneGrad(n, 0, b.Add(gradLabel(n, 0), new(DepthToSpace(*o)), dy[0])), nil
}

// Grad stacks the squares again.
func (o *DepthToSpace) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return oneGrad(n, 0, b.Add(gradLabel(n, 0), new(SpaceToDepth(*o)), dy[0])), nil
}
