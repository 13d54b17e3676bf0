package onnx

import "strconv"

// DataType is the type of a tensor's elements, TensorProto.DataType.
type DataType int32

// The data types, in the schema's order.
const (
	Undefined DataType = iota
	Float
	Uint8
	Int8
	Uint16
	Int16
	Int32
	Int64
	String
	Bool
	Float16
	Double
	Uint32
	Uint64
	Complex64
	Complex128
	BFloat16
	Float8E4M3FN
	Float8E4M3FNUZ
	Float8E5M2
	Float8E5M2FNUZ
	Uint4
	Int4
	Float4E2M1
	Float8E8M0
	Uint2
	Int2
)

// store is the field of TensorProto that holds elements if raw_data does not.
type store uint8

const (
	inNone store = iota
	inFloat
	inInt32
	inInt64
	inDouble
	inUint64
	inString
	stores
)

var storeNames = [stores]string{"", "float_data", "int32_data", "int64_data", "double_data", "uint64_data", "string_data"}

// dataTypes has each type's name, the bits of one element (0: no fixed size) and
// its field. Elements of less than a byte are packed in both forms, the first in
// the low bits; int32_data then has a number per byte. Complex numbers are pairs.
var dataTypes = [...]struct {
	name string
	bits int
	in   store
}{
	Undefined: {"UNDEFINED", 0, inNone},
	Float:     {"FLOAT", 32, inFloat}, Double: {"DOUBLE", 64, inDouble},
	Uint8: {"UINT8", 8, inInt32}, Int8: {"INT8", 8, inInt32},
	Uint16: {"UINT16", 16, inInt32}, Int16: {"INT16", 16, inInt32},
	Int32: {"INT32", 32, inInt32}, Int64: {"INT64", 64, inInt64},
	Uint32: {"UINT32", 32, inUint64}, Uint64: {"UINT64", 64, inUint64},
	String: {"STRING", 0, inString}, Bool: {"BOOL", 8, inInt32},
	Float16: {"FLOAT16", 16, inInt32}, BFloat16: {"BFLOAT16", 16, inInt32},
	Complex64: {"COMPLEX64", 64, inFloat}, Complex128: {"COMPLEX128", 128, inDouble},
	Float8E4M3FN: {"FLOAT8E4M3FN", 8, inInt32}, Float8E4M3FNUZ: {"FLOAT8E4M3FNUZ", 8, inInt32},
	Float8E5M2: {"FLOAT8E5M2", 8, inInt32}, Float8E5M2FNUZ: {"FLOAT8E5M2FNUZ", 8, inInt32},
	Uint4: {"UINT4", 4, inInt32}, Int4: {"INT4", 4, inInt32}, Float4E2M1: {"FLOAT4E2M1", 4, inInt32},
	Float8E8M0: {"FLOAT8E8M0", 8, inInt32}, Uint2: {"UINT2", 2, inInt32}, Int2: {"INT2", 2, inInt32},
}

// Known reports whether t is a type of the schema, Undefined not being one.
func (t DataType) Known() bool { return t > Undefined && int(t) < len(dataTypes) }

// Bits returns the size of one element, 0 for strings and unknown types.
func (t DataType) Bits() int {
	if !t.Known() {
		return 0
	}
	return dataTypes[t].bits
}

// String returns the schema's name.
func (t DataType) String() string {
	if t < 0 || int(t) >= len(dataTypes) {
		return "data type " + strconv.Itoa(int(t))
	}
	return dataTypes[t].name
}

// AttributeType says which field of an Attribute holds its value.
type AttributeType int32

// The attribute types, in the schema's order.
const (
	AttrUndefined AttributeType = iota
	AttrFloat
	AttrInt
	AttrString
	AttrTensor
	AttrGraph
	AttrFloats
	AttrInts
	AttrStrings
	AttrTensors
	AttrGraphs
	AttrSparseTensor
	AttrSparseTensors
	AttrTypeProto
	AttrTypeProtos
)

var attributeTypes = [...]string{"UNDEFINED", "FLOAT", "INT", "STRING", "TENSOR", "GRAPH", "FLOATS", "INTS", "STRINGS",
	"TENSORS", "GRAPHS", "SPARSE_TENSOR", "SPARSE_TENSORS", "TYPE_PROTO", "TYPE_PROTOS"}

// String returns the schema's name.
func (t AttributeType) String() string {
	if t < 0 || int(t) >= len(attributeTypes) {
		return "attribute type " + strconv.Itoa(int(t))
	}
	return attributeTypes[t]
}
