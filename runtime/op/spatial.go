package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// maxSpatial is the most spatial axes of an image [n c d1 d2 …].
const maxSpatial = maxRank - 2

// Spatial holds the attributes that ONNX's convolutions and pools have in
// common: a number for each spatial axis of images [n c d1 d2 …]. Strides and
// dilations that are nil are 1; Before and After, the explicit padding, are 0.
type Spatial struct {
	Stride, Dilation, Before, After []int
	Mode                            PadMode
	// Ceil rounds the number of outputs up, unless the last window would begin
	// behind the image and the padding before it.
	Ceil bool
}

// spatialNames name the axes in messages.
var spatialNames = [maxSpatial]string{"spatial axis 0", "spatial axis 1", "spatial axis 2", "spatial axis 3", "spatial axis 4", "spatial axis 5"}

// spatialAxis is an axis of n pixels seen through windows of k taps.
type spatialAxis struct{ n, k, out, stride, dilation, pad, after int }

// spatialAxes are the spatial axes of an image, the innermost last.
type spatialAxes struct {
	rank int
	ax   [maxSpatial]spatialAxis
}

// at returns xs[i], or def where there is no list.
func spatialAt(xs []int, i, def int) int {
	if i < len(xs) {
		return xs[i]
	}
	return def
}

// check says whether there is a number for each of rank axes.
func (s Spatial) check(rank int) error {
	if rank < 1 || rank > maxSpatial {
		return Unsupported("an image of %d spatial dimensions (1 to %d are)", rank, maxSpatial)
	}
	for _, l := range []struct {
		name string
		xs   []int
	}{{"strides", s.Stride}, {"dilations", s.Dilation}, {"pads before", s.Before}, {"pads after", s.After}} {
		if l.xs != nil && len(l.xs) != rank {
			return errorf("%s are %v, want %d", l.name, l.xs, rank)
		}
	}
	return nil
}

// axes resolves the attributes for an image and a window, both without batch
// and channels. What depends on Dynamic dimensions is Dynamic.
func (s Spatial) axes(image, window []int) (a spatialAxes, err error) {
	if err := s.check(len(image)); err != nil {
		return a, err
	}
	if len(window) != len(image) {
		return a, errorf("a window %v for an image %v: want the same number of dimensions", window, image)
	}
	a.rank = len(image)
	taps := int64(1)
	for i, n := range image {
		x := spatialAxis{n: n, k: window[i], stride: spatialAt(s.Stride, i, 1), dilation: spatialAt(s.Dilation, i, 1), after: spatialAt(s.After, i, 0)}
		name := spatialNames[i]
		before := spatialAt(s.Before, i, 0)
		if x.pad, x.out, err = (Padding{Mode: s.Mode}).axis(name, n, x.k, x.stride, x.dilation, before, x.after); err != nil {
			return a, err
		}
		if taps *= int64(x.k); taps > maxReach {
			return a, errorf("a window of %v taps is not valid", window)
		}
		if n != tensor.Dynamic {
			x.finish(s.Mode, s.Ceil)
		}
		a.ax[i] = x
	}
	return a, nil
}

// finish works out the padding after the image, and rounds up.
func (x *spatialAxis) finish(m PadMode, ceil bool) {
	reach := (int64(x.k)-1)*int64(x.dilation) + 1
	n, stride, pad := int64(x.n), int64(x.stride), int64(x.pad)
	switch {
	case m == PadValid:
		x.after = 0
	case m != PadExplicit:
		x.after = int(max((int64(x.out)-1)*stride+reach-n-pad, 0))
		return
	}
	room := n + pad + int64(x.after) - reach
	if !ceil || room <= -stride {
		return
	}
	out := (room+stride-1)/stride + 1
	if (out-1)*stride >= n+pad {
		out--
	}
	x.out = int(out)
}

// shape returns [n c o1 o2 …].
func (a *spatialAxes) shape(n, c int) []int {
	s := []int{n, c}
	for _, x := range a.ax[:a.rank] {
		s = append(s, x.out)
	}
	return s
}

// counts returns the numbers of pixels, outputs and taps.
func (a *spatialAxes) counts() (pixels, outs, taps int) {
	pixels, outs, taps = 1, 1, 1
	for _, x := range a.ax[:a.rank] {
		pixels, outs, taps = pixels*x.n, outs*x.out, taps*x.k
	}
	return pixels, outs, taps
}

// rows calls f for every row of outputs for which tap t falls on pixels: count
// outputs from out on; output i falls on pixel in + i·stride, the stride being
// that of the last axis.
func (a *spatialAxes) rows(t int, f func(out, in, count int)) {
	var tap, from, to, o [maxSpatial]int
	for i := a.rank - 1; i >= 0; i-- {
		x := &a.ax[i]
		tap[i], t = t%x.k, t/x.k
		from[i], to[i] = inside(tap[i], x.n, x.out, x.stride, x.dilation, x.pad)
		if from[i] >= to[i] {
			return
		}
		o[i] = from[i]
	}
	last := a.rank - 1
	for {
		out, in := 0, 0
		for i := range a.rank {
			x := &a.ax[i]
			out, in = out*x.out+o[i], in*x.n+o[i]*x.stride+tap[i]*x.dilation-x.pad
		}
		f(out, in, to[last]-from[last])
		i := last - 1
		for ; i >= 0; i-- {
			if o[i]++; o[i] < to[i] {
				break
			}
			o[i] = from[i]
		}
		if i < 0 {
			return
		}
	}
}

// spatialWindow walks over the taps of one output's window that fall on pixels.
type spatialWindow struct {
	a                 *spatialAxes
	at, from, to, tap [maxSpatial]int
	empty             bool
	padded            int // taps on the image or its padding
}

// window returns output o's.
func (a *spatialAxes) window(o int) (w spatialWindow) {
	w.a, w.padded = a, 1
	for i := a.rank - 1; i >= 0; i-- {
		x := &a.ax[i]
		k := o % x.out
		o /= x.out
		w.at[i] = k*x.stride - x.pad
		w.from[i], w.to[i] = taps(k, x.k, x.n, x.stride, x.dilation, x.pad)
		w.tap[i] = w.from[i]
		w.empty = w.empty || w.from[i] >= w.to[i]
		w.padded *= max(min((x.n+x.after-1-w.at[i])/x.dilation+1, x.k), 0)
	}
	return w
}

// len is the number of taps.
func (w *spatialWindow) len() int {
	n := 1
	for i := range w.a.rank {
		n *= max(w.to[i]-w.from[i], 0)
	}
	return n
}

// pixel is where the current tap falls; order 1 counts the first axis as the
// innermost.
func (w *spatialWindow) pixel(order int) int {
	p := 0
	for i := range w.a.rank {
		if order == 1 {
			i = w.a.rank - 1 - i
		}
		x := &w.a.ax[i]
		p = p*x.n + w.at[i] + w.tap[i]*x.dilation
	}
	return p
}

// next goes on to the next tap, if there is one.
func (w *spatialWindow) next() bool {
	for i := w.a.rank - 1; i >= 0; i-- {
		if w.tap[i]++; w.tap[i] < w.to[i] {
			return true
		}
		w.tap[i] = w.from[i]
	}
	return false
}

// Overhanging returns the explicit paddings, those before the axes and then those
// after, with which windows that hang over the end of an image end there: so
// many outputs as with Ceil come without it.
func (s Spatial) Overhanging(image, window []int) ([]int64, error) {
	a, err := s.axes(image, window)
	if err != nil {
		return nil, err
	}
	before, after := make([]int64, a.rank), make([]int64, a.rank)
	for i, x := range a.ax[:a.rank] {
		reach := (int64(x.k)-1)*int64(x.dilation) + 1
		end := (int64(x.out)-1)*int64(x.stride) + reach - int64(x.n) - int64(x.pad)
		before[i], after[i] = int64(x.pad), max(int64(x.after), end)
	}
	return append(before, after...), nil
}
