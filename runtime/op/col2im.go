package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Col2Im adds blocks up to images. Input 0 is [n c·b1·b2·… l], float32 or
// float64: l blocks; inputs 1 and 2, int64, are the image's and the block's
// sizes. The output is [n c d1 d2 …].
type Col2Im struct{ Spatial }

// Infer reads the sizes.
func (o *Col2Im) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 3); err != nil {
		return nil, err
	}
	rank := 0
	for i := 1; i <= 2; i++ {
		if in[i].Rank() != 1 || !in[i].Static() || i == 2 && in[2].Len() != rank {
			return nil, errorf("sizes have shapes %v and %v, want two lists as long", in[1].Shape, in[2].Shape)
		}
		rank = in[i].Len()
	}
	if err := o.check(rank); err != nil {
		return nil, err
	}
	image, known, err := ints(in[1])
	if err != nil {
		return nil, errorf("image size: %w", err)
	}
	block, knownBlock, err := ints(in[2])
	if err != nil {
		return nil, errorf("block size: %w", err)
	}
	shape := dynamicShape(rank + 2)
	shape[0] = in[0].Shape[0]
	if !known || !knownBlock {
		return []tensor.Type{in[0].WithShape(shape...)}, nil
	}
	if slices.Min(image) < 0 {
		return nil, errorf("image size %v is not valid", image)
	}
	a, err := o.axes(image, block)
	if err != nil {
		return nil, err
	}
	if err := tensor.Of(tensor.U8, a.shape(1, 1)...).Check(); err != nil {
		return nil, err
	}
	_, outs, taps := a.counts()
	x := in[0].Shape
	if x[2] != tensor.Dynamic && x[2] != outs || x[1] != tensor.Dynamic && x[1]%taps != 0 {
		return nil, errorf("input %v, image %v, blocks %v: want [n c·%d %d]", x, image, block, taps, outs)
	}
	if x[1] != tensor.Dynamic {
		shape[1] = x[1] / taps
	}
	copy(shape[2:], image)
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref adds the blocks up.
func (o *Col2Im) Ref(in, out []tensor.View) error {
	var block [maxSpatial]int
	rank := in[2].Len()
	for i := range rank {
		b, err := intAt(&in[2], i)
		if err != nil {
			return dataf("block size: %v", err)
		}
		block[i] = b
	}
	a, err := o.axes(out[0].Shape[2:], block[:rank])
	if err != nil {
		return err
	}
	if in[0].DType == tensor.F32 {
		col2imPlain(&a, in[0].F32(), out[0].F32())
	} else {
		col2imPlain(&a, in[0].F64(), out[0].F64())
	}
	return nil
}

func col2imPlain[T nnReal](a *spatialAxes, x, y []T) {
	clear(y)
	pixels, outs, taps := a.counts()
	if len(y) == 0 || outs == 0 {
		return
	}
	stride := a.ax[a.rank-1].stride
	for i := range len(y) / pixels {
		dst := y[i*pixels : (i+1)*pixels]
		for t := range taps {
			src := x[(i*taps+t)*outs:][:outs]
			a.rows(t, func(out, in, count int) {
				for j, v := range src[out : out+count] {
					dst[in+j*stride] += v
				}
			})
		}
	}
}
