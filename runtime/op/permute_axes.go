package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// How operators whose dimensions matter commute with permutations of them.

// Permuted is for one scale: where there are several, they run along an axis.
func (o *Quantize) Permuted(perm []int, in []tensor.View) (graph.Op, []tensor.View, []int) {
	if o.Quant.PerChannel() {
		return nil, nil, nil
	}
	return o, dataIn(in, 0), perm
}

// Permuted moves the axis.
func (o *Concatenation) Permuted(perm []int, in []tensor.View) (_ graph.Op, _ []tensor.View, _ []int) {
	o = new(*o)
	axis, ok := permutedAxis(o.Axis, perm)
	if !ok {
		return
	}
	o.Axis = axis
	return o, make([]tensor.View, len(in)), perm
}

// Permuted is for data and scales of one element each.
func (o *LinearPair) Permuted(perm []int, in []tensor.View) (graph.Op, []tensor.View, []int) {
	return o, dataIn(in, 0, 3), perm
}

// Permuted is for any x: there is one scale.
func (o *LinearTable) Permuted(perm []int, in []tensor.View) (graph.Op, []tensor.View, []int) {
	return o, dataIn(in, 0), perm
}

// Permuted moves the axis of scales.
func (o *QuantizeLinear) Permuted(perm []int, in []tensor.View) (graph.Op, []tensor.View, []int) {
	o = new(*o)
	if o.Block != 0 || o.ChannelsLast {
		return nil, nil, nil
	}
	if o.Axis, _ = permutedAxis(o.Axis, perm); in[1].Rank() == 0 || in[1].Static() && in[1].Len() == 1 {
		o.Axis = 0
	}
	return o, dataIn(in, 0), perm
}

// Permuted moves the axis of scales.
func (o *DequantizeLinear) Permuted(perm []int, in []tensor.View) (graph.Op, []tensor.View, []int) {
	o = new(*o)
	if o.Block != 0 {
		return nil, nil, nil
	}
	if o.Axis, _ = permutedAxis(o.Axis, perm); in[1].Rank() == 0 || in[1].Static() && in[1].Len() == 1 {
		o.Axis = 0
	}
	return o, dataIn(in, 0), perm
}

// Permuted moves the axis of channels.
func (o *BatchNormalization) Permuted(perm []int, in []tensor.View) (_ graph.Op, _ []tensor.View, _ []int) {
	o = new(*o)
	axis, ok := permutedAxis(o.Axis, perm)
	if !ok || o.Training {
		return
	}
	o.Axis = axis
	return o, dataIn(in, 0), perm
}

// Permuted moves the axis. The last one stays: its sums are in an order of their
// own, which TFLite's results depend on.
func (o *Softmax) Permuted(perm []int, in []tensor.View) (_ graph.Op, _ []tensor.View, _ []int) {
	o = new(*o)
	axis, ok := permutedAxis(o.Axis, perm)
	last := len(perm) - 1
	if !ok || o.Flat || !in[0].DType.Float() || (o.Axis == -1 || o.Axis == last) && axis != last {
		return
	}
	o.Axis = axis
	return o, dataIn(in, 0), perm
}

// Permuted moves the axis.
func (o *LinearSoftmax) Permuted(perm []int, in []tensor.View) (_ graph.Op, _ []tensor.View, _ []int) {
	o = new(*o)
	axis, ok := permutedAxis(o.Axis, perm)
	if !ok || o.Flat {
		return
	}
	o.Axis = axis
	return o, dataIn(in, 0), perm
}

// Permuted moves the axis.
func (o *Split) Permuted(perm []int, in []tensor.View) (_ graph.Op, _ []tensor.View, _ []int) {
	o = new(*o)
	axis, ok := permutedAxis(o.Axis, perm)
	if !ok || len(in) > 2 && !in[2].Absent() {
		return
	}
	o.Axis = axis
	return o, dataIn(in, 0), perm
}

// Permuted names the axes that the lists are about.
func (o *Resize) Permuted(perm []int, in []tensor.View) (_ graph.Op, _ []tensor.View, _ []int) {
	o = new(*o)
	axes, err := o.axes(len(perm))
	if err != nil {
		return
	}
	o.Axes = make([]int, len(axes))
	for i, a := range axes {
		o.Axes[i] = perm[a]
	}
	return o, dataIn(in, 0), perm
}

// Permuted names the axes that the index is about.
func (o *StridedSlice) Permuted(perm []int, in []tensor.View) (_ graph.Op, _ []tensor.View, _ []int) {
	o = new(*o)
	if o.ShrinkAxisMask|o.EllipsisMask|o.NewAxisMask != 0 || !in[1].Static() {
		return
	}
	axes, known := o.Axes, true
	if v := o.axes(in); v != nil {
		var err error
		if axes, known, err = ints(*v); err != nil {
			return
		}
	} else if axes == nil {
		for i := range in[1].Len() {
			axes = append(axes, i)
		}
	}
	if !known {
		return
	}
	o.Axes = make([]int, len(axes))
	for i, a := range axes {
		axis, ok := permutedAxis(a, perm)
		if !ok {
			return
		}
		o.Axes[i] = axis
	}
	return o, dataIn(in[:min(len(in), 4)], 0), perm
}

// Permuted orders the paddings anew.
func (o *Pad) Permuted(perm []int, in []tensor.View) (_ graph.Op, _ []tensor.View, _ []int) {
	pads, known, err := ints(in[1])
	if err != nil || !known || len(pads) != 2*len(perm) {
		return
	}
	list := make([]int64, len(pads))
	for i, p := range perm {
		list[2*p], list[2*p+1] = int64(pads[2*i]), int64(pads[2*i+1])
	}
	params := dataIn(in, 0)
	params[1] = tensor.View{Type: tensor.Of(tensor.I64, len(perm), 2), Data: tensor.Bytes(list)}
	return o, params, perm
}

// Permuted reduces other axes, where the order of elements doesn't matter.
func (o *Reduce) Permuted(perm []int, in []tensor.View) (_ graph.Op, _ []tensor.View, _ []int) {
	o = new(*o)
	r, ok := o.Reduces(in)
	if !ok || o.Kind == ReduceMean || o.Kind == ReduceSum || o.Kind == ReduceProd {
		return
	}
	o.Axes = r.permuted(perm)
	return o, make([]tensor.View, 1), r.left(perm)
}

// Permuted reduces other axes.
func (o *Aggregate) Permuted(perm []int, in []tensor.View) (_ graph.Op, _ []tensor.View, _ []int) {
	o = new(*o)
	r, ok := o.Reduces(in)
	if !ok || len(r.Axes) == 0 {
		return
	}
	o.Axes = r.permuted(perm)
	return o, make([]tensor.View, 1), r.left(perm)
}

// permuted returns the axes of x that are those of Transpose(x, perm).
func (r *Reduce) permuted(perm []int) []int {
	axes := make([]int, len(r.Axes))
	for i, a := range r.Axes {
		axes[i] = perm[a]
	}
	slices.Sort(axes)
	return axes
}

// left is the permutation of what the reduction leaves of Transpose(x, perm).
func (r *Reduce) left(perm []int) []int {
	if r.KeepDims {
		return perm
	}
	drop := make([]bool, len(perm))
	for _, a := range r.Axes {
		drop[a] = true
	}
	return without(perm, drop)
}

// without drops dimensions from a permutation: perm of y = Transpose(x, perm)
// becomes that of y less the dimensions in drop and of x less the same.
func without(perm []int, drop []bool) []int {
	out := []int{}
	for i, p := range perm {
		if drop[i] {
			continue
		}
		at := p
		for k, q := range perm {
			if drop[k] && q < p {
				at--
			}
		}
		out = append(out, at)
	}
	return out
}

// Permuted drops other axes.
func (o *Squeeze) Permuted(perm []int, in []tensor.View) (_ graph.Op, _ []tensor.View, _ []int) {
	o = new(*o)
	axes, known := o.Axes, true
	if v := input(in, 1); !v.Absent() {
		var err error
		if axes, known, err = ints(v); err != nil {
			return
		}
	}
	if !known || len(axes) == 0 {
		return
	}
	drop := make([]bool, len(perm))
	o.Axes = nil
	for _, a := range axes {
		axis, err := axisOf(a, len(perm))
		if err != nil {
			return
		}
		drop[axis] = true
		o.Axes = append(o.Axes, perm[axis])
	}
	return o, make([]tensor.View, 1), without(perm, drop)
}

// Permuted is for one new dimension: it comes before the one that follows it in
// the output, so that planes of a line stay images of a line.
func (o *ExpandDims) Permuted(perm []int, in []tensor.View) (_ graph.Op, _ []tensor.View, _ []int) {
	axes, known, err := ints(in[1])
	if err != nil || !known || len(axes) != 1 {
		return
	}
	axis, err := axisOf(axes[0], len(perm)+1)
	if err != nil {
		return
	}
	at := len(perm)
	if axis < len(perm) {
		at = perm[axis]
	}
	out := []int{}
	for _, p := range perm {
		if p >= at {
			p++
		}
		out = append(out, p)
	}
	params := dataIn(in, 0)
	params[1] = tensor.View{Type: tensor.Of(tensor.I64, 1), Data: tensor.Bytes([]int64{int64(at)})}
	return o, params, slices.Insert(out, axis, at)
}
