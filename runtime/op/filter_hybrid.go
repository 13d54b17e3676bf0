package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// hybrid says how float32 activations become int8: q = clamp(round(x·inv + zero)).
type hybrid struct {
	scale, inv float32
	zero       int32
	lo         int32
}

// newHybrid returns the quantisation for the activations x of one image or row:
// symmetric about 0 with ±127 for the largest, or from the least to the largest
// (SymmetricQuantizeFloats, AsymmetricQuantizeFloats). A NaN counts as nothing.
func newHybrid(x []float32, asymmetric bool) hybrid {
	lo, hi := float32(0), float32(0)
	for _, v := range x {
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	most := max(-lo, hi)
	switch {
	case most == 0:
		return hybrid{scale: 1, lo: -127}
	case !asymmetric:
		return hybrid{scale: most / 127, inv: 127 / most, lo: -127}
	}
	scale := (float64(hi) - float64(lo)) / 255
	zero := 127 - float64(hi)/scale
	if 128-float64(lo)/scale < 127+float64(hi)/scale {
		zero = -128 - float64(lo)/scale
	}
	h := hybrid{scale: float32(scale), zero: quant.SaturateInt32(math.Round(min(max(zero, -128), 127))), lo: -128}
	if h.scale != 0 {
		h.inv = 1 / h.scale
	}
	return h
}

// of quantises one activation, ties away from zero. NaN gives 0.
func (h *hybrid) of(x float32) int8 {
	// Within float64 adding a half is exact, and truncation then rounds.
	v := float64(float32(x*h.inv) + float32(h.zero))
	lo := float64(h.lo)
	switch {
	case v != v:
		return 0
	case v < lo:
		v = lo
	case v > 127:
		v = 127
	}
	return int8(int32(v + math.Copysign(0.5, v)))
}

// all quantises x.
func (h *hybrid) all(dst []int8, x []float32) {
	for i, v := range x {
		dst[i] = h.of(v)
	}
}

// asymmetric reports whether activations get a zero point: a convolution's
// where each output has a scale, a depthwise one's always, a dense layer's
// where the file says so.
func (f *filter) asymmetric(e *Epilogue, w *quant.Params) bool {
	return e.Asymmetric || f.wi == 0 || !f.dense && w.PerChannel()
}

// refHybrid quantises each image, sums integers and scales the sums.
func (f *filter) refHybrid(e *Epilogue, x, w *tensor.View, b tensor.View, y []float32) {
	lo, hi := e.Bounds.floats()
	one := *f
	one.n = 1
	size, out := f.h*f.w*f.c, f.oh*f.ow*f.oc
	for image := range f.n {
		x, y := x.F32()[image*size:(image+1)*size], y[image*out:(image+1)*out]
		h := newHybrid(x, f.asymmetric(e, w.Quant))
		for o := range f.oc {
			scale, bias := float32(h.scale*channelScale(w.Quant, o)), float32(0)
			if !b.Absent() {
				bias = b.F32()[o]
			}
			one.each(func(p, _, y0, x0 int) {
				sum := int32(0)
				for t := range f.kh * f.kw {
					from, ok := one.at(o, 0, y0+t/f.kw*f.dh, x0+t%f.kw*f.dw)
					for i := 0; ok && i < f.kc; i++ {
						sum += (int32(h.of(x[from+i])) - h.zero) * int32(intElement(w, o*f.wo+t*f.wt+i*f.wi))
					}
				}
				y[p*f.oc+o] = kernels.Clamp(float32(float32(sum)*scale)+bias, lo, hi)
			})
		}
	}
}
