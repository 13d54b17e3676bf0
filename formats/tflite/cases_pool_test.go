package tflite_test

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// poolOptions returns Pool2DOptions for a window kh·kw with strides sh, sw.
func poolOptions(p tflite.Padding, kh, kw, sh, sw int32, act tflite.ActivationFunctionType) modeltest.Options {
	return modeltest.Options{Type: tflite.Pool2DOptions, Fields: modeltest.Table{
		0: int8(p), 1: sw, 2: sh, 3: kw, 4: kh, 5: int8(act),
	}}
}

const (
	padSame  = tflite.PaddingSame
	padValid = tflite.PaddingValid
)

var poolCases = slices.Concat(
	poolsOf("AVERAGE_POOL_2D", sideF32, poolS8, poolS16),
	poolsOf("MAX_POOL_2D", sideF32, poolS8, poolS16),
	poolsOf("L2_POOL_2D", sideF32),
	uint8Pools, wrongPools,
)

func poolS8(shape ...int) side  { return sideS8(0.05, -7, shape...) }
func poolS16(shape ...int) side { return sideS16(0.0005, shape...) }

// poolsOf returns the cases of an operator for each type that the reference has.
func poolsOf(op string, types ...func(shape ...int) side) (cases []opCase) {
	for _, of := range types {
		typ := of().typ.String() + " "
		add := func(name string, o modeltest.Options, out, in side) {
			cases = append(cases, opCase{op: op, name: typ + name, model: aroundOp(op, o, out, in)})
		}
		add("valid 2x2", poolOptions(padValid, 2, 2, 2, 2, tflite.ActivationNone), of(1, 3, 2, 5), of(1, 6, 5, 5))
		add("same, relu6", poolOptions(padSame, 3, 3, 2, 2, tflite.ActivationRelu6), of(2, 3, 2, 3), of(2, 5, 4, 3))
		add("same, relu", poolOptions(padSame, 3, 2, 1, 1, tflite.ActivationRelu), of(1, 4, 4, 2), of(1, 4, 4, 2))
		add("relu -1 to 1", poolOptions(padValid, 1, 2, 1, 1, tflite.ActivationReluN1To1), of(1, 3, 4, 1), of(1, 3, 5, 1))
		add("window larger than image", poolOptions(padSame, 9, 8, 1, 1, tflite.ActivationNone), of(1, 4, 3, 2), of(1, 4, 3, 2))
		add("stride larger than window", poolOptions(padValid, 2, 1, 3, 4, tflite.ActivationNone), of(1, 3, 2, 17), of(1, 9, 7, 17))
		add("global", poolOptions(padValid, 7, 5, 1, 1, tflite.ActivationNone), of(1, 1, 1, 33), of(1, 7, 5, 33))
	}
	return cases
}

// The reference has no uint8 any more; averages are rounded half up.
var uint8Pools = []opCase{
	{op: "AVERAGE_POOL_2D", name: "uint8", want: "uint8[1 2 1 2] [1 7 255 128]",
		model: aroundOp("AVERAGE_POOL_2D", poolOptions(padSame, 1, 2, 1, 2, tflite.ActivationNone), sideU8(0.1, 3, 1, 2, 1, 2), poolU8())},
	{op: "MAX_POOL_2D", name: "uint8", want: "uint8[1 2 1 2] [3 9 255 255]",
		model: aroundOp("MAX_POOL_2D", poolOptions(padSame, 1, 2, 1, 2, tflite.ActivationRelu), sideU8(0.1, 3, 1, 2, 1, 2), poolU8())},
}

func poolU8() side {
	s := sideU8(0.1, 3, 1, 2, 2, 2)
	s.data = []byte{0, 4, 1, 9, 255, 0, 255, 255}
	return s
}

var wrongPools = []opCase{
	{op: "MAX_POOL_2D", name: "no stride", err: "stride 0, want at least 1",
		model: aroundOp("MAX_POOL_2D", poolOptions(padSame, 1, 2, 0, 2, tflite.ActivationNone), sideF32(1, 2, 2, 1), sideF32(1, 2, 2, 1))},
	{op: "MAX_POOL_2D", name: "negative window", err: "a window of -2 taps",
		model: aroundOp("MAX_POOL_2D", poolOptions(padValid, -2, 2, 1, 2, tflite.ActivationNone), sideF32(1, 2, 2, 1), sideF32(1, 2, 2, 1))},
	{op: "AVERAGE_POOL_2D", name: "vast window", err: "is not valid",
		model: aroundOp("AVERAGE_POOL_2D", poolOptions(padSame, 1<<20, 1<<20, 1, 1, tflite.ActivationNone), sideF32(1, 2, 2, 1), sideF32(1, 2, 2, 1))},
	{op: "AVERAGE_POOL_2D", name: "rank 3", err: "want rank [4]",
		model: aroundOp("AVERAGE_POOL_2D", poolOptions(padSame, 1, 1, 1, 1, tflite.ActivationNone), sideF32(2, 2, 1), sideF32(2, 2, 1))},
	{op: "AVERAGE_POOL_2D", name: "other scale", err: "want the same",
		model: aroundOp("AVERAGE_POOL_2D", poolOptions(padSame, 1, 1, 1, 1, tflite.ActivationNone), sideS8(0.1, 0, 1, 2, 2, 1), sideS8(0.2, 0, 1, 2, 2, 1))},
	{op: "AVERAGE_POOL_2D", name: "not quantised", err: "no quantisation parameters",
		model: aroundOp("AVERAGE_POOL_2D", poolOptions(padSame, 1, 1, 1, 1, tflite.ActivationNone), sideS8(0, 0, 1, 2, 2, 1), sideS8(0, 0, 1, 2, 2, 1))},
	{op: "AVERAGE_POOL_2D", name: "tanh", err: "fused activation",
		model: aroundOp("AVERAGE_POOL_2D", poolOptions(padSame, 1, 1, 1, 1, tflite.ActivationTanh), sideF32(1, 2, 2, 1), sideF32(1, 2, 2, 1))},
	{op: "L2_POOL_2D", name: "int8", err: "not supported",
		model: aroundOp("L2_POOL_2D", poolOptions(padSame, 1, 1, 1, 1, tflite.ActivationNone), poolS8(1, 2, 2, 1), poolS8(1, 2, 2, 1))},
	{op: "MAX_POOL_2D", name: "empty image", want: "int8[1 0 0 3] []",
		model: aroundOp("MAX_POOL_2D", poolOptions(padSame, 2, 2, 1, 1, tflite.ActivationNone), poolS8(1, 0, 0, 3), poolS8(1, 0, 0, 3))},
}
