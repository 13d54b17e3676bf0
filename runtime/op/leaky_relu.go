package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// LeakyRelu computes x where x > 0 and Alpha·x elsewhere. To serves int8,
// uint8 and int16.
type LeakyRelu struct {
	Alpha float32
	To
}

// Infer returns the input's type, or To's.
func (o *LeakyRelu) Infer(in []tensor.View) ([]tensor.Type, error) {
	if o.Alpha != o.Alpha || math.IsInf(float64(o.Alpha), 0) {
		return nil, errorf("alpha is %v, want a finite number", o.Alpha)
	}
	return inferTo(in, o.To, tensor.F32, tensor.I8, tensor.U8, tensor.I16)
}

func (o *LeakyRelu) on(x, y tensor.Type) pointwise {
	if x.DType == tensor.F32 {
		return pointwiseF32(kernels.UnaryLeakyRelu, o.Alpha)
	}
	sx, zx := scaleZero(x)
	sy, zy := scaleZero(y)
	lo, hi := Bounds{}.quantised(y)
	same := newScaler(quant.NewMultiplier(float64(sx / sy)))
	slope, sign := quant.NewMultiplier(float64(float32(sx*o.Alpha)/sy)), int32(1)
	if slope.M < 0 {
		slope.M, sign = -slope.M, -1
	}
	leak := newScaler(slope)
	return pointwise{q: func(x int32) int32 {
		v := x - zx
		if v >= 0 {
			v = same.times(v)
		} else {
			v = sign * leak.times(v)
		}
		return min(max(v+zy, lo), hi)
	}}
}

// Ref computes each element.
func (o *LeakyRelu) Ref(in, out []tensor.View) error {
	return o.on(in[0].Type, out[0].Type).ref(in, out)
}

// Prepare prepares a loop or a table.
func (o *LeakyRelu) Prepare(p *Prep) (Prepared, error) { return o.on(p.In[0], p.Out[0]).prepare(p) }

// InPlace says that the output may replace the input.
func (*LeakyRelu) InPlace(in, out []tensor.Type) []int { return whole() }
