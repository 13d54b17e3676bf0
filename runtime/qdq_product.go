package runtime

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// integerProduct is a product of inputs 0 and 1, or convolution, on integers.
type integerProduct struct {
	o           graph.Op
	axis        int   // of the weights, that their scales may run along
	turnX, turn []int // how the inputs are transposed; nil: not at all
}

// productOf returns the integer form of m's operator, with an output of type d.
func (q *qdq) productOf(m graph.Node, d tensor.DType) (p integerProduct, why string) {
	switch o := m.Op.(type) {
	case *op.Conv2D:
		if o.Bounds != (op.Bounds{}) {
			return p, bounded
		}
		return integerProduct{o: &op.IntegerConv{Stride: o.Stride, Dilation: o.Dilation, Padding: o.Padding, DType: d}}, ""
	case *op.DepthwiseConv2D:
		if o.Bounds != (op.Bounds{}) {
			return p, bounded
		}
		return integerProduct{o: &op.IntegerConv{Stride: o.Stride, Dilation: o.Dilation, Padding: o.Padding, DType: d}, axis: 3, turn: []int{3, 1, 2, 0}}, ""
	case *op.FullyConnected:
		if o.Bounds != (op.Bounds{}) || !o.KeepDims {
			return p, bounded
		}
		return integerProduct{o: &op.IntegerMatMul{AdjY: true, DType: d}}, ""
	case *op.BatchMatMul:
		rank := q.b.Type(m.In[1]).Rank()
		p = integerProduct{o: &op.IntegerMatMul{AdjY: o.AdjY, DType: d}, axis: rank - 1}
		if o.AdjX {
			p.turnX = lastTwo(q.b.Type(m.In[0]).Rank())
		}
		if o.AdjY {
			p.axis = rank - 2
		}
		return p, ""
	}
	return p, "it is no product"
}

// lastTwo is the permutation that transposes matrices.
func lastTwo(rank int) []int {
	perm := make([]int, rank)
	for i := range perm {
		perm[i] = i
	}
	perm[rank-1], perm[rank-2] = rank-2, rank-1
	return perm
}

// product adds m, a convolution or product of inputs 0 and 1 and a bias, on
// integers. Its result is float32 if to is nil.
func (q *qdq) product(m graph.Node, to *target) (graph.Value, string) {
	d := tensor.F32
	if to != nil {
		d = to.d
	}
	p, why := q.productOf(m, d)
	if why != "" {
		return graph.None, why
	}
	x, why := q.numbers(m, 0)
	if why != "" {
		return graph.None, why
	}
	w, ok := q.of[m.In[1]]
	switch {
	case !ok:
		return graph.None, q.isFloat(m, 1)
	case w.many && w.axis != p.axis:
		return graph.None, fmt.Sprintf("the scale of input 1 differs along axis %d, along which it sums", w.axis)
	}
	if p.turnX != nil {
		if x.q, why = q.add(m, &op.Transpose{Perm: p.turnX}, x.q); why != "" {
			return graph.None, why
		}
	}
	weights := w.q
	if p.turn != nil {
		if weights, why = q.add(m, &op.Transpose{Perm: p.turn}, weights); why != "" {
			return graph.None, why
		}
	}
	bias := graph.None
	if len(m.In) > 2 {
		bias = m.In[2]
	}
	if to == nil {
		return q.add(m, p.o, x.q, weights, x.zero, w.zero, x.scale, w.scale, graph.None, graph.None, graph.None, bias)
	}
	if bias != graph.None {
		if bias, why = q.integerBias(bias, x, w); why != "" {
			return graph.None, why
		}
	}
	return q.add(m, p.o, x.q, weights, x.zero, w.zero, x.scale, w.scale, to.scale, to.zero, bias)
}

// biased adds a product and the bias that m adds to it.
func (q *qdq) biased(m graph.Node, to target) (graph.Value, string) {
	for i := range 2 {
		p, ok := q.made[m.In[i]]
		if !ok || q.reads[m.In[i]] != 1 {
			continue
		}
		_, ok = p.Op.(*op.BatchMatMul)
		y, b := q.b.Type(m.In[i]), q.b.Type(m.In[1-i])
		if !ok || b.Rank() != 1 || !b.Static() || y.Rank() < 2 || b.Shape[0] != y.Shape[y.Rank()-1] {
			continue
		}
		p.In = []graph.Value{p.In[0], p.In[1], m.In[1-i]}
		return q.product(p, &to)
	}
	return graph.None, "it adds no bias to a product"
}

// floatProduct replaces a product that stays in float, though its factors are
// dequantised: it sums integers, and only its result is float.
func (q *qdq) floatProduct(n graph.Node) ([]graph.Value, string) {
	switch n.Op.(type) {
	case *op.Conv2D, *op.DepthwiseConv2D, *op.FullyConnected, *op.BatchMatMul:
	default:
		return nil, ""
	}
	v, why := q.product(n, nil)
	if why != "" {
		return nil, why
	}
	return []graph.Value{v}, ""
}

// integerBias returns a bias in units of the sums, x's scale times the weights'.
func (q *qdq) integerBias(v graph.Value, x, w dequantised) (graph.Value, string) {
	bias, ok := q.known(v)
	if !ok {
		return graph.None, "its bias is not constant"
	}
	sx, sw := q.b.View(x.scale), q.b.View(w.scale)
	if !sx.Known() || !sw.Known() || sx.DType != tensor.F32 || sw.DType != tensor.F32 || sx.Len() != 1 || sw.Len() != 1 && sw.Len() != len(bias) {
		return graph.None, "the scales of its inputs are not constant"
	}
	out := make([]int32, len(bias))
	for i, b := range bias {
		unit := float64(sx.F32()[0]) * float64(sw.F32()[i%sw.Len()])
		r := math.RoundToEven(b / unit)
		if !(math.Abs(r) <= math.MaxInt32) {
			return graph.None, "its bias is too large for the scales of its inputs"
		}
		out[i] = int32(r)
	}
	return q.b.Const("bias", tensor.Of(tensor.I32, len(out)), tensor.Bytes(out)), ""
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
