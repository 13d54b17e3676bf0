package modeltest

import (
	"encoding/binary"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
)

// Tensor returns a TensorProto. data is a slice of numbers or bools, which go into
// raw_data little-endian whatever t is, or []string for onnx.String; nil for none.
func Tensor(name string, t onnx.DataType, dims []int64, data any) []byte {
	w := tensor(name, t, dims)
	switch d := data.(type) {
	case nil:
	case []string:
		w.strings(6, d)
	default:
		raw, err := binary.Append(nil, binary.LittleEndian, data)
		if err != nil {
			panic(fmt.Sprintf("modeltest: tensor %q: data of type %T", name, data))
		}
		w.message(9, raw)
	}
	return w
}

// TypedTensor returns a TensorProto with its elements in the field for their Go
// type: float_data, int32_data, int64_data, double_data or uint64_data.
func TypedTensor(name string, t onnx.DataType, dims []int64, data any) []byte {
	w := tensor(name, t, dims)
	switch d := data.(type) {
	case []float32:
		w.fixed(4, d)
	case []float64:
		w.fixed(10, d)
	case []int32:
		w.varints(5, widen(d))
	case []int64:
		w.varints(7, widen(d))
	case []uint64:
		w.varints(11, d)
	default:
		panic(fmt.Sprintf("modeltest: tensor %q: typed data of type %T", name, data))
	}
	return w
}

// ExternalTensor returns a TensorProto whose data lie in another file. entries are
// pairs of keys and values such as "location", "w.bin", "offset", "16".
func ExternalTensor(name string, t onnx.DataType, dims []int64, entries ...string) []byte {
	w := tensor(name, t, dims)
	for i := 0; i+1 < len(entries); i += 2 {
		w.message(13, entry(entries[i], entries[i+1]))
	}
	w.int(14, 1)
	return w
}

func tensor(name string, t onnx.DataType, dims []int64) (w message) {
	w.ints(1, dims)
	w.int(2, int64(t))
	if name != "" {
		w.string(8, name)
	}
	return w
}

// fixed writes floats packed.
func (w *message) fixed(num protowire.Number, v any) {
	raw, err := binary.Append(nil, binary.LittleEndian, v)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	w.message(num, raw)
}

func widen[T int32 | int64](x []T) []uint64 {
	out := make([]uint64, len(x))
	for i, v := range x {
		out[i] = uint64(int64(v))
	}
	return out
}

// Sparse is an encoded SparseTensorProto.
type Sparse []byte

// SparseTensor returns a SparseTensorProto from the TensorProtos of its values and
// indices.
func SparseTensor(values, indices []byte, dims []int64) Sparse {
	var w message
	w.message(1, values)
	w.message(2, indices)
	w.ints(3, dims)
	return Sparse(w)
}

// Sequence returns a SequenceProto of tensors.
func Sequence(name string, tensors ...[]byte) []byte {
	var w message
	w.string(1, name)
	w.int(2, 1)
	for _, t := range tensors {
		w.message(3, t)
	}
	return w
}

// Optional returns an OptionalProto of a tensor, empty if it is nil.
func Optional(name string, tensor []byte) []byte {
	var w message
	w.string(1, name)
	if tensor != nil {
		w.int(2, 1)
		w.message(3, tensor)
	}
	return w
}
