package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// ConvTranspose spreads each pixel over a window of the output, for images of
// any number of spatial axes, float32 or float64. Input 0 is [n c d1 d2 …];
// input 1, the filters, [c oc/Groups k1 k2 …]; input 2, the bias, [oc] or left
// out. It serves where TransposeConv can't.
//
// Before and After are cut off the output, and Extra is added behind it. If
// Size is given, or a Same mode, what is cut off follows from the output's
// size: Size, or the input's times the stride.
type ConvTranspose struct {
	Groups      int
	Extra, Size []int
	Spatial
}

// Output returns the spatial size of the output, and what is cut off before
// and after each axis; what is not known is tensor.Dynamic. A negative number
// is added.
func (o *ConvTranspose) Output(image, window []int) (size, before, after []int, err error) {
	if err := o.check(len(image)); err != nil {
		return nil, nil, nil, err
	}
	if len(window) != len(image) || o.Extra != nil && len(o.Extra) != len(image) || o.Size != nil && len(o.Size) != len(image) {
		return nil, nil, nil, errorf("a window %v, output padding %v, output shape %v for an image %v: want as many numbers", window, o.Extra, o.Size, image)
	}
	for i := range image {
		s, b, a, err := o.outputAxis(i, image[i], window[i])
		if err != nil {
			return nil, nil, nil, errorf("spatial axis %d: %w", i, err)
		}
		size, before, after = append(size, s), append(before, b), append(after, a)
	}
	return size, before, after, nil
}

// outputAxis is Output for one axis of n pixels and k taps.
func (o *ConvTranspose) outputAxis(i, n, k int) (size, before, after int, err error) {
	stride, dilation, extra := spatialAt(o.Stride, i, 1), spatialAt(o.Dilation, i, 1), spatialAt(o.Extra, i, 0)
	before, after = spatialAt(o.Before, i, 0), spatialAt(o.After, i, 0)
	for _, x := range []struct {
		name   string
		x, min int
	}{{"stride", stride, 1}, {"dilation", dilation, 1}, {"output padding", extra, 0}, {"padding before", before, 0}, {"padding after", after, 0}} {
		if x.x < x.min || x.x > maxReach {
			return 0, 0, 0, errorf("%s %d, want at least %d", x.name, x.x, x.min)
		}
	}
	if n == tensor.Dynamic || k == tensor.Dynamic {
		return tensor.Dynamic, tensor.Dynamic, tensor.Dynamic, nil
	}
	if k < 1 || (int64(k)-1)*int64(dilation) > maxReach {
		return 0, 0, 0, errorf("a window of %d taps with dilation %d is not valid", k, dilation)
	}
	whole := max(int64(n)-1, 0)*int64(stride) + (int64(k)-1)*int64(dilation) + 1 + int64(extra)
	want := whole - int64(before) - int64(after)
	same := o.Mode == PadSameUpper || o.Mode == PadSameLower
	switch {
	case o.Size != nil:
		want = int64(o.Size[i])
	case same:
		want = int64(n) * int64(stride)
	case o.Mode == PadValid:
		want, before, after = whole, 0, 0
	}
	if want < 0 || want > maxReach {
		return 0, 0, 0, errorf("an output of %d pixels is not valid", want)
	}
	if o.Size != nil || same {
		total := whole - want // fewer than 2^61
		half := max(total, 0) / 2
		if o.Mode != PadSameUpper {
			half = max(total, 0) - half
		}
		if half > maxReach {
			return 0, 0, 0, errorf("cutting %d pixels off is not valid", total)
		}
		before, after = int(half), int(max(min(total-half, maxReach), -maxReach))
	}
	return int(want), before, after, nil
}

// Infer returns [n oc o1 o2 …].
func (o *ConvTranspose) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantConvInputs(in, o.Groups); err != nil {
		return nil, err
	}
	x, w := in[0].Shape, in[1].Shape
	if x[1] != tensor.Dynamic && (x[1]%o.Groups != 0 || w[0] != tensor.Dynamic && w[0] != x[1]) {
		return nil, errorf("image %v and filters %v in %d groups do not agree on channels", x, w, o.Groups)
	}
	oc := tensor.Dynamic
	if w[1] != tensor.Dynamic {
		all := int64(w[1]) * int64(o.Groups)
		if oc = int(all); all > maxReach {
			return nil, errorf("%d filters are not valid", all)
		}
	}
	if err := wantConvBias(in, oc); err != nil {
		return nil, err
	}
	size, _, _, err := o.Output(x[2:], w[2:])
	if err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].WithShape(append([]int{x[0], oc}, size...)...)}, nil
}

// outputAxes are the axes of the output, seen through windows that the pixels
// of the input stand for.
func (o *ConvTranspose) outputAxes(in []tensor.View, out *tensor.View) (a spatialAxes, err error) {
	image, window := in[0].Shape[2:], in[1].Shape[2:]
	a.rank = len(image)
	for i, n := range image {
		_, before, _, err := o.outputAxis(i, n, window[i])
		if err != nil {
			return a, err
		}
		a.ax[i] = spatialAxis{n: out.Shape[i+2], k: window[i], out: n, stride: spatialAt(o.Stride, i, 1), dilation: spatialAt(o.Dilation, i, 1), pad: before}
	}
	return a, nil
}

// Ref spreads the pixels.
func (o *ConvTranspose) Ref(in, out []tensor.View) error {
	a, err := o.outputAxes(in, &out[0])
	if err != nil {
		return err
	}
	if in[0].DType == tensor.F32 {
		spreadPlain(&a, o.Groups, in, in[0].F32(), in[1].F32(), biasOf(in, (*tensor.View).F32), out[0].F32())
	} else {
		spreadPlain(&a, o.Groups, in, in[0].F64(), in[1].F64(), biasOf(in, (*tensor.View).F64), out[0].F64())
	}
	return nil
}

// spreadPlain adds the products tap by tap, a row of the input at a time.
func spreadPlain[T nnReal](a *spatialAxes, groups int, in []tensor.View, x, w, bias, y []T) {
	n, c, og := in[0].Shape[0], in[0].Shape[1], in[1].Shape[1]
	oc, kc := og*groups, c/groups
	outs, pixels, taps := a.counts() // the output is what windows slide over
	stride := a.ax[a.rank-1].stride
	for i := range n * oc {
		b, o := i/oc, i%oc
		dst := y[i*outs : (i+1)*outs]
		start := T(0)
		if bias != nil {
			start = bias[o]
		}
		for j := range dst {
			dst[j] = start
		}
		for k := range kc {
			channel := o/og*kc + k
			src := x[(b*c+channel)*pixels:][:pixels]
			for t := range taps {
				v := w[(channel*og+o%og)*taps+t]
				a.rows(t, func(from, to, count int) {
					for j, s := range src[from : from+count] {
						dst[to+j*stride] += T(v * s)
					}
				})
			}
		}
	}
}

// MACs counts what is cut off too.
func (*ConvTranspose) MACs(in, out []tensor.Type) int64 { return filterMACs(in[0], in[1], 0) }
