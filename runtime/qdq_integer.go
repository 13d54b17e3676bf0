package runtime

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// bounded says why an operator stays in float that bounds its result itself.
const bounded = "it bounds its result"

// computed adds the integer form of m, or says why there is none.
func (q *qdq) computed(m graph.Node, to target) (graph.Value, string) {
	switch o := m.Op.(type) {
	case *op.Conv2D, *op.DepthwiseConv2D, *op.FullyConnected, *op.BatchMatMul:
		return q.product(m, &to)
	case *op.Add:
		if o.Clamp != (op.Bounds{}) {
			return graph.None, bounded
		}
		y, why := q.pair(m, to, op.LinearPair{})
		if why == "" {
			return y, ""
		}
		if y, other := q.biased(m, to); other == "" {
			return y, ""
		}
		return graph.None, why
	case *op.Sub:
		if o.Clamp != (op.Bounds{}) {
			return graph.None, bounded
		}
		return q.difference(m, to)
	case *op.Mul:
		if o.Clamp != (op.Bounds{}) {
			return graph.None, bounded
		}
		return q.pair(m, to, op.LinearPair{Product: true})
	case *op.Concatenation:
		return q.joined(m, to)
	case *op.AveragePool2D:
		o = new(*o)
		if o.Act != 0 {
			return graph.None, bounded
		}
		o.To = op.To{DType: to.d}
		return q.ofOne(m, to, new(op.LinearPool(*o)))
	case op.Reducer:
		return q.mean(m, o, to)
	case *op.Softmax:
		return q.ofOne(m, to, &op.LinearSoftmax{Axis: o.Axis, Flat: o.Flat, Beta: o.Beta, DType: to.d})
	case *op.Resize:
		return graph.None, "it blends elements, which is not done on integers"
	}
	return graph.None, "it has no form on integers"
}

// numbers returns what input i of m stands for, if it is one scale.
func (q *qdq) numbers(m graph.Node, i int) (dequantised, string) {
	d, ok := q.of[m.In[i]]
	switch {
	case !ok:
		return d, q.isFloat(m, i)
	case d.many:
		return d, fmt.Sprintf("the scale of input %d differs along axis %d", i, d.axis)
	}
	return d, ""
}

// isFloat says that input i of m was never an integer.
func (q *qdq) isFloat(m graph.Node, i int) string {
	if w, ok := q.made[m.In[i]]; ok {
		return fmt.Sprintf("input %d is float, of %s", i, nodeName(&w))
	}
	return fmt.Sprintf("input %d is float, %s", i, q.name(m.In[i]))
}

// ofOne adds o, which reads x, its scale and zero point, and those of the output.
func (q *qdq) ofOne(m graph.Node, to target, o graph.Op) (graph.Value, string) {
	d, why := q.numbers(m, 0)
	if why != "" {
		return graph.None, why
	}
	return q.add(m, o, d.q, d.scale, d.zero, to.scale, to.zero)
}

// mean adds an average over height and width, of images in either order, as a
// pool, and over other dimensions that lie together as one of a line.
func (q *qdq) mean(m graph.Node, o op.Reducer, to target) (graph.Value, string) {
	d, why := q.numbers(m, 0)
	if why != "" {
		return graph.None, why
	}
	x := q.b.Type(d.q)
	r, ok := o.Reduces(q.views(m.In))
	switch {
	case r.Kind != op.ReduceMean:
		return graph.None, "it has no form on integers"
	case !ok || !x.Static():
		return graph.None, "what it averages depends on data"
	case len(r.Axes) == 0 || x.Len() == 0:
		return graph.None, "it averages nothing"
	}
	first, last := r.Axes[0], r.Axes[len(r.Axes)-1]
	if last-first >= len(r.Axes) {
		return graph.None, fmt.Sprintf("it is a mean over axes %v, which do not lie together", r.Axes)
	}
	y := d.q
	image := []int{size(x.Shape[:first]), size(x.Shape[first : last+1]), 1, size(x.Shape[last+1:])}
	turned := x.Rank() == 4 && slices.Equal(r.Axes, []int{2, 3})
	if turned || x.Rank() == 4 && slices.Equal(r.Axes, []int{1, 2}) {
		image = x.Shape
	}
	if turned {
		image = []int{image[0], image[2], image[3], image[1]}
		y, why = q.add(m, &op.Transpose{Perm: []int{0, 2, 3, 1}}, y)
	} else {
		y, why = q.reshaped(m, y, image)
	}
	if why != "" {
		return graph.None, why
	}
	one := [2]int{1, 1}
	pool := &op.LinearPool{Pool: op.Pool{Window: [2]int{image[1], image[2]}, Stride: one, Dilation: one, To: op.To{DType: to.d}}}
	if y, why = q.add(m, pool, y, d.scale, d.zero, to.scale, to.zero); why == "" && turned {
		y, why = q.add(m, &op.Transpose{Perm: []int{0, 3, 1, 2}}, y)
	}
	if why != "" {
		return graph.None, why
	}
	out := slices.Concat(x.Shape[:first], x.Shape[last+1:])
	if r.KeepDims {
		out = slices.Concat(x.Shape[:first], slices.Repeat([]int{1}, len(r.Axes)), x.Shape[last+1:])
	}
	return q.reshaped(m, y, out)
}

// reshaped gives y another shape.
func (q *qdq) reshaped(m graph.Node, y graph.Value, shape []int) (graph.Value, string) {
	if slices.Equal(q.b.Type(y).Shape, shape) {
		return y, ""
	}
	return q.add(m, &op.Reshape{Shape: shape}, y)
}

// views returns what is known of values.
func (q *qdq) views(vs []graph.Value) []tensor.View {
	views := make([]tensor.View, len(vs))
	for i, v := range vs {
		if v != graph.None {
			views[i] = q.b.View(v)
		}
	}
	return views
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// pair adds a sum or product. Its output has the type of its first input.
func (q *qdq) pair(m graph.Node, to target, o op.LinearPair) (graph.Value, string) {
	a, why := q.numbers(m, 0)
	if why != "" {
		return graph.None, why
	}
	b, why := q.numbers(m, 1)
	if why != "" {
		return graph.None, why
	}
	if d := q.b.Type(a.q).DType; d != to.d {
		return graph.None, fmt.Sprintf("its inputs are %s and its output is %s", d, to.d)
	}
	return q.add(m, new(o), a.q, a.scale, a.zero, b.q, b.scale, b.zero, to.scale, to.zero)
}

// difference is a sum with integers that stand for the negative.
func (q *qdq) difference(m graph.Node, to target) (graph.Value, string) {
	b, why := q.numbers(m, 1)
	if why != "" {
		return graph.None, why
	}
	s := q.b.View(b.scale)
	if !s.Known() || s.DType != tensor.F32 {
		return graph.None, "the scale of input 1 is not constant"
	}
	b.scale = q.b.Const("negative", s.Type, tensor.Bytes([]float32{-s.F32()[0]}))
	real, why := q.add(m, &op.DequantizeLinear{DType: tensor.F32}, b.q, b.scale, b.zero)
	if why != "" {
		return graph.None, why
	}
	m.In = []graph.Value{m.In[0], real}
	return q.pair(m, to, op.LinearPair{})
}

// joined joins what is first brought to one scale.
func (q *qdq) joined(m graph.Node, to target) (graph.Value, string) {
	parts := make([]graph.Value, len(m.In))
	for i := range m.In {
		d, why := q.numbers(m, i)
		if why != "" {
			return graph.None, why
		}
		if parts[i], why = q.rescaled(m, d, to); why != "" {
			return graph.None, why
		}
	}
	return q.add(m, &op.Concatenation{Axis: m.Op.(*op.Concatenation).Axis}, parts...)
}
