package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// finish turns exact sums into outputs, for the schemes that no kernel
// requantises by itself. Slices have an element for each output.
type finish struct {
	scheme
	scaler []scaler
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
		d.scaler = append(d.scaler, newScaler(e.multiplierOf(p.In[0].Quant, p.In[1].Quant, o, narrow)))
	}
	return d
}

// row stores outputs o, o+1, … of a pixel at y[at:]. h is how the pixel's image was
// quantised.
func (d *finish) row(y *tensor.View, at, o int, sums []int32, h *hybrid) {
	if d.scheme == schemeU8 {
		d.rowU8(y.Data[at:][:len(sums)], o, sums)
	} else {
		d.rowF32(tensor.Cast[float32](y.Data)[at:][:len(sums)], o, sums, h)
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
