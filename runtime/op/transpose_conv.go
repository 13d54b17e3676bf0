package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TransposeConv spreads each pixel over a window of the output: the gradient of
// a convolution, or its reverse in decoders. Input 0 is [n h w c]; input 1, the
// filters, [oc kh kw kc], kc being c or, in groups, a divisor of it; input 2,
// the bias, [oc] or left out; input 3, int32 or int64, the output's shape
// [n oh ow oc], may be left out.
//
// Padding says how much of the output is cut off. The Same modes cut what a
// convolution of the output with the same stride would pad. Without input 3
// the output has (h-1)·stride + window − padding + Extra pixels, or for the
// Same modes h·stride.
type TransposeConv struct {
	Stride, Dilation, Extra [2]int // height, width
	Padding                 Padding
	// Remainder makes the Same modes cut window − 1 − (h−1) mod stride pixels,
	// as MediaPipe's operator does.
	Remainder bool
	Epilogue
}

// Infer checks shapes, types and quantisation.
func (o *TransposeConv) Infer(in []tensor.View) ([]tensor.Type, error) {
	f, _, err := o.filter(in)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{o.To.Type(f.outShape()...)}, nil
}

// filter returns the operator's shape. Its window slides over the output, so
// that strides, dilation and padding count pixels of the output.
func (o *TransposeConv) filter(in []tensor.View) (f filter, s scheme, err error) {
	if err := wantInputs(in, 2, 4); err != nil {
		return f, s, err
	}
	if err := wantFilterShapes(in[:min(len(in), 3)], 4); err != nil {
		return f, s, err
	}
	if err := wantRank(in, 0, 4); err != nil {
		return f, s, err
	}
	x, k := in[0].Shape, in[1].Shape
	f = filter{n: x[0], h: x[1], w: x[2], c: x[3], oc: k[0], kh: k[1], kw: k[2], kc: k[3], groups: 1}
	f.wo, f.wt, f.wi = f.kh*f.kw*f.kc, f.kc, 1
	f.sh, f.sw, f.dh, f.dw = o.Stride[0], o.Stride[1], o.Dilation[0], o.Dilation[1]
	if f.c != tensor.Dynamic {
		if f.c < 1 || f.c%f.kc != 0 || f.oc%(f.c/f.kc) != 0 {
			return f, s, errorf("image %v and filters %v do not agree on channels", x, k)
		}
		f.groups = f.c / f.kc
	}
	if err := o.size(&f, input(in, 3)); err != nil {
		return f, s, err
	}
	s, err = o.scheme(in, &f)
	return f, s, err
}

// scheme is Epilogue.infer, but that int16 takes a bias of int16 as well.
func (o *TransposeConv) scheme(in []tensor.View, f *filter) (scheme, error) {
	in = in[:min(len(in), 3)]
	if b := input(in, 2); in[0].DType == tensor.I16 && b.DType == tensor.I16 {
		if err := wantBias(in, f.oc, tensor.I16); err != nil {
			return 0, err
		}
		in = in[:2]
	}
	e := o.Epilogue
	return e.infer(in, f)
}

// size finds the size of the output and what is cut off before it.
func (o *TransposeConv) size(f *filter, shape tensor.View) (err error) {
	if !shape.Absent() {
		if shape.Rank() != 1 || shape.Shape[0] != 4 {
			return errorf("the output's shape has shape %v, want [4]", shape.Shape)
		}
		want, known, err := ints(shape)
		if err != nil {
			return errorf("the output's shape: %w", err)
		}
		f.oh, f.ow = tensor.Dynamic, tensor.Dynamic
		if known {
			f.oh, f.ow = want[1], want[2]
			if f.oh < 0 || f.ow < 0 || f.n != tensor.Dynamic && want[0] != f.n || want[3] != f.oc {
				return errorf("the output's shape is %v, want [%d h w %d]", want, f.n, f.oc)
			}
		}
		return o.cut(f)
	}
	p := o.Padding
	if f.top, f.oh, err = o.grown("height", f.h, f.kh, 0, p.Top, p.Bottom); err != nil {
		return err
	}
	f.left, f.ow, err = o.grown("width", f.w, f.kw, 1, p.Left, p.Right)
	return err
}

// cut finds what is cut off before an output of known size.
func (o *TransposeConv) cut(f *filter) (err error) {
	p := o.Padding
	if f.top, _, err = p.axis("height", f.oh, f.kh, f.sh, f.dh, p.Top, p.Bottom); err != nil {
		return err
	}
	f.left, _, err = p.axis("width", f.ow, f.kw, f.sw, f.dw, p.Left, p.Right)
	return err
}

// grown returns what is cut off before the output, and its size, along axis i
// for n pixels spread over k taps.
func (o *TransposeConv) grown(name string, n, k, i, before, after int) (pad, out int, err error) {
	p, stride, dilation := o.Padding, o.Stride[i], o.Dilation[i]
	if _, _, err := p.axis(name, tensor.Dynamic, k, stride, dilation, before, after); err != nil {
		return 0, 0, err
	}
	if n == tensor.Dynamic {
		return n, n, nil
	}
	if n == 0 || o.Extra[i] < 0 || o.Extra[i] > maxReach {
		return 0, 0, errorf("%s: %d pixels and %d more of output are not valid", name, n, o.Extra[i])
	}
	reach := (int64(k)-1)*int64(dilation) + 1
	full := int64(n-1)*int64(stride) + reach + int64(o.Extra[i])
	cut := int64(before) + int64(after)
	switch p.Mode {
	case PadValid:
		before, cut = 0, 0
	case PadSameUpper, PadSameLower:
		if cut = max(reach-int64(stride), 0); o.Remainder {
			cut = max(reach-1-int64(n-1)%int64(stride), 0)
		} else {
			full = int64(n)*int64(stride) + cut
		}
		before = int(cut / 2)
		if p.Mode == PadSameLower {
			before = int((cut + 1) / 2)
		}
	}
	if full-cut < 0 || full-cut > math.MaxInt32 {
		return 0, 0, errorf("%s: an output of %d pixels is not valid", name, full-cut)
	}
	return before, int(full - cut), nil
}

// Ref sums for each output the pixels that reach it, from the top left, and
// tap by tap. A tap that falls beside the image counts as in a convolution.
func (o *TransposeConv) Ref(in, out []tensor.View) error {
	f, s, err := o.filter(in)
	if err != nil {
		return err
	}
	f.spread(s, &o.Epilogue, in, &out[0])
	return nil
}

// spread computes the outputs phase by phase.
func (f *filter) spread(s scheme, e *Epilogue, in []tensor.View, out *tensor.View) {
	for ry := range min(f.sh, f.oh) {
		y := phaseOf(ry, f.kh, f.sh, f.dh, f.top)
		for rx := range min(f.sw, f.ow) {
			f.refPhase(s, e, y, phaseOf(rx, f.kw, f.sw, f.dw, f.left), in, out)
		}
	}
}

// refPhase computes the outputs at y.at, y.at+stride, … of columns x.at, ….
func (f *filter) refPhase(s scheme, e *Epilogue, y, x phase, in []tensor.View, out *tensor.View) {
	for image := range f.n {
		h := hybrid{}
		if size := f.h * f.w * f.c; s == schemeHybrid {
			h = newHybrid(in[0].F32()[image*size:(image+1)*size], true)
		}
		for oy := y.at; oy < f.oh; oy += f.sh {
			for ox := x.at; ox < f.ow; ox += f.sw {
				at := ((image*f.oh+oy)*f.ow + ox) * f.oc
				y0, x0 := y.first+(oy-y.at)/f.sh, x.first+(ox-x.at)/f.sw
				for o := range f.oc {
					if s == schemeF32 {
						out.F32()[at+o] = f.refSumF32(e, y, x, image, y0, x0, o, in)
					} else {
						f.refSumInt(s, e, y, x, image, y0, x0, o, &h, in, out, at+o)
					}
				}
			}
		}
	}
}

func (f *filter) refSumF32(e *Epilogue, y, x phase, image, y0, x0, o int, in []tensor.View) float32 {
	image0, w := in[0].F32(), in[1].F32()
	c := e.chain(input(in, 2), o)
	for ty := range y.n {
		for tx := range x.n {
			from, ok := f.at(o, image, y0+ty*y.dilation, x0+tx*x.dilation)
			if !ok && f.perChannel() {
				continue
			}
			tap := y.tap(ty)*f.kw + x.tap(tx)
			for i := range f.kc {
				pixel := float32(0)
				if ok {
					pixel = image0[from+i]
				}
				c.add(pixel, w[f.weight(o, tap, i)])
			}
		}
	}
	lo, hi := e.Bounds.floats()
	return kernels.Clamp(c.sum(), lo, hi)
}

func (f *filter) refSumInt(s scheme, e *Epilogue, y, x phase, image, y0, x0, o int, h *hybrid, in []tensor.View, out *tensor.View, at int) {
	sum, zw := int64(0), int64(0)
	if s == schemeU8 {
		zw = int64(in[1].Quant.Zero[0])
	}
	for ty := range y.n {
		for tx := range x.n {
			from, ok := f.at(o, image, y0+ty*y.dilation, x0+tx*x.dilation)
			tap := (y.tap(ty)*f.kw + x.tap(tx)) * f.wt
			for i := 0; ok && i < f.kc; i++ {
				weight := intElement(&in[1], o*f.wo+tap+i) - zw
				if s == schemeHybrid {
					sum += int64(int32(h.of(in[0].F32()[from+i]))-h.zero) * weight
				} else {
					sum += (intElement(&in[0], from+i) - int64(in[0].Quant.Zero[0])) * weight
				}
			}
		}
	}
	b := input(in, 2)
	if s == schemeHybrid {
		bias := float32(0)
		if !b.Absent() {
			bias = b.F32()[o]
		}
		lo, hi := e.Bounds.floats()
		v := float32(float32(sum)*float32(h.scale*channelScale(in[1].Quant, o))) + bias
		out.F32()[at] = kernels.Clamp(v, lo, hi)
		return
	}
	if !b.Absent() {
		sum += intElement(&b, o)
	}
	lo, hi := e.Bounds.quantised(e.Type())
	m := e.multiplierOf(in[0].Quant, in[1].Quant, o, s == schemeU8)
	setInteger(out, at, min(max(scaled(s, m, sum)+e.Quant.Zero[0], lo), hi))
}

// Fuse takes over a following clamp of float32.
func (o *TransposeConv) Fuse(next graph.Op, out tensor.Type) graph.Op {
	o = new(*o)
	e, ok := o.fused(next, out)
	if !ok {
		return nil
	}
	o.Epilogue = e
	return o
}

// MACs counts what falls beside the output too.
func (o *TransposeConv) MACs(in, out []tensor.Type) int64 {
	if in[0].Len() == 0 || in[0].Shape[3] == 0 {
		return 0
	}
	return int64(in[0].Len()/in[0].Shape[3]) * int64(in[1].Len())
}
