package op

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Mul computes a·b, broadcast, and clamps it. Plain integers wrap around. To
// serves quantised elements: int8, uint8, int16.
type Mul struct {
	Clamp Bounds
	To
}

// Name returns "Mul".
func (Mul) Name() string { return "Mul" }

// Infer returns the broadcast type.
func (o Mul) Infer(in []tensor.View) ([]tensor.Type, error) {
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
			return fmt.Errorf("%s%v has zero point %d, want 0", t.DType, t.Shape, zero)
		}
	}
	return nil
}

func (o Mul) on(a, b, y tensor.Type) pairs {
	switch a.DType {
	case tensor.F32:
		lo, hi := o.Clamp.floats()
		return pair[float32, float32, float32]{
			f: func(a, b float32) float32 { return clamp32(a*b, lo, hi) },
			run: func(y, a, b []float32) {
				a, b = a[:len(y)], b[:len(y)]
				for i := range y {
					y[i] = clamp32(a[i]*b[i], lo, hi)
				}
			},
		}
	case tensor.I32:
		return plainProduct[int32](o.Clamp, math.MinInt32, math.MaxInt32)
	case tensor.I64:
		return plainProduct[int64](o.Clamp, math.MinInt64, math.MaxInt64)
	case tensor.I8:
		return scaledProduct[int8](o.Clamp, a, b, y)
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

func scaledProduct[T int8 | uint8 | int16](c Bounds, a, b, y tensor.Type) pairs {
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
func (o Mul) Ref(in, out []tensor.View) error {
	o.on(in[0].Type, in[1].Type, out[0].Type).ref(in, out)
	return nil
}

// Prepare prepares loops over runs.
func (o Mul) Prepare(p *Prep) (Prepared, error) {
	return preparePairs("go", o.on(p.In[0], p.In[1], p.Out[0]))
}

// InPlace says that the product may replace an operand.
func (Mul) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }

// Fuse takes over a clamp.
func (o Mul) Fuse(next graph.Op, out tensor.Type) graph.Op {
	if b, ok := fuseBounds(o.Clamp, next, out); ok {
		o.Clamp = b
		return o
	}
	return nil
}
