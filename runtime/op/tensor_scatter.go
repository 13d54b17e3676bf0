package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// TensorScatter returns a cache, input 0, with input 1 written into it along
// Axis. Input 2 says, for each index of dimension 0, where; at the beginning
// if it is left out. What goes beyond the end is an error or, if Circular,
// begins anew.
type TensorScatter struct {
	Axis     int
	Circular bool
}

// Infer returns input 0's type.
func (o *TensorScatter) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 3); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	if err := wantSame(in, 0, 1); err != nil {
		return nil, err
	}
	axis, err := axisOf(o.Axis, in[0].Rank())
	if err != nil {
		return nil, err
	}
	if axis == 0 {
		return nil, errorf("axis 0 is the batch's")
	}
	cache, update := in[0].Shape, in[1].Shape
	if len(cache) != len(update) {
		return nil, errorf("inputs 0 and 1 have shapes %v and %v, want the same rank", cache, update)
	}
	for i, d := range cache {
		u := update[i]
		if d != tensor.Dynamic && u != tensor.Dynamic && (u > d || i != axis && u != d) {
			return nil, errorf("an update of %v does not fit a cache of %v in dimension %d", update, cache, i)
		}
	}
	if where := input(in, 2); !where.Absent() {
		if err := wantType(in, 2, tensor.I32, tensor.I64); err != nil {
			return nil, err
		}
		if !shapesAgree(where.Shape, cache[:1]) {
			return nil, errorf("input 2 has shape %v, want %v", where.Shape, cache[:1])
		}
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref copies one run, or two, for each index of the dimensions around the axis.
func (o *TensorScatter) Ref(in, out []tensor.View) error {
	dst, src := out[0].Data, in[1].Data
	copy(dst, in[0].Data)
	axis, err := axisOf(o.Axis, in[0].Rank())
	if err != nil || len(src) == 0 {
		return err
	}
	n, m, by := in[0].Shape[axis], in[1].Shape[axis], byteStrides(in[0].Type)[axis]
	for b := range in[0].Shape[0] {
		first := 0
		if where := input(in, 2); !where.Absent() {
			if first, err = indexAt(&in[2], b, n, false); err != nil {
				return err
			}
		}
		if first+m > n && !o.Circular {
			return dataf("%d places from %d on (batch %d) go beyond %d", m, first, b, n)
		}
		for range product(in[0].Shape[1:axis]) {
			head := min(m, n-first) * by
			copy(dst[first*by:], src[:head])
			copy(dst, src[head:m*by])
			dst, src = dst[n*by:], src[m*by:]
		}
	}
	return nil
}

// InPlace says that input 0's elements may stay where they are.
func (*TensorScatter) InPlace(in, out []tensor.Type) []int { return []int{0} }
