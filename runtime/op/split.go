package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Split parts input 0 into Num outputs along an axis: input 2, or Axis if that
// is left out. Input 1 holds the sizes of the parts, one of which may be -1,
// what is left; without it they are equal or, if Uneven, all but the last are.
type Split struct {
	Num, Axis int
	Uneven    bool
}

// Infer returns the parts' types.
func (o *Split) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 3); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	if in[0].Rank() == 0 {
		return nil, errorf("a scalar cannot be split")
	}
	if o.Num < 1 || o.Num > math.MaxUint16 {
		return nil, errorf("%d parts, want 1 to %d", o.Num, math.MaxUint16)
	}
	sizes, sizesKnown, err := o.sizes(in)
	if err != nil {
		return nil, err
	}
	a, known := o.Axis, true
	if len(in) > 2 && !in[2].Absent() {
		if a, known, err = scalarInt(in, 2); err != nil {
			return nil, err
		}
	}
	if !known {
		return slices.Repeat([]tensor.Type{in[0].WithShape(dynamicShape(in[0].Rank())...)}, o.Num), nil
	}
	axis, err := axisOf(a, in[0].Rank())
	if err != nil {
		return nil, err
	}
	switch {
	case sizes == nil && sizesKnown && o.Uneven:
		sizes = unevenSizes(in[0].Shape[axis], o.Num)
	case sizesKnown:
		if sizes, err = splitSizes(in[0].Shape[axis], sizes, o.Num); err != nil {
			return nil, err
		}
	}
	out := make([]tensor.Type, o.Num)
	for i := range out {
		shape := slices.Clone(in[0].Shape)
		shape[axis] = tensor.Dynamic
		if sizesKnown {
			shape[axis] = sizes[i]
		}
		out[i] = in[0].WithShape(shape...)
	}
	return out, nil
}

// sizes returns input 1, nil if there is none.
func (o *Split) sizes(in []tensor.View) (sizes []int, known bool, err error) {
	v := input(in, 1)
	if v.Absent() {
		return nil, true, nil
	}
	sizes, known, err = ints(v)
	if err != nil {
		return nil, known, errorf("input 1: %w", err)
	}
	if v.Static() && v.Len() != o.Num {
		return nil, known, errorf("input 1 has shape %v, want %d sizes", v.Shape, o.Num)
	}
	return sizes, known, nil
}

// unevenSizes returns the sizes of n parts of a dimension of d: the least that
// are enough, and for the last what is left.
func unevenSizes(d, n int) []int {
	if d == tensor.Dynamic {
		return dynamicShape(n)
	}
	most := (int64(d) + int64(n) - 1) / int64(n)
	sizes, left := make([]int, n), d
	for i := range sizes {
		sizes[i] = min(left, int(most))
		left -= sizes[i]
	}
	return sizes
}

// splitSizes returns the sizes of n parts of a dimension of d.
func splitSizes(d int, sizes []int, n int) ([]int, error) {
	if sizes == nil {
		switch {
		case d == tensor.Dynamic:
			return dynamicShape(n), nil
		case d%n != 0:
			return nil, errorf("a dimension of %d cannot be split into %d equal parts", d, n)
		}
		return slices.Repeat([]int{d / n}, n), nil
	}
	sum, open := int64(0), -1
	for i, s := range sizes {
		switch {
		case s == -1 && open < 0:
			open = i
		case s < 0:
			return nil, errorf("sizes %v: part %d is not valid", sizes, i)
		default:
			sum += int64(s)
		}
	}
	if d == tensor.Dynamic {
		return sizes, nil
	}
	if open >= 0 && sum <= int64(d) {
		sizes = slices.Clone(sizes)
		sizes[open] = d - int(sum)
		sum = int64(d)
	}
	if sum != int64(d) {
		return nil, errorf("sizes %v do not add up to %d", sizes, d)
	}
	return sizes, nil
}

// Ref copies the parts.
func (o *Split) Ref(in, out []tensor.View) error {
	a := o.Axis
	if len(in) > 2 && !in[2].Absent() {
		a, _ = intAt(&in[2], 0)
	}
	axis, _ := axisOf(a, in[0].Rank())
	at := 0
	for i := range out {
		n := out[i].Shape[axis]
		m := alongAxis(in[0].Type, axis, n)
		m.at = at * m.dst[1]
		m.reversed().run(out[i].Data, in[0].Data)
		at += n
	}
	return nil
}
