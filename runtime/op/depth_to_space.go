package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// DepthToSpace spreads channels over squares of Block by Block: its input is
// [n h w Block·Block·c] and its output [n h·Block w·Block c].
type DepthToSpace struct{ Block int }

// Infer multiplies height and width and divides the channels.
func (o *DepthToSpace) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantSquares(in, o.Block); err != nil {
		return nil, err
	}
	s := in[0].Shape
	h, err := mulDims(s[1], o.Block)
	if err != nil {
		return nil, err
	}
	w, err := mulDims(s[2], o.Block)
	if err != nil {
		return nil, err
	}
	c := s[3]
	if c != tensor.Dynamic {
		if c%(o.Block*o.Block) != 0 {
			return nil, errorf("%d channels are not a multiple of %d·%d", c, o.Block, o.Block)
		}
		c /= o.Block * o.Block
	}
	return []tensor.Type{in[0].WithShape(s[0], h, w, c)}, nil
}

func wantSquares(in []tensor.View, block int) error {
	if err := wantInputs(in, 1, 1); err != nil {
		return err
	}
	if err := wantMovable(in, 0); err != nil {
		return err
	}
	if block < 1 || block > 1<<15 {
		return errorf("block size %d, want 1 to %d", block, 1<<15)
	}
	return wantRank(in, 0, 4)
}

// Ref moves the elements in the order of the channels.
func (o *DepthToSpace) Ref(in, out []tensor.View) error {
	m := squareMove(in[0].Type, out[0].Type, o.Block)
	m.run(out[0].Data, in[0].Data)
	return nil
}

// squareMove returns the move from depth to space.
func squareMove(depth, space tensor.Type, b int) move {
	m := move{size: depth.DType.Size()}
	from, to := byteStrides(depth), byteStrides(space)
	c := space.Shape[3]
	m.add(depth.Shape[0], from[0], to[0])
	m.add(depth.Shape[1], from[1], b*to[1])
	m.add(b, b*c*m.size, to[1])
	m.add(depth.Shape[2], from[2], b*to[2])
	m.add(b, c*m.size, to[2])
	m.add(c, m.size, m.size)
	return m
}
