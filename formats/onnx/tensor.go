package onnx

import (
	"math"
)

// A Tensor is a constant. Bytes returns its elements, or Strings has them.
type Tensor struct {
	Name     string
	Type     DataType
	Dims     []int64   // none is negative, their product fits; empty for a scalar
	Strings  [][]byte  // elements of Type String, parts of the file
	External *External // where the elements are, if not in the model's own file

	data   []byte // elements as the file has them
	varint bool   // data are varints, of int32_data, int64_data or uint64_data
	loaded bool   // data have come from the external file
}

// External is a part of a file in the model's folder, or below it.
type External struct {
	Location string // a path with slashes, relative to the folder
	Offset   int64
	Length   int64  // -1 if the rest of the file
	Checksum string // SHA-1 of the file, if given; it is not verified
}

// Elements returns the number of elements.
func (t *Tensor) Elements() int64 {
	n, _ := Elements(t.Dims)
	return n
}

// Bytes returns the elements in C order, little-endian; those of less than a byte
// are packed, the first in the low bits. They are a part of the file where it has
// them in this form (raw_data, float_data, double_data), and must not be written
// to; other forms are converted at each call.
func (t *Tensor) Bytes() ([]byte, error) {
	switch {
	case t.Type == String:
		return nil, unsupported(t.place(), "strings have no fixed size; see Strings")
	case t.External != nil && !t.loaded:
		return nil, unsupported(t.place(), "its data lie in the file %q, which is not loaded; see LoadExternal", t.External.Location)
	case t.varint:
		return narrow(t.data, max(1, t.Type.Bits()/8)), nil
	}
	return t.data, nil
}

// size returns the bytes that the elements take up, rounded up; false if they
// cannot be counted or addressed.
func (t *Tensor) size() (int64, bool) {
	n, ok := Elements(t.Dims)
	bits := int64(t.Type.Bits())
	if !ok || bits > 0 && n > (math.MaxInt64-7)/bits {
		return 0, false
	}
	n = (n*bits + 7) / 8
	return n, n <= math.MaxInt
}

// Elements returns the number of elements of a shape. It is false if a dimension
// is negative or the product exceeds an int64; so too if it would without the
// dimensions that are 0, lest a part of the shape overflow where it is used.
func Elements(dims []int64) (int64, bool) {
	n, empty := int64(1), false
	for _, d := range dims {
		switch {
		case d < 0:
			return 0, false
		case d == 0:
			empty = true
		case n > math.MaxInt64/d:
			return 0, false
		default:
			n *= d
		}
	}
	if empty {
		return 0, true
	}
	return n, true
}
