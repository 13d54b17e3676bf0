package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// integerEpilogue turns sums into outputs with parameters that are read while
// the model runs.
type integerEpilogue struct {
	form    integerForm
	dequant func(y []float32, c []int32, scale, bias []float32) // kernels.Set.DequantS32
	alpha   float32                                             // a further factor; 0 means 1
	Saturation

	xScale, wScale, yScale, yZero, bias tensor.View
	// byRow says that rows have parameters of their own, so that mult and
	// rounding, of row 0, are no use.
	byRow    bool
	mult     []float32 // of each output
	rounding halfEven
}

// read takes the parameters from the inputs.
func (e *integerEpilogue) read(in []tensor.View) {
	e.xScale, e.wScale = input(in, isXScale), input(in, isWScale)
	e.yScale, e.yZero, e.bias = input(in, isYScale), input(in, isYZero), input(in, isBiasFloat)
	e.byRow = false
	for _, v := range []*tensor.View{&e.xScale, &e.yScale, &e.yZero} {
		e.byRow = e.byRow || !v.Absent() && v.Len() > 1
	}
}

// multiplier is the factor of the sum in a row of an output: in float32, the
// scales of x and w, divided by y's.
func (e *integerEpilogue) multiplier(row, output int) float32 {
	m := linearScale(&e.xScale, integerCycle(&e.xScale, row)) * linearScale(&e.wScale, integerCycle(&e.wScale, output))
	if e.alpha != 0 {
		m *= e.alpha
	}
	if e.form == integerQuantised {
		m /= linearScale(&e.yScale, integerCycle(&e.yScale, row))
	}
	return m
}

// zero is the output's zero point in a row.
func (e *integerEpilogue) zero(row int) int32 {
	return linearZero(&e.yZero, integerCycle(&e.yZero, row))
}

// store writes element i of y.
func (e *integerEpilogue) store(y *tensor.View, i int, sum int32, row, output int) {
	switch e.form {
	case integerPlain:
		y.I32()[i] = sum
	case integerFloat:
		r := float32(sum) * e.multiplier(row, output)
		if !e.bias.Absent() {
			r = float32(r) + e.bias.F32()[integerCycle(&e.bias, output)]
		}
		y.F32()[i] = r
	default:
		h := newHalfEven(y.DType, e.zero(row)).within(e.Saturation)
		y.Data[i] = byte(h.of(float32(float32(sum) * e.multiplier(row, output))))
	}
}

// start prepares mult for outputs numbered from output on.
func (e *integerEpilogue) start(d tensor.DType, output int) {
	if e.form == integerPlain || e.byRow {
		return
	}
	if w := &e.wScale; e.form == integerFloat && e.alpha == 0 && w.DType == tensor.F32 && w.Len() == len(e.mult) {
		x := linearScale(&e.xScale, 0)
		for o, s := range w.F32() {
			e.mult[o] = x * s
		}
		return
	}
	for o := range e.mult {
		e.mult[o] = e.multiplier(0, output+o)
	}
	if e.form == integerQuantised {
		e.rounding = newHalfEven(d, e.zero(0)).within(e.Saturation)
	}
}

// row writes the sums of outputs o, o+1, … of a row at y[at:]; output is the
// number of output 0.
func (e *integerEpilogue) row(y *tensor.View, at int, sums []int32, row, o, output int) {
	switch {
	case e.form == integerPlain:
		copy(tensor.Cast[int32](y.Data)[at:], sums)
	case e.form == integerFloat && !e.byRow:
		e.floats(tensor.Cast[float32](y.Data)[at:][:len(sums)], sums, o, output)
	case !e.byRow:
		to, mult, h := y.Data[at:][:len(sums)], e.mult[o:][:len(sums)], e.rounding
		for j, s := range sums {
			to[j] = byte(h.of(float32(float32(s) * mult[j])))
		}
	default:
		for j, s := range sums {
			e.store(y, at+j, s, row, output+o+j)
		}
	}
}

func (e *integerEpilogue) floats(y []float32, sums []int32, o, output int) {
	bias, ok := e.biasOf(o, output, len(y))
	e.dequant(y, sums, e.mult[o:], bias)
	if !ok {
		bias = tensor.Cast[float32](e.bias.Data)
		for j := range y {
			y[j] += bias[integerCycle(&e.bias, output+o+j)]
		}
	}
}

// biasOf returns the bias of n outputs, nil if there is none, or false if these
// don't lie side by side: one is for all, or all begin again.
func (e *integerEpilogue) biasOf(o, output, n int) (bias []float32, ok bool) {
	if e.bias.Absent() {
		return nil, true
	}
	bias = tensor.Cast[float32](e.bias.Data)
	if first := integerCycle(&e.bias, output+o); first+n <= len(bias) {
		return bias[first:], true
	}
	return nil, false
}
