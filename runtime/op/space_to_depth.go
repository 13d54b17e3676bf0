package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// SpaceToDepth stacks the elements of squares of Block by Block as channels:
// its input is [n h·Block w·Block c] and its output [n h w Block·Block·c].
type SpaceToDepth struct{ Block int }

// Infer divides height and width and multiplies the channels.
func (o *SpaceToDepth) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantSquares(in, o.Block); err != nil {
		return nil, err
	}
	s := in[0].Shape
	h, w := s[1], s[2]
	for _, d := range []*int{&h, &w} {
		if *d == tensor.Dynamic {
			continue
		}
		if *d%o.Block != 0 {
			return nil, errorf("shape %v cannot be cut into squares of %d", s, o.Block)
		}
		*d /= o.Block
	}
	c, err := mulDims(s[3], o.Block*o.Block)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].WithShape(s[0], h, w, c)}, nil
}

// Ref moves the elements in the order of the channels.
func (o *SpaceToDepth) Ref(in, out []tensor.View) error {
	m := squareMove(out[0].Type, in[0].Type, o.Block)
	m.reversed().run(out[0].Data, in[0].Data)
	return nil
}
