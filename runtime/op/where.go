package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Where returns the indices of its input's elements that are not zero, int64
// [number, rank of the input], in row-major order. With Columns, the shape is
// [rank of the input, number].
type Where struct{ Columns bool }

// Infer counts the elements, if they are known.
func (o *Where) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	n := tensor.Dynamic
	if in[0].Known() || in[0].Static() && in[0].Len() == 0 {
		n = 0
		for i := range in[0].Len() {
			if nonZero(&in[0], i) {
				n++
			}
		}
	}
	if o.Columns {
		return []tensor.Type{tensor.Of(tensor.I64, in[0].Rank(), n)}, nil
	}
	return []tensor.Type{tensor.Of(tensor.I64, n, in[0].Rank())}, nil
}

// nonZero reports whether element i is not 0; a float's sign doesn't count.
func nonZero(v *tensor.View, i int) bool {
	size := v.DType.Size()
	bits := byte(0)
	for k, b := range v.Data[i*size : (i+1)*size] {
		if k == size-1 && v.DType.Float() {
			b &= 0x7f
		}
		bits |= b
	}
	return bits != 0
}

// Ref writes the indices.
func (o *Where) Ref(in, out []tensor.View) error {
	dst := out[0].I64()
	rank := in[0].Rank()
	next, by := rank, 1 // to the next element's indices; between one's own
	if o.Columns {
		next, by = 1, out[0].Shape[1]
	}
	for i := range in[0].Len() {
		if !nonZero(&in[0], i) {
			continue
		}
		rest := i
		for k := rank - 1; k >= 0; k-- {
			dst[k*by] = int64(rest % in[0].Shape[k])
			rest /= in[0].Shape[k]
		}
		if rank > 0 {
			dst = dst[next:]
		}
	}
	return nil
}
