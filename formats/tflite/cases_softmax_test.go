package tflite_test

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func beta(b float32) modeltest.Options {
	return modeltest.Options{Type: tflite.SoftmaxOptions, Fields: modeltest.Table{0: b}}
}

// fillByte fills inputs with one byte.
func fillByte(b byte) func(_, i int, t tensor.Type) []byte {
	return func(_, i int, t tensor.Type) []byte { return slices.Repeat([]byte{b}, t.Bytes()) }
}

func softmax(name string, b float32, out, in side) opCase {
	return opCase{op: "SOFTMAX", name: name, model: aroundOp("SOFTMAX", beta(b), out, in)}
}

func (c opCase) fedWith(fill func(step, i int, t tensor.Type) []byte) opCase {
	c.fill = fill
	return c
}

func (c opCase) wanting(want string) opCase {
	c.want = want
	return c
}

func (c opCase) failing(err string) opCase {
	c.err = err
	return c
}

func prob8(shape ...int) side     { return sideS8(1.0/256, -128, shape...) }
func prob16of8(shape ...int) side { return side{tflite.Int16, shape, 1.0 / 65536, -32768, nil} }
func prob16(shape ...int) side    { return sideS16(1.0/32768, shape...) }

var softmaxCases = []opCase{
	softmax("float", 1, sideF32(3, 17), sideF32(3, 17)),
	softmax("float, beta, rank 4", 0.3, sideF32(2, 1, 3, 40), sideF32(2, 1, 3, 40)),
	softmax("float, one class", 1, sideF32(2, 1), sideF32(2, 1)),
	softmax("float, beta 0", 0, sideF32(7), sideF32(7)),
	softmax("int8", 1, prob8(3, 11), sideS8(0.1, 5, 3, 11)),
	softmax("int8, fine scale", 1, prob8(2, 40), sideS8(0.003, -128, 2, 40)),
	softmax("int8, coarse scale, beta", 2.5, prob8(2, 40), sideS8(1.7, 127, 2, 40)),
	softmax("int8, equal", 1, prob8(2, 511), sideS8(0.1, 0, 2, 511)).fedWith(fillByte(3)),
	softmax("int8, one class", 1, prob8(2, 2, 1), sideS8(0.1, 0, 2, 2, 1)),
	softmax("int8 to int16", 1, prob16of8(3, 19), sideS8(0.04, 5, 3, 19)),
	softmax("int8 to int16, equal", 1, prob16of8(1000), sideS8(0.04, 5, 1000)).fedWith(fillByte(250)),
	softmax("int16", 1, prob16(3, 19), sideS16(0.0002, 3, 19)),
	softmax("int16, beta, coarse", 3, prob16(2, 33), sideS16(0.02, 2, 33)),
	softmax("int16, fine", 1, prob16(2, 33), sideS16(1e-6, 2, 33)),
	softmax("int16, equal", 1, prob16(2, 100), sideS16(0.001, 2, 100)).fedWith(fillByte(9)),
	softmax("uint8", 1, sideU8(1.0/256, 0, 1, 2), sideU8(0.1, 128, 1, 2)).fedWith(fillByte(200)).wanting("uint8[1 2] [128 128]"),
	// The reference stops here.
	softmax("int8, many equal", 1, prob8(600), sideS8(0.1, 0, 600)).fedWith(fillByte(0)).wanting(allLeast(600)),
	softmax("int8, vastly many equal", 1, prob8(5000), sideS8(0.1, 0, 5000)).fedWith(fillByte(0)).wanting(allLeast(5000)),
	softmax("empty", 1, sideF32(2, 0), sideF32(2, 0)).wanting("float32[2 0] []"),
	softmax("scalar", 1, sideF32(), sideF32()).failing("axis -1 is out of range for rank 0"),
	softmax("int8, wrong scale", 1, sideS8(0.01, -128, 3), sideS8(0.1, 0, 3)).failing("want 0.00390625 and -128"),
	softmax("int8, scale too small", 1, prob8(3), sideS8(1e-10, 0, 3)).failing("softmax: beta 1"),
	softmax("int16, zero point", 1, prob16(3), side{tflite.Int16, []int{3}, 0.1, 4, nil}).failing("zero point 4, want 0"),
	softmax("float to int8", 1, prob8(3), sideF32(3)).failing("output of type int8 from input of type float32"),
	softmax("int32", 1, sideOf(tflite.Int32, 3), sideOf(tflite.Int32, 3)).failing("not supported"),
}
