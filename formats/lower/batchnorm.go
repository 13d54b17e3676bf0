package lower

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// scale is a normalisation with constant statistics: y = x·mul + add, one pair
// for each channel.
type scale struct{ mul, add []float64 }

// scaleOf returns what a batch normalisation of float32 does, if all that it
// depends on is constant.
func (r *rewriter) scaleOf(o op.BatchNormalization, in []graph.Value) (s scale, ok bool) {
	if o.Training || len(in) != 5 {
		return s, false
	}
	var p [4][]float32
	for i := range p {
		v := r.g.View(in[i+1])
		if !v.Known() || v.DType != tensor.F32 || i > 0 && v.Len() != len(p[0]) {
			return s, false
		}
		p[i] = v.F32()
	}
	for i := range p[0] {
		m := float64(p[0][i]) / math.Sqrt(float64(p[3][i])+float64(o.Epsilon))
		s.mul = append(s.mul, m)
		s.add = append(s.add, float64(p[1][i])-float64(float64(p[2][i])*m))
	}
	return s, true
}

// findFolds decides which batch normalisations the layers before them do.
// Transposes between the two are looked through.
func (r *rewriter) findFolds() {
	r.folds, r.drops = map[int]scale{}, map[int]bool{}
	for i := range r.g.Nodes {
		n := &r.g.Nodes[i]
		o, ok := n.Op.(*op.BatchNormalization)
		if !ok {
			continue
		}
		s, ok := r.scaleOf(*o, n.In)
		rank := r.g.Values[n.In[0]].Type.Rank()
		if !ok || rank == 0 || o.Axis < -rank || o.Axis >= rank {
			continue
		}
		if k, ok := r.layerBefore(n.In[0], (o.Axis+rank)%rank, len(s.mul)); ok {
			if _, twice := r.folds[k]; twice {
				continue
			}
			r.folds[k], r.drops[i] = s, true
			r.names[n.In[0]] = r.name(n.Out[0])
		}
	}
}

// layerBefore returns the layer whose channels are axis of v, if nobody else
// reads its output and it can be scaled.
func (r *rewriter) layerBefore(v graph.Value, axis, channels int) (node int, ok bool) {
	for {
		i := r.maker[v]
		if i < 0 || r.count[v] != 1 {
			return 0, false
		}
		n := &r.g.Nodes[i]
		if t, ok := n.Op.(*op.Transpose); ok && t.Perm != nil && len(t.Perm) == r.g.Values[v].Type.Rank() {
			v, axis = n.In[0], t.Perm[axis]
			continue
		}
		if r.drops[i] {
			return 0, false
		}
		return i, axis == r.g.Values[v].Type.Rank()-1 && r.scalable(n, channels)
	}
}

// scalable reports whether a layer's outputs may be scaled in its weights.
func (r *rewriter) scalable(n *graph.Node, channels int) bool {
	e, axis, ok := layer(n.Op)
	if !ok || len(n.In) < 2 || len(n.In) > 3 || e.Bounds != (op.Bounds{}) || r.g.Values[n.Out[0]].Type.DType != tensor.F32 {
		return false
	}
	w := r.g.View(n.In[1])
	if !w.Known() || w.DType != tensor.F32 || w.Shape[axis] != channels {
		return false
	}
	if len(n.In) == 2 || n.In[2] == graph.None {
		return true
	}
	b := r.g.View(n.In[2])
	return b.Known() && b.DType == tensor.F32
}

// layer returns the epilogue of a layer with weights, and the axis of the
// outputs in those.
func layer(o graph.Op) (e op.Epilogue, axis int, ok bool) {
	switch o := o.(type) {
	case *op.Conv2D:
		return o.Epilogue, 0, !o.Planes
	case *op.DepthwiseConv2D:
		return o.Epilogue, 3, true
	case *op.TransposeConv:
		return o.Epilogue, 0, true
	case *op.FullyConnected:
		if o.Turned {
			axis = 1
		}
		return o.Epilogue, axis, true
	}
	return e, 0, false
}

// scaled returns a layer's inputs with weights and bias scaled. The constants
// keep their names; a bias that was left out is called after the weights.
func (r *rewriter) scaled(o graph.Op, in []graph.Value, s scale) []graph.Value {
	_, axis, _ := layer(o)
	w := r.b.View(in[1])
	inner := 1
	for _, d := range w.Shape[axis+1:] {
		inner *= d
	}
	weights, name := slices.Clone(w.F32()), r.constName(in[1])
	for i := range weights {
		weights[i] = float32(float64(weights[i]) * s.mul[i/inner%len(s.mul)])
	}
	bias, biasName := make([]float32, len(s.mul)), name+"_bias"
	for i, add := range s.add {
		bias[i] = float32(add)
	}
	if len(in) == 3 && in[2] != graph.None {
		old := r.b.View(in[2])
		biasName = r.constName(in[2])
		for i, b := range old.F32() {
			bias[i] = float32(float64(float64(b)*s.mul[i]) + s.add[i])
		}
	}
	return []graph.Value{
		in[0],
		r.b.Const(name, tensor.Of(tensor.F32, w.Shape...), tensor.Bytes(weights)),
		r.b.Const(biasName, tensor.Of(tensor.F32, len(bias)), tensor.Bytes(bias)),
	}
}

// constName returns the name of a new value that is a constant.
func (r *rewriter) constName(v graph.Value) string {
	for old, at := range r.at {
		if at == v {
			return r.g.Values[old].Name
		}
	}
	return ""
}

// affine adds a product and a sum in place of a batch normalisation.
func (r *rewriter) affine(n *graph.Node, o op.BatchNormalization, in []graph.Value) (graph.Value, bool) {
	s, ok := r.scaleOf(o, n.In)
	x := r.b.Type(in[0])
	if !ok || x.DType != tensor.F32 || x.Rank() == 0 {
		return 0, false
	}
	axis := o.Axis
	if axis < 0 {
		axis += x.Rank()
	}
	shape := slices.Repeat([]int{1}, x.Rank())
	shape[axis] = len(s.mul)
	constant := func(i int, xs []float64) graph.Value {
		data := make([]float32, len(xs))
		for i, v := range xs {
			data[i] = float32(v)
		}
		return r.b.Const(r.g.Values[n.In[i]].Name, tensor.Of(tensor.F32, shape...), tensor.Bytes(data))
	}
	to := op.To{DType: tensor.F32}
	y := r.b.Add(n.Label+"/scale", &op.Mul{To: to}, in[0], constant(1, s.mul))
	out, err := r.b.Node(graph.Node{Label: n.Label, Source: n.Source, Op: &op.Add{To: to}, In: []graph.Value{y, constant(2, s.add)}}, r.name(n.Out[0]))
	if err != nil {
		return 0, false
	}
	return out[0], true
}
