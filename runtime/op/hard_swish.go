package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// HardSwish computes x·min(6, max(0, x+3))/6. To serves int8 and uint8.
type HardSwish struct{ To }

// Infer returns the input's type, or To's.
func (o *HardSwish) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferTo(in, o.To, tensor.F32, tensor.I8, tensor.U8)
	if err != nil || in[0].DType == tensor.F32 {
		return out, err
	}
	if m, _ := hardSwishScales(in[0].Type, out[0]); m.Shift > 0 {
		sx, _ := scaleZero(in[0].Type)
		sy, _ := scaleZero(out[0])
		return nil, errorf("scales %v and %v: the input's must not exceed 128 times the output's", sx, sy)
	}
	return out, nil
}

// hardSwishScales returns the multipliers that bring the input, times 2^7, to
// the output's scale, and to one at which 3 is 2^15.
func hardSwishScales(x, y tensor.Type) (out, relu quant.Multiplier) {
	sx, _ := scaleZero(x)
	sy, _ := scaleZero(y)
	fine := float32(sx * (1.0 / 128))
	return quant.NewMultiplier(float64(fine / sy)), quant.NewMultiplier(float64(fine / float32(3.0/32768)))
}

func (o *HardSwish) on(x, y tensor.Type) pointwise {
	if x.DType == tensor.F32 {
		return pointwiseF32(kernels.UnaryHardSwish, 0)
	}
	_, zx := scaleZero(x)
	_, zy := scaleZero(y)
	lo, hi := Bounds{}.quantised(y)
	mo, mr := hardSwishScales(x, y)
	outM, reluM := quant.DownscaleMultiplier16(mo.M), quant.DownscaleMultiplier16(mr.M)
	return pointwise{q: func(x int32) int32 {
		fine := int16((x - zx) << 7)
		value := quant.SaturatingRoundingDoublingHighMul16(fine, outM)
		gate := hardSwishGate(fine, reluM, int(mr.Shift))
		product := int16(int32(gate) * int32(value) / (1 << 15)) // towards zero; gate ≥ 0
		return min(max(int32(quant.RoundingDivideByPOT16(product, -int(mo.Shift)))+zy, lo), hi)
	}}
}

// hardSwishGate returns min(6, max(0, x+3))/6 as Q0.15. Of a shift to the left,
// all but the last bit comes before the product, so that only the last step's
// saturation counts.
func hardSwishGate(x, m int16, shift int) int16 {
	if shift > 0 {
		x = quant.SaturatingLeftShift16(x, min(shift-1, 30))
	}
	x = quant.SaturatingRoundingDoublingHighMul16(x, m)
	if shift > 0 {
		x = quant.SaturatingLeftShift16(x, 1)
	} else if shift < 0 {
		x = quant.RoundingDivideByPOT16(x, -shift)
	}
	return int16((int32(x) + 1<<15) >> 1)
}

// Ref computes each element.
func (o *HardSwish) Ref(in, out []tensor.View) error {
	return o.on(in[0].Type, out[0].Type).ref(in, out)
}

// Prepare prepares a loop or a table.
func (o *HardSwish) Prepare(p *Prep) (Prepared, error) { return o.on(p.In[0], p.Out[0]).prepare(p) }

// InPlace says that the output may replace the input.
func (*HardSwish) InPlace(in, out []tensor.Type) []int { return whole() }
