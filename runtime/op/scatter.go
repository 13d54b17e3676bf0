package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ScatterND adds slices into a tensor of zeros. Input 0 holds, along its last
// dimension, where each goes, an index for each of the first dimensions; input
// 1 the slices; input 2 the shape of the result. Slices for the same place add
// up, integers wrapping around.
type ScatterND struct{}

// Infer returns input 1's type with the shape that input 2 holds.
func (*ScatterND) Infer(in []tensor.View) ([]tensor.Type, error) {
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
		return nil, errorf("input 0 is a scalar")
	}
	n := index[len(index)-1]
	if n == tensor.Dynamic {
		return nil, Undecided("an index of unknown length")
	}
	if n > len(shape) {
		return nil, errorf("indices of %d numbers into %d dimensions", n, len(shape))
	}
	if want := slices.Concat(index[:len(index)-1], shape[n:]); known && !shapesAgree(want, in[1].Shape) {
		return nil, errorf("input 1 has shape %v, want %v from indices %v into %v", in[1].Shape, want, index, shape)
	}
	return []tensor.Type{in[1].WithShape(shape...)}, nil
}

// shapesAgree reports whether two shapes are equal where both are known.
func shapesAgree(a, b []int) bool {
	return slices.EqualFunc(a, b, func(x, y int) bool { return x == y || x == tensor.Dynamic || y == tensor.Dynamic })
}

// Ref adds the slices in order.
func (*ScatterND) Ref(in, out []tensor.View) error {
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
