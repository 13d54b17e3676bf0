package runtime

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// product adds o in the place of m, a convolution or product of inputs 0 and
// 1, and a bias. Weights may have a scale for each index of axis; they are
// transposed by perm, unless that is nil.
func (q *qdq) product(m graph.Node, to target, o graph.Op, axis int, perm []int) (graph.Value, bool) {
	x, okX := q.of[m.In[0]]
	w, okW := q.of[m.In[1]]
	if !okX || !okW || x.many || w.many && w.axis != axis {
		return graph.None, false
	}
	bias, ok := graph.None, true
	if len(m.In) > 2 && m.In[2] != graph.None {
		if bias, ok = q.integerBias(m.In[2], x, w); !ok {
			return graph.None, false
		}
	}
	weights := w.q
	if perm != nil {
		if weights, ok = q.add(m, op.Transpose{Perm: perm}, weights); !ok {
			return graph.None, false
		}
	}
	return q.add(m, o, x.q, weights, x.zero, w.zero, x.scale, w.scale, to.scale, to.zero, bias)
}

// matMul adds a product of matrices, the right one perhaps stored transposed.
func (q *qdq) matMul(m graph.Node, o op.BatchMatMul, to target) (graph.Value, bool) {
	rank := q.b.Type(m.In[1]).Rank()
	if o.AdjX || rank < 2 {
		return graph.None, false
	}
	axis, perm := rank-1, []int(nil)
	if o.AdjY {
		if rank != 2 {
			return graph.None, false
		}
		axis, perm = 0, []int{1, 0}
	}
	return q.product(m, to, op.IntegerMatMul{DType: to.d}, axis, perm)
}

// biased adds a product and the bias that m adds to it.
func (q *qdq) biased(m graph.Node, to target) (graph.Value, bool) {
	for i := range 2 {
		p, ok := q.made[m.In[i]]
		if !ok || q.reads[m.In[i]] != 1 {
			continue
		}
		o, ok := p.Op.(op.BatchMatMul)
		y, b := q.b.Type(m.In[i]), q.b.Type(m.In[1-i])
		if !ok || b.Rank() != 1 || !b.Static() || y.Rank() < 2 || b.Shape[0] != y.Shape[y.Rank()-1] {
			continue
		}
		p.In = []graph.Value{p.In[0], p.In[1], m.In[1-i]}
		return q.matMul(p, o, to)
	}
	return graph.None, false
}

// integerBias returns a bias in units of the sums, x's scale times the weights'.
func (q *qdq) integerBias(v graph.Value, x, w dequantised) (graph.Value, bool) {
	bias, ok := q.known(v)
	if !ok {
		return graph.None, false
	}
	sx, sw := q.b.View(x.scale), q.b.View(w.scale)
	if !sx.Known() || !sw.Known() || sx.DType != tensor.F32 || sw.DType != tensor.F32 || sx.Len() != 1 || sw.Len() != 1 && sw.Len() != len(bias) {
		return graph.None, false
	}
	out := make([]int32, len(bias))
	for i, b := range bias {
		unit := float64(sx.F32()[0]) * float64(sw.F32()[i%sw.Len()])
		r := math.RoundToEven(b / unit)
		if !(math.Abs(r) <= math.MaxInt32) {
			return graph.None, false
		}
		out[i] = int32(r)
	}
	return q.b.Const("bias", tensor.Of(tensor.I32, len(out)), tensor.Bytes(out)), true
}

// known returns the numbers of a list of float32 that is constant, or is
// dequantised of constants.
func (q *qdq) known(v graph.Value) ([]float64, bool) {
	if c := q.b.View(v); c.Known() && c.DType == tensor.F32 && c.Rank() == 1 {
		out := make([]float64, c.Len())
		for i, x := range c.F32() {
			out[i] = float64(x)
		}
		return out, true
	}
	d, ok := q.of[v]
	if !ok {
		return nil, false
	}
	c, s := q.b.View(d.q), q.b.View(d.scale)
	if !c.Known() || c.DType != tensor.I32 || c.Rank() != 1 || !s.Known() || s.DType != tensor.F32 || s.Len() != 1 && s.Len() != c.Len() {
		return nil, false
	}
	var zeros []int32
	if d.zero != graph.None {
		z := q.b.View(d.zero)
		if !z.Known() || z.Len() != s.Len() {
			return nil, false
		}
		zeros = z.I32()
	}
	out := make([]float64, c.Len())
	for i, x := range c.I32() {
		k := i % max(s.Len(), 1)
		if zeros != nil {
			out[i] = float64(int64(x) - int64(zeros[k]))
		} else {
			out[i] = float64(x)
		}
		out[i] *= float64(s.F32()[k])
	}
	return out, true
}
