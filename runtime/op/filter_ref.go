package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ref computes a filter plainly: it defines what the operators mean. narrow is
// as for multiplierOf.
func (f *filter) ref(s scheme, e *Epilogue, narrow bool, in []tensor.View, y *tensor.View) error {
	if f.pixels() == 0 {
		return nil // one size of several may be huge
	}
	b := input(in, 2)
	switch s {
	case schemeF32:
		f.refF32(e, in[0].F32(), in[1].F32(), b, y.F32())
	case schemeHybrid:
		f.refHybrid(e, &in[0], &in[1], b, y.F32())
	default:
		f.refInt(s, e, narrow, &in[0], &in[1], b, y)
	}
	return nil
}

// each calls do for output o of every pixel, with the pixel's number and the
// position of its first tap.
func (f *filter) each(do func(pixel, batch, y, x int)) {
	p := 0
	for b := range f.n {
		for oy := range f.oh {
			for ox := range f.ow {
				do(p, b, oy*f.sh-f.top, ox*f.sw-f.left)
				p++
			}
		}
	}
}

// at returns the index in the image of channel 0 of output o's group, and
// whether the position is inside.
func (f *filter) at(o, batch, y, x int) (int, bool) {
	group := o / (f.oc / f.groups)
	return ((batch*f.h+y)*f.w+x)*f.c + group*f.kc, y >= 0 && y < f.h && x >= 0 && x < f.w
}

// refF32 sums in the order of the weights, tap by tap, channel by channel, as
// kernels.GemmF32 does. Padding counts as zeros; filters that read one channel
// of several leave it out, but for narrow ones.
func (f *filter) refF32(e *Epilogue, x, w []float32, b tensor.View, y []float32) {
	lo, hi := e.Bounds.floats()
	whole := f.collapsed()
	leaveOut := f.perChannel() && !whole.narrow()
	for o := range f.oc {
		f.each(func(p, batch, y0, x0 int) {
			c := e.chain(b, o)
			for t := range f.kh * f.kw {
				from, ok := f.at(o, batch, y0+t/f.kw*f.dh, x0+t%f.kw*f.dw)
				if !ok && leaveOut {
					continue
				}
				for i := range f.kc {
					pixel := float32(0)
					if ok {
						pixel = x[from+i]
					}
					c.add(pixel, w[f.weight(o, t, i)])
				}
			}
			y[p*f.oc+o] = kernels.Clamp(c.sum(), lo, hi)
		})
	}
}

// chainF32 is one sum of products of float32.
type chainF32 struct {
	s, bias float32
	fused   bool
}

// chain starts the sum of output o; b is the bias.
func (e *Epilogue) chain(b tensor.View, o int) chainF32 {
	c := chainF32{fused: e.Fused}
	if !b.Absent() {
		c.bias = b.F32()[o]
	}
	if c.fused {
		c.s = c.bias + 0 // never -0
	}
	return c
}

func (c *chainF32) add(x, w float32) {
	if c.fused {
		c.s = kernels.FMA32(x, w, c.s)
	} else {
		c.s += float32(x * w)
	}
}

func (c *chainF32) sum() float32 {
	if c.fused {
		return c.s
	}
	return c.s + c.bias
}

// refInt is exact: sums wrap in 32 bits only where the reference's do.
func (f *filter) refInt(s scheme, e *Epilogue, narrow bool, x, w *tensor.View, b tensor.View, y *tensor.View) {
	lo, hi := e.Bounds.quantised(e.Type())
	zx, zw := int64(x.Quant.Zero[0]), int64(0)
	if s == schemeU8 {
		zw = int64(w.Quant.Zero[0])
	}
	for o := range f.oc {
		m := e.multiplierOf(x.Quant, w.Quant, o, narrow)
		f.each(func(p, batch, y0, x0 int) {
			sum := int64(0)
			if !b.Absent() {
				sum = intElement(&b, o)
			}
			for t := range f.kh * f.kw {
				from, ok := f.at(o, batch, y0+t/f.kw*f.dh, x0+t%f.kw*f.dw)
				for i := 0; ok && i < f.kc; i++ {
					sum += (intElement(x, from+i) - zx) * (intElement(w, o*f.wo+t*f.wt+i*f.wi) - zw)
				}
			}
			setInteger(y, p*f.oc+o, min(max(scaled(s, m, sum)+e.Quant.Zero[0], lo), hi))
		})
	}
}

func scaled(s scheme, m quant.Multiplier, sum int64) int32 {
	if s == schemeS16 {
		return m.Apply64(sum)
	}
	return m.Apply(int32(sum))
}

// intElement returns element i of an integer tensor.
func intElement(v *tensor.View, i int) int64 {
	switch v.DType {
	case tensor.I4:
		return int64(nibble(v.Data, i))
	case tensor.I8:
		return int64(int8(v.Data[i]))
	case tensor.U8:
		return int64(v.Data[i])
	case tensor.I16:
		return int64(v.I16()[i])
	case tensor.I32:
		return int64(v.I32()[i])
	}
	return v.I64()[i]
}

// nibble returns element i of packed int4.
func nibble(data []byte, i int) int8 { return int8(data[i/2]<<(4-i%2*4)) >> 4 }

func setInteger(v *tensor.View, i int, x int32) {
	if v.DType == tensor.I16 {
		v.I16()[i] = int16(x)
	} else {
		v.Data[i] = byte(x)
	}
}
