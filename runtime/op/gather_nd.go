package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// GatherND picks elements or slices of input 0: the last dimension of input 1
// holds what to pick, an index for each of input 0's first dimensions behind
// the BatchDims that both have. With Negative, indices may count from the end.
type GatherND struct {
	BatchDims int
	Negative  bool
}

// Infer returns input 1's shape but the last dimension, then that of a slice.
func (o *GatherND) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	s, index := in[0].Shape, in[1].Shape
	if len(s) == 0 || len(index) == 0 {
		return nil, errorf("inputs have shapes %v and %v, want no scalar", s, index)
	}
	if o.BatchDims < 0 || o.BatchDims >= min(len(s), len(index)) {
		return nil, errorf("%d batch dimensions, want 0 to %d", o.BatchDims, min(len(s), len(index))-1)
	}
	n := index[len(index)-1]
	if n == tensor.Dynamic {
		return nil, Undecided("an index of unknown length")
	}
	if n > len(s)-o.BatchDims {
		return nil, errorf("indices of %d numbers into shape %v (%d batch dimensions)", n, s, o.BatchDims)
	}
	for i := range o.BatchDims {
		if a, b := s[i], index[i]; a != b && a != tensor.Dynamic && b != tensor.Dynamic {
			return nil, errorf("shapes %v and %v differ in batch dimension %d", s, index, i)
		}
	}
	shape := slices.Concat(index[:len(index)-1], s[o.BatchDims+n:])
	if len(shape) > maxRank {
		return nil, Unsupported("a result of %d dimensions (at most %d are)", len(shape), maxRank)
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref copies a run for each index.
func (o *GatherND) Ref(in, out []tensor.View) error {
	if len(out[0].Data) == 0 {
		return nil
	}
	s, index, by := in[0].Shape, in[1].Shape, byteStrides(in[0].Type)
	n := index[len(index)-1]
	batches := product(s[:o.BatchDims])
	picks := product(index[o.BatchDims : len(index)-1])
	batch, run := len(in[0].Data)/max(batches, 1), len(out[0].Data)/max(batches*picks, 1)
	for k := range batches * picks {
		at := k / picks * batch
		for j := range n {
			i, err := indexAt(&in[1], k*n+j, s[o.BatchDims+j], o.Negative)
			if err != nil {
				return err
			}
			at += i * by[o.BatchDims+j]
		}
		copy(out[0].Data[k*run:(k+1)*run], in[0].Data[at:])
	}
	return nil
}
