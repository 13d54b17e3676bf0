package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Binarizer gives 1 where its input is above Threshold, else 0.
type Binarizer struct{ Threshold float32 }

// Infer returns the input's type.
func (*Binarizer) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].Type}, wantType(in, 0, tensor.F32, tensor.F64, tensor.I32, tensor.I64)
}

// Ref compares.
func (o *Binarizer) Ref(in, out []tensor.View) error {
	switch in[0].DType {
	case tensor.F32:
		binarize(*o, in[0].F32(), out[0].F32())
	case tensor.F64:
		binarize(*o, in[0].F64(), out[0].F64())
	case tensor.I32:
		binarize(*o, in[0].I32(), out[0].I32())
	default:
		binarize(*o, in[0].I64(), out[0].I64())
	}
	return nil
}

func binarize[T float32 | float64 | int32 | int64](o Binarizer, x, y []T) {
	for i, v := range x {
		if y[i] = 0; float64(v) > float64(o.Threshold) {
			y[i] = 1
		}
	}
}

// InPlace says that an element is read before it is written.
func (*Binarizer) InPlace(in, out []tensor.Type) []int { return []int{0} }

// Imputer puts a column's value, or the only one, in the place of Replaced,
// which may be NaN. Integers are those of Whole and ReplacedWhole.
type Imputer struct {
	Values        []float32
	Replaced      float32
	Whole         []int64
	ReplacedWhole int64
}

// Infer returns the input's type.
func (o *Imputer) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	n := len(o.Whole)
	if in[0].DType.Float() {
		n = len(o.Values)
	}
	if in[0].Rank() == 0 {
		return nil, errorf("input is a scalar, want columns")
	}
	if c := lastDim(in[0].Shape); n != 1 && (n == 0 || n != c && c != tensor.Dynamic) {
		return nil, errorf("%d values to impute %s in %v, want 1 or one for each column", n, in[0].DType, in[0].Shape)
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref replaces.
func (o *Imputer) Ref(in, out []tensor.View) error {
	switch in[0].DType {
	case tensor.F32:
		impute(in[0].F32(), out[0].F32(), o.Replaced, o.Values)
	case tensor.F64:
		impute(in[0].F64(), out[0].F64(), o.Replaced, o.Values)
	case tensor.I32:
		impute(in[0].I32(), out[0].I32(), o.ReplacedWhole, o.Whole)
	default:
		impute(in[0].I64(), out[0].I64(), o.ReplacedWhole, o.Whole)
	}
	return nil
}

func impute[T float32 | float64 | int32 | int64, V float32 | int64](x, y []T, replaced V, values []V) {
	r, column := T(replaced), 0
	nan := replaced != replaced
	for i, v := range x {
		if y[i] = v; v == r || nan && v != v {
			y[i] = T(values[column])
		}
		if column++; column == len(values) {
			column = 0
		}
	}
}

// InPlace says that an element is read before it is written.
func (*Imputer) InPlace(in, out []tensor.Type) []int { return []int{0} }

// Norm is what a Normalizer divides by.
type Norm uint8

// The norms: of absolute values the greatest, the sum, and the root of the sum
// of squares.
const (
	NormMax Norm = iota
	NormL1
	NormL2
)

// Normalizer divides each row, of [n c] or [c], by its norm, unless that is 0.
type Normalizer struct{ Norm Norm }

// Infer returns the input's type.
func (o *Normalizer) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 1, 2); err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].Type}, wantType(in, 0, tensor.F32)
}

// Ref adds up in float64.
func (o *Normalizer) Ref(in, out []tensor.View) error {
	c := lastDim(in[0].Shape)
	for x, y := in[0].F32(), out[0].F32(); len(x) > 0; x, y = x[c:], y[c:] {
		norm := o.of(x[:c])
		for i, v := range x[:c] {
			y[i] = float32(float64(v) / norm)
		}
	}
	return nil
}

// of returns a row's norm, 1 if that is 0.
func (o *Normalizer) of(row []float32) float64 {
	n := 0.0
	for _, v := range row {
		switch a := math.Abs(float64(v)); o.Norm {
		case NormMax:
			n = max(n, a)
		case NormL1:
			n += a
		default:
			n += float64(a * a)
		}
	}
	if o.Norm == NormL2 {
		n = math.Sqrt(n)
	}
	if n == 0 {
		return 1
	}
	return n
}
