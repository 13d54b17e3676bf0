package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ScatterSlices returns input 0 with the slices of input 2 put in. Input 1
// holds, along its last dimension, where each goes: an index for each of input
// 0's first dimensions, which may count from the end.
type ScatterSlices struct{ Scattering Scattering }

// Infer returns input 0's type.
func (o *ScatterSlices) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	for _, i := range []int{0, 2} {
		if err := wantMovable(in, i); err != nil {
			return nil, err
		}
	}
	if err := wantType(in, 1, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	if err := wantSame(in, 0, 2); err != nil {
		return nil, err
	}
	s, index := in[0].Shape, in[1].Shape
	if len(s) == 0 || len(index) == 0 {
		return nil, errorf("inputs 0 and 1 have shapes %v and %v, want no scalar", s, index)
	}
	n := index[len(index)-1]
	if n == tensor.Dynamic {
		return nil, Undecided("an index of unknown length")
	}
	if n > len(s) {
		return nil, errorf("indices of %d numbers into shape %v", n, s)
	}
	if want := slices.Concat(index[:len(index)-1], s[n:]); !shapesAgree(want, in[2].Shape) {
		return nil, errorf("input 2 has shape %v, want %v from indices %v into %v", in[2].Shape, want, index, s)
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref puts the slices in, in order.
func (o *ScatterSlices) Ref(in, out []tensor.View) error {
	copy(out[0].Data, in[0].Data)
	index, by := in[1].Shape, byteStrides(in[0].Type)
	n, count := index[len(index)-1], product(index[:len(index)-1])
	if len(in[2].Data) == 0 {
		return nil
	}
	run := in[0].DType.Size() * product(in[0].Shape[n:])
	if len(in[2].Data) != run*count {
		return dataf("%v updates for indices %v into %v", in[2].Shape, index, in[0].Shape)
	}
	for k := range count {
		at := 0
		for j := range n {
			i, err := indexAt(&in[1], k*n+j, in[0].Shape[j], true)
			if err != nil {
				return err
			}
			at += i * by[j]
		}
		o.Scattering.into(out[0].DType, out[0].Data[at:at+run], in[2].Data[k*run:(k+1)*run])
	}
	return nil
}

// InPlace says that input 0's elements may stay where they are.
func (*ScatterSlices) InPlace(in, out []tensor.Type) []int { return []int{0} }
