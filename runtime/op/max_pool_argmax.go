package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// MaxPoolArgmax is MaxPool2D of float32 that says which tap it took, in output
// 1, float32 like the image: the tap's number, counted row by row, and 0.1 on
// top, so that cutting the fraction off gives the number. (MediaPipe's
// MaxPoolingWithArgmax2D.)
type MaxPoolArgmax struct{ Pool }

// Infer returns [n oh ow c] twice.
func (o *MaxPoolArgmax) Infer(in []tensor.View) ([]tensor.Type, error) {
	t, err := o.infer(in, tensor.F32)
	if err != nil {
		return nil, err
	}
	return append(t, t[0]), nil
}

// Ref takes the first of the greatest taps. NaN is passed over.
func (o *MaxPoolArgmax) Ref(in, out []tensor.View) error {
	w, err := o.windows(in[0].Shape)
	if err != nil {
		return err
	}
	lo, hi := quant.ActivationRangeFloat(o.Act)
	x, y, which := in[0].F32(), out[0].F32(), out[1].F32()
	w.each(func(pixel, batch int, ys, xs tapSpan) {
		top, left := pixel/w.ow%w.oh*w.sh-w.top, pixel%w.ow*w.sw-w.left
		for c := range w.c {
			most, tap := float32(-math.MaxFloat32), 0
			for iy := ys.from; iy < ys.to; iy += ys.step {
				for ix := xs.from; ix < xs.to; ix += xs.step {
					if v := x[((batch*w.h+iy)*w.w+ix)*w.c+c]; v > most {
						most, tap = v, (iy-top)/w.dh*w.kw+(ix-left)/w.dw
					}
				}
			}
			y[pixel*w.c+c] = kernels.Clamp(most, lo, hi)
			which[pixel*w.c+c] = float32(tap) + 0.1
		}
	})
	return nil
}

// Work is the number of taps at most.
func (o *MaxPoolArgmax) Work(in, out []tensor.Type) int64 { return o.work(in, out) }

// MaxUnpool undoes MaxPoolArgmax: each element of input 0, [n h w c], goes
// where input 1, of the same shape, says in a window; the rest of the output,
// [n h·kh w·kw c], is 0. (MediaPipe's MaxUnpooling2D.)
type MaxUnpool struct{ Window, Stride [2]int } // height, width

// Infer returns an image Window times as large.
func (o *MaxUnpool) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantType(in, i, tensor.F32); err != nil {
			return nil, err
		}
		if err := wantRank(in, i, 4); err != nil {
			return nil, err
		}
	}
	for d, n := range in[0].Shape {
		if m := in[1].Shape[d]; m != n && m != tensor.Dynamic && n != tensor.Dynamic {
			return nil, errorf("image %v and positions %v differ in shape", in[0].Shape, in[1].Shape)
		}
	}
	shape := append([]int{}, in[0].Shape...)
	for i := range 2 {
		if k, s := o.Window[i], o.Stride[i]; k < 1 || k > maxReach || s < 1 || s > maxReach {
			return nil, errorf("windows of %v with stride %v are not valid", o.Window, o.Stride)
		}
		if d := &shape[i+1]; *d != tensor.Dynamic {
			if int64(*d)*int64(o.Window[i]) > math.MaxInt32 {
				return nil, errorf("an output of %d·%d pixels is too large", *d, o.Window[i])
			}
			*d *= o.Window[i]
		}
	}
	return []tensor.Type{in[0].Type.WithShape(shape...)}, nil
}

// Ref scatters. Where windows overlap, the last one counts.
func (o *MaxUnpool) Ref(in, out []tensor.View) error {
	clear(out[0].Data)
	n, h, w, c := in[0].Shape[0], in[0].Shape[1], in[0].Shape[2], in[0].Shape[3]
	oh, ow := out[0].Shape[1], out[0].Shape[2]
	if in[0].Len() == 0 {
		return nil
	}
	top, left := unpoolPad(h, oh, o.Window[0], o.Stride[0]), unpoolPad(w, ow, o.Window[1], o.Stride[1])
	x, which, y := in[0].F32(), in[1].F32(), out[0].F32()
	for i, v := range x {
		pixel := i / c
		tap := which[i]
		if !(tap > -1 && tap < float32(math.MaxInt32)) { // NaN too
			return dataf("position %v in a window", tap)
		}
		t := int(tap)
		oy := int64(pixel/w%h)*int64(o.Stride[0]) + int64(t/o.Window[1]-top)
		ox := int64(pixel%w)*int64(o.Stride[1]) + int64(t%o.Window[1]-left)
		if oy < 0 || oy >= int64(oh) || ox < 0 || ox >= int64(ow) {
			return dataf("position %v in a window at %d, %d leads to pixel %d, %d of %d by %d", tap, pixel/w%h, pixel%w, oy, ox, oh, ow)
		}
		y[((pixel/w/h%n*oh+int(oy))*ow+int(ox))*c+i%c] = v
	}
	return nil
}

// unpoolPad is what a pool of the output with this window and stride would pad
// before it, to have n pixels.
func unpoolPad(n, out, k, stride int) int {
	return int(max(int64(n-1)*int64(stride)+int64(k)-int64(out), 0) / 2)
}
