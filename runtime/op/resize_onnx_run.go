package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Ref resizes axis by axis, the last first.
func (o *Resize) Ref(in, out []tensor.View) error {
	ax, err := o.resolve(in)
	if err != nil {
		return err
	}
	passes, most, err := o.passes(ax)
	if err != nil {
		return err
	}
	size := in[0].DType.Size()
	scratch := tensor.Bytes(make([]uint64, 2*resizeRoom(most, size)/8))
	o.run(passes, scratch, &in[0], &out[0])
	return nil
}

// resizeRoom is the bytes of one of the two buffers between passes.
func resizeRoom(elements, size int) int { return kernels.RoundUp(elements*size, 64) }

// Prepare computes the tables, if all that they depend on is known.
func (o *Resize) Prepare(p *Prep) (Prepared, error) {
	for i := 1; i < len(p.In); i++ {
		if v := p.View(i); !v.Absent() && !v.Known() {
			return byRef(o)
		}
	}
	if p.Grows() || !p.In[0].Static() {
		return byRef(o)
	}
	ax, err := o.resolve(p.views())
	if err != nil {
		return Prepared{}, err
	}
	passes, most, err := o.passes(ax)
	if err != nil {
		return Prepared{}, err
	}
	if len(passes) < 2 {
		most = 0
	}
	scratch := 2 * resizeRoom(most, p.In[0].DType.Size())
	return Prepared{Kernel: "go", Scratch: scratch, Bind: func(m *Mem) (Step, error) {
		x, y := &m.In[0], &m.Out[0]
		return func() error { o.run(passes, m.Scratch, x, y); return nil }, nil
	}}, nil
}

// run carries out the passes, between which there are two buffers.
func (o *Resize) run(passes []resizePass, scratch []byte, in, out *tensor.View) {
	x, size := in.Data, in.DType.Size()
	if len(passes) == 0 {
		copy(out.Data, x)
		return
	}
	half := len(scratch) / 128 * 64
	for i := range passes {
		p := &passes[i]
		n := p.outer * p.out * p.inner * size
		y := out.Data
		if i < len(passes)-1 {
			y = scratch[i%2*half:][:n]
		}
		if n > 0 {
			o.pass(p, in.DType, y[:n], x)
		}
		x = y
	}
}

// pass runs one.
func (o *Resize) pass(p *resizePass, d tensor.DType, y, x []byte) {
	value := o.Extrapolation
	switch {
	case o.Mode != ResizeNearest && d == tensor.F32:
		blendPass(p, value, tensor.Cast[float32](y), tensor.Cast[float32](x))
	case o.Mode != ResizeNearest:
		blendPass(p, float64(value), tensor.Cast[float64](y), tensor.Cast[float64](x))
	case d == tensor.F32:
		pickPass(p, value, tensor.Cast[float32](y), tensor.Cast[float32](x))
	case d == tensor.F64:
		pickPass(p, float64(value), tensor.Cast[float64](y), tensor.Cast[float64](x))
	case d == tensor.F16:
		pickPass(p, quant.Float16Bits(value), tensor.Cast[uint16](y), tensor.Cast[uint16](x))
	default:
		o.pickInts(p, d.Size(), y, x)
	}
}

// pickInts is pickPass for integers.
func (o *Resize) pickInts(p *resizePass, size int, y, x []byte) {
	value := int64(max(min(float64(o.Extrapolation), math.MaxInt32), math.MinInt32))
	if o.Extrapolation != o.Extrapolation {
		value = 0
	}
	switch size {
	case 1:
		pickPass(p, uint8(value), y, x)
	case 2:
		pickPass(p, uint16(value), tensor.Cast[uint16](y), tensor.Cast[uint16](x))
	case 4:
		pickPass(p, uint32(value), tensor.Cast[uint32](y), tensor.Cast[uint32](x))
	case 8:
		pickPass(p, uint64(value), tensor.Cast[uint64](y), tensor.Cast[uint64](x))
	}
}

// Work counts the taps of all axes, as if each were the last to be resized.
func (o *Resize) Work(in, out []tensor.Type) int64 {
	return 8 * (int64(in[0].Len()) + int64(out[0].Len()))
}
