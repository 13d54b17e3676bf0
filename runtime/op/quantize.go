package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Quantize brings float32, or integers of another scale, to To's type: int8,
// uint8, int16 or int32. Floats are divided by the scale and rounded, ties away
// from zero; what is beyond the type saturates, and NaN counts as 0. Integers
// are multiplied by the quotient of the scales.
type Quantize struct{ To }

// Infer returns To's type.
func (o *Quantize) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	integers := []tensor.DType{tensor.I8, tensor.U8, tensor.I16, tensor.I32}
	if in[0].DType != tensor.F32 {
		if err := wantType(in, 0, append(integers, tensor.F32)...); err != nil {
			return nil, err
		}
		if err := wantScale(in[0].Type); err != nil {
			return nil, err
		}
	}
	t := o.Type(in[0].Shape...)
	if !slices.Contains(integers, t.DType) {
		return nil, Unsupported("%s as type of the output", t.DType)
	}
	return []tensor.Type{t}, wantScale(t)
}

// wantScale is wantQuant for int32 too, whose zero point may be any.
func wantScale(t tensor.Type) error {
	if err := wantQuant(t); err != nil {
		return err
	}
	scale, _, err := perTensor(t)
	if err == nil && (!(scale > 0) || math.IsInf(float64(scale), 0)) {
		err = errorf("%s%v has scale %v, want a positive number", t.DType, t.Shape, scale)
	}
	return err
}

// Ref quantises each element.
func (o *Quantize) Ref(in, out []tensor.View) error {
	x, y := &in[0], &out[0]
	switch y.DType {
	case tensor.I8:
		quantizeTo(y.I8(), x, y.Type)
	case tensor.U8:
		quantizeTo(y.U8(), x, y.Type)
	case tensor.I16:
		quantizeTo(y.I16(), x, y.Type)
	case tensor.I32:
		quantizeTo(y.I32(), x, y.Type)
	}
	return nil
}

func quantizeTo[Y int8 | uint8 | int16 | int32](y []Y, x *tensor.View, t tensor.Type) {
	switch x.DType {
	case tensor.F32:
		scale, zero := scaleZero(t)
		lo, hi := t.DType.Range()
		s := x.F32()[:len(y)]
		for i := range y {
			q := int64(roundAway(s[i]/scale)) + int64(zero)
			y[i] = Y(min(max(q, lo), hi))
		}
	case tensor.I8:
		requantize(y, x.I8(), x.Type, t)
	case tensor.U8:
		requantize(y, x.U8(), x.Type, t)
	case tensor.I16:
		requantize(y, x.I16(), x.Type, t)
	case tensor.I32:
		requantize(y, x.I32(), x.Type, t)
	}
}

// roundAway is quant.SaturateInt32 of quant.Round32, and thus this loop
// quant.QuantizeF32, but fast: ½ is added in float64, where that is exact.
func roundAway(x float32) int32 {
	v := float64(x)
	if v > -math.MaxInt32 && v < math.MaxInt32 {
		return int32(v + math.Copysign(0.5, v))
	}
	return quant.SaturateInt32(v) // an integer, infinite or NaN
}

// rescaler returns the function that brings elements of type x to type y.
func rescaler(x, y tensor.Type) (m scaler, from, to, lo, hi int32) {
	sx, zx := scaleZero(x)
	sy, zy := scaleZero(y)
	l, h := y.DType.Range()
	return newScaler(quant.NewMultiplier(float64(sx) / float64(sy))), zx, zy, int32(l), int32(h)
}

func requantize[X, Y int8 | uint8 | int16 | int32](y []Y, x []X, from, to tensor.Type) {
	m, zx, zy, lo, hi := rescaler(from, to)
	x = x[:len(y)]
	for i := range y {
		y[i] = Y(min(max(m.times(int32(x[i])-zx)+zy, lo), hi))
	}
}

// Prepare makes a table from 8 bits to 8.
func (o *Quantize) Prepare(p *Prep) (Prepared, error) {
	if p.In[0].DType.Bits() != 8 || p.Out[0].DType.Bits() != 8 {
		return byRef(o)
	}
	m, zx, zy, lo, hi := rescaler(p.In[0], p.Out[0])
	q := func(x int32) int32 { return min(max(m.times(x-zx)+zy, lo), hi) }
	return pointwise{q: q}.prepare(p)
}

// InPlace says that elements of the same size may be replaced.
func (*Quantize) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
