package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// finish turns exact sums into outputs, for the schemes that no kernel
// requantises by itself. Slices have an element for each output.
type finish struct {
	scheme
	mult   []quant.Multiplier
	bias   []int64 // of int16
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
		d.mult = append(d.mult, e.multiplierOf(p.In[0].Quant, p.In[1].Quant, o, narrow))
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
		for j, s := range sums {
			y.Data[at+j] = byte(min(max(d.mult[o+j].Apply(s)+d.zero, d.lo), d.hi))
		}
	case schemeHybrid:
		out := tensor.Cast[float32](y.Data)[at:]
		for j, s := range sums {
			s -= h.zero * d.weightSum[o+j]
			x := float32(float32(s)*float32(h.scale*d.scale[o+j])) + d.biasF[o+j]
			out[j] = kernels.Clamp(x, d.loF, d.hiF)
		}
	default:
		d.row16(tensor.Cast[int16](y.Data)[at:], o, sums, high)
	}
}

func (d *finish) row16(y []int16, o int, sums, high []int32) {
	for j, s := range sums {
		sum := int64(s) + d.bias[o+j]
		if high != nil {
			sum += 256 * int64(high[j])
		}
		y[j] = int16(min(max(scaled(d.scheme, d.mult[o+j], sum)+d.zero, d.lo), d.hi))
	}
}
