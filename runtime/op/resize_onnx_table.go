package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// resizePass resizes one axis: output o is the sum of taps elements, index[o·taps
// + k] with weight[o·taps + k], or the extrapolation value.
type resizePass struct {
	outer, in, out, inner, taps int
	index                       []int32
	weight                      []float32
	outside                     []bool // nil: none
}

// passes returns what to do axis by axis, and the most elements in between.
func (o *Resize) passes(ax []resizeAxis) (passes []resizePass, most int, err error) {
	shape := make([]int, len(ax))
	for i := range ax {
		shape[i] = ax[i].in
	}
	for i := len(ax) - 1; i >= 0; i-- {
		x := &ax[i]
		if x.identity() {
			continue
		}
		p, err := o.table(x)
		if err != nil {
			return nil, 0, err
		}
		p.outer, p.inner = product(shape[:i]), product(shape[i+1:])
		shape[i] = x.out
		if err := tensor.Of(tensor.F64, shape...).Check(); err != nil { // one axis is large before another is small
			return nil, 0, Unsupported("resizing by way of %v", shape)
		}
		most = max(most, product(shape))
		passes = append(passes, p)
	}
	return passes, most, nil
}

// table computes indices and weights along an axis.
func (o *Resize) table(x *resizeAxis) (p resizePass, err error) {
	start, taps := 0, 2
	scale := 1.0
	if o.Mode == ResizeCubic {
		start, taps = -1, 4
	}
	if o.Antialias && o.Mode != ResizeNearest {
		scale = min(x.num/x.den, 1)
		reach := math.Floor(-1/scale) + 1
		if o.Mode == ResizeCubic {
			reach = math.Floor(-2/scale) + 1
		}
		if -reach*float64(x.out) > maxResize {
			return p, Unsupported("antialiasing a scale of %v", scale)
		}
		start = int(reach)
		taps = 2 - 2*start
	}
	if o.Mode == ResizeNearest {
		taps = 1
	}
	p = resizePass{in: x.in, out: x.out, taps: taps, index: make([]int32, x.out*taps), weight: make([]float32, x.out*taps)}
	coefficients := make([]float64, taps)
	for i := range x.out {
		at, outside := o.place(x, i)
		if outside {
			if p.outside == nil {
				p.outside = make([]bool, x.out)
			}
			p.outside[i] = true
			continue
		}
		at = max(min(at, maxReach), -maxReach)
		base := math.Ceil(at) - 1 // the fraction is above 0 and at most 1
		index := p.index[i*taps : (i+1)*taps]
		if o.Mode == ResizeNearest {
			index[0] = int32(o.nearest(at-base)) + int32(base)
		} else {
			o.weights(coefficients, start, at-base, scale)
			for k := range index {
				index[k] = int32(base) + int32(start+k)
			}
			o.store(p.weight[i*taps:], coefficients, index, x.in)
		}
		for k := range index {
			index[k] = max(min(index[k], int32(x.in)-1), 0)
		}
	}
	return p, nil
}

// nearest returns 0 or 1 for a place at a fraction of the way.
func (o *Resize) nearest(fraction float64) int {
	up := true
	switch o.Nearest {
	case RoundPreferFloor:
		up = fraction > 0.5
	case RoundPreferCeil:
		up = fraction >= 0.5
	case NearestFloor:
		up = fraction == 1
	}
	if up {
		return 1
	}
	return 0
}

// weights computes those of the elements start, start+1, … for a place at a
// fraction of the way from element 0 to 1.
func (o *Resize) weights(c []float64, start int, fraction, scale float64) {
	sum := 0.0
	for k := range c {
		d := float64(math.Abs(float64(start+k)-fraction) * scale)
		if o.Mode == ResizeCubic {
			c[k] = cubicWeight(d, float64(o.CubicA))
		} else {
			c[k] = max(1-d, 0)
		}
		sum += c[k]
	}
	if o.Antialias {
		for k := range c {
			c[k] /= sum
		}
	}
}

// cubicWeight is Keys' kernel: see Keys, Cubic Convolution Interpolation, 1981.
func cubicWeight(d, a float64) float64 {
	switch {
	case d <= 1:
		return float64((float64((a+2)*d)-(a+3))*d*d) + 1
	case d < 2:
		return float64(a * (float64((float64((d-5)*d)+8)*d) - 4))
	}
	return 0
}

// store rounds weights; with ExcludeOutside, those of elements beyond the
// input's n go to the others.
func (o *Resize) store(w []float32, c []float64, index []int32, n int) {
	sum := 0.0
	for k, i := range index {
		if o.ExcludeOutside && (i < 0 || int(i) >= n) {
			c[k] = 0
		}
		sum += c[k]
	}
	for k := range c {
		if o.ExcludeOutside && sum != 0 {
			c[k] /= sum
		}
		w[k] = float32(c[k])
	}
}

// blendPass runs a pass on numbers.
func blendPass[T nnReal](p *resizePass, extrapolation T, y, x []T) {
	for b := range p.outer {
		src := x[b*p.in*p.inner:][:p.in*p.inner]
		for o := range p.out {
			dst := y[(b*p.out+o)*p.inner:][:p.inner]
			if p.outside != nil && p.outside[o] {
				for j := range dst {
					dst[j] = extrapolation
				}
				continue
			}
			for k := range p.taps {
				row, w := src[int(p.index[o*p.taps+k])*p.inner:][:p.inner], T(p.weight[o*p.taps+k])
				if k == 0 {
					for j, v := range row {
						dst[j] = T(v * w)
					}
					continue
				}
				for j, v := range row {
					dst[j] += T(v * w)
				}
			}
		}
	}
}

// pickPass runs a pass of a nearest Resize.
func pickPass[T tensor.Element](p *resizePass, extrapolation T, y, x []T) {
	for b := range p.outer {
		src, dst := x[b*p.in*p.inner:][:p.in*p.inner], y[b*p.out*p.inner:][:p.out*p.inner]
		if p.inner == 1 {
			for o, i := range p.index {
				dst[o] = src[i]
			}
		} else {
			for o, i := range p.index {
				copy(dst[o*p.inner:(o+1)*p.inner], src[int(i)*p.inner:])
			}
		}
		for o, is := range p.outside {
			for j := range p.inner {
				if is {
					dst[o*p.inner+j] = extrapolation
				}
			}
		}
	}
}
