package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// L2Normalization divides by the root of the sum of squares along Axis, or by
// 10⁻⁶ if that is less. Integers, of 8 bits, need the last axis; their output
// has steps of 1/128 around the middle of its range.
type L2Normalization struct{ Axis int }

// Infer keeps the shape.
func (o *L2Normalization) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.I8, tensor.U8); err != nil {
		return nil, err
	}
	axis, err := axisOf(o.Axis, in[0].Rank())
	if err != nil {
		return nil, err
	}
	y := in[0].Type
	if y.DType.Float() {
		return []tensor.Type{y}, nil
	}
	if axis != y.Rank()-1 {
		return nil, Unsupported("%s normalisation along axis %d of %d", y.DType, axis, y.Rank())
	}
	if err := wantQuant(y); err != nil {
		return nil, err
	}
	middle := int32(0)
	if y.DType == tensor.U8 {
		middle = 128
	}
	y.Quant = quant.PerTensor(1.0/128, middle)
	return []tensor.Type{y}, nil
}

// Ref follows the reference's arithmetic.
func (o *L2Normalization) Ref(in, out []tensor.View) error {
	x, y := &in[0], &out[0]
	switch x.DType {
	case tensor.F32:
		axis, _ := axisOf(o.Axis, x.Rank())
		l := linesOf(x.Shape, axis)
		xs, ys := x.F32(), y.F32()
		l.each(func(at int) { l.normalize(xs, ys, at) })
	case tensor.I8:
		k, zero := lastDim(x.Shape), x.Quant.Zero[0]
		for xs, ys := x.I8(), y.I8(); len(xs) > 0; xs, ys = xs[k:], ys[k:] {
			m, shift := inverseNorm(xs[:k], zero)
			n := quant.Multiplier{M: m, Shift: int8(shift + 7)}
			for i, v := range xs[:k] {
				ys[i] = int8(min(max(n.Apply(int32(v)-zero), math.MinInt8), math.MaxInt8))
			}
		}
	default:
		k, zero := lastDim(x.Shape), x.Quant.Zero[0]
		for xs, ys := x.U8(), y.U8(); len(xs) > 0; xs, ys = xs[k:], ys[k:] {
			m, shift := inverseNorm(xs[:k], zero)
			for i, v := range xs[:k] {
				q := quant.MultiplyByQuantizedMultiplierSmallerThanOneExp(128*(int32(v)-zero), m, shift)
				ys[i] = uint8(min(max(q+128, 0), math.MaxUint8))
			}
		}
	}
	return nil
}

// inverseNorm returns the inverse of the root of a sum of squares. The sum
// saturates, which takes 33,000 elements.
func inverseNorm[T int8 | uint8](x []T, zero int32) (m int32, shift int) {
	sum := int64(0)
	for _, v := range x {
		d := int64(v) - int64(zero)
		sum += d * d
	}
	return quant.InvSqrtQuantizedMultiplier(int32(min(sum, math.MaxInt32)))
}

// normalize works on the line that begins at at. The sum is made in lanes
// where elements lie side by side, else in one chain.
func (l lines) normalize(x, y []float32, at int) {
	var s [kernels.Lanes]float32
	lanes := 1
	if l.inner == 1 {
		lanes = kernels.Lanes
	}
	for i := range l.n {
		v := x[at+i*l.inner]
		s[i%lanes] = kernels.FMA32(v, v, s[i%lanes])
	}
	norm := sqrt32(kernels.Fold(&s))
	if norm < 1e-6 {
		norm = 1e-6
	}
	for i := range l.n {
		y[at+i*l.inner] = x[at+i*l.inner] / norm
	}
}

// InPlace says that each line is read before it is written.
func (*L2Normalization) InPlace(in, out []tensor.Type) []int { return []int{0} }
