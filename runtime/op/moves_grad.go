package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// reshapedBack adds the gradient of an operator that only gives its input 0
// another shape.
func reshapedBack(b *graph.Builder, n *graph.Node, dy graph.Value) []graph.Value {
	return oneGrad(n, 0, b.Add(n.Label+"/grad", &Reshape{Shape: b.Type(n.In[0]).Shape}, dy))
}

// Grad reshapes back.
func (*Squeeze) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return reshapedBack(b, n, dy[0]), nil
}

// Grad reshapes back.
func (*ExpandDims) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return reshapedBack(b, n, dy[0]), nil
}

// Grad reshapes back.
func (*Flatten) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return reshapedBack(b, n, dy[0]), nil
}

// Grad transposes back.
func (o *Transpose) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	views := []tensor.View{b.View(n.In[0])}
	if len(n.In) > 1 {
		views = append(views, b.View(n.In[1]))
	}
	perm, known, err := o.perm(views)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, Unsupported("training through a Transpose with a computed permutation")
	}
	back := make([]int, len(perm))
	for i, p := range perm {
		back[p] = i
	}
	return oneGrad(n, 0, b.Add(n.Label+"/grad", &Transpose{Perm: back}, dy[0])), nil
}

// Grad cuts out each input's part.
func (o *Concatenation) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	dx, rank := noGrads(n), b.Type(n.Out[0]).Rank()
	axis, err := axisOf(o.Axis, rank)
	if err != nil {
		return nil, err
	}
	begin := make([]int, rank)
	for i, v := range n.In {
		shape := b.Type(v).Shape
		if want[i] {
			dx[i] = b.Add(gradLabel(n, i), &Slice{}, dy[0], listConst(b, begin...), listConst(b, shape...))
		}
		begin[axis] += shape[axis]
	}
	return dx, nil
}

// Grad joins the parts' gradients; of parts that change nothing they are 0.
func (o *Split) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	axis, x := o.Axis, b.Type(n.In[0])
	if len(n.In) > 2 && n.In[2] != graph.None {
		v := b.View(n.In[2])
		if !v.Known() {
			return nil, Unsupported("training through a Split along a computed axis")
		}
		var err error
		if axis, err = intAt(&v, 0); err != nil {
			return nil, err
		}
	}
	if x.Rank() > 0 && axis < 0 {
		axis += x.Rank()
	}
	return oneGrad(n, 0, b.Add(n.Label+"/grad", &Concatenation{Axis: axis}, filledGrads(b, n, dy)...)), nil
}

// filledGrads returns dy with zeros for gradients that there are none of.
func filledGrads(b *graph.Builder, n *graph.Node, dy []graph.Value) []graph.Value {
	all := slices.Clone(dy)
	for i, g := range all {
		if g == graph.None {
			t := b.Type(n.Out[i])
			all[i] = b.Const("zeros", t, make([]byte, t.Bytes()))
		}
	}
	return all
}

// Grad parts the gradient.
func (o *Pack) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return b.Node(graph.Node{Label: n.Label + "/grad", Op: &Unpack{Num: len(n.In), Axis: o.Axis}, In: dy[:1]})
}

// Grad joins the gradients.
func (o *Unpack) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return oneGrad(n, 0, b.Add(n.Label+"/grad", &Pack{Axis: o.Axis}, filledGrads(b, n, dy)...)), nil
}

// Grad puts the gradient into its place, among zeros.
func (*Slice) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	x, y := b.Type(n.In[0]), b.Type(n.Out[0])
	begin, known, err := ints(b.View(n.In[1]))
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, Unsupported("training through a Slice that begins at a computed place")
	}
	pads := make([]int, 0, 2*x.Rank())
	for i, d := range x.Shape {
		pads = append(pads, begin[i], d-begin[i]-y.Shape[i])
	}
	return oneGrad(n, 0, b.Add(n.Label+"/grad", &Pad{}, dy[0], listConst(b, pads...))), nil
}

// Grad sums up the copies, one dimension after the other.
func (*Tile) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	x, g := b.Type(n.In[0]).Shape, dy[0]
	shape := slices.Clone(b.Type(n.Out[0]).Shape)
	label := n.Label + "/grad"
	for i, d := range x {
		if shape[i] == d {
			continue
		}
		if d == 0 || shape[i] == 0 {
			return nil, Unsupported("training through a Tile of %v to %v", x, shape)
		}
		split := []int{product(shape[:i]), shape[i] / d, d * product(shape[i+1:])}
		g = b.Add(label+"/copies", &Reshape{Shape: split}, g)
		g = b.Add(label+"/sum", &Reduce{Kind: ReduceSum, Axes: []int{1}}, g)
		shape[i] = d
	}
	return oneGrad(n, 0, b.Add(label, &Reshape{Shape: x}, g)), nil
}

// Grad sums up the copies.
func (*BroadcastTo) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return oneGrad(n, 0, summedTo(b, n.Label+"/grad", dy[0], b.Type(n.In[0]).Shape)), nil
}

// Grad turns the gradient round.
func (o *Reverse) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return oneGrad(n, 0, b.Add(n.Label+"/grad", o, dy[0], n.In[1])), nil
}

// Grad hands the gradient on where the operand was taken.
func (o *Select) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	dx, zero := noGrads(n), floatConst(b, 0)
	for i := 1; i < 3; i++ {
		if want[i] {
			of := []graph.Value{n.In[0], zero, zero}
			of[i] = dy[0]
			g := b.Add(gradLabel(n, i), o, of...)
			dx[i] = summedTo(b, gradLabel(n, i), g, b.Type(n.In[i]).Shape)
		}
	}
	return dx, nil
}

// Grad hands the gradient on, from float32 to float32.
func (o *Cast) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	if x := b.Type(n.In[0]); x.DType != tensor.F32 || o.DType != tensor.F32 {
		return nil, Unsupported("training through a Cast from %s to %s", x.DType, o.DType)
	}
	return oneGrad(n, 0, dy[0]), nil
}
