package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Add computes a + b, broadcast, and clamps it. Plain integers wrap around.
// To serves quantised elements: int8, uint8, int16.
type Add struct {
	Clamp Bounds
	To
}

// Infer returns the broadcast type.
func (o *Add) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferPair(in, o.To, tensor.F32, tensor.I8, tensor.U8, tensor.I16, tensor.I32, tensor.I64)
	if err == nil && quantised(in[0].DType) {
		_, err = o.scaled(in[0].Type, in[1].Type, out[0])
	}
	return out, err
}

// scaled returns the parameters of the quantised sum.
func (o *Add) scaled(a, b, y tensor.Type) (kernels.AddS8, error) {
	sa, _ := scaleZero(a)
	sb, _ := scaleZero(b)
	sy, _ := scaleZero(y)
	shift := sumShift(y.DType)
	twice := 2 * float64(max(sa, sb))
	return newSum(a, b, y, o.Clamp, shift,
		float64(sa)/twice, float64(sb)/twice, twice/float64(float64(int64(1)<<shift)*float64(sy)))
}

// sumShift is how far quantised operands are shifted to the left before they
// are brought to a common scale, so that their sum still fits 32 bits.
func sumShift(d tensor.DType) int32 {
	if d == tensor.I16 {
		return 15
	}
	return 20
}

// newSum makes the parameters of a quantised sum or difference from the real
// multipliers of a, b and the output, which must be below 1.
func newSum(a, b, y tensor.Type, clamp Bounds, shift int32, ma, mb, my float64) (kernels.AddS8, error) {
	p := kernels.AddS8{Shift: shift}
	_, p.ZeroA = scaleZero(a)
	_, p.ZeroB = scaleZero(b)
	_, p.Zero = scaleZero(y)
	p.Lo, p.Hi = clamp.quantised(y)
	for _, m := range []struct {
		to   *kernels.Scale
		real float64
	}{{&p.A, ma}, {&p.B, mb}, {&p.Out, my}} {
		q, err := quant.NewMultiplierLessThanOne(m.real)
		if err != nil {
			return p, errorf("the scales are too far apart: %w", err)
		}
		*m.to = kernelScale(q)
	}
	return p, nil
}

// on returns the sum for some types. k is nil for Ref.
func (o *Add) on(a, b, y tensor.Type, k *kernels.Set) pairs {
	switch a.DType {
	case tensor.F32:
		lo, hi := o.Clamp.floats()
		return pairF32(kernels.BinaryAdd, lo, hi, k)
	case tensor.I32:
		return plainSum[int32](o.Clamp, math.MinInt32, math.MaxInt32)
	case tensor.I64:
		return plainSum[int64](o.Clamp, math.MinInt64, math.MaxInt64)
	}
	p, _ := o.scaled(a, b, y) // checked by Infer
	switch a.DType {
	case tensor.I8:
		sum := scaledSum8[int8](p, 1)
		if k != nil {
			sum.run = func(y, a, b []int8) { k.AddS8(y, a, b, &p) }
		}
		return sum
	case tensor.U8:
		return scaledSum8[uint8](p, 1)
	}
	return scaledSum[int16](p, 1)
}

func plainSum[T int32 | int64](c Bounds, least, most int64) pairs {
	l, h := c.integers(least, most)
	lo, hi := T(l), T(h)
	return pair[T, T, T]{
		f: func(a, b T) T { return min(max(a+b, lo), hi) },
		run: func(y, a, b []T) {
			a, b = a[:len(y)], b[:len(y)]
			for i := range y {
				y[i] = min(max(a[i]+b[i], lo), hi)
			}
		},
	}
}

// scaledSum computes a + sign·b on quantised elements.
func scaledSum[T int8 | uint8 | int16](p kernels.AddS8, sign int32) pair[T, T, T] {
	sa, sb, sy := unscale(p.A), unscale(p.B), unscale(p.Out)
	f := func(a, b T) T {
		x := sa.times((int32(a) - p.ZeroA) << uint(p.Shift))
		x += sign * sb.times((int32(b)-p.ZeroB)<<uint(p.Shift))
		return T(min(max(sy.times(x)+p.Zero, p.Lo), p.Hi))
	}
	return pair[T, T, T]{f: f}
}

// scaledSum8 is scaledSum for bytes, of which it knows beforehand what each
// adds to the sum.
func scaledSum8[T int8 | uint8](p kernels.AddS8, sign int32) pair[T, T, T] {
	sum := scaledSum[T](p, sign)
	ta, tb := operandTable[T](p.A, p.ZeroA, p.Shift, 1), operandTable[T](p.B, p.ZeroB, p.Shift, sign)
	sum.run = func(y, a, b []T) {
		a, b = a[:len(y)], b[:len(y)]
		s := unscale(p.Out)
		zero, lo, hi := p.Zero, p.Lo, p.Hi
		for i := range y {
			y[i] = T(min(max(s.times(ta[uint8(a[i])]+tb[uint8(b[i])])+zero, lo), hi))
		}
	}
	return sum
}

// operandTable returns sign·scale·((x − zero) << shift) of every byte x.
func operandTable[T int8 | uint8](scale kernels.Scale, zero, shift, sign int32) *[256]int32 {
	s, t := unscale(scale), new([256]int32)
	for i := range t {
		t[i] = sign * s.times((int32(T(i))-zero)<<uint(shift))
	}
	return t
}

// Ref adds.
func (o *Add) Ref(in, out []tensor.View) error {
	refPairs(o.on(in[0].Type, in[1].Type, out[0].Type, nil), in, out)
	return nil
}

// Prepare uses the kernels for float32 and int8.
func (o *Add) Prepare(p *Prep) (Prepared, error) {
	return preparePairs(p.pairKernel(), o.on(p.In[0], p.In[1], p.Out[0], p.Kernels))
}

// InPlace says that the sum may replace an operand.
func (*Add) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }

// Fuse takes over a clamp.
func (o *Add) Fuse(next graph.Op, out tensor.Type) graph.Op {
	o = new(*o)
	if b, ok := fuseBounds(o.Clamp, next, out); ok {
		o.Clamp = b
		return o
	}
	return nil
}
