package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Sub computes a − b, broadcast, and clamps it. Plain integers wrap around.
// To serves quantised elements: int8, uint8, int16.
type Sub struct {
	Clamp Bounds
	To
}

// Infer returns the broadcast type.
func (o *Sub) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferPair(in, o.To, tensor.F32, tensor.I8, tensor.U8, tensor.I16, tensor.I32, tensor.I64)
	if err == nil && quantised(in[0].DType) {
		_, err = o.scaled(in[0].Type, in[1].Type, out[0])
	}
	return out, err
}

// scaled returns the parameters of the quantised difference. Unlike those of
// Add, the real multipliers are float32 quotients.
func (o *Sub) scaled(a, b, y tensor.Type) (kernels.AddS8, error) {
	sa, za := scaleZero(a)
	sb, zb := scaleZero(b)
	sy, _ := scaleZero(y)
	if y.DType == tensor.I16 && (za != 0 || zb != 0) {
		return kernels.AddS8{}, errorf("zero points %d and %d of int16 operands, want 0", za, zb)
	}
	shift := sumShift(y.DType)
	twice := 2 * max(sa, sb)
	return newSum(a, b, y, o.Clamp, shift,
		float64(sa/twice), float64(sb/twice), float64(twice/float32(float32(int32(1)<<shift)*sy)))
}

// on returns the difference for some types. k is nil for Ref.
func (o *Sub) on(a, b, y tensor.Type, k *kernels.Set) pairs {
	switch a.DType {
	case tensor.F32:
		lo, hi := o.Clamp.floats()
		return pairF32(kernels.BinarySub, lo, hi, k)
	case tensor.I32:
		return plainDifference[int32](o.Clamp, math.MinInt32, math.MaxInt32)
	case tensor.I64:
		return plainDifference[int64](o.Clamp, math.MinInt64, math.MaxInt64)
	}
	p, _ := o.scaled(a, b, y) // checked by Infer
	switch a.DType {
	case tensor.I8:
		difference := scaledSum8[int8](p, -1)
		if k != nil {
			difference.run = func(y, a, b []int8) { k.SubS8(y, a, b, &p) }
		}
		return difference
	case tensor.U8:
		return scaledSum8[uint8](p, -1)
	}
	return scaledSum[int16](p, -1)
}

func plainDifference[T int32 | int64](c Bounds, least, most int64) pairs {
	l, h := c.integers(least, most)
	lo, hi := T(l), T(h)
	return pair[T, T, T]{f: func(a, b T) T { return min(max(a-b, lo), hi) }}
}

// Ref subtracts.
func (o *Sub) Ref(in, out []tensor.View) error {
	refPairs(o.on(in[0].Type, in[1].Type, out[0].Type, nil), in, out)
	return nil
}

// Prepare uses the kernels for float32 and int8.
func (o *Sub) Prepare(p *Prep) (Prepared, error) {
	return preparePairs(p.pairKernel(), o.on(p.In[0], p.In[1], p.Out[0], p.Kernels))
}

// InPlace says that the difference may replace an operand.
func (*Sub) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }

// Fuse takes over a clamp.
func (o *Sub) Fuse(next graph.Op, out tensor.Type) graph.Op {
	o = new(*o)
	if b, ok := fuseBounds(o.Clamp, next, out); ok {
		o.Clamp = b
		return o
	}
	return nil
}
