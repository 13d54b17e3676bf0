package npy

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"unsafe"
)

// DType is an element type, by NumPy's name for it.
type DType string

// The element types that can be read and written.
const (
	Bool       DType = "bool"
	Int8       DType = "int8"
	Int16      DType = "int16"
	Int32      DType = "int32"
	Int64      DType = "int64"
	Uint8      DType = "uint8"
	Uint16     DType = "uint16"
	Uint32     DType = "uint32"
	Uint64     DType = "uint64"
	Float16    DType = "float16"
	Float32    DType = "float32"
	Float64    DType = "float64"
	Complex64  DType = "complex64"
	Complex128 DType = "complex128"
)

// dtypeRow ties a DType to its letter and size in a header ("f4") and to the
// width of what a byte order applies to: a complex number is two floats.
type dtypeRow struct {
	dtype DType
	code  string
	size  int
	word  int
}

var dtypes = []dtypeRow{
	{Bool, "b1", 1, 1},
	{Int8, "i1", 1, 1}, {Int16, "i2", 2, 2}, {Int32, "i4", 4, 4}, {Int64, "i8", 8, 8},
	{Uint8, "u1", 1, 1}, {Uint16, "u2", 2, 2}, {Uint32, "u4", 4, 4}, {Uint64, "u8", 8, 8},
	{Float16, "f2", 2, 2}, {Float32, "f4", 4, 4}, {Float64, "f8", 8, 8},
	{Complex64, "c8", 8, 4}, {Complex128, "c16", 16, 8},
}

func (d DType) row() (dtypeRow, bool) {
	for _, r := range dtypes {
		if r.dtype == d {
			return r, true
		}
	}
	return dtypeRow{}, false
}

// Size returns the bytes of one element, 0 for a DType that isn't one of the
// constants.
func (d DType) Size() int {
	r, _ := d.row()
	return r.size
}

// Array is an n-dimensional array. Data holds its elements, little-endian, in C
// order; what this package returns starts at a multiple of 8 bytes. A Shape of
// no dimensions is a scalar: one element.
type Array struct {
	DType DType
	Shape []int
	Data  []byte
}

// maxDims is NumPy's own limit (32 before version 2).
const maxDims = 64

// New returns an array of zeros.
func New(d DType, shape ...int) (*Array, error) {
	n, err := byteSize(d, shape)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	if n > math.MaxInt-7 {
		return nil, fmt.Errorf("npy: shape %s of %s = %d bytes does not fit this machine's memory", shapeText(shape), d, n)
	}
	return &Array{DType: d, Shape: append([]int{}, shape...), Data: alignedBytes(int(n))}, nil
}

// Len returns the number of elements.
func (a *Array) Len() int {
	size := a.DType.Size()
	if size == 0 {
		return 0
	}
	return len(a.Data) / size
}

// check says whether Data has the length that Shape and DType ask for.
func (a *Array) check() error {
	n, err := byteSize(a.DType, a.Shape)
	if err != nil {
		return err
	}
	if n != int64(len(a.Data)) {
		return fmt.Errorf("shape %s of %s = %d bytes, data has %d", shapeText(a.Shape), a.DType, n, len(a.Data))
	}
	return nil
}

// byteSize multiplies a shape out. Dimensions of zero are left out of the check
// for overflow only, so that (0, 1<<62, 1<<62) is refused like (1<<62, 1<<62).
func byteSize(d DType, shape []int) (int64, error) {
	size := d.Size()
	if size == 0 {
		return 0, fmt.Errorf("element type %q is not supported", string(d))
	}
	if len(shape) > maxDims {
		return 0, fmt.Errorf("shape has %d dimensions, at most %d are possible", len(shape), maxDims)
	}
	n, empty := uint64(size), false
	for _, dim := range shape {
		if dim < 0 {
			return 0, fmt.Errorf("shape %s has a negative dimension", shapeText(shape))
		}
		if dim == 0 {
			empty = true
			continue
		}
		hi, lo := bits.Mul64(n, uint64(dim))
		if hi != 0 || lo > math.MaxInt64 {
			return 0, fmt.Errorf("shape %s of %s is larger than any memory", shapeText(shape), d)
		}
		n = lo
	}
	if empty {
		return 0, nil
	}
	return int64(n), nil
}

// shapeText spells a shape as Python does: (), (3,), (3, 4).
func shapeText(shape []int) string {
	if len(shape) == 1 {
		return "(" + strconv.Itoa(shape[0]) + ",)"
	}
	parts := make([]string, len(shape))
	for i, dim := range shape {
		parts[i] = strconv.Itoa(dim)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// alignedBytes returns n zero bytes that start at a multiple of 8: Go promises
// that of no []byte, but its allocator does of whole 8-byte words.
func alignedBytes(n int) []byte {
	if n == 0 {
		return []byte{}
	}
	words := make([]uint64, (n-1)/8+1)
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), len(words)*8)[:n:n]
}
