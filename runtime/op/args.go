package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// wantInputs checks the number of inputs, of which those from min on may be
// left out (missing or absent) and the others may not.
func wantInputs(in []tensor.View, min, max int) error {
	if len(in) < min || len(in) > max {
		return errorf("%d inputs, want %s", len(in), span(min, max))
	}
	for i := range min {
		if in[i].Absent() {
			return errorf("input %d is left out, and must be there", i)
		}
	}
	return nil
}

func span(lo, hi int) string {
	if lo == hi {
		return fmt.Sprint(lo)
	}
	return fmt.Sprintf("%d to %d", lo, hi)
}

// input returns input i, absent if the node has fewer.
//
//go:noinline
func input(in []tensor.View, i int) tensor.View {
	if i < len(in) {
		return in[i]
	}
	return tensor.View{}
}

// wantRank checks the number of dimensions of input i.
func wantRank(in []tensor.View, i int, ranks ...int) error {
	if !slices.Contains(ranks, in[i].Rank()) {
		return errorf("input %d has shape %v, want rank %v", i, in[i].Shape, ranks)
	}
	return nil
}

// wantType checks the element type of input i. A type that no model could
// mean there is still reported as unsupported: files differ in what they allow.
func wantType(in []tensor.View, i int, types ...tensor.DType) error {
	if !slices.Contains(types, in[i].DType) {
		return Unsupported("%s as type of input %d (supported: %v)", in[i].DType, i, types)
	}
	return nil
}

// wantSame checks that inputs i and j have the same element type.
func wantSame(in []tensor.View, i, j int) error {
	if in[i].DType != in[j].DType {
		return errorf("inputs %d and %d are %s and %s, want the same type", i, j, in[i].DType, in[j].DType)
	}
	return nil
}

// perTensor returns the one scale and zero point of a type that has just one.
func perTensor(t tensor.Type) (scale float32, zero int32, err error) {
	if t.Quant == nil {
		return 0, 0, errorf("%s%v has no quantisation parameters", t.DType, t.Shape)
	}
	if len(t.Quant.Scale) != 1 || len(t.Quant.Zero) != 1 {
		return 0, 0, errorf("%s%v has %d scales and %d zero points, want one of each", t.DType, t.Shape, len(t.Quant.Scale), len(t.Quant.Zero))
	}
	return t.Quant.Scale[0], t.Quant.Zero[0], nil
}

// wantQuant checks that each type, if it is an 8-bit or 16-bit integer, has one
// scale and a zero point within its range (0 for int16).
func wantQuant(types ...tensor.Type) error {
	for _, t := range types {
		switch t.DType {
		case tensor.I8, tensor.U8, tensor.I16:
			scale, zero, err := perTensor(t)
			if err != nil {
				return err
			}
			if !(scale > 0) || math.IsInf(float64(scale), 0) {
				return errorf("%s%v has scale %v, want a positive number", t.DType, t.Shape, scale)
			}
			if lo, hi := t.DType.Range(); int64(zero) < lo || int64(zero) > hi {
				return errorf("%s%v has zero point %d, want %d to %d", t.DType, t.Shape, zero, lo, hi)
			}
		}
	}
	return nil
}

// scaleZero returns the scale and zero point of a type that wantQuant passed.
func scaleZero(t tensor.Type) (scale float32, zero int32) {
	return t.Quant.Scale[0], t.Quant.Zero[0]
}

// ints returns the contents of a known int32 or int64 tensor. While Infer
// runs on a model, a tensor that isn't known yields nil and false; one without
// elements is always known.
func ints(v tensor.View) (xs []int, known bool, err error) {
	if v.DType != tensor.I32 && v.DType != tensor.I64 {
		return nil, false, Unsupported("%s where int32 or int64 is expected", v.DType)
	}
	if !v.Known() && !(v.Static() && v.Len() == 0) {
		return nil, false, nil
	}
	xs = make([]int, v.Len())
	for i := range xs {
		if xs[i], err = intAt(&v, i); err != nil {
			return nil, true, err
		}
	}
	return xs, true, nil
}

// intAt returns element i of an int32 or int64 tensor. It doesn't allocate.
func intAt(v *tensor.View, i int) (int, error) {
	if v.DType == tensor.I32 {
		return int(tensor.Cast[int32](v.Data)[i]), nil
	}
	x := tensor.Cast[int64](v.Data)[i]
	if x < math.MinInt32 || x > math.MaxInt32 {
		if x == math.MaxInt64 || x == math.MinInt64 { // "to the end", in slices
			return int(max(min(x, math.MaxInt32), math.MinInt32)), nil
		}
		return 0, errorf("element %d is %d: beyond 32 bits", i, x)
	}
	return int(x), nil
}

// axisOf returns axis as 0 ≤ axis < rank, counting from the end if negative.
func axisOf(axis, rank int) (int, error) {
	a := axis
	if a < 0 {
		a += rank
	}
	if a < 0 || a >= rank {
		return 0, errorf("axis %d is out of range for rank %d", axis, rank)
	}
	return a, nil
}

// broadcast returns the shape that a and b have in common under NumPy's rule.
func broadcast(a, b []int) ([]int, error) {
	out := make([]int, max(len(a), len(b)))
	for i := range out {
		x, y := 1, 1
		if j := i - len(out) + len(a); j >= 0 {
			x = a[j]
		}
		if j := i - len(out) + len(b); j >= 0 {
			y = b[j]
		}
		switch {
		case x == y || y == 1:
			out[i] = x
		case x == 1:
			out[i] = y
		case x == tensor.Dynamic:
			out[i] = y
		case y == tensor.Dynamic:
			out[i] = x
		default:
			return nil, errorf("shapes %v and %v do not broadcast", a, b)
		}
	}
	return out, nil
}

// product multiplies dimensions. The shape's type must have passed Check.
//
//go:noinline
func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// multiplier returns the real product and quotient of scales as TFLite takes
// them, in float64.
func multiplier(num1, num2, den float32) quant.Multiplier {
	return quant.NewMultiplier(float64(num1) * float64(num2) / float64(den))
}
