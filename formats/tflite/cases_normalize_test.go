package tflite_test

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

func logSoftmax(name string, out, in side) opCase {
	return opCase{op: "LOG_SOFTMAX", name: name, model: aroundOp("LOG_SOFTMAX", modeltest.Options{}, out, in)}
}

func logProb8(shape ...int) side { return sideS8(1.0/16, 127, shape...) }

func l2Norm(name string, act tflite.ActivationFunctionType, out, in side) opCase {
	o := modeltest.Options{Type: tflite.L2NormOptions, Fields: modeltest.Table{0: int8(act)}}
	return opCase{op: "L2_NORMALIZATION", name: name, model: aroundOp("L2_NORMALIZATION", o, out, in)}
}

func unit8(shape ...int) side { return sideS8(1.0/128, 0, shape...) }

var normalizeCases = slices.Concat([]opCase{
	logSoftmax("float", sideF32(3, 40), sideF32(3, 40)),
	logSoftmax("float, rank 4", sideF32(2, 1, 3, 5), sideF32(2, 1, 3, 5)),
	logSoftmax("float, one class", sideF32(4, 1), sideF32(4, 1)),
	logSoftmax("int8", logProb8(3, 40), sideS8(0.1, 5, 3, 40)),
	logSoftmax("int8, fine", logProb8(2, 50), sideS8(0.002, 5, 2, 50)),
	logSoftmax("int8, coarse", logProb8(2, 20), sideS8(2.5, 5, 2, 20)),
	logSoftmax("int8, equal", logProb8(2, 600), sideS8(0.3, 5, 2, 600)).fedWith(fillByte(129)),
	logSoftmax("int8, one class", logProb8(2, 3, 1), sideS8(0.3, 5, 2, 3, 1)),
	// log ½ = −0.69 = −11 steps of 1/16.
	logSoftmax("uint8", sideU8(1.0/16, 255, 2), sideU8(0.3, 5, 2)).fedWith(fillByte(9)).wanting("uint8[2] [244 244]"),
	logSoftmax("int8, wrong scale", sideS8(0.1, 127, 3), sideS8(0.1, 0, 3)).failing("want 0.0625 and 127"),
	logSoftmax("int8, scale too small", logProb8(3), sideS8(1e-10, 0, 3)).failing("softmax: beta 1"),
	logSoftmax("int16", sideS16(0.1, 3), sideS16(0.1, 3)).failing("not supported"),
	logSoftmax("scalar", sideF32(), sideF32()).failing("out of range for rank 0"),
	logSoftmax("empty", sideF32(3, 0), sideF32(3, 0)).wanting("float32[3 0] []"),
}, []opCase{
	l2Norm("float", tflite.ActivationNone, sideF32(3, 40), sideF32(3, 40)),
	l2Norm("float, rank 4", tflite.ActivationNone, sideF32(1, 2, 2, 7), sideF32(1, 2, 2, 7)),
	l2Norm("float, zeros", tflite.ActivationNone, sideF32(5), sideF32(5)).fedWith(fillByte(0)),
	l2Norm("int8", tflite.ActivationNone, unit8(3, 20), sideS8(0.1, -9, 3, 20)),
	l2Norm("int8, one", tflite.ActivationNone, unit8(9, 1), sideS8(0.1, 127, 9, 1)),
	l2Norm("int8, many", tflite.ActivationNone, unit8(700), sideS8(0.1, 3, 700)),
	l2Norm("int8, all zero", tflite.ActivationNone, unit8(5), sideS8(0.1, 3, 5)).fedWith(fillByte(3)),
	l2Norm("int8, nearly zero", tflite.ActivationNone, unit8(5), sideS8(0.1, 3, 5)).fedWith(fillByte(4)),
	// 3 and 4 from zero: 0.6 and 0.8.
	l2Norm("uint8", tflite.ActivationNone, sideU8(1.0/128, 128, 2), sideU8(0.1, 7, 2)).fedWith(elements[uint8](10, 3)).wanting("uint8[2] [205 26]"),
	l2Norm("relu", tflite.ActivationRelu, sideF32(5), sideF32(5)).failing("fused activation"),
	l2Norm("int16", tflite.ActivationNone, sideS16(0.1, 3), sideS16(0.1, 3)).failing("not supported"),
	l2Norm("scalar", tflite.ActivationNone, sideF32(), sideF32()).failing("out of range for rank 0"),
})
