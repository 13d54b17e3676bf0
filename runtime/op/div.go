package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Div computes a/b, broadcast, and clamps it. Integers are cut towards zero,
// and dividing by 0 is an error of the data. To serves int8 and uint8.
type Div struct {
	Clamp Bounds
	To
}

// Infer returns the broadcast type.
func (o *Div) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferPair(in, o.To, tensor.F32, tensor.I8, tensor.U8, tensor.I32, tensor.I64)
}

// on returns the quotient for some types. k is nil for Ref.
func (o *Div) on(a, b, y tensor.Type, k *kernels.Set) pairs {
	switch a.DType {
	case tensor.F32:
		lo, hi := o.Clamp.floats()
		return pairF32(kernels.BinaryDiv, lo, hi, k)
	case tensor.I32:
		return plainQuotient[int32](o.Clamp, math.MinInt32, math.MaxInt32)
	case tensor.I64:
		return plainQuotient[int64](o.Clamp, math.MinInt64, math.MaxInt64)
	case tensor.I8:
		return scaledQuotient[int8](o.Clamp, a, b, y)
	}
	return scaledQuotient[uint8](o.Clamp, a, b, y)
}

// plainQuotient divides; noZeros has looked at b before.
func plainQuotient[T int32 | int64](c Bounds, least, most int64) pairs {
	l, h := c.integers(least, most)
	lo, hi := T(l), T(h)
	return pair[T, T, T]{f: func(a, b T) T { return min(max(a/b, lo), hi) }}
}

// scaledQuotient multiplies by the divisor's reciprocal. Beyond the shifts that
// the reference allows for (quotients that are much smaller than the output's
// scale, or larger) the result is what real numbers give.
func scaledQuotient[T int8 | uint8](c Bounds, a, b, y tensor.Type) pairs {
	sa, za := scaleZero(a)
	sb, zb := scaleZero(b)
	sy, zy := scaleZero(y)
	lo, hi := c.quantised(y)
	m := quant.NewMultiplier(float64(sa / float32(sb*sy)))
	return pair[T, T, T]{f: func(a, b T) T {
		n, d := int32(a)-za, int32(b)-zb
		if d < 0 {
			n, d = -n, -d
		}
		r, over := quant.GetReciprocal(d, 31)
		up := signBits(n)
		q := quant.MultiplyByQuantizedMultiplierGreaterThanOne(n, r, up)
		q = shifted(quant.SaturatingRoundingDoublingHighMul(q, m.M), int(m.Shift)-over-up)
		return T(min(max(int64(q)+int64(zy), int64(lo)), int64(hi)))
	}}
}

// shifted returns x·2^n: rounded, ties away from zero, or saturated.
func shifted(x int32, n int) int32 {
	switch {
	case n > 31 && x != 0:
		return quant.SaturatingLeftShift32(x, 31)
	case n >= 0:
		return quant.SaturatingLeftShift32(x, min(n, 31))
	case n < -31:
		return 0
	}
	return quant.RoundingDivideByPOT(x, -n)
}

// noZeros checks that no element of a divisor stands for 0.
func noZeros(v *tensor.View) error {
	zero := int32(0)
	if quantised(v.DType) && v.Quant != nil {
		_, zero = scaleZero(v.Type)
	}
	at := -1
	switch v.DType {
	case tensor.F32:
		at = find(v.F32(), 0)
	case tensor.I8:
		at = find(v.I8(), int8(zero))
	case tensor.U8:
		at = find(v.U8(), uint8(zero))
	case tensor.I16:
		at = find(v.I16(), int16(zero))
	case tensor.I32:
		at = find(v.I32(), 0)
	case tensor.I64:
		at = find(v.I64(), 0)
	}
	if at >= 0 {
		return dataf("division by 0: element %d of the divisor", at)
	}
	return nil
}

func find[T tensor.Element](s []T, x T) int {
	for i := range s {
		if s[i] == x {
			return i
		}
	}
	return -1
}

// Ref divides.
func (o *Div) Ref(in, out []tensor.View) error {
	if in[0].DType != tensor.F32 {
		if err := noZeros(&in[1]); err != nil {
			return err
		}
	}
	refPairs(o.on(in[0].Type, in[1].Type, out[0].Type, nil), in, out)
	return nil
}

// Prepare uses the kernel for float32.
func (o *Div) Prepare(p *Prep) (Prepared, error) {
	x := o.on(p.In[0], p.In[1], p.Out[0], p.Kernels)
	if p.In[0].DType == tensor.F32 {
		return preparePairs(p.Kernels.Name, x)
	}
	return prepareDivision(x)
}

// prepareDivision prepares a division that looks for zeros first.
//
//go:noinline
func prepareDivision(x pairs) (Prepared, error) {
	return Prepared{Kernel: "go", Scratch: pairScratch, Bind: func(m *Mem) (Step, error) {
		divide, divisor := bindPairs(x, m), &m.In[1]
		return func() error {
			if err := noZeros(divisor); err != nil || divide == nil {
				return err
			}
			return divide()
		}, nil
	}}, nil
}

// InPlace says that the quotient may replace an operand.
func (*Div) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }

// Fuse takes over a clamp.
func (o *Div) Fuse(next graph.Op, out tensor.Type) graph.Op {
	o = new(*o)
	if b, ok := fuseBounds(o.Clamp, next, out); ok {
		o.Clamp = b
		return o
	}
	return nil
}
