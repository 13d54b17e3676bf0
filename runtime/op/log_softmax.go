package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// LogSoftmax computes the logarithm of a softmax along Axis. Integers, of 8
// bits, need the last axis, and an output of scale 1/16 that ends at 0.
type LogSoftmax struct {
	Axis int
	Flat bool // as in Softmax
	To
}

// Infer returns the output's type with input 0's shape.
func (o *LogSoftmax) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64, tensor.I8, tensor.U8); err != nil {
		return nil, err
	}
	axis, err := softmaxAxis(o.Axis, o.Flat, in[0].Rank())
	if err != nil {
		return nil, err
	}
	x, y := in[0].Type, o.Type(in[0].Shape...)
	switch {
	case x.DType != y.DType:
		return nil, Unsupported("output of type %s from input of type %s", y.DType, x.DType)
	case x.DType.Float():
		return []tensor.Type{y}, nil
	case axis != x.Rank()-1:
		return nil, Unsupported("%s log softmax along axis %d of %d", x.DType, axis, x.Rank())
	}
	if err := wantQuant(x, y); err != nil {
		return nil, err
	}
	_, hi := y.DType.Range()
	if s, z := scaleZero(y); s != 1.0/16 || int64(z) != hi {
		return nil, errorf("%s output has scale %v and zero point %d, want 0.0625 and %d", y.DType, s, z, hi)
	}
	_, _, err = quant.PreprocessLogSoftmaxScaling(1, float64(x.Quant.Scale[0]), softmaxDiffBits)
	return []tensor.Type{y}, err
}

// Ref follows the reference's arithmetic.
func (o *LogSoftmax) Ref(in, out []tensor.View) error {
	x, y := &in[0], &out[0]
	if x.DType == tensor.F32 {
		l := softmaxLines(o.Axis, o.Flat, x.Shape)
		xs, ys := x.F32(), y.F32()
		l.each(func(at int) { l.logSoftmax(xs, ys, at) })
		return nil
	}
	if x.DType == tensor.F64 {
		softmaxLines(o.Axis, o.Flat, x.Shape).logSoftmaxF64(x.F64(), y.F64())
		return nil
	}
	m, reverse, err := quant.PreprocessLogSoftmaxScaling(1, float64(x.Quant.Scale[0]), softmaxDiffBits)
	if err != nil {
		return err
	}
	diff := newSoftmaxDiff(m)
	switch k := lastDim(x.Shape); x.DType {
	case tensor.I8:
		for xs, ys := x.I8(), y.I8(); len(xs) > 0; xs, ys = xs[k:], ys[k:] {
			logSoftmaxRow(diff, reverse, math.MinInt8, xs[:k], ys[:k])
		}
	default:
		for xs, ys := x.U8(), y.U8(); len(xs) > 0; xs, ys = xs[k:], ys[k:] {
			logSoftmaxRow(diff, reverse, 0, xs[:k], ys[:k])
		}
	}
	return nil
}

// InPlace says that each line is read before it is written.
func (*LogSoftmax) InPlace(in, out []tensor.Type) []int { return []int{0} }

// Work counts the exponentials, which take some ten times an addition.
func (o *LogSoftmax) Work(in, out []tensor.Type) int64 { return 10 * int64(out[0].Len()) }

// logSoftmax works on the line that begins at at. The sum is made in lanes
// where elements lie side by side, else in one chain.
func (l lines) logSoftmax(x, y []float32, at int) {
	top := l.top(x, at)
	var s [kernels.Lanes]float32
	lanes := 1
	if l.inner == 1 {
		lanes = kernels.Lanes
	}
	for i := range l.n {
		s[i%lanes] += quant.Exp32(x[at+i*l.inner] - top)
	}
	log := quant.Log32(kernels.Fold(&s))
	for i := range l.n {
		y[at+i*l.inner] = x[at+i*l.inner] - top - log
	}
}

// top returns the greatest element of the line that begins at at. NaN is
// passed over.
func (l lines) top(x []float32, at int) float32 {
	top := float32(-math.MaxFloat32)
	for i := range l.n {
		if v := x[at+i*l.inner]; v > top {
			top = v
		}
	}
	return top
}

// logSoftmaxRow works on a row of integers of which lo is the least; reverse
// goes back from exponents to differences of inputs.
func logSoftmaxRow[T narrowInt](diff softmaxDiff, reverse quant.Multiplier, lo int32, x, y []T) {
	top := int32(x[0])
	for _, v := range x {
		top = max(top, int32(v))
	}
	total := int64(0)
	for _, v := range x {
		total += int64(quant.RoundingDivideByPOT(diff.exp(int32(v)-top), softmaxSumBits))
	}
	log := quant.LogGreaterThanOrEqualOne(int32(min(total, math.MaxInt32)), softmaxSumBits, softmaxDiffBits)
	// Below this the difference less the logarithm would leave 32 bits.
	least := max(diff.min-1, reverse.Apply(log+math.MinInt32))
	for i, v := range x {
		q := lo
		if d := int32(v) - top; d > least {
			const outputBits = 4
			rescaled := diff.m.Apply(d) - log
			q = quant.RoundingDivideByPOT(rescaled, 31-softmaxDiffBits-outputBits) + lo + math.MaxUint8
		}
		y[i] = T(min(max(q, lo), lo+math.MaxUint8))
	}
}
