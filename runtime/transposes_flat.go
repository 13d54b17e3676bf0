package runtime

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// A classifier flattens the image that its convolutions made, and multiplies by
// constant weights: where the image is owed a transpose, the weights are turned
// instead.

// flattened is about n that gives a transposed value another shape: its output
// is owed that as well.
func (m *mover) flattened(n *graph.Node) (bool, error) {
	switch n.Op.(type) {
	case *op.Reshape, *op.Flatten, *op.Squeeze, *op.ExpandDims:
	default:
		return false, nil
	}
	o := m.owed[n.In[0]]
	t := m.g.Values[n.Out[0]].Type
	if o.perm == nil || !t.Static() || t.Quant.PerChannel() {
		return false, nil
	}
	if _, same := reshaping(m.b.Type(o.from), o.perm); same {
		return true, m.emit(n, &op.Reshape{Shape: t.Shape}, []graph.Value{o.from}, owed{})
	}
	o.shape, o.other = t.Shape, n
	m.owed[n.Out[0]] = o
	return true, nil
}

// pointwise moves a change of shape past n, if all else that n reads is one
// element.
func (m *mover) pointwise(n *graph.Node) (bool, error) {
	o := owed{}
	for i, v := range n.In {
		switch {
		case v == graph.None:
		case m.owed[v].shape != nil && o.perm == nil && (i == 0 || !scales(n.Op)):
			o = m.owed[v]
		case !m.g.Values[v].Type.Static() || m.g.Values[v].Type.Len() != 1 || m.g.Values[v].Type.Rank() > 1:
			return false, nil
		}
	}
	_, elementwise := n.Op.(op.Elementwise)
	if o.perm == nil || !elementwise && !scales(n.Op) {
		return false, nil
	}
	in := m.each(n, func(v graph.Value) graph.Value {
		if v != graph.None && m.owed[v].shape != nil {
			return o.from
		}
		return m.value(v)
	})
	return true, m.emit(n, n.Op, in, o)
}

// scales reports whether o does the same to each element of input 0 if the
// others are one scale and zero point.
func scales(o graph.Op) bool {
	switch o := o.(type) {
	case *op.QuantizeLinear:
		return o.Block == 0 && !o.ChannelsLast
	case *op.DequantizeLinear:
		return o.Block == 0
	case *op.LinearTable:
		return true
	}
	return false
}

// contracted multiplies an image as it is by constant weights that are turned.
func (m *mover) contracted(n *graph.Node) (bool, error) {
	c, ok := n.Op.(op.Contractor)
	if !ok || len(n.In) < 2 || n.In[0] == graph.None || n.In[1] == graph.None {
		return false, nil
	}
	o, w := m.owed[n.In[0]], m.g.View(n.In[1])
	axis, ok := c.Contracts()
	if o.shape == nil || !ok || !w.Known() || w.Rank() != 2 || w.Quant.PerChannel() {
		return false, nil
	}
	image := m.b.Type(o.from).Shape // before it is transposed
	first, k := len(image), 1       // dimensions from first on are multiplied
	for ; first > 0 && k < w.Shape[axis]; first-- {
		k *= image[o.perm[first-1]]
	}
	if k != w.Shape[axis] || len(o.shape) == 0 || o.shape[len(o.shape)-1] != k {
		return false, nil
	}
	for i, p := range o.perm[:first] {
		if p != i {
			return false, nil
		}
	}
	weights, ok := turnedWeights(w, axis, image, o.perm, first)
	if !ok {
		return false, nil
	}
	in := m.each(n, func(v graph.Value) graph.Value {
		switch v {
		case n.In[0]:
			return m.named(n, &op.Reshape{Shape: o.shape}, m.g.Values[v].Name, o.from)
		case n.In[1]:
			return m.b.Const(m.g.Values[v].Name, weights.Type, weights.Data)
		}
		return m.value(v)
	})
	return true, m.emit(n, n.Op, in, owed{})
}

// turnedWeights returns a matrix whose axis, which is about the dimensions from
// first on of Transpose(image, perm), is about those of the image.
func turnedWeights(w tensor.View, axis int, image, perm []int, first int) (tensor.View, bool) {
	shape := slices.Clone(w.Shape[:axis])
	for _, p := range perm[first:] {
		shape = append(shape, image[p])
	}
	shape = append(shape, w.Shape[axis+1:]...)
	turn := make([]int, len(shape))
	for i := range turn {
		turn[i] = i
	}
	for i, p := range op.Inverse(perm)[first:] {
		turn[axis+i] = axis + p - first
	}
	flat := w
	flat.Shape = shape
	out, ok := turnedConst(flat, turn)
	out.Shape = w.Shape
	return out, ok
}
