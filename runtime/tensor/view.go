package tensor

import "unsafe"

// View is a tensor's type and the memory that holds it, in C order. The
// memory belongs to whoever made the view: the model file, a plan or a
// session. Data is nil where the contents are not known yet.
type View struct {
	Type
	Data []byte
}

// Absent reports whether the view stands for an optional input that is left out.
func (v *View) Absent() bool { return v.DType == None }

// Known reports whether the contents can be read.
func (v *View) Known() bool { return v.Data != nil }

// Element is a Go type that elements of some DType have.
type Element interface {
	~float32 | ~float64 | ~int8 | ~uint8 | ~int16 | ~uint16 | ~int32 | ~uint32 | ~int64 | ~uint64
}

// Cast returns b as a slice of T, sharing memory. b must be aligned for T.
func Cast[T Element](b []byte) []T {
	if len(b) == 0 {
		return nil
	}
	var zero T
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(zero)))
}

// Bytes returns s as bytes, sharing memory.
func Bytes[T Element](s []T) []byte {
	var zero T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(zero)))
}

func (v *View) must(ok bool) {
	if !ok {
		panic("BUG: tensor is " + v.DType.String())
	}
}

// F32 returns the elements of a float32 tensor. This method and those below
// share memory with the view, and panic for another type.
//
//go:noinline
func (v *View) F32() []float32 { v.must(v.DType == F32); return Cast[float32](v.Data) }

// F64 returns the elements of a float64 tensor.
//
//go:noinline
func (v *View) F64() []float64 { v.must(v.DType == F64); return Cast[float64](v.Data) }

// F16 returns the elements of a float16 tensor as their bits.
//
//go:noinline
func (v *View) F16() []uint16 { v.must(v.DType == F16); return Cast[uint16](v.Data) }

// I8 returns the elements of an int8 tensor.
//
//go:noinline
func (v *View) I8() []int8 { v.must(v.DType == I8); return Cast[int8](v.Data) }

// U8 returns the elements of a uint8 or bool tensor.
//
//go:noinline
func (v *View) U8() []uint8 { v.must(v.DType == U8 || v.DType == Bool); return v.Data }

// I16 returns the elements of an int16 tensor.
//
//go:noinline
func (v *View) I16() []int16 { v.must(v.DType == I16); return Cast[int16](v.Data) }

// U16 returns the elements of a uint16 tensor.
//
//go:noinline
func (v *View) U16() []uint16 { v.must(v.DType == U16); return Cast[uint16](v.Data) }

// I32 returns the elements of an int32 tensor.
//
//go:noinline
func (v *View) I32() []int32 { v.must(v.DType == I32); return Cast[int32](v.Data) }

// U32 returns the elements of a uint32 tensor.
//
//go:noinline
func (v *View) U32() []uint32 { v.must(v.DType == U32); return Cast[uint32](v.Data) }

// I64 returns the elements of an int64 tensor.
//
//go:noinline
func (v *View) I64() []int64 { v.must(v.DType == I64); return Cast[int64](v.Data) }

// U64 returns the elements of a uint64 tensor.
//
//go:noinline
func (v *View) U64() []uint64 { v.must(v.DType == U64); return Cast[uint64](v.Data) }
