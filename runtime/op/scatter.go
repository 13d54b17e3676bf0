package op

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ScatterND adds slices into a tensor of zeros. Input 0 holds, along its last
// dimension, where each goes, an index for each of the first dimensions; input
// 1 the slices; input 2 the shape of the result. Slices for the same place add
// up, integers wrapping around.
type ScatterND struct{}

// Name returns "ScatterND".
func (ScatterND) Name() string { return "ScatterND" }

// Infer returns input 1's type with the shape that input 2 holds.
func (ScatterND) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, tensor.F32, tensor.I8, tensor.U8, tensor.I16, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 1); err != nil {
		return nil, err
	}
	shape, known, err := shapeFrom(in, 2)
	if err != nil {
		return nil, err
	}
	index := in[0].Shape
	if len(index) == 0 {
		return nil, fmt.Errorf("input 0 is a scalar")
	}
	n := index[len(index)-1]
	if n == tensor.Dynamic {
		return nil, Unsupported("an index of unknown length")
	}
	if n > len(shape) {
		return nil, fmt.Errorf("indices of %d numbers into %d dimensions", n, len(shape))
	}
	if want := slices.Concat(index[:len(index)-1], shape[n:]); known && !shapesAgree(want, in[1].Shape) {
		return nil, fmt.Errorf("input 1 has shape %v, want %v from indices %v into %v", in[1].Shape, want, index, shape)
	}
	return []tensor.Type{in[1].WithShape(shape...)}, nil
}

// shapesAgree reports whether two shapes are equal where both are known.
func shapesAgree(a, b []int) bool {
	return slices.EqualFunc(a, b, func(x, y int) bool { return x == y || x == tensor.Dynamic || y == tensor.Dynamic })
}

// Ref adds the slices in order.
func (ScatterND) Ref(in, out []tensor.View) error {
	clear(out[0].Data)
	index, by := in[0].Shape, byteStrides(out[0].Type)
	if len(in[1].Data) == 0 {
		return nil
	}
	if !shapesAgree(index[:len(index)-1], in[1].Shape[:min(len(index)-1, in[1].Rank())]) {
		return dataf("%v slices for indices %v", in[1].Shape, index)
	}
	n, count := index[len(index)-1], product(index[:len(index)-1])
	run := len(in[1].Data) / count
	for k := range count {
		at := 0
		for j := range n {
			i, err := indexAt(&in[0], k*n+j, out[0].Shape[j], false)
			if err != nil {
				return err
			}
			at += i * by[j]
		}
		if at+run > len(out[0].Data) {
			return dataf("slice %d of %d bytes does not fit %v", k, run, out[0].Shape)
		}
		accumulate(out[0].DType, out[0].Data[at:at+run], in[1].Data[k*run:(k+1)*run])
	}
	return nil
}

// accumulate adds the elements of src to those of dst.
func accumulate(d tensor.DType, dst, src []byte) {
	switch d {
	case tensor.F32:
		addInto(tensor.Cast[float32](dst), tensor.Cast[float32](src))
	case tensor.I8, tensor.U8:
		addInto(dst, src)
	case tensor.I16:
		addInto(tensor.Cast[int16](dst), tensor.Cast[int16](src))
	case tensor.I32:
		addInto(tensor.Cast[int32](dst), tensor.Cast[int32](src))
	case tensor.I64:
		addInto(tensor.Cast[int64](dst), tensor.Cast[int64](src))
	}
}

func addInto[T tensor.Element](dst, src []T) {
	for i, x := range src {
		dst[i] += x
	}
}

// Prepare has no kernel of its own.
func (o ScatterND) Prepare(*Prep) (Prepared, error) { return byRef(o) }

// DynamicUpdateSlice returns input 0 with input 1 in place of the block that
// begins at the index in input 2. The index is moved so that the block fits.
type DynamicUpdateSlice struct{}

// Name returns "DynamicUpdateSlice".
func (DynamicUpdateSlice) Name() string { return "DynamicUpdateSlice" }

// Infer returns input 0's type.
func (DynamicUpdateSlice) Infer(in []tensor.View) ([]tensor.Type, error) {
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
		return nil, fmt.Errorf("shapes %v, %v and %v do not agree", s, update, in[2].Shape)
	}
	for i, d := range s {
		if d != tensor.Dynamic && update[i] > d {
			return nil, fmt.Errorf("a block of %v does not fit %v", update, s)
		}
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref copies input 0, unless the output lies there, and input 1 over it.
func (DynamicUpdateSlice) Ref(in, out []tensor.View) error {
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

// Prepare has no kernel of its own.
func (o DynamicUpdateSlice) Prepare(*Prep) (Prepared, error) { return byRef(o) }

// InPlace says that the block may be written into input 0.
func (DynamicUpdateSlice) InPlace(in, out []tensor.Type) []int { return []int{0} }
