package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// maxResize bounds a resized image's height and width: positions are computed
// in float32, which counts no further.
const maxResize = 1 << 24

// resized checks the inputs of an operator that scales images, and returns the
// type of its output. Input 0 is [n h w c]; input 1 the new height and width.
func resized(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 4); err != nil {
		return nil, err
	}
	if in[1].Rank() != 1 || in[1].Shape[0] != 2 {
		return nil, errorf("the new size has shape %v, want [2]", in[1].Shape)
	}
	size, known, err := ints(in[1])
	if err != nil {
		return nil, errorf("new size: %w", err)
	}
	x := in[0].Shape
	if !known {
		size = []int{tensor.Dynamic, tensor.Dynamic}
	}
	for i, d := range size {
		if known && (d < 1 || d > maxResize) {
			return nil, errorf("new size %v: want 1 to %d", size, maxResize)
		}
		if x[i+1] == 0 || x[i+1] > maxResize {
			return nil, errorf("image of shape %v: want a height and width of 1 to %d", x, maxResize)
		}
	}
	return []tensor.Type{in[0].Type.WithShape(x[0], size[0], size[1], x[3])}, nil
}

// images are n pictures of h·w pixels that become oh·ow pixels, of c channels.
type images struct{ n, h, w, c, oh, ow int }

func imagesOf(in, out *tensor.Type) images {
	return images{n: in.Shape[0], h: in.Shape[1], w: in.Shape[2], c: in.Shape[3], oh: out.Shape[1], ow: out.Shape[2]}
}

// resizeWork is threadWork for multiplications in Go.
const resizeWork = 1 << 15

// threads returns among how many workers to split the rows, where a pixel's
// channel takes about work multiplications.
func (i *images) threads(w Workers, work int) int {
	all := int64(i.n) * int64(i.oh) * int64(i.ow) * int64(i.c) * int64(work)
	return int(min(int64(w.Len()), 1+all/resizeWork))
}
