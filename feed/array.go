package feed

import (
	"fmt"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// arrayParts cuts an array into parts for t: one of exactly the input's
// length, whatever its shape, or as many as the first dimension says.
func arrayParts(a *npy.Array, t *target) ([]item, error) {
	each, err := count(a, t)
	if err != nil {
		return nil, err
	}
	if err := convertible(a.DType, t); err != nil {
		return nil, err
	}
	return arrayItems(a, t, each), nil
}

// arrayItems cuts an array into as many parts of the input's length.
func arrayItems(a *npy.Array, t *target, count int) []item {
	n, size := t.len(), a.DType.Size()
	parts := make([]item, count)
	for k := range parts {
		data := a.Data[k*n*size : (k+1)*n*size]
		if string(a.DType) == t.dtype.String() {
			parts[k] = stored(data)
		} else {
			parts[k] = func(t *edgeinfer.Tensor) (string, error) { return reals(floats(data, a.DType))(t) }
		}
	}
	return parts
}

// count returns how many sets a holds for t.
func count(a *npy.Array, t *target) (int, error) {
	n := t.len()
	switch {
	case a.Len() == n:
		return 1, nil
	case n == 0 || a.Len() == 0 || len(a.Shape) < 2 || a.Len()%n != 0:
	case slices.Equal(a.Shape[1:], t.shape), len(t.shape) > 0 && t.shape[0] == 1 && slices.Equal(a.Shape[1:], t.shape[1:]),
		len(a.Shape) == 2 && a.Shape[1] == n:
		return a.Shape[0], nil
	}
	return 0, fmt.Errorf("the array is %s%v where %s belongs: reshape it, or resize the input with --shape", a.DType, a.Shape, t)
}

// convertible says whether numbers of type d may become t's.
func convertible(d npy.DType, t *target) error {
	switch {
	case string(d) == t.dtype.String():
		return nil
	case strings.HasPrefix(string(d), "complex"):
		return fmt.Errorf("complex numbers do not become %s: give their parts", t.dtype)
	case strings.HasPrefix(string(d), "float"):
		return nil
	}
	also := ""
	if t.quantised() {
		also = ", or give real numbers as float32, which are quantised"
	}
	return fmt.Errorf("the array is %s where %s belongs, and integers are not converted: use x.astype(np.%s)%s", d, t.dtype, t.dtype, also)
}

// floats returns elements of a floating-point type as float32.
func floats(b []byte, d npy.DType) []float32 {
	a := npy.Array{DType: d, Shape: []int{len(b) / d.Size()}, Data: b}
	switch d {
	case npy.Float64:
		x, _ := a.Float64s()
		out := make([]float32, len(x))
		for i, v := range x {
			out[i] = float32(v)
		}
		return out
	case npy.Float16:
		x, _ := a.Float16s()
		out := make([]float32, len(x))
		for i, v := range x {
			out[i] = edgeinfer.Half(v)
		}
		return out
	}
	x, _ := a.Float32s()
	return x
}

// tableParts cuts a table: all of it is one set, or each row is.
func tableParts(x *media.Table, t *target, o *Options) ([]item, error) {
	n, each := t.len(), 1
	switch {
	case n == len(x.Data):
	case n == x.Cols:
		each = x.Rows
	default:
		return nil, fmt.Errorf("%d rows of %d numbers where %s belongs: give its %d numbers, in all or in each row", x.Rows, x.Cols, t, n)
	}
	parts := make([]item, each)
	for k := range parts {
		row := x.Data[k*n : (k+1)*n]
		parts[k] = func(t *edgeinfer.Tensor) (string, error) {
			if o.Stored || !t.DType().Float() && t.Quant() == nil {
				return "", setStored(t, row)
			}
			v := make([]float32, n)
			for i, f := range row {
				v[i] = float32(f)
			}
			if o.Numbers == nil {
				return reals(v)(t)
			}
			o.Numbers(v)
			note, err := reals(v)(t)
			return join("numbers scaled as in training", note), err
		}
	}
	return parts, nil
}

// rawParts cuts bytes into sets.
func rawParts(data []byte, t *target) ([]item, error) {
	n := t.bytes()
	if n == 0 || len(data)%n != 0 {
		return nil, fmt.Errorf("%d raw bytes are not the %d of %s, nor a multiple: give that many, or .npy, .npz, a picture, .wav or .csv", len(data), n, t)
	}
	parts := make([]item, len(data)/n)
	for k := range parts {
		parts[k] = stored(data[k*n : (k+1)*n])
	}
	return parts, nil
}
