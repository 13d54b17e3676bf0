package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// byteStrides returns how many bytes apart the elements along each dimension lie.
func byteStrides(t tensor.Type) (by [maxRank]int) {
	n := t.DType.Size()
	for i := t.Rank() - 1; i >= 0; i-- {
		by[i] = n
		n *= t.Shape[i]
	}
	return by
}

// wantMovable checks that input i has elements that can be moved about: whole
// bytes, in no more than maxRank dimensions, all of one scale.
func wantMovable(in []tensor.View, i int) error {
	switch t := in[i].Type; {
	case t.DType == tensor.I4 || t.DType == tensor.None:
		return Unsupported("%s as type of input %d", t.DType, i)
	case t.Rank() > maxRank:
		return Unsupported("input %d of %d dimensions (at most %d are)", i, t.Rank(), maxRank)
	case t.Quant.PerChannel():
		return Unsupported("input %d with %d scales", i, len(t.Quant.Scale))
	}
	return nil
}

// mulDims multiplies two dimensions, either of which may be Dynamic.
func mulDims(a, b int) (int, error) {
	if a == tensor.Dynamic || b == tensor.Dynamic {
		return tensor.Dynamic, nil
	}
	n := int64(a) * int64(b)
	if a < 0 || b < 0 || n > math.MaxInt32 {
		return 0, errorf("a dimension of %d times %d is not possible", a, b)
	}
	return int(n), nil
}

// addDims adds two dimensions, either of which may be Dynamic.
func addDims(a, b int) (int, error) {
	if a == tensor.Dynamic || b == tensor.Dynamic {
		return tensor.Dynamic, nil
	}
	if n := int64(a) + int64(b); n <= math.MaxInt32 {
		return int(n), nil
	}
	return 0, errorf("a dimension of %d plus %d is not possible", a, b)
}

// repeatInto repeats element over dst, whose length is a multiple of its.
func repeatInto(dst, element []byte) {
	for n := copy(dst, element); n > 0 && n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}

// scalarInt returns the only element of an int32 or int64 tensor.
func scalarInt(in []tensor.View, i int) (x int, known bool, err error) {
	xs, known, err := ints(in[i])
	switch {
	case err != nil:
		return 0, known, errorf("input %d: %w", i, err)
	case !known && in[i].Static() && in[i].Len() != 1, known && len(xs) != 1:
		return 0, known, errorf("input %d has shape %v, want one element", i, in[i].Shape)
	case !known:
		return 0, false, nil
	}
	return xs[0], true, nil
}

// dynamicShape returns a shape of n unknown dimensions.
func dynamicShape(n int) []int {
	shape := make([]int, n)
	for i := range shape {
		shape[i] = tensor.Dynamic
	}
	return shape
}

// listLen returns the number of elements of input i, a list that gives a
// result its rank: it must be known and small.
func listLen(in []tensor.View, i int) (int, error) {
	if !in[i].Static() {
		return 0, Undecided("a list of unknown length as input %d", i)
	}
	if n := in[i].Len(); n <= maxRank {
		return n, nil
	}
	return 0, Unsupported("input %d of %d elements: a tensor of more than %d dimensions", i, in[i].Len(), maxRank)
}
