package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SquaredDifference computes (a − b)², broadcast. int32 wraps around. To serves
// int8 and int16.
type SquaredDifference struct{ To }

// Infer returns the broadcast type.
func (o *SquaredDifference) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferPair(in, o.To, tensor.F32, tensor.I8, tensor.I16, tensor.I32)
	if err != nil || !quantised(in[0].DType) {
		return out, err
	}
	if in[0].DType == tensor.I16 {
		if err := wantZeroPoints(in[0].Type, in[1].Type, out[0]); err != nil {
			return nil, err
		}
	}
	_, err = o.scaled(in[0].Type, in[1].Type, out[0])
	return out, err
}

// scaled returns the parameters: operands are shifted by p.Shift, so that the
// square of their difference still fits 32 bits.
func (o *SquaredDifference) scaled(a, b, y tensor.Type) (kernels.AddS8, error) {
	sa, _ := scaleZero(a)
	sb, _ := scaleZero(b)
	sy, _ := scaleZero(y)
	shift := int32(7)
	if y.DType == tensor.I16 {
		shift = 0
	}
	twice := 2 * float64(max(sa, sb))
	// The output's multiplier may be 1 or more: it is made apart.
	p, err := newSum(a, b, y, Bounds{}, shift, float64(sa)/twice, float64(sb)/twice, 0.5)
	p.Out = kernelScale(quant.NewMultiplier(float64(twice*twice) / float64(float32(int32(1)<<(2*shift))*sy)))
	return p, err
}

func (o *SquaredDifference) on(a, b, y tensor.Type) pairs {
	switch a.DType {
	case tensor.F32:
		return pair[float32, float32, float32]{
			f: func(a, b float32) float32 { return (a - b) * (a - b) },
			run: func(y, a, b []float32) {
				a, b = a[:len(y)], b[:len(y)]
				for i := range y {
					d := a[i] - b[i]
					y[i] = d * d
				}
			},
		}
	case tensor.I32:
		return pair[int32, int32, int32]{f: func(a, b int32) int32 { return (a - b) * (a - b) }}
	}
	p, _ := o.scaled(a, b, y) // checked by Infer
	if a.DType == tensor.I8 {
		return scaledSquare8(p)
	}
	return scaledSquare[int16](p)
}

func scaledSquare[T int8 | int16](p kernels.AddS8) pair[T, T, T] {
	sa, sb, sy := unscale(p.A), unscale(p.B), unscale(p.Out)
	return pair[T, T, T]{f: func(a, b T) T {
		d := sa.times((int32(a)-p.ZeroA)<<uint(p.Shift)) - sb.times((int32(b)-p.ZeroB)<<uint(p.Shift))
		return T(min(max(sy.times(d*d)+p.Zero, p.Lo), p.Hi))
	}}
}

// scaledSquare8 is scaledSquare by tables of what each byte stands for.
func scaledSquare8(p kernels.AddS8) pairs {
	square := scaledSquare[int8](p)
	ta, tb := operandTable[int8](p.A, p.ZeroA, p.Shift, 1), operandTable[int8](p.B, p.ZeroB, p.Shift, 1)
	square.run = func(y, a, b []int8) {
		a, b = a[:len(y)], b[:len(y)]
		s := unscale(p.Out)
		for i := range y {
			d := ta[uint8(a[i])] - tb[uint8(b[i])]
			y[i] = int8(min(max(s.times(d*d)+p.Zero, p.Lo), p.Hi))
		}
	}
	return square
}

// Ref computes the squares.
func (o *SquaredDifference) Ref(in, out []tensor.View) error {
	refPairs(o.on(in[0].Type, in[1].Type, out[0].Type), in, out)
	return nil
}

// Prepare prepares loops over runs.
func (o *SquaredDifference) Prepare(p *Prep) (Prepared, error) {
	return preparePairs("go", o.on(p.In[0], p.In[1], p.Out[0]))
}

// InPlace says that the squares may replace an operand.
func (*SquaredDifference) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
