package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// DynamicUpdateSlice returns input 0 with input 1 in place of the block that
// begins at the index in input 2. The index is moved so that the block fits.
type DynamicUpdateSlice struct{}

// Infer returns input 0's type.
func (*DynamicUpdateSlice) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	for i := range 2 {
		if err := wantMovable(in, i); err != nil {
			return nil, err
		}
	}
	if err := wantSame(in, 0, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 2, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	s, update := in[0].Shape, in[1].Shape
	if len(s) != len(update) || in[2].Rank() != 1 || in[2].Static() && in[2].Len() != len(s) {
		return nil, errorf("shapes %v, %v and %v do not agree", s, update, in[2].Shape)
	}
	for i, d := range s {
		if d != tensor.Dynamic && update[i] > d {
			return nil, errorf("a block of %v does not fit %v", update, s)
		}
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref copies input 0, unless the output lies there, and input 1 over it.
func (*DynamicUpdateSlice) Ref(in, out []tensor.View) error {
	copy(out[0].Data, in[0].Data)
	m := move{size: out[0].DType.Size()}
	from, to := byteStrides(in[1].Type), byteStrides(out[0].Type)
	for i, d := range in[1].Shape {
		begin, err := startAt(&in[2], i)
		if err != nil {
			return err
		}
		m.at += max(0, min(begin, out[0].Shape[i]-d)) * to[i]
		m.add(d, from[i], to[i])
	}
	m.run(out[0].Data, in[1].Data)
	return nil
}

// startAt returns element i of v, which may be any number: it is clamped.
func startAt(v *tensor.View, i int) (int, error) {
	if v.DType == tensor.I64 {
		return int(max(-1<<31, min(1<<31-1, tensor.Cast[int64](v.Data)[i]))), nil
	}
	return intAt(v, i)
}

// InPlace says that the block may be written into input 0.
func (*DynamicUpdateSlice) InPlace(in, out []tensor.Type) []int { return []int{0} }
