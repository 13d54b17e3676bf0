package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// finish turns exact sums into outputs, for the schemes that no kernel
// requantises by itself. Slices have an element for each output.
type finish struct {
	scheme
	mult   []quant.Multiplier // of 64-bit sums
	scaler []scaler           // of 32-bit sums
	bias   []int64            // of int16
	zero   int32
	lo, hi int32

	scale, biasF []float32 // of hybrids: the filter's scales, the bias
	weightSum    []int32   // to be taken off for each unit of the activations' zero point
	loF, hiF     float32
}

// newFinish prepares constants. wsum is nil where the activations' zero point
// has been taken off before.
func (f *filter) newFinish(p *Prep, s scheme, e *Epilogue, narrow bool, wsum []int32) *finish {
	d, b := &finish{scheme: s, weightSum: wsum}, p.View(2)
	if s == schemeHybrid {
		d.loF, d.hiF = e.Bounds.floats()
		d.biasF = biasF32(b, f.oc, 1)
		for o := range f.oc {
			d.scale = append(d.scale, channelScale(p.In[1].Quant, o))
		}
		if wsum == nil {
			d.weightSum = make([]int32, f.oc)
		}
		return d
	}
	d.zero = e.Quant.Zero[0]
	d.lo, d.hi = e.Bounds.quantised(e.Type())
	for o := range f.oc {
		m := e.multiplierOf(p.In[0].Quant, p.In[1].Quant, o, narrow)
		d.mult, d.scaler = append(d.mult, m), append(d.scaler, newScaler(m))
	}
	if s == schemeS16 || s == schemeS16Sum32 {
		d.bias = make([]int64, f.oc)
		for o := range d.bias {
			if !b.Absent() {
				d.bias[o] = intElement(&b, o)
			}
			if wsum != nil {
				d.bias[o] += 128 * int64(wsum[o])
			}
		}
	}
	return d
}

// row stores outputs o, o+1, … of a pixel at y[at:]. high, unless it is nil,
// has sums that count 256 times; h is how the pixel's image was quantised.
func (d *finish) row(y *tensor.View, at, o int, sums, high []int32, h *hybrid) {
	switch d.scheme {
	case schemeU8:
		d.rowU8(y.Data[at:][:len(sums)], o, sums)
	case schemeHybrid:
		d.rowF32(tensor.Cast[float32](y.Data)[at:][:len(sums)], o, sums, h)
	default:
		d.rowS16(tensor.Cast[int16](y.Data)[at:][:len(sums)], o, sums, high)
	}
}

func (d *finish) rowU8(y []uint8, o int, sums []int32) {
	scale, zero, lo, hi := d.scaler[o:][:len(y)], d.zero, d.lo, d.hi
	for j, s := range sums[:len(y)] {
		y[j] = uint8(min(max(scale[j].times(s)+zero, lo), hi))
	}
}

func (d *finish) rowF32(y []float32, o int, sums []int32, h *hybrid) {
	scale, bias, weights := d.scale[o:][:len(y)], d.biasF[o:][:len(y)], d.weightSum[o:][:len(y)]
	zero, unit, lo, hi := h.zero, h.scale, d.loF, d.hiF
	for j, s := range sums[:len(y)] {
		s -= zero * weights[j]
		y[j] = clamp32(float32(float32(s)*float32(unit*scale[j]))+bias[j], lo, hi)
	}
}

func (d *finish) rowS16(y []int16, o int, sums, high []int32) {
	bias, scale, mult := d.bias[o:][:len(y)], d.scaler[o:][:len(y)], d.mult[o:][:len(y)]
	for j, s := range sums[:len(y)] {
		sum := int64(s) + bias[j]
		if high != nil {
			sum += 256 * int64(high[j])
		}
		var r int32
		if d.scheme == schemeS16 {
			r = mult[j].Apply64(sum)
		} else {
			r = scale[j].times(int32(sum))
		}
		y[j] = int16(min(max(r+d.zero, d.lo), d.hi))
	}
}
