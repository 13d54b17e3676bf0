package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// RoiAlign pools regions of images into Height by Width bins. Input 0 is [n c
// h w], float32 or float64; input 1, the regions, [r 4], x1 y1 x2 y2; input 2,
// int64, the image that each is of, [r]. The output is [r c Height Width].
type RoiAlign struct {
	Height, Width int
	Max           bool
	Sampling      int // samples along each axis of a bin; 0: as many as pixels
	Scale         float32
	HalfPixel     bool // pixels are centred on .5
}

// maxSamples bounds the samples of a bin.
const maxSamples = 1 << 16

// Infer returns [r c Height Width].
func (o *RoiAlign) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	if err := wantSame(in, 0, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 2, tensor.I64); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 4); err != nil {
		return nil, err
	}
	r, b := in[1].Shape, in[2].Shape
	if len(r) != 2 || r[1] != 4 || len(b) != 1 || r[0] != b[0] && r[0] != tensor.Dynamic && b[0] != tensor.Dynamic {
		return nil, errorf("regions %v of images %v: want [r 4] and [r]", r, b)
	}
	if o.Height < 1 || o.Width < 1 || o.Height > maxReach || o.Width > maxReach || o.Sampling < 0 || o.Sampling > maxSamples {
		return nil, errorf("%d by %d bins of %d samples are not valid", o.Height, o.Width, o.Sampling)
	}
	return []tensor.Type{in[0].WithShape(r[0], in[0].Shape[1], o.Height, o.Width)}, nil
}

// Ref pools.
func (o *RoiAlign) Ref(in, out []tensor.View) error {
	if in[0].DType == tensor.F32 {
		return roiPlain(*o, in[0].Shape, in[0].F32(), in[1].F32(), in[2].I64(), out[0].F32())
	}
	return roiPlain(*o, in[0].Shape, in[0].F64(), in[1].F64(), in[2].I64(), out[0].F64())
}

// roiAxis is a region along one axis.
type roiAxis struct {
	start, bin float64
	samples, n int
}

func (o *RoiAlign) axis(from, to float64, bins, n int) (a roiAxis, err error) {
	offset := 0.0
	if o.HalfPixel {
		offset = 0.5
	}
	scale := float64(o.Scale)
	a.n, a.start = n, float64(from*scale)-offset
	size := float64(to*scale) - offset - a.start
	if !o.HalfPixel {
		size = max(size, 1)
	}
	a.bin = size / float64(bins)
	if a.samples = o.Sampling; a.samples == 0 {
		need := math.Ceil(a.bin)
		if !(need <= maxSamples) {
			return a, dataf("a region from %v to %v needs too many samples", from, to)
		}
		a.samples = max(int(need), 0)
	}
	if a.start != a.start || math.IsInf(a.start, 0) || math.IsInf(a.bin, 0) {
		return a, dataf("a region from %v to %v", from, to)
	}
	return a, nil
}

// sample returns the pixels on both sides of sample s of a bin, and the
// weight of the second; ok is false outside of the image.
func (a *roiAxis) sample(bin, s int) (lo, hi int, f float64, ok bool) {
	at := a.start + float64(float64(bin)*a.bin) + float64((float64(s)+0.5)*a.bin/float64(a.samples))
	if at < -1 || at > float64(a.n) {
		return 0, 0, 0, false
	}
	at = max(at, 0)
	if lo = int(at); lo >= a.n-1 {
		return a.n - 1, a.n - 1, 0, true
	}
	return lo, lo + 1, at - float64(lo), true
}

func roiPlain[T nnReal](o RoiAlign, shape []int, x, regions []T, images []int64, y []T) error {
	n, c, h, w := shape[0], shape[1], shape[2], shape[3]
	for r, image := range images {
		if image < 0 || image >= int64(n) || h == 0 || w == 0 {
			return dataf("region %d is of image %d, and there are %d of %d by %d", r, image, n, h, w)
		}
		box := regions[r*4 : r*4+4]
		ys, err := o.axis(float64(box[1]), float64(box[3]), o.Height, h)
		if err != nil {
			return err
		}
		xs, err := o.axis(float64(box[0]), float64(box[2]), o.Width, w)
		if err != nil {
			return err
		}
		if ys.samples*xs.samples > maxSamples {
			return dataf("region %d needs %d by %d samples, over the limit of %d", r, ys.samples, xs.samples, maxSamples)
		}
		for k := range c {
			src := x[(int(image)*c+k)*h*w:][:h*w]
			for i := range o.Height * o.Width {
				y[(r*c+k)*o.Height*o.Width+i] = T(roiBin(&o, &ys, &xs, i/o.Width, i%o.Width, src))
			}
		}
	}
	return nil
}

// roiBin averages the samples of a bin or, as ONNX defines it, takes the
// greatest of the weighted pixels around them.
func roiBin[T nnReal](o *RoiAlign, ys, xs *roiAxis, by, bx int, src []T) float64 {
	sum, most, any := 0.0, 0.0, false
	for i := range ys.samples {
		y0, y1, fy, okY := ys.sample(by, i)
		for j := range xs.samples {
			x0, x1, fx, okX := xs.sample(bx, j)
			var p [4]float64
			if okY && okX {
				p[0] = float64((1 - fy) * (1 - fx) * float64(src[y0*xs.n+x0]))
				p[1] = float64((1 - fy) * fx * float64(src[y0*xs.n+x1]))
				p[2] = float64(fy * (1 - fx) * float64(src[y1*xs.n+x0]))
				p[3] = float64(fy * fx * float64(src[y1*xs.n+x1]))
			}
			sum += p[0] + p[1] + p[2] + p[3]
			if m := max(p[0], p[1], p[2], p[3]); !any || m > most {
				most, any = m, true
			}
		}
	}
	if o.Max {
		return most
	}
	return sum / float64(max(ys.samples*xs.samples, 1))
}

// Work counts the samples, if their number is given.
func (o *RoiAlign) Work(in, out []tensor.Type) int64 {
	return 4 * int64(out[0].Len()) * int64(max(o.Sampling, 2)) * int64(max(o.Sampling, 2))
}
