package op

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Range returns the numbers from input 0 up to but without input 1, in steps
// of input 2: all scalars of one type. It is empty if no step leads there.
type Range struct{}

// Name returns "Range".
func (Range) Name() string { return "Range" }

// Infer counts the numbers.
func (Range) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	known := true
	for i := range in {
		if err := wantType(in, i, tensor.F32, tensor.I32, tensor.I64); err != nil {
			return nil, err
		}
		if err := wantSame(in, 0, i); err != nil {
			return nil, err
		}
		if in[i].Static() && in[i].Len() != 1 {
			return nil, fmt.Errorf("input %d has shape %v, want one element", i, in[i].Shape)
		}
		known = known && in[i].Known()
	}
	n := tensor.Dynamic
	if known {
		var err error
		if n, err = rangeLen(in); err != nil {
			return nil, err
		}
	}
	return []tensor.Type{tensor.Of(in[0].DType, n)}, nil
}

// rangeLen returns the length of the range, computed in its own type.
func rangeLen(in []tensor.View) (int, error) {
	n := uint64(0)
	if in[0].DType == tensor.F32 {
		start, limit, delta := in[0].F32()[0], in[1].F32()[0], in[2].F32()[0]
		steps := math.Ceil(float64((limit - start) / delta))
		if delta == 0 || math.IsNaN(steps) || steps > math.MaxInt32 {
			return 0, fmt.Errorf("a range from %v to %v in steps of %v is not possible", start, limit, delta)
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
		return 0, fmt.Errorf("a range from %d to %d in steps of %d is not possible", start, limit, delta)
	}
	return int(n), nil
}

// rangeArg returns the only element of an int32 or int64 tensor.
func rangeArg(v *tensor.View) int64 {
	if v.DType == tensor.I32 {
		return int64(v.I32()[0])
	}
	return v.I64()[0]
}

// Ref adds the step again and again, as TFLite does: float32 sums drift.
func (Range) Ref(in, out []tensor.View) error {
	switch out[0].DType {
	case tensor.F32:
		stepInto(out[0].F32(), in[0].F32()[0], in[2].F32()[0])
	case tensor.I32:
		stepInto(out[0].I32(), in[0].I32()[0], in[2].I32()[0])
	default:
		stepInto(out[0].I64(), in[0].I64()[0], in[2].I64()[0])
	}
	return nil
}

func stepInto[T float32 | int32 | int64](dst []T, x, step T) {
	for i := range dst {
		dst[i] = x
		x += step
	}
}

// Prepare has no kernel of its own.
func (o Range) Prepare(*Prep) (Prepared, error) { return byRef(o) }
