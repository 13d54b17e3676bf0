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
	case op.Conv2D, op.DepthwiseConv2D, op.FullyConnected, op.BatchMatMul:
		return q.product(m, &to)
	case op.Add:
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
	case op.Sub:
		if o.Clamp != (op.Bounds{}) {
			return graph.None, bounded
		}
		return q.difference(m, to)
	case op.Mul:
		if o.Clamp != (op.Bounds{}) {
			return graph.None, bounded
		}
		return q.pair(m, to, op.LinearPair{Product: true})
	case op.Concatenation:
		return q.joined(m, to)
	case op.AveragePool2D:
		if o.Act != 0 {
			return graph.None, bounded
		}
		o.To = op.To{DType: to.d}
		return q.ofOne(m, to, op.LinearPool(o))
	case op.Reduce:
		return q.mean(m, o, to)
	case op.Softmax:
		return q.ofOne(m, to, op.LinearSoftmax{Axis: o.Axis, Flat: o.Flat, Beta: o.Beta, DType: to.d})
	case op.Resize:
		return graph.None, "it blends elements, which is not done on integers"
	}
	return graph.None, "it has no form on integers"
}

// numbers returns what input i of m stands for, if it is one scale.
func (q *qdq) numbers(m graph.Node, i int) (dequantised, string) {
	d, ok := q.of[m.In[i]]
	switch {
	case !ok:
		return d, fmt.Sprintf("input %d is not dequantised", i)
	case d.many:
		return d, fmt.Sprintf("the scale of input %d differs along axis %d", i, d.axis)
	}
	return d, ""
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
func (q *qdq) mean(m graph.Node, o op.Reduce, to target) (graph.Value, string) {
	d, why := q.numbers(m, 0)
	if why != "" {
		return graph.None, why
	}
	if o.Kind != op.ReduceMean {
		return graph.None, "it has no form on integers"
	}
	x := q.b.Type(d.q)
	axes, why := q.reducedAxes(m, o, x)
	if why != "" {
		return graph.None, why
	}
	images := x.Rank() == 4 && (slices.Equal(axes, []int{2, 3}) || slices.Equal(axes, []int{1, 2}))
	first, last := axes[0], axes[len(axes)-1]
	out, shape := slices.Clone(x.Shape), slices.Clone(x.Shape)
	for _, a := range axes {
		out[a] = 1
	}
	y := d.q
	if !images {
		shape = []int{size(x.Shape[:first]), size(x.Shape[first : last+1]), 1, size(x.Shape[last+1:])}
		y, why = q.add(m, op.Reshape{Shape: shape}, y)
	} else if first == 2 {
		shape = []int{shape[0], shape[2], shape[3], shape[1]}
		y, why = q.add(m, op.Transpose{Perm: []int{0, 2, 3, 1}}, y)
	}
	if why != "" {
		return graph.None, why
	}
	window := [2]int{shape[1], shape[2]}
	one := [2]int{1, 1}
	y, why = q.add(m, op.LinearPool{Pool: op.Pool{Window: window, Stride: one, Dilation: one, To: op.To{DType: to.d}}}, y, d.scale, d.zero, to.scale, to.zero)
	if why == "" && images && first == 2 {
		y, why = q.add(m, op.Transpose{Perm: []int{0, 3, 1, 2}}, y)
	}
	switch {
	case why != "":
		return graph.None, why
	case !o.KeepDims && images:
		return q.add(m, op.Squeeze{Axes: axes}, y)
	case !o.KeepDims:
		out = slices.Concat(x.Shape[:first], x.Shape[last+1:])
	case images:
		return y, ""
	}
	return q.add(m, op.Reshape{Shape: out}, y)
}

// reducedAxes returns the axes of a reduction, in order: they must lie together.
func (q *qdq) reducedAxes(m graph.Node, o op.Reduce, x tensor.Type) (axes []int, why string) {
	if axes = o.Axes; len(m.In) > 1 && m.In[1] != graph.None {
		v := q.b.View(m.In[1])
		if !v.Known() || v.DType != tensor.I64 {
			return nil, "its axes are not constant"
		}
		axes = nil
		for _, a := range v.I64() {
			axes = append(axes, int(a))
		}
	} else if axes == nil {
		for i := range x.Rank() {
			axes = append(axes, i)
		}
	}
	axes = slices.Clone(axes)
	for i := range axes {
		if axes[i] < 0 {
			axes[i] += x.Rank()
		}
	}
	slices.Sort(axes)
	for i := range axes {
		if axes[i] != axes[0]+i {
			return nil, fmt.Sprintf("it is a mean over axes %v, which do not lie together", axes)
		}
	}
	if len(axes) == 0 || !x.Static() || x.Len() == 0 {
		return nil, "there is nothing to average, or how much depends on data"
	}
	return axes, ""
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
	return q.add(m, o, a.q, a.scale, a.zero, b.q, b.scale, b.zero, to.scale, to.zero)
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
	real, why := q.add(m, op.DequantizeLinear{DType: tensor.F32}, b.q, b.scale, b.zero)
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
	return q.add(m, op.Concatenation{Axis: m.Op.(op.Concatenation).Axis}, parts...)
}
