// Package tensor describes the values that flow between operators: their
// element type, shape and quantisation, and the memory that holds them.
package tensor

// DType is an element type. The zero DType, None, marks an absent tensor: an
// optional input that the model leaves out.
type DType uint8

// The element types. I4 holds two elements a byte, the first in the low bits.
// Bool holds 0 or 1 in a byte.
const (
	None DType = iota
	F32
	F16
	F64
	I4
	I8
	U8
	I16
	U16
	I32
	U32
	I64
	U64
	Bool
)

var dtypes = [...]struct {
	name string
	bits int
}{
	None: {"none", 0},
	F32:  {"float32", 32}, F16: {"float16", 16}, F64: {"float64", 64},
	I4: {"int4", 4}, I8: {"int8", 8}, U8: {"uint8", 8},
	I16: {"int16", 16}, U16: {"uint16", 16}, I32: {"int32", 32}, U32: {"uint32", 32},
	I64: {"int64", 64}, U64: {"uint64", 64}, Bool: {"bool", 8},
}

// String returns the name that NumPy gives the type.
//
//go:noinline
func (d DType) String() string { return dtypes[d].name }

// Bits returns the size of one element.
//
//go:noinline
func (d DType) Bits() int { return dtypes[d].bits }

// Size returns the bytes of one element; it panics for I4, which has no whole
// number of them.
//
//go:noinline
func (d DType) Size() int {
	if d == I4 {
		panic("BUG: size of an int4 element")
	}
	return dtypes[d].bits / 8
}

// Float reports whether elements are floating-point numbers.
func (d DType) Float() bool { return d == F32 || d == F16 || d == F64 }

// Range returns the least and greatest values of an integer type of at most
// 32 bits.
func (d DType) Range() (lo, hi int64) {
	switch d {
	case U8, U16, U32:
		return 0, 1<<d.Bits() - 1
	case Bool:
		return 0, 1
	}
	return -1 << (d.Bits() - 1), 1<<(d.Bits()-1) - 1
}
