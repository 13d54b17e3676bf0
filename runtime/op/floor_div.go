package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// FloorDiv computes ⌊a/b⌋, broadcast; float32 by way of float64. Dividing by 0
// is an error of the data.
type FloorDiv struct{}

// Infer returns the broadcast type.
func (*FloorDiv) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferPair(in, To{}, tensor.F32, tensor.I32, tensor.I64)
}

func (*FloorDiv) on(d tensor.DType) pairs {
	switch d {
	case tensor.F32:
		return pair[float32, float32, float32]{f: func(a, b float32) float32 {
			return float32(math.Floor(float64(a) / float64(b)))
		}}
	case tensor.I32:
		return pair[int32, int32, int32]{f: floorDiv[int32]}
	}
	return pair[int64, int64, int64]{f: floorDiv[int64]}
}

func floorDiv[T int32 | int64](a, b T) T {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// Ref divides.
func (o *FloorDiv) Ref(in, out []tensor.View) error {
	if err := noZeros(&in[1]); err != nil {
		return err
	}
	refPairs(o.on(in[0].DType), in, out)
	return nil
}

// Prepare prepares loops over runs.
func (o *FloorDiv) Prepare(p *Prep) (Prepared, error) { return prepareDivision(o.on(p.In[0].DType)) }

// InPlace says that the quotient may replace an operand.
func (*FloorDiv) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }

// FloorMod computes a − b·⌊a/b⌋, broadcast, which has b's sign. Dividing an
// integer by 0 is an error of the data; a float32 gives NaN.
type FloorMod struct{}

// Infer returns the broadcast type.
func (*FloorMod) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferPair(in, To{}, tensor.F32, tensor.I32, tensor.I64)
}

func (*FloorMod) on(d tensor.DType) pairs {
	switch d {
	case tensor.F32:
		return pair[float32, float32, float32]{f: func(a, b float32) float32 {
			r := float32(math.Mod(float64(a), float64(b))) // exact
			if r != 0 && (b < 0) != (r < 0) {
				r += b
			}
			return r
		}}
	case tensor.I32:
		return pair[int32, int32, int32]{f: floorMod[int32]}
	}
	return pair[int64, int64, int64]{f: floorMod[int64]}
}

func floorMod[T int32 | int64](a, b T) T {
	r := a % b
	if r != 0 && (b < 0) != (r < 0) {
		r += b
	}
	return r
}

// Ref divides.
func (o *FloorMod) Ref(in, out []tensor.View) error {
	if in[0].DType != tensor.F32 {
		if err := noZeros(&in[1]); err != nil {
			return err
		}
	}
	refPairs(o.on(in[0].DType), in, out)
	return nil
}

// Prepare prepares loops over runs.
func (o *FloorMod) Prepare(p *Prep) (Prepared, error) {
	x := o.on(p.In[0].DType)
	if p.In[0].DType == tensor.F32 {
		return preparePairs("go", x)
	}
	return prepareDivision(x)
}

// InPlace says that the remainder may replace an operand.
func (*FloorMod) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
