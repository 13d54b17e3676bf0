package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Mul computes a·b, broadcast, and clamps it. Plain integers wrap around. To
// serves quantised elements: int8, uint8, int16.
type Mul struct {
	Clamp Bounds
	To
}

// Infer returns the broadcast type.
func (o *Mul) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferPair(in, o.To, tensor.F32, tensor.I8, tensor.U8, tensor.I16, tensor.I32, tensor.I64)
	if err == nil && in[0].DType == tensor.I16 {
		err = wantZeroPoints(in[0].Type, in[1].Type, out[0])
	}
	return out, err
}

// wantZeroPoints checks that zero points are 0.
func wantZeroPoints(types ...tensor.Type) error {
	for _, t := range types {
		if _, zero := scaleZero(t); zero != 0 {
			return errorf("%s%v has zero point %d, want 0", t.DType, t.Shape, zero)
		}
	}
	return nil
}

// on returns the product for some types. k is nil for Ref.
func (o *Mul) on(a, b, y tensor.Type, k *kernels.Set) pairs {
	switch a.DType {
	case tensor.F32:
		lo, hi := o.Clamp.floats()
		return pairF32(kernels.BinaryMul, lo, hi, k)
	case tensor.I32:
		return plainProduct[int32](o.Clamp, math.MinInt32, math.MaxInt32)
	case tensor.I64:
		return plainProduct[int64](o.Clamp, math.MinInt64, math.MaxInt64)
	case tensor.I8:
		product := scaledProduct[int8](o.Clamp, a, b, y)
		if k != nil {
			p := o.scaled(a, b, y)
			product.run = func(y, a, b []int8) { k.MulS8(y, a, b, &p) }
		}
		return product
	case tensor.U8:
		return scaledProduct[uint8](o.Clamp, a, b, y)
	}
	return scaledProduct[int16](o.Clamp, a, b, y)
}

func plainProduct[T int32 | int64](c Bounds, least, most int64) pairs {
	l, h := c.integers(least, most)
	lo, hi := T(l), T(h)
	return pair[T, T, T]{f: func(a, b T) T { return min(max(a*b, lo), hi) }}
}

// scaled returns the parameters of the product of int8.
func (o *Mul) scaled(a, b, y tensor.Type) kernels.MulS8 {
	var p kernels.MulS8
	var sa, sb, sy float32
	sa, p.ZeroA = scaleZero(a)
	sb, p.ZeroB = scaleZero(b)
	sy, p.Zero = scaleZero(y)
	p.Lo, p.Hi = o.Clamp.quantised(y)
	p.Out = kernelScale(multiplier(sa, sb, sy))
	return p
}

func scaledProduct[T int8 | uint8 | int16](c Bounds, a, b, y tensor.Type) pair[T, T, T] {
	sa, za := scaleZero(a)
	sb, zb := scaleZero(b)
	sy, zy := scaleZero(y)
	lo, hi := c.quantised(y)
	m := newScaler(multiplier(sa, sb, sy))
	return pair[T, T, T]{
		f: func(a, b T) T {
			return T(min(max(m.times((int32(a)-za)*(int32(b)-zb))+zy, lo), hi))
		},
		run: func(y, a, b []T) {
			m := m
			a, b = a[:len(y)], b[:len(y)]
			for i := range y {
				y[i] = T(min(max(m.times((int32(a[i])-za)*(int32(b[i])-zb))+zy, lo), hi))
			}
		},
	}
}

// Ref multiplies.
func (o *Mul) Ref(in, out []tensor.View) error {
	refPairs(o.on(in[0].Type, in[1].Type, out[0].Type, nil), in, out)
	return nil
}

// Prepare uses the kernels for float32 and int8.
func (o *Mul) Prepare(p *Prep) (Prepared, error) {
	return preparePairs(p.pairKernel(), o.on(p.In[0], p.In[1], p.Out[0], p.Kernels))
}

// InPlace says that the product may replace an operand.
func (*Mul) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }

// Fuse takes over a clamp.
func (o *Mul) Fuse(next graph.Op, out tensor.Type) graph.Op {
	o = new(*o)
	if b, ok := fuseBounds(o.Clamp, next, out); ok {
		o.Clamp = b
		return o
	}
	return nil
}
