package onnx

import (
	"reflect"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeFilterRows are convolutions.
func writeFilterRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{rowFor(writeConv2D), rowFor(writeDepthwise), rowFor(writeTransposeConv)}
}

func writeConv2D(s *spelling, o *op.Conv2D) error {
	x, w := s.view(0), s.view(1)
	if o.Planes {
		return op.Unsupported("a convolution that turns planes itself")
	}
	perm, channels, kernel := toPlanar, 3, w.Shape[1:3]
	if o.Planar {
		perm, channels, kernel = []int{0, 1, 2, 3}, 1, w.Shape[2:4]
	}
	if x.Shape[3] == tensor.Dynamic {
		return op.Unsupported("an image of an unknown number of channels")
	}
	filters := s.transposed(s.n.In[1], perm, s.base[s.n.In[1]]+"_oihw")
	return s.convolve(filters, kernel, x.Shape[3]/w.Shape[channels], o.Stride, o.Dilation, o.Padding, o.Bounds)
}

func writeDepthwise(s *spelling, o *op.DepthwiseConv2D) error {
	x, w := s.view(0), s.view(1)
	if x.Shape[3] == tensor.Dynamic {
		return op.Unsupported("an image of an unknown number of channels")
	}
	filters := s.transposed(s.n.In[1], []int{3, 0, 1, 2}, s.base[s.n.In[1]]+"_oihw")
	return s.convolve(filters, w.Shape[1:3], x.Shape[3], o.Stride, o.Dilation, o.Padding, o.Bounds)
}

// convolve adds a Conv.
func (s *spelling) convolve(filters string, kernel []int, group int, stride, dilation [2]int, p op.Padding, b op.Bounds) error {
	if err := s.float(0); err != nil {
		return err
	}
	attrs := append(s.padding(p, kernel, stride, dilation),
		attribute("kernel_shape", kernel), attribute("strides", stride[:]), attribute("dilations", dilation[:]), attribute("group", group))
	y := s.emit("Conv", []string{s.planar(s.n.In[0]), filters, s.in(2)}, attrs...)
	s.defineAs(0, planarForm, s.bounded(y, b))
	return nil
}

// padding returns the attributes for how far a window reaches over input 0's
// borders: numbers, but where the image's size is not known.
func (s *spelling) padding(p op.Padding, kernel []int, stride, dilation [2]int) []wire {
	pads, ok := padsOf(p, s.view(0).Shape[1:3], kernel, stride, dilation)
	switch {
	case ok:
		return []wire{attribute("pads", pads)}
	case p.Mode == op.PadSameLower:
		return []wire{attribute("auto_pad", "SAME_LOWER")}
	}
	return []wire{attribute("auto_pad", "SAME_UPPER")}
}

// padsOf returns top, left, bottom and right. It is false if they depend on a
// size that is not known.
func padsOf(p op.Padding, size, kernel []int, stride, dilation [2]int) (pads []int, ok bool) {
	switch p.Mode {
	case op.PadValid:
		return make([]int, 4), true
	case op.PadExplicit:
		return []int{p.Top, p.Left, p.Bottom, p.Right}, true
	}
	pads = make([]int, 4)
	for i := range 2 {
		if size[i] == tensor.Dynamic {
			return nil, false
		}
		pads[i], pads[i+2] = samePads(size[i], kernel[i], stride[i], dilation[i], p.Mode == op.PadSameLower)
	}
	return pads, true
}

// samePads returns the padding before and after n pixels that yields ⌈n/stride⌉
// windows.
func samePads(n, kernel, stride, dilation int, lower bool) (before, after int) {
	outputs := (n + stride - 1) / stride
	total := max((outputs-1)*stride+(kernel-1)*dilation+1-n, 0)
	before = total / 2
	if lower {
		before = total - before
	}
	return before, total - before
}

func writeTransposeConv(s *spelling, o *op.TransposeConv) error {
	x, w := s.view(0), s.view(1)
	if err := s.float(0); err != nil {
		return err
	}
	if o.Remainder || !w.Known() || x.Shape[3] == tensor.Dynamic {
		return op.Unsupported("a transposed convolution as MediaPipe has it, of computed filters, or of an unknown number of channels")
	}
	kernel, group := w.Shape[1:3], x.Shape[3]/w.Shape[3]
	pads, extra, ok := spreadPads(o, x.Shape[1:3], s.out(0).Shape[1:3], kernel, s.has(3))
	if !ok {
		return op.Unsupported("a transposed convolution whose padding depends on sizes that are not known")
	}
	shape := []int{x.Shape[3], w.Shape[0] / group, kernel[0], kernel[1]}
	filters := s.constForm(s.n.In[1], "iohw", shape, func() []byte { return spreadFilters(w, group) })
	y := s.emit("ConvTranspose", []string{s.planar(s.n.In[0]), filters, s.in(2)},
		attribute("pads", pads), attribute("output_padding", extra), attribute("kernel_shape", kernel),
		attribute("strides", o.Stride[:]), attribute("dilations", o.Dilation[:]), attribute("group", group))
	s.defineAs(0, planarForm, s.bounded(y, o.Bounds))
	return nil
}

// spreadPads returns what is cut off a transposed convolution's output, and what
// is added behind it. shaped says that an input has the output's size.
func spreadPads(o *op.TransposeConv, in, out, kernel []int, shaped bool) (pads, extra []int, ok bool) {
	p := o.Padding
	pads, extra = []int{p.Top, p.Left, p.Bottom, p.Right}, o.Extra[:]
	if p.Mode == op.PadExplicit && !shaped {
		return pads, extra, true
	}
	extra = make([]int, 2)
	for i := range 2 {
		if in[i] == tensor.Dynamic || out[i] == tensor.Dynamic {
			return nil, nil, false
		}
		switch p.Mode {
		case op.PadValid:
			pads[i] = 0
		case op.PadSameUpper, op.PadSameLower:
			pads[i], _ = samePads(out[i], kernel[i], o.Stride[i], o.Dilation[i], p.Mode == op.PadSameLower)
		}
		whole := (in[i]-1)*o.Stride[i] + (kernel[i]-1)*o.Dilation[i] + 1
		pads[i+2] = whole - pads[i] - out[i]
		extra[i] = max(-pads[i+2], 0)
		pads[i+2] = max(pads[i+2], 0)
	}
	return pads, extra, true
}

// spreadFilters turns filters [oc kh kw c/group] into [c oc/group kh kw].
func spreadFilters(w tensor.View, group int) []byte {
	oc, kh, kw, kc := w.Shape[0]/group, w.Shape[1], w.Shape[2], w.Shape[3]
	from, to := w.F32(), make([]float32, 0, w.Len())
	for c := range group * kc {
		for o := range oc {
			for tap := range kh * kw {
				to = append(to, from[((c/kc*oc+o)*kh*kw+tap)*kc+c%kc])
			}
		}
	}
	return tensor.Bytes(to)
}

// known returns input i, which must be constant.
func (s *spelling) known(i int) (tensor.View, error) {
	v := s.view(i)
	if !v.Known() {
		return v, op.Unsupported("input %d that is computed", i)
	}
	return v, nil
}

// ints returns the numbers that input i holds.
func (s *spelling) ints(i int) ([]int, error) {
	v, err := s.known(i)
	if err != nil {
		return nil, err
	}
	return intsOf(v)
}

// intsOf returns the elements of a list of int32 or int64.
func intsOf(v tensor.View) ([]int, error) {
	out := make([]int, v.Len())
	for k := range out {
		switch v.DType {
		case tensor.I32:
			out[k] = int(v.I32()[k])
		case tensor.I64:
			out[k] = int(v.I64()[k])
		default:
			return nil, op.Unsupported("numbers of type %s", v.DType)
		}
	}
	return out, nil
}
