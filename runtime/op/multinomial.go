package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Multinomial draws classes. Input 1, [batch classes], has the logarithms of
// their probabilities, which need not add up to 1; the output is [batch Samples].
type Multinomial struct {
	Draws
	Samples int
	DType   tensor.DType // int32 or int64
}

// Infer returns [batch Samples].
func (o *Multinomial) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := o.wantState(in); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, arithFloats...); err != nil {
		return nil, err
	}
	if err := wantRank(in, 1, 2); err != nil {
		return nil, err
	}
	if o.DType != tensor.I32 && o.DType != tensor.I64 {
		return nil, Unsupported("classes of type %s", o.DType)
	}
	if o.Samples < 1 {
		return nil, errorf("%d samples, want 1 or more", o.Samples)
	}
	t := tensor.Of(o.DType, in[1].Shape[0], o.Samples)
	return []tensor.Type{t}, t.Check()
}

// Ref draws from each row.
func (o *Multinomial) Ref(in, out []tensor.View) error {
	x := &in[1]
	rows, classes := x.Shape[0], x.Shape[1]
	first := o.take(&in[0], rows*o.Samples)
	for r := range rows {
		top, total, err := multinomialTotal(x, r*classes, classes)
		if err != nil {
			return err
		}
		for s := range o.Samples {
			at := r*o.Samples + s
			c := multinomialClass(x, r*classes, classes, top, o.unit(first+uint64(at))*total)
			if o.DType == tensor.I32 {
				out[0].I32()[at] = int32(c)
			} else {
				out[0].I64()[at] = int64(c)
			}
		}
	}
	return nil
}

// multinomialTotal returns the largest of a row, and the sum of the
// probabilities relative to that one's.
func multinomialTotal(x *tensor.View, at, n int) (top, total float64, err error) {
	for i := range n {
		if v := float64At(x, at+i); i == 0 || v > top {
			top = v
		}
	}
	for i := range n {
		total += quant.Exp64(float64At(x, at+i) - top)
	}
	if !(total >= 1) || total > float64(n) {
		return 0, 0, dataf("probabilities of %d classes that are no numbers", n)
	}
	return top, total, nil
}

// multinomialClass returns the class in which the running sum passes limit.
func multinomialClass(x *tensor.View, at, n int, top, limit float64) (last int) {
	sum := 0.0
	for i := range n {
		p := quant.Exp64(float64At(x, at+i) - top)
		if p > 0 {
			last = i
		}
		if sum += p; sum > limit {
			return last
		}
	}
	return last
}

// Work counts two exponentials for each class and sample.
func (o *Multinomial) Work(in, _ []tensor.Type) int64 {
	return 16 * int64(in[1].Len()) * int64(1+o.Samples)
}
