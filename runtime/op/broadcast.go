package op

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// BroadcastTo repeats dimensions of 1 until its input has the shape that input
// 1 holds. With TwoWay, that shape may have ones where the input does not.
type BroadcastTo struct{ TwoWay bool }

// Name returns "BroadcastTo".
func (BroadcastTo) Name() string { return "BroadcastTo" }

// Infer returns input 0's type with the new shape.
func (o BroadcastTo) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	shape, known, err := shapeFrom(in, 1)
	if err != nil {
		return nil, err
	}
	if len(shape) < in[0].Rank() && !o.TwoWay {
		return nil, fmt.Errorf("shape %v cannot be broadcast to %d dimensions", in[0].Shape, len(shape))
	}
	if !known {
		return []tensor.Type{in[0].WithShape(dynamicShape(max(len(shape), in[0].Rank()))...)}, nil
	}
	out, err := broadcast(in[0].Shape, shape)
	if err != nil {
		return nil, err
	}
	for i := range shape {
		if k := len(out) - len(shape) + i; !o.TwoWay && out[k] != shape[i] {
			return nil, fmt.Errorf("shape %v cannot be broadcast to %v", in[0].Shape, shape)
		}
	}
	return []tensor.Type{in[0].WithShape(out...)}, nil
}

// shapeFrom returns the shape that input i holds; of unknown dimensions if the
// input isn't known, but for their number.
func shapeFrom(in []tensor.View, i int) (shape []int, known bool, err error) {
	if err := wantType(in, i, tensor.I32, tensor.I64); err != nil {
		return nil, false, err
	}
	n, err := listLen(in, i)
	if err != nil {
		return nil, false, err
	}
	shape, known, err = ints(in[i])
	if err != nil {
		return nil, known, fmt.Errorf("input %d: %w", i, err)
	}
	if !known {
		return dynamicShape(n), false, nil
	}
	for k, d := range shape {
		if d < 0 {
			return nil, true, fmt.Errorf("dimension %d of the shape %v is negative", k, shape)
		}
	}
	return shape, true, nil
}

// Ref moves the elements in the order of the output.
func (BroadcastTo) Ref(in, out []tensor.View) error {
	m := move{size: out[0].DType.Size()}
	from, to := byteStrides(in[0].Type), byteStrides(out[0].Type)
	for i, d := range out[0].Shape {
		by := 0
		if k := i - out[0].Rank() + in[0].Rank(); k >= 0 && in[0].Shape[k] != 1 {
			by = from[k]
		}
		m.add(d, by, to[i])
	}
	m.run(out[0].Data, in[0].Data)
	return nil
}

// Prepare has no kernel of its own.
func (o BroadcastTo) Prepare(*Prep) (Prepared, error) { return byRef(o) }

// BroadcastArgs returns the shape that two shapes have in common: lists of
// int32 or int64 all three.
type BroadcastArgs struct{}

// Name returns "BroadcastArgs".
func (BroadcastArgs) Name() string { return "BroadcastArgs" }

// Infer returns a list as long as the longer input.
func (BroadcastArgs) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantType(in, i, tensor.I32, tensor.I64); err != nil {
			return nil, err
		}
		if err := wantRank(in, i, 1); err != nil {
			return nil, err
		}
	}
	if err := wantSame(in, 0, 1); err != nil {
		return nil, err
	}
	n := max(in[0].Shape[0], in[1].Shape[0])
	if !in[0].Static() || !in[1].Static() {
		n = tensor.Dynamic
	}
	return []tensor.Type{tensor.Of(in[0].DType, n)}, nil
}

// Ref compares the shapes from the end.
func (BroadcastArgs) Ref(in, out []tensor.View) error {
	n := out[0].Len()
	for i := range n {
		var d [2]int
		for k := range d {
			d[k] = 1
			if at := i - n + in[k].Len(); at >= 0 {
				x, err := intAt(&in[k], at)
				if err != nil {
					return dataf("input %d: %v", k, err)
				}
				d[k] = x
			}
		}
		if d[0] != d[1] && d[0] != 1 && d[1] != 1 {
			return dataf("dimensions %d and %d (element %d) do not broadcast", d[0], d[1], i)
		}
		if d[0] == 1 {
			d[0] = d[1]
		}
		setInt(&out[0], i, d[0])
	}
	return nil
}

// Prepare has no kernel of its own.
func (o BroadcastArgs) Prepare(*Prep) (Prepared, error) { return byRef(o) }

// Tile repeats its input along each dimension as often as input 1 says.
type Tile struct{}

// Name returns "Tile".
func (Tile) Name() string { return "Tile" }

// Infer multiplies the dimensions.
func (Tile) Infer(in []tensor.View) ([]tensor.Type, error) {
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
		return nil, fmt.Errorf("input 1 has shape %v, want a number for each dimension of %v", in[1].Shape, in[0].Shape)
	}
	for i, d := range in[0].Shape {
		if shape[i], err = mulDims(shape[i], d); err != nil {
			return nil, err
		}
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref moves the elements in the order of the output.
func (Tile) Ref(in, out []tensor.View) error {
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

// Prepare has no kernel of its own.
func (o Tile) Prepare(*Prep) (Prepared, error) { return byRef(o) }

// Fill repeats input 1, one element, to the shape that input 0 holds.
type Fill struct{}

// Name returns "Fill".
func (Fill) Name() string { return "Fill" }

// Infer returns input 1's type with that shape.
func (Fill) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 1); err != nil {
		return nil, err
	}
	if in[1].Static() && in[1].Len() != 1 {
		return nil, fmt.Errorf("input 1 has shape %v, want one element", in[1].Shape)
	}
	shape, _, err := shapeFrom(in, 0)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{in[1].WithShape(shape...)}, nil
}

// Ref writes the element everywhere.
func (Fill) Ref(in, out []tensor.View) error {
	repeatInto(out[0].Data, in[1].Data)
	return nil
}

// Prepare has no kernel of its own.
func (o Fill) Prepare(*Prep) (Prepared, error) { return byRef(o) }
