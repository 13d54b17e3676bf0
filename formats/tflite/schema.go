// Package tflite reads and writes TensorFlow Lite models.
//
// Parse takes a .tflite file apart into plain Go values and checks everything
// that does not depend on what operators mean: offsets, indices, the lengths of
// constants. Models are untrusted; an error says what is wrong and where.
//
// The words are the schema's: a model has sub-graphs, a sub-graph has tensors and
// operators, an operator names its tensors by index, and a tensor's constant
// bytes lie in a buffer. An operator's options are a table whose fields are read
// by slot, that is by their number in the schema (see Options).
package tflite

import "strconv"

// TensorType is the type of a tensor's elements.
type TensorType int8

// The tensor types, in the schema's order.
const (
	Float32 TensorType = iota
	Float16
	Int32
	Uint8
	Int64
	String
	Bool
	Int16
	Complex64
	Int8
	Float64
	Complex128
	Uint64
	Resource
	Variant
	Uint32
	Uint16
	Int4
	BFloat16
	Int2
	Uint4
	Float8E4M3FN
	Float8E5M2
)

// tensorTypes has each type's name and the bits of one element; 0 bits means that
// elements have no fixed size.
var tensorTypes = [...]struct {
	name string
	bits int
}{
	Float32: {"FLOAT32", 32}, Float16: {"FLOAT16", 16}, Int32: {"INT32", 32}, Uint8: {"UINT8", 8},
	Int64: {"INT64", 64}, String: {"STRING", 0}, Bool: {"BOOL", 8}, Int16: {"INT16", 16},
	Complex64: {"COMPLEX64", 64}, Int8: {"INT8", 8}, Float64: {"FLOAT64", 64}, Complex128: {"COMPLEX128", 128},
	Uint64: {"UINT64", 64}, Resource: {"RESOURCE", 0}, Variant: {"VARIANT", 0}, Uint32: {"UINT32", 32},
	Uint16: {"UINT16", 16}, Int4: {"INT4", 4}, BFloat16: {"BFLOAT16", 16}, Int2: {"INT2", 2},
	Uint4: {"UINT4", 4}, Float8E4M3FN: {"FLOAT8_E4M3FN", 8}, Float8E5M2: {"FLOAT8_E5M2", 8},
}

// Known reports whether t is in the schema.
func (t TensorType) Known() bool { return t >= 0 && int(t) < len(tensorTypes) }

// Bits returns the size of one element, 0 if it is not fixed. Elements of less
// than a byte are packed, the first in the low bits.
func (t TensorType) Bits() int {
	if !t.Known() {
		return 0
	}
	return tensorTypes[t].bits
}

func (t TensorType) String() string {
	if !t.Known() {
		return "TensorType(" + strconv.Itoa(int(t)) + ")"
	}
	return tensorTypes[t].name
}

// name returns names[i], or the kind and the number of what is not in the schema.
func name(kind string, names []string, i int8) string {
	if i >= 0 && int(i) < len(names) {
		return names[i]
	}
	return kind + "(" + strconv.Itoa(int(i)) + ")"
}

// ActivationFunctionType is the activation that an operator applies to its result.
type ActivationFunctionType int8

// The fused activations.
const (
	ActivationNone ActivationFunctionType = iota
	ActivationRelu
	ActivationReluN1To1
	ActivationRelu6
	ActivationTanh
	ActivationSignBit
)

var activationNames = []string{"NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT"}

func (a ActivationFunctionType) String() string {
	return name("ActivationFunctionType", activationNames, int8(a))
}

// Padding is how convolutions and pools treat the border.
type Padding int8

// The paddings.
const (
	PaddingSame Padding = iota
	PaddingValid
)

func (p Padding) String() string { return name("Padding", []string{"SAME", "VALID"}, int8(p)) }

// MirrorPadMode says whether MIRROR_PAD repeats the border itself.
type MirrorPadMode int8

// The modes of MIRROR_PAD.
const (
	MirrorPadReflect MirrorPadMode = iota
	MirrorPadSymmetric
)

func (m MirrorPadMode) String() string {
	return name("MirrorPadMode", []string{"REFLECT", "SYMMETRIC"}, int8(m))
}

// FullyConnectedWeightsFormat is the layout of FULLY_CONNECTED's weights.
type FullyConnectedWeightsFormat int8

// The layouts.
const (
	WeightsDefault FullyConnectedWeightsFormat = iota
	WeightsShuffled4x16Int8
)

func (f FullyConnectedWeightsFormat) String() string {
	return name("FullyConnectedOptionsWeightsFormat", []string{"DEFAULT", "SHUFFLED4x16INT8"}, int8(f))
}

// LSTMKernelType is the form of the operator LSTM.
type LSTMKernelType int8

// The forms: 20 or 24 inputs, and 5.
const (
	LSTMFull LSTMKernelType = iota
	LSTMBasic
)

func (k LSTMKernelType) String() string {
	return name("LSTMKernelType", []string{"FULL", "BASIC"}, int8(k))
}

// LSHProjectionType is the form of LSH_PROJECTION's result.
type LSHProjectionType int8

// The forms.
const (
	LSHUnknown LSHProjectionType = iota
	LSHSparse
	LSHDense
)

func (p LSHProjectionType) String() string {
	return name("LSHProjectionType", []string{"UNKNOWN", "SPARSE", "DENSE"}, int8(p))
}

// CombinerType is how EMBEDDING_LOOKUP_SPARSE combines what it looks up.
type CombinerType int8

// The combiners.
const (
	CombinerSum CombinerType = iota
	CombinerMean
	CombinerSqrtN
)

func (c CombinerType) String() string {
	return name("CombinerType", []string{"SUM", "MEAN", "SQRTN"}, int8(c))
}

// DimensionType is the storage of one dimension of a sparse tensor.
type DimensionType int8

// The storages.
const (
	DimDense DimensionType = iota
	DimSparseCSR
)

func (d DimensionType) String() string {
	return name("DimensionType", []string{"DENSE", "SPARSE_CSR"}, int8(d))
}
