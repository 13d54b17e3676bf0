package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Pool holds the attributes of the operators that look at an image [n h w c]
// through a window, each channel by itself. Pairs are height, width. To is the
// output's type; without one it is the input's.
type Pool struct {
	Window, Stride, Dilation [2]int
	Padding                  Padding
	Act                      quant.Activation
	To
}

// AveragePool2D averages the taps of a window that lie inside the image or,
// with CountPad, divides by the window's size always. Integers are rounded half
// away from zero.
type AveragePool2D struct {
	CountPad bool
	Pool
}

// MaxPool2D takes the greatest of the taps inside the image.
type MaxPool2D struct{ Pool }

// L2Pool2D takes the root of the mean square of the taps inside the image.
type L2Pool2D struct{ Pool }

// Infer returns [n oh ow c].
func (o *AveragePool2D) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := o.infer(in, tensor.F32, tensor.I8, tensor.I16, tensor.U8)
	if err != nil {
		return nil, err
	}
	return out, wantSameQuant(in[0].Type, out[0])
}

// Infer returns [n oh ow c]. Bytes without a scale are plain numbers.
func (o *MaxPool2D) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := o.infer(in, tensor.F32, tensor.I8, tensor.I16, tensor.U8)
	if err != nil || o.plain(in[0].Type) {
		return out, err
	}
	return out, wantSameQuant(in[0].Type, out[0])
}

// plain reports whether integers have no scale, and need none.
func (o *MaxPool2D) plain(t tensor.Type) bool {
	return t.Quant == nil && o.To == (To{}) && o.Act == quant.None && (t.DType == tensor.I8 || t.DType == tensor.U8)
}

// Infer returns [n oh ow c].
func (o *L2Pool2D) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := o.infer(in, tensor.F32)
	if err != nil {
		return nil, err
	}
	return out, wantSameQuant(in[0].Type, out[0])
}

func (o Pool) infer(in []tensor.View, types ...tensor.DType) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, types...); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 4); err != nil {
		return nil, err
	}
	if o.Act > quant.ReLU6 {
		return nil, Unsupported("fused activation %v", o.Act)
	}
	w, err := o.windows(in[0].Shape)
	if err != nil {
		return nil, err
	}
	out := in[0].Type
	if o.DType != tensor.None {
		out = o.To.Type()
	}
	out.Shape = []int{w.n, w.oh, w.ow, w.c}
	return []tensor.Type{out}, nil
}

// wantSameQuant checks that an operator that keeps its elements' scale has an
// output that says so. TFLite checks it for int8 and int16, and takes the
// output of old uint8 models at its word.
func wantSameQuant(in, out tensor.Type) error {
	if in.DType != out.DType {
		return Unsupported("output of type %s from input of type %s", out.DType, in.DType)
	}
	if err := wantQuant(in, out); err != nil || in.DType.Float() || in.DType == tensor.U8 {
		return err
	}
	s, z := scaleZero(in)
	t, y := scaleZero(out)
	if math.Abs(float64(s-t)) > 1e-6 || z != y {
		return errorf("input and output have scales %v and %v, zero points %d and %d: want the same", s, t, z, y)
	}
	return nil
}

// windows is a pool whose shapes are known.
type windows struct {
	n, h, w, c, oh, ow                int
	kh, kw, sh, sw, dh, dw, top, left int
}

func (o Pool) windows(image []int) (w windows, err error) {
	w = windows{
		n: image[0], h: image[1], w: image[2], c: image[3],
		kh: o.Window[0], kw: o.Window[1], sh: o.Stride[0], sw: o.Stride[1], dh: o.Dilation[0], dw: o.Dilation[1],
	}
	if int64(w.kh)*int64(w.kw) > math.MaxInt32 {
		return w, errorf("a window of %d by %d is not valid", w.kh, w.kw)
	}
	p := o.Padding
	if w.top, w.oh, err = p.axis("height", w.h, w.kh, w.sh, w.dh, p.Top, p.Bottom); err == nil {
		w.left, w.ow, err = p.axis("width", w.w, w.kw, w.sw, w.dw, p.Left, p.Right)
	}
	return w, err
}

// tapSpan is the pixels from, from+step, … before to that a window sees along one
// axis.
type tapSpan struct{ from, to, step int }

// len is the number of pixels.
func (s tapSpan) len() int {
	if s.from >= s.to {
		return 0
	}
	return (s.to-s.from-1)/s.step + 1
}

// spanOf returns what output o's window sees of n pixels.
func spanOf(o, n, k, stride, dilation, pad int) tapSpan {
	at := o*stride - pad
	s := tapSpan{at, min(n, at+(k-1)*dilation+1), dilation}
	if at < 0 {
		s.from += (-at + dilation - 1) / dilation * dilation
	}
	return s
}

// each calls do for each output pixel, in order, with what its window sees of
// image number batch.
func (w *windows) each(do func(pixel, batch int, ys, xs tapSpan)) {
	if w.n == 0 || w.oh == 0 || w.ow == 0 || w.c == 0 {
		return // the other dimensions may be vast
	}
	p := 0
	for b := range w.n {
		for oy := range w.oh {
			ys := spanOf(oy, w.h, w.kh, w.sh, w.dh, w.top)
			for ox := range w.ow {
				do(p, b, ys, spanOf(ox, w.w, w.kw, w.sw, w.dw, w.left))
				p++
			}
		}
	}
}

// work counts visits to elements.
func (o Pool) work(in, out []tensor.Type) int64 {
	return int64(out[0].Len()) * int64(min(o.Window[0], in[0].Shape[1])) * int64(min(o.Window[1], in[0].Shape[2]))
}

// Work is the number of taps at most.
func (o *AveragePool2D) Work(in, out []tensor.Type) int64 { return o.work(in, out) }

// Work is the number of taps at most.
func (o *MaxPool2D) Work(in, out []tensor.Type) int64 { return o.work(in, out) }

// Work is the number of taps at most.
func (o *L2Pool2D) Work(in, out []tensor.Type) int64 { return o.work(in, out) }
