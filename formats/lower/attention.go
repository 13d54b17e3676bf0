package lower

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// hidden is added to the scores of keys that are not seen: e to its power is 0.
const hidden = -1e9

// attention adds softmax(scale·q·kᵀ)·v for each head, from products and a softmax.
// A causal mask is a constant, so that lengths must be known; the batch need not be.
func (c *Composer) attention(o op.TrainedAttention, in []graph.Value) ([]graph.Value, error) {
	q, k, v, mask := in[0], in[1], in[2], graph.None
	if len(in) > 3 {
		mask = in[3]
	}
	t, s := c.Type(q).Shape[1], c.Type(k).Shape[1]
	d, e := c.Type(q).Shape[2], c.Type(v).Shape[2]
	if t < 0 || s < 0 || d < 0 || e < 0 || c.Reads(1) {
		return nil, op.Unsupported("attention over an unknown length, or that keeps what its gradient needs")
	}
	heads, causal, scale := o.Heads, o.Causal, o.Scale
	if scale == 0 {
		scale = float32(1 / math.Sqrt(float64(d/heads)))
	}
	to := op.To{DType: tensor.F32}
	split := func(x graph.Value, length, size int) graph.Value {
		x = c.Add(&op.Reshape{Shape: []int{-1, length, heads, size / heads}}, x)
		return c.Add(&op.Transpose{Perm: []int{0, 2, 1, 3}}, x)
	}
	scores := c.Add(&op.BatchMatMul{AdjY: true, Fused: true, To: to}, split(q, t, d), split(k, s, d))
	scores = c.Add(&op.Mul{To: to}, scores, c.Number(scale))
	seen := graph.None // 1 or 0
	if causal {
		bias, ones := make([]float32, t*s), make([]float32, t*s)
		for i := range t {
			for j := range s {
				if ones[i*s+j] = 1; j > i {
					bias[i*s+j], ones[i*s+j] = hidden, 0
				}
			}
		}
		scores = c.Add(&op.Add{To: to}, scores, c.F32(bias, t, s))
		seen = c.F32(ones, t, s)
	}
	if mask != graph.None {
		if c.Type(mask).DType != tensor.Bool {
			mask = c.Add(&op.Compare{Is: op.NotEqual}, mask, c.Number(0))
		}
		mask = c.Add(&op.Cast{DType: tensor.F32}, c.Add(&op.Reshape{Shape: []int{-1, 1, 1, s}}, mask))
		bias := c.Add(&op.Mul{To: to}, c.Add(&op.Sub{To: to}, c.Number(1), mask), c.Number(hidden))
		scores = c.Add(&op.Add{To: to}, scores, bias)
		if seen != graph.None {
			mask = c.Add(&op.Mul{To: to}, mask, seen)
		}
		seen = mask
	}
	p := c.Add(&op.Softmax{Beta: 1, Axis: -1, Plain: true, To: to}, scores)
	if mask != graph.None { // without one, each query sees a key
		p = c.Add(&op.Mul{To: to}, p, seen)
	}
	y := c.Add(&op.BatchMatMul{Fused: true, To: to}, p, split(v, s, e))
	y = c.Add(&op.Reshape{Shape: []int{-1, t, e}}, c.Add(&op.Transpose{Perm: []int{0, 2, 1, 3}}, y))
	return []graph.Value{y}, nil
}
