package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TrainedAttention is attention on what projections give, heads side by side in
// the last dimension: y = softmax(scale·q·kᵀ)·v for each head. The inputs are
//
//	q [n t h·d]    k [n s h·d]    v [n s h·e]    mask [n s], float32 or bool
//
// of which the mask may be left out: keys where it is 0 are looked away from. If
// Causal, query i sees keys 0 to i. A query that sees no key yields 0. The
// outputs are y [n t h·e], and for the gradient the greatest score of each query
// before the scale, and the sum of its exponentials: [n h t 2].
//
// It equals: Reshape of q, k and v to [n · h ·] and Transpose to [n h · ·];
// BatchMatMul of q and k (AdjY); Mul by the scale; Add of −∞ (in practice −1e9)
// where keys are not seen; Softmax over the last dimension; BatchMatMul with v;
// Transpose and Reshape back.
//
// Sums: scores are chains over d; the greatest, m, and the sum of e = Exp((x −
// m)·scale) are in lanes over the keys seen; y is a chain of e·v over keys in
// order, then divided by the sum.
type TrainedAttention struct {
	Heads  int
	Causal bool
	Scale  float32 // 0: 1/√d
}

// trainedShape holds dimensions: Dynamic if they are not known.
type trainedShape struct {
	n, t, s, heads, d, e int
	causal               bool
	scale                float32
}

// shape reads those of q, k and v.
func (o *TrainedAttention) shape(q, k, v []int) (s trainedShape, err error) {
	s = trainedShape{n: q[0], t: q[1], s: k[1], heads: o.Heads, causal: o.Causal, scale: o.Scale}
	for i, to := range []*int{&s.d, &s.e} {
		last := [][]int{q, v}[i][2]
		if *to = last; last == tensor.Dynamic {
			continue
		}
		if o.Heads < 1 || last == 0 || last%o.Heads != 0 {
			return s, errorf("%d features for %d heads, want a multiple", last, o.Heads)
		}
		*to = last / o.Heads
	}
	if !fitsShape(k, []int{s.n, s.s, q[2]}) || !fitsShape(v, []int{s.n, s.s, v[2]}) {
		return s, errorf("q, k and v have shapes %v, %v and %v, which do not agree", q, k, v)
	}
	if s.scale == 0 && s.d > 0 {
		s.scale = float32(1 / math.Sqrt(float64(s.d)))
	}
	return s, nil
}

// Infer checks the shapes against each other.
func (o *TrainedAttention) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 4); err != nil {
		return nil, err
	}
	s, err := o.check(in)
	if err != nil {
		return nil, err
	}
	y := slices.Clone(in[0].Shape)
	y[2] = in[2].Shape[2]
	return []tensor.Type{tensor.Of(tensor.F32, y...), tensor.Of(tensor.F32, s.n, s.heads, s.t, 2)}, nil
}

// check looks at q, k, v and the mask.
func (o *TrainedAttention) check(in []tensor.View) (s trainedShape, err error) {
	for i := range 3 {
		if err := wantType(in, i, tensor.F32); err != nil {
			return s, err
		}
		if err := wantRank(in, i, 3); err != nil {
			return s, err
		}
		if slices.Contains(in[i].Shape, 0) {
			return s, errorf("input %d has shape %v, want no 0", i, in[i].Shape)
		}
	}
	if !(o.Scale >= 0) || math.IsInf(float64(o.Scale), 0) {
		return s, errorf("scale %v, want a positive number or 0", o.Scale)
	}
	if s, err = o.shape(in[0].Shape, in[1].Shape, in[2].Shape); err != nil {
		return s, err
	}
	m := input(in, 3)
	if m.Absent() {
		return s, nil
	}
	if err := wantType(in, 3, tensor.F32, tensor.Bool); err != nil {
		return s, err
	}
	if !fitsShape(m.Shape, []int{s.n, s.s}) {
		return s, errorf("the mask has shape %v, want [%d %d]", m.Shape, s.n, s.s)
	}
	return s, nil
}

// sees is how many keys query i may see.
func (s *trainedShape) sees(i int) int {
	if s.causal {
		return min(i+1, s.s)
	}
	return s.s
}

// pairs is how many products q·kᵀ of one feature take.
func (s *trainedShape) pairs() int64 {
	return int64(s.n) * int64(s.heads) * int64(s.t) * int64(s.s)
}

// MACs counts the products with keys and values.
func (o *TrainedAttention) MACs(in, _ []tensor.Type) int64 {
	s, err := o.shape(in[0].Shape, in[1].Shape, in[2].Shape)
	if err != nil {
		return 0
	}
	return s.pairs() * (int64(s.d) + int64(s.e) + 1)
}

// Grad adds a TrainedAttentionGrad.
func (o *TrainedAttention) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	if len(want) > 3 && want[3] {
		return nil, Unsupported("the gradient of a mask of attention")
	}
	if dy[1] != graph.None {
		return nil, Unsupported("a loss of output 1 of a TrainedAttention, kept for its gradient,")
	}
	mask := graph.None
	if len(n.In) > 3 {
		mask = n.In[3]
	}
	in := []graph.Value{n.In[0], n.In[1], n.In[2], mask, n.Out[0], n.Out[1], dy[0]}
	ds, err := b.Node(graph.Node{Label: n.Label + "/grad", Op: &TrainedAttentionGrad{Layer: *o}, In: in})
	if err != nil {
		return nil, err
	}
	return append(ds, graph.None)[:len(n.In)], nil
}
