package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// PRelu computes x where x ≥ 0 and x·slope elsewhere: input 0 is x, input 1 the
// slope, broadcast. The slopes of int8 and int16 are int8, those of uint8 uint8,
// and these have scales; the other types are plain numbers.
type PRelu struct{ To }

// Infer returns the broadcast type.
func (o *PRelu) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.I8, tensor.U8, tensor.I16, tensor.F16, tensor.F64,
		tensor.I32, tensor.U32, tensor.I64, tensor.U64); err != nil {
		return nil, err
	}
	slope := in[0].DType
	if slope == tensor.I16 {
		slope = tensor.I8
	}
	if in[1].DType != slope {
		return nil, errorf("slopes of type %s for %s, want %s", in[1].DType, in[0].DType, slope)
	}
	if err := wantRanks(in); err != nil {
		return nil, err
	}
	shape, err := broadcast(in[0].Shape, in[1].Shape)
	if err != nil {
		return nil, err
	}
	if !quantised(in[0].DType) {
		return []tensor.Type{tensor.Of(in[0].DType, shape...)}, nil
	}
	t := o.Type(shape...)
	if t.DType != in[0].DType {
		return nil, Unsupported("%s as type of the output (the input is %s)", t.DType, in[0].DType)
	}
	return []tensor.Type{t}, wantQuant(in[0].Type, in[1].Type, t)
}

func (o *PRelu) on(x, slope, y tensor.Type) pairs {
	switch x.DType {
	case tensor.F32:
		return pair[float32, float32, float32]{f: prelu[float32], run: func(y, x, slope []float32) {
			x, slope = x[:len(y)], slope[:len(y)]
			for i := range y {
				y[i] = prelu(x[i], slope[i])
			}
		}}
	case tensor.F16:
		return pair[uint16, uint16, uint16]{f: func(x, slope uint16) uint16 {
			return quant.Float16Bits(prelu(quant.Float16(x), quant.Float16(slope)))
		}}
	case tensor.F64:
		return pair[float64, float64, float64]{f: prelu[float64]}
	case tensor.I32, tensor.I64:
		return widePair{prelu[int64], x.DType, x.DType}
	case tensor.U32, tensor.U64:
		return widePair{func(x, _ int64) int64 { return x }, x.DType, x.DType}
	case tensor.I8:
		return scaledPRelu[int8, int8](x, slope, y)
	case tensor.U8:
		return scaledPRelu[uint8, uint8](x, slope, y)
	}
	return scaledPRelu[int16, int8](x, slope, y)
}

func prelu[T float32 | float64 | int64](x, slope T) T {
	if x >= 0 {
		return x
	}
	return x * slope
}

func scaledPRelu[T, S int8 | uint8 | int16](x, slope, y tensor.Type) pairs {
	sx, zx := scaleZero(x)
	ss, zs := scaleZero(slope)
	sy, zy := scaleZero(y)
	same := newScaler(quant.NewMultiplier(float64(sx) / float64(sy)))
	sloped := newScaler(multiplier(sx, ss, sy))
	lo, hi := Bounds{}.quantised(y)
	return pair[T, S, T]{f: func(x T, slope S) T {
		v := int32(x) - zx
		if v >= 0 {
			v = same.times(v)
		} else {
			v = sloped.times(v * (int32(slope) - zs))
		}
		return T(min(max(v+zy, lo), hi))
	}}
}

// Ref computes each element.
func (o *PRelu) Ref(in, out []tensor.View) error {
	refPairs(o.on(in[0].Type, in[1].Type, out[0].Type), in, out)
	return nil
}

// Prepare prepares loops over runs.
func (o *PRelu) Prepare(p *Prep) (Prepared, error) {
	return preparePairs("go", o.on(p.In[0], p.In[1], p.Out[0]))
}

// InPlace says that the result may replace the input.
func (*PRelu) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
