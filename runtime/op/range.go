package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Range returns the numbers from input 0 up to but without input 1, in steps
// of input 2: all scalars of one type. It is empty if no step leads there.
// Floats are sums of steps, as TFLite has them or, if Multiply, the first plus
// a multiple of the step, rounded once, as ONNX and NumPy do.
type Range struct{ Multiply bool }

// Infer counts the numbers.
func (o *Range) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	types := []tensor.DType{tensor.F32, tensor.I32, tensor.I64}
	if o.Multiply {
		types = append(types, tensor.F16, tensor.F64, tensor.I16)
	}
	known := true
	for i := range in {
		if err := wantType(in, i, types...); err != nil {
			return nil, err
		}
		if err := wantSame(in, 0, i); err != nil {
			return nil, err
		}
		if in[i].Static() && in[i].Len() != 1 {
			return nil, errorf("input %d has shape %v, want one element", i, in[i].Shape)
		}
		known = known && in[i].Known()
	}
	n := tensor.Dynamic
	if known {
		var err error
		if n, err = o.len(in); err != nil {
			return nil, err
		}
	}
	return []tensor.Type{tensor.Of(in[0].DType, n)}, nil
}

// len returns the length of the range, computed in its own type.
func (o *Range) len(in []tensor.View) (int, error) {
	n := uint64(0)
	if o.Multiply && in[0].DType.Float() {
		return floatRange(in)
	}
	if in[0].DType == tensor.F32 {
		start, limit, delta := in[0].F32()[0], in[1].F32()[0], in[2].F32()[0]
		steps := math.Ceil(float64((limit - start) / delta))
		if delta == 0 || math.IsNaN(steps) || steps > math.MaxInt32 {
			return 0, errorf("a range from %v to %v in steps of %v is not possible", start, limit, delta)
		}
		return int(max(0, steps)), nil
	}
	start, limit, delta := rangeArg(&in[0]), rangeArg(&in[1]), rangeArg(&in[2])
	var way, step uint64 // without sign: differences of int64 may not fit one
	switch {
	case delta > 0 && limit > start:
		way, step = uint64(limit)-uint64(start), uint64(delta)
	case delta < 0 && limit < start:
		way, step = uint64(start)-uint64(limit), -uint64(delta)
	case delta != 0:
		return 0, nil
	}
	if step > 0 {
		if n = way / step; way%step != 0 {
			n++
		}
	}
	if step == 0 || n > math.MaxInt32 {
		return 0, errorf("a range from %d to %d in steps of %d is not possible", start, limit, delta)
	}
	return int(n), nil
}

// floatRange returns the length of a range of floats, computed in float64.
func floatRange(in []tensor.View) (int, error) {
	start, limit, delta := floatArg(&in[0]), floatArg(&in[1]), floatArg(&in[2])
	steps := math.Ceil((limit - start) / delta)
	if delta == 0 || math.IsNaN(steps) || steps > math.MaxInt32 {
		return 0, errorf("a range from %v to %v in steps of %v is not possible", start, limit, delta)
	}
	return int(max(0, steps)), nil
}

// floatArg returns the only element of a tensor of floats.
func floatArg(v *tensor.View) float64 {
	switch v.DType {
	case tensor.F32:
		return float64(v.F32()[0])
	case tensor.F64:
		return v.F64()[0]
	}
	return float64(quant.Float16(v.F16()[0]))
}

// rangeArg returns the only element of an int16, int32 or int64 tensor.
func rangeArg(v *tensor.View) int64 {
	switch v.DType {
	case tensor.I16:
		return int64(v.I16()[0])
	case tensor.I32:
		return int64(v.I32()[0])
	}
	return v.I64()[0]
}

// Ref adds the step again and again, as TFLite does: float32 sums drift.
func (o *Range) Ref(in, out []tensor.View) error {
	if o.Multiply && in[0].DType.Float() {
		start, delta := floatArg(&in[0]), floatArg(&in[2])
		for i := range out[0].Len() {
			setFloat(&out[0], i, start+float64(float64(i)*delta))
		}
		return nil
	}
	switch out[0].DType {
	case tensor.F32:
		stepInto(out[0].F32(), in[0].F32()[0], in[2].F32()[0])
	case tensor.I16:
		stepInto(out[0].I16(), in[0].I16()[0], in[2].I16()[0])
	case tensor.I32:
		stepInto(out[0].I32(), in[0].I32()[0], in[2].I32()[0])
	default:
		stepInto(out[0].I64(), in[0].I64()[0], in[2].I64()[0])
	}
	return nil
}

// setFloat rounds x to element i of a tensor of floats.
func setFloat(v *tensor.View, i int, x float64) {
	switch v.DType {
	case tensor.F32:
		v.F32()[i] = float32(x)
	case tensor.F64:
		v.F64()[i] = x
	default:
		v.F16()[i] = quant.Float16Bits(float32(x))
	}
}

func stepInto[T float32 | int16 | int32 | int64](dst []T, x, step T) {
	for i := range dst {
		dst[i] = x
		x += step
	}
}
