package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Tile repeats its input along each dimension as often as input 1 says.
type Tile struct{}

// Infer multiplies the dimensions.
func (*Tile) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	shape, _, err := shapeFrom(in, 1)
	if err != nil {
		return nil, err
	}
	if len(shape) != in[0].Rank() {
		return nil, errorf("input 1 has shape %v, want a number for each dimension of %v", in[1].Shape, in[0].Shape)
	}
	for i, d := range in[0].Shape {
		if shape[i], err = mulDims(shape[i], d); err != nil {
			return nil, err
		}
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref moves the elements in the order of the output.
func (*Tile) Ref(in, out []tensor.View) error {
	m := move{size: out[0].DType.Size()}
	from, to := byteStrides(in[0].Type), byteStrides(out[0].Type)
	for i, d := range in[0].Shape {
		times := 0
		if d > 0 {
			times = out[0].Shape[i] / d
		}
		m.add(times, 0, d*to[i])
		m.add(d, from[i], to[i])
	}
	m.run(out[0].Data, in[0].Data)
	return nil
}
