package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Rsqrt computes 1/√x. To serves int8 and int16, of which 0 gives the greatest
// element, and a negative number is an error of the data.
type Rsqrt struct{ To }

// Infer returns the input's type, or To's.
func (o *Rsqrt) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferTo(in, o.To, tensor.F32, tensor.I8, tensor.I16)
	if err == nil && in[0].DType == tensor.I16 {
		err = wantZeroPoints(in[0].Type, out[0])
	}
	return out, err
}

func (o *Rsqrt) on(x, y tensor.Type) pointwise {
	if x.DType == tensor.F32 {
		return pointwise{f32: func(y, x []float32) {
			x = x[:len(y)]
			for i, v := range x {
				y[i] = 1 / float32(math.Sqrt(float64(v)))
			}
		}}
	}
	sx, zx := scaleZero(x)
	sy, zy := scaleZero(y)
	lo, hi := Bounds{}.quantised(y)
	root := float32(math.Sqrt(float64(sx)))
	const up = 20 // fraction bits of the root in between
	m := quant.NewMultiplier(1 / float64(float32(root*sy)))
	m.Shift = int8(max(int(m.Shift)-up, math.MinInt8+1))
	out := newScaler(m)
	return pointwise{
		q: func(x int32) int32 {
			v := x - zx
			if v <= 0 {
				return hi
			}
			r, shift := quant.InvSqrtQuantizedMultiplier(v)
			s := newScaler(quant.Multiplier{M: r, Shift: int8(shift + up)})
			return min(max(out.times(s.times(1))+zy, lo), hi)
		},
		check: func(x *tensor.View) error {
			if x.DType == tensor.I8 {
				return noneBelow(x.I8(), int8(zx))
			}
			return noneBelow(x.I16(), int16(zx))
		},
	}
}

func noneBelow[T int8 | int16](x []T, zero T) error {
	for i, v := range x {
		if v < zero {
			return dataf("element %d is negative and has no root", i)
		}
	}
	return nil
}

// Ref computes each element.
func (o *Rsqrt) Ref(in, out []tensor.View) error { return o.on(in[0].Type, out[0].Type).ref(in, out) }

// Prepare prepares a loop or a table.
func (o *Rsqrt) Prepare(p *Prep) (Prepared, error) {
	return o.on(p.In[0], p.Out[0]).prepare(p)
}

// InPlace says that the output may replace the input.
func (*Rsqrt) InPlace(in, out []tensor.Type) []int { return whole() }
