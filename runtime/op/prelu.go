package op

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// PRelu computes x where x ≥ 0 and x·slope elsewhere: input 0 is x, input 1 the
// slope, broadcast. The slopes of int8 and int16 are int8, those of uint8 uint8.
type PRelu struct{ To }

// Name returns "PRelu".
func (PRelu) Name() string { return "PRelu" }

// Infer returns the broadcast type.
func (o PRelu) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.I8, tensor.U8, tensor.I16); err != nil {
		return nil, err
	}
	slope := in[0].DType
	if slope == tensor.I16 {
		slope = tensor.I8
	}
	if in[1].DType != slope {
		return nil, fmt.Errorf("slopes of type %s for %s, want %s", in[1].DType, in[0].DType, slope)
	}
	if err := wantRanks(in); err != nil {
		return nil, err
	}
	shape, err := broadcast(in[0].Shape, in[1].Shape)
	if err != nil {
		return nil, err
	}
	if in[0].DType == tensor.F32 {
		return []tensor.Type{tensor.Of(tensor.F32, shape...)}, nil
	}
	t := o.Type(shape...)
	if t.DType != in[0].DType {
		return nil, Unsupported("%s as type of the output (the input is %s)", t.DType, in[0].DType)
	}
	return []tensor.Type{t}, wantQuant(in[0].Type, in[1].Type, t)
}

func (o PRelu) on(x, slope, y tensor.Type) pairs {
	switch x.DType {
	case tensor.F32:
		return pair[float32, float32, float32]{f: prelu, run: func(y, x, slope []float32) {
			x, slope = x[:len(y)], slope[:len(y)]
			for i := range y {
				y[i] = prelu(x[i], slope[i])
			}
		}}
	case tensor.I8:
		return scaledPRelu[int8, int8](x, slope, y)
	case tensor.U8:
		return scaledPRelu[uint8, uint8](x, slope, y)
	}
	return scaledPRelu[int16, int8](x, slope, y)
}

func prelu(x, slope float32) float32 {
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
func (o PRelu) Ref(in, out []tensor.View) error {
	o.on(in[0].Type, in[1].Type, out[0].Type).ref(in, out)
	return nil
}

// Prepare prepares loops over runs.
func (o PRelu) Prepare(p *Prep) (Prepared, error) {
	return preparePairs("go", o.on(p.In[0], p.In[1], p.Out[0]))
}

// InPlace says that the result may replace the input.
func (PRelu) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
