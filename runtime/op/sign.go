package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Abs computes |x|. The least plain integer stays. To serves int8, and int16 if
// the input has a scale; without one int16 is plain.
type Abs struct{ To }

// Neg computes −x. The least integer stays.
type Neg struct{}

// Sign is 1 for positive numbers, −1 for negative ones, and else 0.
type Sign struct{}

// Infer returns the input's type, or To's.
func (o *Abs) Infer(in []tensor.View) ([]tensor.Type, error) {
	if len(in) > 0 && o.plain(in[0].Type) {
		return inferSame(in, tensor.F32, tensor.I16, tensor.I32, tensor.I64)
	}
	out, err := inferTo(in, o.To, tensor.I8, tensor.I16)
	if err == nil && in[0].DType == tensor.I16 {
		err = wantZeroPoints(in[0].Type, out[0])
	}
	return out, err
}

// plain reports whether elements are the numbers that they look like.
func (*Abs) plain(t tensor.Type) bool {
	return t.DType != tensor.I8 && !(t.DType == tensor.I16 && t.Quant != nil)
}

// Infer returns the input's type.
func (*Neg) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferSame(in, tensor.F32, tensor.I32, tensor.I64)
}

// Infer returns the input's type.
func (*Sign) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferSame(in, tensor.F32, tensor.I32, tensor.I64)
}

func (o *Abs) scaled(x, y tensor.Type) pointwise {
	sx, zx := scaleZero(x)
	sy, zy := scaleZero(y)
	lo, hi := Bounds{}.quantised(y)
	m := newScaler(quant.NewMultiplier(float64(sx / sy)))
	if sx == sy {
		m = newScaler(quant.Multiplier{M: 1 << 30, Shift: 1}) // exactly 1
	}
	return pointwise{q: func(x int32) int32 { return min(max(m.times(max(x-zx, zx-x))+zy, lo), hi) }}
}

// Ref takes absolute values.
func (o *Abs) Ref(in, out []tensor.View) error {
	if !o.plain(in[0].Type) {
		return o.scaled(in[0].Type, out[0].Type).ref(in, out)
	}
	switch x, y := &in[0], &out[0]; x.DType {
	case tensor.F32:
		s, d := x.F32(), y.F32()
		for i := range d {
			d[i] = math.Float32frombits(math.Float32bits(s[i]) &^ (1 << 31))
		}
	case tensor.I16:
		absOf(y.I16(), x.I16())
	case tensor.I32:
		absOf(y.I32(), x.I32())
	case tensor.I64:
		absOf(y.I64(), x.I64())
	}
	return nil
}

func absOf[T int16 | int32 | int64](y, x []T) {
	x = x[:len(y)]
	for i := range y {
		y[i] = max(x[i], -x[i])
	}
}

// Ref negates.
func (*Neg) Ref(in, out []tensor.View) error {
	switch x, y := &in[0], &out[0]; x.DType {
	case tensor.F32:
		negOf(y.F32(), x.F32())
	case tensor.I32:
		negOf(y.I32(), x.I32())
	case tensor.I64:
		negOf(y.I64(), x.I64())
	}
	return nil
}

func negOf[T float32 | int32 | int64](y, x []T) {
	x = x[:len(y)]
	for i := range y {
		y[i] = -x[i]
	}
}

// Ref takes signs.
func (*Sign) Ref(in, out []tensor.View) error {
	switch x, y := &in[0], &out[0]; x.DType {
	case tensor.F32:
		signOf(y.F32(), x.F32())
	case tensor.I32:
		signOf(y.I32(), x.I32())
	case tensor.I64:
		signOf(y.I64(), x.I64())
	}
	return nil
}

func signOf[T float32 | int32 | int64](y, x []T) {
	x = x[:len(y)]
	for i, v := range x {
		s := T(0)
		if v > 0 {
			s = 1
		}
		if v < 0 {
			s = -1
		}
		y[i] = s
	}
}

// Prepare prepares a loop or a table.
func (o *Abs) Prepare(p *Prep) (Prepared, error) {
	if o.plain(p.In[0]) {
		return byRef(o)
	}
	return o.scaled(p.In[0], p.Out[0]).prepare(p)
}

// InPlace says that the output may replace the input.
func (*Abs) InPlace(in, out []tensor.Type) []int { return whole() }

// InPlace says that the output may replace the input.
func (*Neg) InPlace(in, out []tensor.Type) []int { return whole() }

// InPlace says that the output may replace the input.
func (*Sign) InPlace(in, out []tensor.Type) []int { return whole() }
