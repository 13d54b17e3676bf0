package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// filter is the shape that convolutions, depthwise convolutions and dense
// layers have in common. Each of oc outputs of a pixel is a sum over the kh·kw
// taps of a window and over kc channels of the image. Outputs and channels fall
// into groups; those of a group see only each other.
//
// The weight of output o, tap t and channel i is at o·wo + t·wt + i·wi. If the
// weights are computed, tapAt may say where those of each tap begin, instead of
// t·wt, and wg is added from each group to the next.
type filter struct {
	n, h, w, c     int // image
	oh, ow, oc     int
	kh, kw, kc     int
	sh, sw, dh, dw int // stride, dilation
	top, left      int // padding
	groups         int
	wo, wt, wi, wg int
	tapAt          []int
	dense          bool // a dense layer: every image is a row
	phase          bool // of a transposed convolution
}

// perChannel reports whether each output reads one channel of several, so that
// a matrix product would be a waste.
func (f *filter) perChannel() bool { return f.kc == 1 && f.groups > 1 }

// weight returns where the weight of output o, tap t and channel i is.
func (f *filter) weight(o, t, i int) int {
	at := t * f.wt
	if f.tapAt != nil {
		at = f.tapAt[t]
	}
	if f.wg != 0 {
		at += o / (f.oc / f.groups) * f.wg
	}
	return o*f.wo + at + i*f.wi
}

// pixels is the number of output pixels.
func (f *filter) pixels() int { return f.n * f.oh * f.ow }

// k is the number of products in a sum.
func (f *filter) k() int { return f.kh * f.kw * f.kc }

func (f *filter) macs() int64 { return int64(f.pixels()) * int64(f.oc) * int64(f.k()) }

// collapsed returns an equal filter whose windows lie within one row of the
// image where that is possible, so that they are contiguous in memory.
func (f filter) collapsed() filter {
	unpaddedRows := f.kh == 1 && f.sh == 1 && f.top == 0 && f.oh == f.h
	if f.w == 1 && f.kw == 1 && f.ow == 1 && f.left == 0 { // one pixel wide: turn it
		f.w, f.kw, f.sw, f.dw, f.left, f.ow = f.h, f.kh, f.sh, f.dh, f.top, f.oh
		f.h, f.kh, f.sh, f.dh, f.top, f.oh = 1, 1, 1, 1, 0, 1
		unpaddedRows = true
	}
	if unpaddedRows && f.kw == 1 && f.sw == 1 && f.left == 0 && f.ow == f.w { // pixel by pixel: one row
		f.w, f.h, f.n = f.n*f.h*f.w, 1, 1
		f.ow, f.oh = f.w, 1
	}
	return f
}

// inside returns the outputs [from, to) along an axis for which tap k falls on
// one of n pixels.
func inside(tap, n, out, stride, dilation, pad int) (from, to int) {
	at := tap*dilation - pad // of output 0
	if at < 0 {
		from = (-at + stride - 1) / stride
	}
	if last := n - 1 - at; last >= 0 {
		to = last/stride + 1
	}
	to = min(to, out)
	return min(from, to), to
}

// taps returns the taps [from, to) of the window at output o that fall on one
// of n pixels.
func taps(o, k, n, stride, dilation, pad int) (from, to int) {
	at := o*stride - pad // of tap 0
	if at < 0 {
		from = (-at + dilation - 1) / dilation
	}
	if at < n {
		to = min((n-1-at)/dilation+1, k)
	}
	return min(from, to), to
}

// window resolves strides and padding of an image and kernel sizes.
func (f *filter) window(image []int, stride, dilation [2]int, p Padding) (err error) {
	f.n, f.h, f.w, f.c = image[0], image[1], image[2], image[3]
	f.sh, f.sw, f.dh, f.dw = stride[0], stride[1], dilation[0], dilation[1]
	if f.top, f.oh, err = p.axis("height", f.h, f.kh, f.sh, f.dh, p.Top, p.Bottom); err != nil {
		return err
	}
	f.left, f.ow, err = p.axis("width", f.w, f.kw, f.sw, f.dw, p.Left, p.Right)
	return err
}

// outShape is [n oh ow oc].
func (f *filter) outShape() []int { return []int{f.n, f.oh, f.ow, f.oc} }

// wantFilterShapes checks ranks, and that the filter is known and not empty.
func wantFilterShapes(in []tensor.View, rank int) error {
	if err := wantInputs(in, 2, 3); err != nil {
		return err
	}
	if err := wantRank(in, 1, rank); err != nil {
		return err
	}
	for _, d := range in[1].Shape {
		if d == tensor.Dynamic {
			return Undecided("a filter whose shape depends on data, %v,", in[1].Shape)
		}
		if d < 1 {
			return errorf("filter shape %v is empty", in[1].Shape)
		}
	}
	return nil
}

// wantBias checks the bias, input 2, if there is one.
func wantBias(in []tensor.View, oc int, types ...tensor.DType) error {
	if b := input(in, 2); b.Absent() {
		return nil
	} else if !b.Static() || b.Len() != oc {
		return errorf("bias has shape %v, want %d elements", b.Shape, oc)
	}
	return wantType(in, 2, types...)
}
