package runtime

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Numbers that are moved, and greatest ones that are picked, are dequantised
// after that instead of before.

// movedFirst lets n move integers, and dequantises its outputs; nil if it
// doesn't move dequantised numbers.
func (q *qdq) movedFirst(n graph.Node) []graph.Value {
	if len(n.In) == 0 || n.In[0] == graph.None {
		return nil
	}
	d, ok := q.of[n.In[0]]
	if !ok {
		return nil
	}
	in := slices.Clone(n.In)
	in[0] = d.q
	switch o := n.Op.(type) {
	case *op.Concatenation:
		if in, ok = q.alike(n.In, d); !ok {
			return nil
		}
		n.Op = &op.Concatenation{Axis: o.Axis}
	case *op.Pad, *op.PadSides:
		if in, ok = q.padding(n, in, d.scale, d.zero, true); !ok {
			return nil
		}
	default:
		if !moves(n.Op) || q.b.Type(d.q).Static() && q.b.Type(d.q).Len() == 0 {
			return nil // the greatest of no integers is a number
		}
	}
	if d.many {
		if d.axis, ok = q.movedAxis(n, d.axis); !ok {
			return nil
		}
	}
	return q.dequantisedAfter(n, in, d)
}

// moves reports whether an operator does the same to integers as to the
// numbers that they stand for, and reads only one of its inputs as numbers.
func moves(o graph.Op) bool {
	switch o := o.(type) {
	case *op.MaxPool2D:
		// A window that dilation spreads may see no pixel, but only padding.
		return o.Act == 0 && o.Quant == nil && (o.Dilation == [2]int{1, 1} || o.Padding == op.Padding{})
	case *op.Aggregate:
		return o.Kind == op.ReduceMax || o.Kind == op.ReduceMin
	case op.Mover:
		return o.Moves()
	}
	return false
}

// dequantisedAfter adds n on integers, and dequantises what it makes.
func (q *qdq) dequantisedAfter(n graph.Node, in []graph.Value, d dequantised) []graph.Value {
	o := plain(n.Op)
	if _, err := o.Infer(q.views(in)); err != nil {
		return nil
	}
	moved := n
	moved.Op, moved.In = o, in
	integers, err := q.b.Node(moved, slices.Repeat([]string{n.Label}, len(n.Out))...)
	if err != nil {
		return nil
	}
	out := make([]graph.Value, len(integers))
	for i, v := range integers {
		real, why := q.add(n, &op.DequantizeLinear{Axis: d.axis, DType: tensor.F32}, v, d.scale, d.zero)
		if why != "" {
			return nil
		}
		out[i] = real
	}
	return out
}

// plain is an operator on float32 for integers without a scale.
func plain(o graph.Op) graph.Op {
	switch o := o.(type) {
	case *op.MaxPool2D:
		o = new(*o)
		o.To = op.To{}
		return o
	case *op.Pad:
		return &op.Pad{}
	}
	return o
}

// movedAxis returns where n puts an axis, if that is clear.
func (q *qdq) movedAxis(n graph.Node, axis int) (int, bool) {
	switch o := n.Op.(type) {
	case *op.Transpose:
		axis = slices.Index(o.Perm, axis)
		return axis, axis >= 0
	case *op.ExpandDims:
		at := q.b.View(n.In[1])
		if !at.Known() || at.Len() != 1 {
			return 0, false
		}
		after := at.DType == tensor.I32 && at.I32()[0] > 0 || at.DType == tensor.I64 && at.I64()[0] > 0
		return axis, axis == 0 && after
	}
	return 0, false
}

// alike returns the integers that stand for several numbers, if all have d's
// scale and zero point.
func (q *qdq) alike(vs []graph.Value, d dequantised) ([]graph.Value, bool) {
	out := make([]graph.Value, len(vs))
	for i, v := range vs {
		x, ok := q.of[v]
		if !ok || x.many || q.b.Type(x.q).DType != q.b.Type(d.q).DType || !q.same(x.scale, d.scale) || !q.same(x.zero, d.zero) {
			return nil, false
		}
		out[i] = x.q
	}
	return out, true
}

// padding returns inputs of which the new element, input 2 and 0 if left out, is
// an integer of the same type, scale and zero point as input 0. If exact is set,
// that must stand for the same number.
func (q *qdq) padding(n graph.Node, in []graph.Value, scale, zero graph.Value, exact bool) ([]graph.Value, bool) {
	if o, ok := n.Op.(*op.PadSides); ok && o.Moves() {
		return in, true
	}
	for len(in) < 3 {
		in = append(in, graph.None)
	}
	x := tensor.View{Type: tensor.Of(tensor.F32, 1), Data: tensor.Bytes([]float32{0})}
	if in[2] != graph.None {
		if x = q.b.View(in[2]); !x.Known() || x.DType != tensor.F32 || x.Len() != 1 {
			return nil, false
		}
		x.Shape = []int{1}
	}
	d := q.b.Type(in[0]).DType
	s, z, ok := q.knownScale(scale, zero)
	if !ok {
		return nil, false
	}
	params := append([]tensor.View{x}, s)
	if !z.Absent() {
		params = append(params, z)
	}
	y, ok := evaluated(&op.QuantizeLinear{DType: d}, params...)
	if !ok {
		return nil, false
	}
	if back, ok := evaluated(&op.DequantizeLinear{DType: tensor.F32}, append([]tensor.View{y}, params[1:]...)...); exact && (!ok || back.F32()[0] != x.F32()[0]) {
		return nil, false
	}
	in[2] = q.b.Const(n.Label, tensor.Of(d), y.Data)
	return in, true
}

// knownScale returns a scale and zero point of one element each, if they are
// constant.
func (q *qdq) knownScale(scale, zero graph.Value) (s, z tensor.View, ok bool) {
	if s = q.b.View(scale); !s.Known() || s.Len() != 1 {
		return s, z, false
	}
	if zero != graph.None {
		if z = q.b.View(zero); !z.Known() || z.Len() != 1 {
			return s, z, false
		}
		z.Shape = nil
	}
	s.Shape = nil
	return s, z, true
}

// evaluated returns what an operator makes of known inputs.
func evaluated(o op.Referenced, in ...tensor.View) (tensor.View, bool) {
	types, err := o.Infer(in)
	if err != nil || len(types) != 1 || !types[0].Static() {
		return tensor.View{}, false
	}
	out := []tensor.View{{Type: types[0], Data: alloc(types[0].Bytes())}}
	return out[0], o.Ref(in, out) == nil
}
