package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// MaxRoiPool takes the greatest pixel of each of Height by Width bins of regions
// of images. Input 0 is [n c h w], float32 or float64; input 1, the regions, [r
// 5]: the image, x1 y1 x2 y2, which are multiplied by Scale and rounded to pixels,
// the last included. The output is [r c Height Width]; empty bins are 0. The
// bins' borders are those of Fast R-CNN's RoIPooling.
type MaxRoiPool struct {
	Height, Width int
	Scale         float32
}

// Infer returns [r c Height Width].
func (o *MaxRoiPool) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	if err := wantSame(in, 0, 1); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 4); err != nil {
		return nil, err
	}
	r := in[1].Shape
	if len(r) != 2 || r[1] != 5 && r[1] != tensor.Dynamic {
		return nil, errorf("regions %v, want [r 5]", r)
	}
	if o.Height < 1 || o.Width < 1 || o.Height > maxReach || o.Width > maxReach {
		return nil, errorf("%d by %d bins are not valid", o.Height, o.Width)
	}
	t := in[0].WithShape(r[0], in[0].Shape[1], o.Height, o.Width)
	return []tensor.Type{t}, t.Check()
}

// Ref pools.
func (o *MaxRoiPool) Ref(in, out []tensor.View) error {
	if in[0].DType == tensor.F32 {
		return maxRoiPlain(*o, in[0].Shape, in[0].F32(), in[1].F32(), out[0].F32())
	}
	return maxRoiPlain(*o, in[0].Shape, in[0].F64(), in[1].F64(), out[0].F64())
}

// maxRoiFarthest bounds the pixels of a region, which may lie outside of the image.
const maxRoiFarthest = 1 << 20

// maxRoiSpan returns the first pixel of a region along an axis, and how many it has.
func maxRoiSpan[T nnReal](o *MaxRoiPool, from, to T) (first, size int, err error) {
	a, b := math.Round(float64(from*T(o.Scale))), math.Round(float64(to*T(o.Scale)))
	if !(math.Abs(a) <= maxRoiFarthest && math.Abs(b) <= maxRoiFarthest) {
		return 0, 0, dataf("a region from %v to %v", from, to)
	}
	return int(a), max(int(b)-int(a)+1, 1), nil
}

// maxRoiBin returns the pixels of bin i of count, within an image of n.
func maxRoiBin[T nnReal](i, count, first, size, n int) (lo, hi int) {
	bin := T(size) / T(count)
	lo = first + int(math.Floor(float64(T(i)*bin)))
	hi = first + int(math.Ceil(float64(T(i+1)*bin)))
	return min(max(lo, 0), n), min(max(hi, 0), n)
}

func maxRoiPlain[T nnReal](o MaxRoiPool, shape []int, x, regions, y []T) error {
	n, c, h, w := shape[0], shape[1], shape[2], shape[3]
	for at := 0; len(regions) > 0; regions = regions[5:] {
		image := int(max(-1, min(regions[0], maxRoiFarthest)))
		if image < 0 || image >= n || T(image) != regions[0] {
			return dataf("a region of image %v, and there are %d", regions[0], n)
		}
		left, width, err := maxRoiSpan(&o, regions[1], regions[3])
		if err != nil {
			return err
		}
		top, height, err := maxRoiSpan(&o, regions[2], regions[4])
		if err != nil {
			return err
		}
		for k := range c {
			src := x[(image*c+k)*h*w:][:h*w]
			for i := range o.Height {
				y0, y1 := maxRoiBin[T](i, o.Height, top, height, h)
				for j := range o.Width {
					x0, x1 := maxRoiBin[T](j, o.Width, left, width, w)
					y[at] = maxRoiPixel(src, w, y0, y1, x0, x1)
					at++
				}
			}
		}
	}
	return nil
}

// maxRoiPixel returns the greatest pixel of a bin, 0 if there is none.
func maxRoiPixel[T nnReal](src []T, w, y0, y1, x0, x1 int) (most T) {
	if y0 >= y1 || x0 >= x1 {
		return 0
	}
	most = src[y0*w+x0]
	for r := y0; r < y1; r++ {
		for _, v := range src[r*w+x0 : r*w+x1] {
			if v > most {
				most = v
			}
		}
	}
	return most
}

// Work counts the pixels of regions as large as the image.
func (o *MaxRoiPool) Work(in, out []tensor.Type) int64 {
	return int64(out[0].Len()) + int64(in[1].Shape[0])*int64(product(in[0].Shape[1:]))
}
