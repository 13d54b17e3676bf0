package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// PixelShuffle is ONNX's DepthToSpace: it spreads the channels of an image [n
// Block·Block·c h w] over squares of an image [n c h·Block w·Block]. The
// channels are counted place by place in the square, or with ChannelFirst
// channel by channel. Reverse is SpaceToDepth.
type PixelShuffle struct {
	Block                 int
	ChannelFirst, Reverse bool
}

// Infer returns the shape of the image.
func (o *PixelShuffle) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantSquares(in, o.Block); err != nil {
		return nil, err
	}
	s := in[0].Shape
	c, h, w, err := s[1], s[2], s[3], error(nil)
	if o.Reverse {
		if c, err = mulDims(c, o.Block*o.Block); err != nil {
			return nil, err
		}
		for _, d := range []*int{&h, &w} {
			if *d != tensor.Dynamic && *d%o.Block != 0 {
				return nil, errorf("image %v is not made of squares of %d", s, o.Block)
			} else if *d != tensor.Dynamic {
				*d /= o.Block
			}
		}
		return []tensor.Type{in[0].WithShape(s[0], c, h, w)}, nil
	}
	if c != tensor.Dynamic {
		if c%(o.Block*o.Block) != 0 {
			return nil, errorf("%d channels are not a multiple of %d·%d", c, o.Block, o.Block)
		}
		c /= o.Block * o.Block
	}
	if h, err = mulDims(h, o.Block); err != nil {
		return nil, err
	}
	if w, err = mulDims(w, o.Block); err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].WithShape(s[0], c, h, w)}, nil
}

// Ref moves the elements.
func (o *PixelShuffle) Ref(in, out []tensor.View) error {
	deep, wide := &in[0].Type, &out[0].Type
	if o.Reverse {
		deep, wide = wide, deep
	}
	d, s := byteStrides(*deep), byteStrides(*wide)
	b, c := o.Block, wide.Shape[1]
	channel, row, col := d[1], b*c*d[1], c*d[1] // within the channels of deep
	if o.ChannelFirst {
		channel, row, col = b*b*d[1], b*d[1], d[1]
	}
	m := move{size: in[0].DType.Size()}
	for _, x := range [...]struct{ n, deep, wide int }{
		{deep.Shape[0], d[0], s[0]}, {c, channel, s[1]}, {deep.Shape[2], d[2], b * s[2]}, {b, row, s[2]}, {deep.Shape[3], d[3], b * s[3]}, {b, col, s[3]},
	} {
		if o.Reverse {
			m.add(x.n, x.wide, x.deep)
		} else {
			m.add(x.n, x.deep, x.wide)
		}
	}
	m.run(out[0].Data, in[0].Data)
	return nil
}
