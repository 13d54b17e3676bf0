package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// CumSum sums along an axis and gives the sum up to each element, without that
// element if Exclusive, from the end if Reverse; with Product, it multiplies,
// but for int8. The axis is input 1 or, if
// that is left out, Axis. To is the type of an int8 output; others have the
// input's.
type CumSum struct {
	Exclusive, Reverse, Product bool
	Axis                        int
	To
}

// Name returns "CumSum" or "CumProd".
func (o *CumSum) Name() string {
	if o.Product {
		return "CumProd"
	}
	return "CumSum"
}

// types are the element types of inputs.
func (o *CumSum) types() []tensor.DType {
	t := []tensor.DType{tensor.F32, tensor.F64, tensor.I32, tensor.U32, tensor.I64, tensor.U64}
	if !o.Product {
		t = append(t, tensor.I8)
	}
	return t
}

// Infer keeps the shape.
func (o *CumSum) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, o.types()...); err != nil {
		return nil, err
	}
	if _, _, err := axisInput(in, o.Axis); err != nil {
		return nil, err
	}
	y := in[0].Type
	if y.DType != tensor.I8 {
		return []tensor.Type{y}, nil
	}
	y = o.Type(in[0].Shape...)
	if y.DType != tensor.I8 {
		return nil, Unsupported("output of type %s from input of type int8", y.DType)
	}
	if err := wantQuant(in[0].Type, y); err != nil {
		return nil, err
	}
	_, err := cumSumScale(in[0].Type, y)
	return []tensor.Type{y}, err
}

// cumSumShift is how many bits are added to sums, for rounding.
const cumSumShift = 20

// cumSumScale returns the multiplier from sums, which are halved, to y.
func cumSumScale(x, y tensor.Type) (quant.Multiplier, error) {
	twice := 2 * float64(x.Quant.Scale[0])
	m, err := quant.NewMultiplierLessThanOne(twice / float64((1<<cumSumShift)*float64(y.Quant.Scale[0])))
	if err != nil {
		return m, errorf("scales %v and %v: %w", x.Quant.Scale[0], y.Quant.Scale[0], err)
	}
	return m, nil
}

// Ref sums. Integers wrap.
func (o *CumSum) Ref(in, out []tensor.View) error {
	axis, err := axisNow(in, o.Axis)
	if err != nil {
		return dataf("%v", err)
	}
	l, x, y := linesOf(in[0].Shape, axis), &in[0], &out[0]
	switch x.DType {
	case tensor.F32:
		cumSum(*o, l, x.F32(), y.F32())
	case tensor.F64:
		cumSum(*o, l, x.F64(), y.F64())
	case tensor.U32:
		cumSum(*o, l, x.U32(), y.U32())
	case tensor.U64:
		cumSum(*o, l, x.U64(), y.U64())
	case tensor.I32:
		cumSum(*o, l, x.I32(), y.I32())
	case tensor.I64:
		cumSum(*o, l, x.I64(), y.I64())
	default:
		return o.sumS8(l, x, y)
	}
	return nil
}

// walk calls do for the elements of each line in the order of summing, and
// begin before each line.
func (o *CumSum) walk(l lines, begin func(), do func(i int)) {
	l.each(func(at int) {
		begin()
		for i := range l.n {
			if o.Reverse {
				i = l.n - 1 - i
			}
			do(at + i*l.inner)
		}
	})
}

func cumSum[T number](o CumSum, l lines, x, y []T) {
	first, sum := T(0), T(0)
	if o.Product {
		first = 1
	}
	o.walk(l, func() { sum = first }, func(i int) {
		before := sum
		if o.Product {
			sum *= x[i]
		} else {
			sum += x[i]
		}
		if y[i] = sum; o.Exclusive {
			y[i] = before
		}
	})
}

// sumS8 sums in fixed point. As in the reference a sum begins with the
// distance of the zero point from 0, not with 0.
func (o *CumSum) sumS8(l lines, x, y *tensor.View) error {
	m, err := cumSumScale(x.Type, y.Type)
	if err != nil {
		return err
	}
	xs, ys := x.I8(), y.I8()
	zx, zy := x.Quant.Zero[0], y.Quant.Zero[0]
	half := quant.NewMultiplier(0.5)
	scaled := func(q int32) int32 {
		return quant.MultiplyByQuantizedMultiplierSmallerThanOneExp(q<<cumSumShift, half.M, int(half.Shift))
	}
	sum := int32(0)
	o.walk(l, func() { sum = scaled(-zx) }, func(i int) {
		before := sum
		sum += scaled(int32(xs[i]) - zx)
		now := sum
		if o.Exclusive {
			now = before
		}
		q := quant.MultiplyByQuantizedMultiplierSmallerThanOneExp(now, m.M, int(m.Shift))
		ys[i] = int8(min(max(q+zy, -128), 127))
	})
	return nil
}

// InPlace says that an element is read before it is written.
func (*CumSum) InPlace(in, out []tensor.Type) []int { return []int{0} }
