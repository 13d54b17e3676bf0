package tflite_test

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

func concatenationCases() (cases []opCase) {
	axis := func(a int32) modeltest.Options {
		return modeltest.Options{Type: tflite.ConcatenationOptions, Fields: modeltest.Table{0: a}}
	}
	add := func(c opCase) { c.op = "CONCATENATION"; cases = append(cases, c) }
	for _, t := range append(movedTypes, tflite.Int32, tflite.Int64, tflite.Bool) {
		add(opCase{name: fmt.Sprint("axis 1, ", t), model: shapeModel("CONCATENATION", axis(1),
			[]shapeArg{sx(t, 2, 3, 2), sx(t, 2, 1, 2), sx(t, 2, 2, 2)}, sx(t, 2, 6, 2))})
	}
	i8 := func(shape ...int) shapeArg { return sx(tflite.Int8, shape...).q(.25, -7) }
	u8 := func(scale float32, zero int64, shape ...int) shapeArg {
		return sx(tflite.Uint8, shape...).q(scale, zero)
	}
	add(opCase{name: "last axis, negative", model: shapeModel("CONCATENATION", axis(-1), []shapeArg{i8(3, 2), i8(3, 5)}, i8(3, 7))})
	add(opCase{name: "axis 0", model: shapeModel("CONCATENATION", axis(0), []shapeArg{i8(1, 2, 1, 3), i8(2, 2, 1, 3)}, i8(3, 2, 1, 3))})
	add(opCase{name: "one input", model: shapeModel("CONCATENATION", axis(-3), []shapeArg{i8(2, 2, 3)}, i8(2, 2, 3))})
	add(opCase{name: "five dimensions", model: shapeModel("CONCATENATION", axis(3), []shapeArg{i8(2, 1, 2, 3, 2), i8(2, 1, 2, 1, 2)}, i8(2, 1, 2, 4, 2))})
	add(opCase{name: "with an empty one", want: "int8[2 2] [1 2 3 4]", fill: feed([]int8{1, 2, 3, 4}), model: shapeModel("CONCATENATION", axis(1), []shapeArg{i8(2, 2), i8(2, 0)}, i8(2, 2))})
	add(opCase{name: "uint8, same scale", want: "uint8[4] [0 255 7 9]", fill: feed([]byte{0, 255}, []byte{7, 9}), model: shapeModel("CONCATENATION", axis(0), []shapeArg{u8(.5, 3, 2), u8(.5, 3, 2)}, u8(.5, 3, 4))})
	// 2(q-10)+3: the first input is rescaled and clamped; the second is as it is.
	add(opCase{name: "uint8, other scale", want: "uint8[8] [0 3 23 255 0 1 2 3]", fill: feed([]byte{0, 10, 20, 255}, []byte{0, 1, 2, 3}), model: shapeModel("CONCATENATION", axis(0), []shapeArg{u8(1, 10, 4), u8(.5, 3, 4)}, u8(.5, 3, 8))})
	add(opCase{name: "int8, other scale", err: "joining int8 of different scales", model: shapeModel("CONCATENATION", axis(0), []shapeArg{i8(2), sx(tflite.Int8, 2).q(.5, -7)}, i8(4))})
	add(opCase{name: "int16 with a zero point", err: "zero point other than 0", model: shapeModel("CONCATENATION", axis(0), []shapeArg{sx(tflite.Int16, 2).q(1, 3)}, sx(tflite.Int16, 2).q(1, 3))})
	add(opCase{name: "shapes differ", err: "differ in dimension 0", model: shapeModel("CONCATENATION", axis(1), []shapeArg{i8(2, 2), i8(3, 2)}, i8(2, 4))})
	add(opCase{name: "ranks differ", err: "want the same rank", model: shapeModel("CONCATENATION", axis(1), []shapeArg{i8(2, 2), i8(2)}, i8(2, 3))})
	add(opCase{name: "axis out of range", err: "axis 2 is out of range", model: shapeModel("CONCATENATION", axis(2), []shapeArg{i8(2, 2)}, i8(2, 2))})
	add(opCase{name: "scalars", err: "axis 0 is out of range", model: shapeModel("CONCATENATION", axis(0), []shapeArg{i8(), i8()}, i8(2))})
	add(opCase{name: "types differ", err: "want the same type", model: shapeModel("CONCATENATION", axis(0), []shapeArg{i8(2), sx(tflite.Float32, 2)}, i8(4))})
	add(opCase{name: "no input", err: "0 inputs", model: shapeModel("CONCATENATION", axis(0), nil, i8(4))})
	add(opCase{name: "too large", err: "not possible", model: shapeModel("CONCATENATION", axis(0), []shapeArg{i8(2000000000), i8(2000000000)}, i8(4))})
	add(opCase{name: "activation", err: "fused activation", model: shapeModel("CONCATENATION",
		modeltest.Options{Type: tflite.ConcatenationOptions, Fields: modeltest.Table{0: int32(0), 1: int8(1)}}, []shapeArg{i8(2)}, i8(2))})
	return cases
}

func packCases() (cases []opCase) {
	opts := func(n, a int32) modeltest.Options {
		return modeltest.Options{Type: tflite.PackOptions, Fields: modeltest.Table{0: n, 1: a}}
	}
	un := func(n, a int32) modeltest.Options {
		return modeltest.Options{Type: tflite.UnpackOptions, Fields: modeltest.Table{0: n, 1: a}}
	}
	for _, t := range append(movedTypes, tflite.Int32) {
		for axis := range int32(3) {
			shape := []int{2, 3}
			shape = append(append(append([]int{}, shape[:axis]...), 3), shape[axis:]...)
			x := sx(t, 2, 3)
			y := shapeArg{typ: t, shape: shape}
			cases = append(cases,
				opCase{op: "PACK", name: fmt.Sprint("axis ", axis, ", ", t), model: shapeModel("PACK", opts(3, axis), []shapeArg{x, x, x}, y)},
				opCase{op: "UNPACK", name: fmt.Sprint("axis ", axis, ", ", t), model: shapeModel("UNPACK", un(3, axis-3), []shapeArg{y}, x, x, x)})
		}
	}
	f := tflite.Float32
	return append(cases,
		opCase{op: "PACK", name: "int64, negative axis", model: shapeModel("PACK", opts(2, -1), []shapeArg{sx(tflite.Int64, 3), sx(tflite.Int64, 3)}, sx(tflite.Int64, 3, 2))},
		opCase{op: "PACK", name: "scalars", model: shapeModel("PACK", opts(2, 0), []shapeArg{sx(f), sx(f)}, sx(f, 2))},
		opCase{op: "PACK", name: "count", err: "the options say 3", model: shapeModel("PACK", opts(3, 0), []shapeArg{sx(f), sx(f)}, sx(f, 2))},
		opCase{op: "PACK", name: "axis", err: "axis 3 is out of range for rank 2", model: shapeModel("PACK", opts(1, 3), []shapeArg{sx(f, 2)}, sx(f, 2))},
		opCase{op: "PACK", name: "shapes", err: "want the same", model: shapeModel("PACK", opts(2, 0), []shapeArg{sx(f, 2), sx(f, 3)}, sx(f, 2, 2))},
		opCase{op: "UNPACK", name: "count", err: "no 4 indices along axis 0", model: shapeModel("UNPACK", un(4, 0), []shapeArg{sx(f, 3)}, sx(f))},
		opCase{op: "UNPACK", name: "scalar", err: "axis 0 is out of range", model: shapeModel("UNPACK", un(1, 0), []shapeArg{sx(f)}, sx(f))},
		opCase{op: "UNPACK", name: "more outputs", err: "outputs", model: shapeModel("UNPACK", un(1, 0), []shapeArg{sx(f, 1)}, sx(f), sx(f))},
	)
}

func splitCases() (cases []opCase) {
	opts := func(n int32) modeltest.Options {
		return modeltest.Options{Type: tflite.SplitOptions, Fields: modeltest.Table{0: n}}
	}
	v := func(n int32) modeltest.Options {
		return modeltest.Options{Type: tflite.SplitVOptions, Fields: modeltest.Table{0: n}}
	}
	f := tflite.Float32
	for _, t := range append(movedTypes, tflite.Int32) {
		cases = append(cases,
			opCase{op: "SPLIT", name: fmt.Sprint("axis 1, ", t), model: shapeModel("SPLIT", opts(2), []shapeArg{s0(1), sx(t, 2, 4, 3)}, sx(t, 2, 2, 3), sx(t, 2, 2, 3))},
			opCase{op: "SPLIT", name: fmt.Sprint("axis -1, ", t), model: shapeModel("SPLIT", opts(3), []shapeArg{s0(-1), sx(t, 2, 3)}, sx(t, 2, 1), sx(t, 2, 1), sx(t, 2, 1))},
			opCase{op: "SPLIT_V", name: fmt.Sprint("axis 1, ", t), model: shapeModel("SPLIT_V", v(3), []shapeArg{sx(t, 2, 6, 2), si(1, 3, 2), s0(1)}, sx(t, 2, 1, 2), sx(t, 2, 3, 2), sx(t, 2, 2, 2))},
			opCase{op: "SPLIT_V", name: fmt.Sprint("the rest, ", t), model: shapeModel("SPLIT_V", v(2), []shapeArg{sx(t, 5), si(-1, 2), s0(-1)}, sx(t, 3), sx(t, 2))},
		)
	}
	return append(cases,
		opCase{op: "SPLIT", name: "axis from data", fill: feed([]int32{1}, []float32{1, 2, 3, 4}), want: "float32[2 1] [1 3] | float32[2 1] [2 4]",
			model: shapeModel("SPLIT", opts(2), []shapeArg{sx(tflite.Int32), sx(f, 2, 2)}, sx(f, 2, 1), sx(f, 2, 1))},
		opCase{op: "SPLIT", name: "axis from bad data", fill: feed([]int32{7}), err: "axis 7 is out of range",
			model: shapeModel("SPLIT", opts(2), []shapeArg{sx(tflite.Int32), sx(f, 2, 2)}, sx(f, 2, 1), sx(f, 2, 1))},
		opCase{op: "SPLIT", name: "uneven", err: "3 cannot be split into 2", model: shapeModel("SPLIT", opts(2), []shapeArg{s0(0), sx(f, 3)}, sx(f, 1), sx(f, 1))},
		opCase{op: "SPLIT", name: "axis", err: "axis 2 is out of range", model: shapeModel("SPLIT", opts(2), []shapeArg{s0(2), sx(f, 3)}, sx(f, 1), sx(f, 1))},
		opCase{op: "SPLIT", name: "scalar", err: "a scalar", model: shapeModel("SPLIT", opts(2), []shapeArg{sx(tflite.Int32), sx(f)}, sx(f), sx(f))},
		opCase{op: "SPLIT", name: "missing input", err: "1 inputs, want 2", model: shapeModel("SPLIT", opts(2), []shapeArg{s0(0)}, sx(f, 1))},
		opCase{op: "SPLIT_V", name: "sum", err: "do not add up to 4", model: shapeModel("SPLIT_V", v(2), []shapeArg{sx(f, 4), si(1, 2), s0(0)}, sx(f, 1), sx(f, 2))},
		opCase{op: "SPLIT_V", name: "negative", err: "part 1 is not valid", model: shapeModel("SPLIT_V", v(2), []shapeArg{sx(f, 4), si(6, -2), s0(0)}, sx(f, 1), sx(f, 2))},
		opCase{op: "SPLIT_V", name: "count", err: "want 2 sizes", model: shapeModel("SPLIT_V", v(2), []shapeArg{sx(f, 4), si(1, 2, 1), s0(0)}, sx(f, 1), sx(f, 2))},
		opCase{op: "SPLIT_V", name: "sizes from data", fill: feed([]float32{1, 2, 3}, []int32{0, 3}), want: "float32[0] [] | float32[3] [1 2 3]",
			model: shapeModel("SPLIT_V", v(2), []shapeArg{sx(f, 3), sx(tflite.Int32, 2), s0(0)}, sx(f, 1), sx(f, 2))},
	)
}
