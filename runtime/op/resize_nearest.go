package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ResizeNearestNeighbor scales images; each output is the pixel nearest to it.
// Input 0 is [n h w c]; input 1, int32, the new height and width.
type ResizeNearestNeighbor struct{ AlignCorners, HalfPixelCenters bool }

// Infer returns the image's type with the new size.
func (*ResizeNearestNeighbor) Infer(in []tensor.View) ([]tensor.Type, error) {
	t, err := resized(in)
	if err != nil {
		return nil, err
	}
	if in[0].DType == tensor.I4 {
		return nil, Unsupported("int4 as type of input 0")
	}
	return t, nil
}

// nearest returns which of n pixels output i of out is (GetNearestNeighbor).
func (o *ResizeNearestNeighbor) nearest(i, n, out int) int {
	scale := float32(n) / float32(out)
	if o.AlignCorners && out > 1 {
		scale = float32(n-1) / float32(out-1)
	}
	at := float32(i)
	if o.HalfPixelCenters {
		at += 0.5
	}
	at *= scale
	if o.AlignCorners {
		return min(int(math.Round(float64(at))), n-1)
	}
	return min(int(math.Floor(float64(at))), n-1)
}

// Ref copies the channels of one pixel after the other; a row that is taken
// again is copied whole.
func (o *ResizeNearestNeighbor) Ref(in, out []tensor.View) error {
	s := imagesOf(&in[0].Type, &out[0].Type)
	pixel := s.c * in[0].DType.Size()
	x, y, line := in[0].Data, out[0].Data, s.ow*pixel
	if len(y) == 0 {
		return nil
	}
	for image := range s.n {
		last := -1
		for oy := range s.oh {
			row := o.nearest(oy, s.h, s.oh)
			dst := y[(image*s.oh+oy)*line:][:line]
			if row == last {
				copy(dst, y[(image*s.oh+oy-1)*line:])
				continue
			}
			last = row
			src := x[(image*s.h+row)*s.w*pixel:]
			for ox := range s.ow {
				at := o.nearest(ox, s.w, s.ow) * pixel
				copy(dst[ox*pixel:(ox+1)*pixel], src[at:])
			}
		}
	}
	return nil
}
