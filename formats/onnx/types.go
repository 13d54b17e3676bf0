package onnx

import (
	"runtime"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// dtypes are the element types that the runtime has.
var dtypes = map[DataType]tensor.DType{
	Float: tensor.F32, Float16: tensor.F16, Double: tensor.F64, Int4: tensor.I4, Int8: tensor.I8, Uint8: tensor.U8,
	Int16: tensor.I16, Uint16: tensor.U16, Int32: tensor.I32, Uint32: tensor.U32, Int64: tensor.I64, Uint64: tensor.U64, Bool: tensor.Bool,
}

// dtypeOf returns the runtime's element type.
func dtypeOf(d DataType) (tensor.DType, error) {
	t, ok := dtypes[d]
	if !ok {
		return 0, op.Unsupported("element type %v", d)
	}
	return t, nil
}

// held returns the runtime's element type for a tensor that lies in memory. There
// bfloat16 is float32, and integers of 2 bits, and unsigned ones of 4, have a byte
// each: they are not narrowed again, but where an operator says so.
func held(d DataType) (tensor.DType, error) {
	switch d {
	case BFloat16:
		return tensor.F32, nil
	case Uint4, Uint2:
		return tensor.U8, nil
	case Int2:
		return tensor.I8, nil
	}
	return dtypeOf(d)
}

// typeOf returns the type of a graph's input. Dimensions without a value are
// tensor.Dynamic.
func typeOf(v *ValueInfo) (tensor.Type, error) {
	if v.Type == nil || v.Type.Kind != KindTensor {
		return tensor.Type{}, op.Unsupported("an input that is not a tensor")
	}
	d, err := held(v.Type.DataType)
	if err != nil {
		return tensor.Type{}, err
	}
	if !v.Type.HasShape {
		return tensor.Type{}, op.Unsupported("an input of unknown rank")
	}
	t := tensor.Type{DType: d, Shape: []int{}}
	for _, dim := range v.Type.Shape {
		size := tensor.Dynamic
		if dim.Known {
			if size = int(dim.Value); int64(size) != dim.Value || size < 0 {
				return tensor.Type{}, errorf("dimension %d is not valid", dim.Value)
			}
		}
		t.Shape = append(t.Shape, size)
	}
	return t, t.Check()
}

// View returns a tensor of the file as the runtime has it, sharing its memory
// where that is aligned.
func View(t *Tensor) (tensor.View, error) {
	d, err := held(t.Type)
	if err != nil {
		return tensor.View{}, err
	}
	v := tensor.View{Type: tensor.Type{DType: d, Shape: make([]int, len(t.Dims))}}
	for i, n := range t.Dims {
		if v.Shape[i] = int(n); int64(v.Shape[i]) != n {
			return tensor.View{}, errorf("dimension %d is too large", n)
		}
	}
	if err := v.Type.Check(); err != nil {
		return tensor.View{}, err
	}
	data, err := t.Bytes()
	if err != nil {
		return tensor.View{}, err
	}
	if data, err = unpacked(t.Type, data, v.Len()); err != nil {
		return tensor.View{}, err
	}
	if len(data) != v.Bytes() {
		return tensor.View{}, errorf("%d bytes for %s", len(data), v.Type)
	}
	v.Data = aligned(data, d)
	return v, nil
}

// unaligned says that the CPU reads numbers at any address.
const unaligned = runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"

// aligned returns data so that elements can be read where they lie: protobuf
// places them at any byte.
func aligned(data []byte, d tensor.DType) []byte {
	size := uintptr(max(d.Bits()/8, 1))
	if len(data) == 0 {
		return []byte{}
	}
	if unaligned && d.Bits() <= 32 || uintptr(unsafe.Pointer(unsafe.SliceData(data)))%size == 0 {
		return data
	}
	words := make([]uint64, (len(data)+7)/8)
	b := tensor.Bytes(words)[:len(data)]
	copy(b, data)
	return b
}
