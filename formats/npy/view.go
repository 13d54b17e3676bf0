package npy

import (
	"encoding/binary"
	"fmt"
	"unsafe"
)

// The views below give Data's elements as a slice. They share Data's memory when
// the host is little-endian and Data is aligned, which it is in every array that
// this package made; otherwise they are a copy. The error says which type the
// array has instead.

// Int8s views an int8 array.
func (a *Array) Int8s() ([]int8, error) { return view[int8](a, Int8) }

// Int16s views an int16 array.
func (a *Array) Int16s() ([]int16, error) { return view[int16](a, Int16) }

// Int32s views an int32 array.
func (a *Array) Int32s() ([]int32, error) { return view[int32](a, Int32) }

// Int64s views an int64 array.
func (a *Array) Int64s() ([]int64, error) { return view[int64](a, Int64) }

// Uint8s views a uint8 array.
func (a *Array) Uint8s() ([]uint8, error) { return view[uint8](a, Uint8) }

// Uint16s views a uint16 array.
func (a *Array) Uint16s() ([]uint16, error) { return view[uint16](a, Uint16) }

// Uint32s views a uint32 array.
func (a *Array) Uint32s() ([]uint32, error) { return view[uint32](a, Uint32) }

// Uint64s views a uint64 array.
func (a *Array) Uint64s() ([]uint64, error) { return view[uint64](a, Uint64) }

// Float16s views a float16 array as the bits of its IEEE half-precision numbers.
func (a *Array) Float16s() ([]uint16, error) { return view[uint16](a, Float16) }

// Float32s views a float32 array.
func (a *Array) Float32s() ([]float32, error) { return view[float32](a, Float32) }

// Float64s views a float64 array.
func (a *Array) Float64s() ([]float64, error) { return view[float64](a, Float64) }

// Complex64s views a complex64 array.
func (a *Array) Complex64s() ([]complex64, error) { return view[complex64](a, Complex64) }

// Complex128s views a complex128 array.
func (a *Array) Complex128s() ([]complex128, error) { return view[complex128](a, Complex128) }

// Bools copies a bool array. It is no view, because a Go bool may only be the
// byte 0 or 1, and Data may hold any.
func (a *Array) Bools() ([]bool, error) {
	bytes, err := view[uint8](a, Bool)
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(bytes))
	for i, b := range bytes {
		out[i] = b != 0
	}
	return out, nil
}

type element interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 |
		float32 | float64 | complex64 | complex128
}

var littleEndianHost = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

func view[T element](a *Array, want DType) ([]T, error) {
	if a.DType != want {
		return nil, fmt.Errorf("npy: array of shape %s is %s, not %s", shapeText(a.Shape), a.DType, want)
	}
	var zero T
	n := len(a.Data) / int(unsafe.Sizeof(zero))
	if n == 0 {
		return []T{}, nil
	}
	start := unsafe.Pointer(unsafe.SliceData(a.Data))
	if littleEndianHost && uintptr(start)%unsafe.Alignof(zero) == 0 {
		return unsafe.Slice((*T)(start), n), nil
	}
	out := make([]T, n)
	if _, err := binary.Decode(a.Data, binary.LittleEndian, out); err != nil {
		return nil, fmt.Errorf("npy: array of shape %s: %w", shapeText(a.Shape), err)
	}
	return out, nil
}

// Int64Values copies an array of any integer type.
func (a *Array) Int64Values() ([]int64, error) {
	size := a.DType.Size()
	signed := a.DType == Int8 || a.DType == Int16 || a.DType == Int32 || a.DType == Int64
	if !signed && a.DType != Uint8 && a.DType != Uint16 && a.DType != Uint32 && a.DType != Uint64 {
		return nil, fmt.Errorf("npy: array of shape %s is %s, not of integers", shapeText(a.Shape), a.DType)
	}
	out := make([]int64, a.Len())
	for i := range out {
		var x uint64
		for k := range size {
			x |= uint64(a.Data[i*size+k]) << (8 * k)
		}
		if shift := 64 - 8*size; signed {
			out[i] = int64(x<<shift) >> shift
		} else if out[i] = int64(x); out[i] < 0 {
			return nil, fmt.Errorf("npy: element %d is %d, more than an int64 holds", i, x)
		}
	}
	return out, nil
}
