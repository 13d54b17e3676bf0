package op

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Gather picks indices along Axis of input 0: those that input 1 holds. The
// first BatchDims dimensions of both go together; if negative, it counts from
// the rank of input 1. With Negative, indices may count from the end.
type Gather struct {
	Axis, BatchDims int
	Negative        bool
}

// Name returns "Gather".
func (Gather) Name() string { return "Gather" }

// Infer puts input 1's dimensions, without the batch's, in place of the axis.
func (o Gather) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	axis, batch, err := o.axes(in)
	if err != nil {
		return nil, err
	}
	for i := range batch {
		if a, b := in[0].Shape[i], in[1].Shape[i]; a != b && a != tensor.Dynamic && b != tensor.Dynamic {
			return nil, fmt.Errorf("shapes %v and %v differ in batch dimension %d", in[0].Shape, in[1].Shape, i)
		}
	}
	shape := slices.Concat(in[0].Shape[:axis], in[1].Shape[batch:], in[0].Shape[axis+1:])
	if len(shape) > maxRank {
		return nil, Unsupported("a result of %d dimensions (at most %d are)", len(shape), maxRank)
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

func (o Gather) axes(in []tensor.View) (axis, batch int, err error) {
	if axis, err = axisOf(o.Axis, in[0].Rank()); err != nil {
		return 0, 0, err
	}
	if batch = o.BatchDims; batch < 0 {
		batch += in[1].Rank()
	}
	if batch < 0 || batch > axis || batch > in[1].Rank() {
		return 0, 0, fmt.Errorf("%d batch dimensions, want 0 to %d", o.BatchDims, min(axis, in[1].Rank()))
	}
	return axis, batch, nil
}

// Ref copies a run for each index.
func (o Gather) Ref(in, out []tensor.View) error {
	axis, batch, err := o.axes(in)
	if err != nil || len(out[0].Data) == 0 {
		return err
	}
	s := in[0].Shape
	batches, outer := product(s[:batch]), product(s[batch:axis])
	picks, run := product(in[1].Shape[batch:]), in[0].DType.Size()*product(s[axis+1:])
	dst, src := out[0].Data, in[0].Data
	for b := range batches {
		for range outer {
			for p := range picks {
				i, err := o.index(&in[1], b*picks+p, s[axis])
				if err != nil {
					return err
				}
				copy(dst[:run], src[i*run:])
				dst = dst[run:]
			}
			src = src[s[axis]*run:]
		}
	}
	return nil
}

func (o Gather) index(v *tensor.View, k, n int) (int, error) { return indexAt(v, k, n, o.Negative) }

// indexAt returns element k of v as an index of a dimension of n.
func indexAt(v *tensor.View, k, n int, negative bool) (int, error) {
	i, err := intAt(v, k)
	if err != nil {
		return 0, dataf("index: %v", err)
	}
	if negative && i < 0 {
		i += n
	}
	if i < 0 || i >= n {
		return 0, dataf("index %d (element %d) is outside of a dimension of %d", i, k, n)
	}
	return i, nil
}

// Prepare has no kernel of its own.
func (o Gather) Prepare(*Prep) (Prepared, error) { return byRef(o) }

// GatherND picks elements or slices of input 0: the last dimension of input 1
// holds what to pick, an index for each of input 0's first dimensions behind
// the BatchDims that both have. With Negative, indices may count from the end.
type GatherND struct {
	BatchDims int
	Negative  bool
}

// Name returns "GatherND".
func (GatherND) Name() string { return "GatherND" }

// Infer returns input 1's shape but the last dimension, then that of a slice.
func (o GatherND) Infer(in []tensor.View) ([]tensor.Type, error) {
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
		return nil, fmt.Errorf("inputs have shapes %v and %v, want no scalar", s, index)
	}
	if o.BatchDims < 0 || o.BatchDims >= min(len(s), len(index)) {
		return nil, fmt.Errorf("%d batch dimensions, want 0 to %d", o.BatchDims, min(len(s), len(index))-1)
	}
	n := index[len(index)-1]
	if n == tensor.Dynamic {
		return nil, Unsupported("an index of unknown length")
	}
	if n > len(s)-o.BatchDims {
		return nil, fmt.Errorf("indices of %d numbers into shape %v (%d batch dimensions)", n, s, o.BatchDims)
	}
	for i := range o.BatchDims {
		if a, b := s[i], index[i]; a != b && a != tensor.Dynamic && b != tensor.Dynamic {
			return nil, fmt.Errorf("shapes %v and %v differ in batch dimension %d", s, index, i)
		}
	}
	shape := slices.Concat(index[:len(index)-1], s[o.BatchDims+n:])
	if len(shape) > maxRank {
		return nil, Unsupported("a result of %d dimensions (at most %d are)", len(shape), maxRank)
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref copies a run for each index.
func (o GatherND) Ref(in, out []tensor.View) error {
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

// Prepare has no kernel of its own.
func (o GatherND) Prepare(*Prep) (Prepared, error) { return byRef(o) }
