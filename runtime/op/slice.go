package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Slice cuts a block out of its input. Input 1 says where the block begins and
// input 2 how large it is along each dimension, -1 meaning up to the end.
type Slice struct{}

// Infer returns input 0's type with the block's shape.
func (*Slice) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	begin, knownBegin, err := ints(in[1])
	if err != nil {
		return nil, errorf("input 1: %w", err)
	}
	size, knownSize, err := ints(in[2])
	if err != nil {
		return nil, errorf("input 2: %w", err)
	}
	rank := in[0].Rank()
	for i := 1; i <= 2; i++ {
		if in[i].Static() && in[i].Len() != rank {
			return nil, errorf("input %d has shape %v, want one element for each dimension of %v", i, in[i].Shape, in[0].Shape)
		}
	}
	shape := dynamicShape(rank)
	for i, d := range in[0].Shape {
		if knownSize && size[i] >= 0 {
			shape[i] = size[i]
		}
		if !knownSize || !knownBegin || d == tensor.Dynamic {
			continue
		}
		if shape[i] < 0 && size[i] == -1 {
			shape[i] = d - begin[i]
		}
		if begin[i] < 0 || begin[i] > d || shape[i] < 0 || shape[i] > d-begin[i] {
			return nil, errorf("begin %v and size %v are outside of %v in dimension %d", begin, size, in[0].Shape, i)
		}
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref copies the block. Where it begins may be known only now.
func (*Slice) Ref(in, out []tensor.View) error {
	m := move{size: out[0].DType.Size()}
	from, to := byteStrides(in[0].Type), byteStrides(out[0].Type)
	for i, d := range out[0].Shape {
		begin, err := intAt(&in[1], i)
		if err != nil {
			return dataf("input 1: %v", err)
		}
		if begin < 0 || begin > in[0].Shape[i]-d {
			return dataf("begin %d and size %d are outside of %v in dimension %d", begin, d, in[0].Shape, i)
		}
		m.from += begin * from[i]
		m.add(d, from[i], to[i])
	}
	m.run(out[0].Data, in[0].Data)
	return nil
}
