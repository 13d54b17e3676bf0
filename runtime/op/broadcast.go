package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// BroadcastTo repeats dimensions of 1 until its input has the shape that input
// 1 holds. With TwoWay, that shape may have ones where the input does not.
type BroadcastTo struct{ TwoWay bool }

// Infer returns input 0's type with the new shape.
func (o *BroadcastTo) Infer(in []tensor.View) ([]tensor.Type, error) {
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
		return nil, errorf("shape %v cannot be broadcast to %d dimensions", in[0].Shape, len(shape))
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
			return nil, errorf("shape %v cannot be broadcast to %v", in[0].Shape, shape)
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
		return nil, known, errorf("input %d: %w", i, err)
	}
	if !known {
		return dynamicShape(n), false, nil
	}
	for k, d := range shape {
		if d < 0 {
			return nil, true, errorf("dimension %d of the shape %v is negative", k, shape)
		}
	}
	return shape, true, nil
}

// Ref moves the elements in the order of the output.
func (*BroadcastTo) Ref(in, out []tensor.View) error {
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

// Prepare writes rows, which threads share.
func (o *BroadcastTo) Prepare(p *Prep) (Prepared, error) {
	if p.In[0].Rank() > maxRank || p.Out[0].Rank() > maxRank {
		return byRef(o)
	}
	switch p.In[0].DType.Bits() {
	case 8:
		return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) { return bindSpread[uint8](m), nil }}, nil
	case 16:
		return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) { return bindSpread[uint16](m), nil }}, nil
	case 32:
		return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) { return bindSpread[uint32](m), nil }}, nil
	case 64:
		return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) { return bindSpread[uint64](m), nil }}, nil
	}
	return byRef(o)
}
