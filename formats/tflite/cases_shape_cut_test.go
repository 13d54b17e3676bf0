package tflite_test

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

func padCases() (cases []opCase) {
	f, i8 := tflite.Float32, tflite.Int8
	pads := func(x ...int32) shapeArg {
		return shapeArg{typ: tflite.Int32, shape: []int{len(x) / 2, 2}, data: x}
	}
	add := func(c opCase) { c.op = "PAD"; cases = append(cases, c) }
	v2 := func(c opCase) { c.op = "PADV2"; cases = append(cases, c) }
	for _, t := range append(movedTypes, tflite.Int32) {
		add(opCase{name: fmt.Sprint("image, ", t), model: shapeModel("PAD", noOptions, []shapeArg{sx(t, 1, 2, 3, 2), pads(0, 0, 1, 2, 2, 1, 0, 0)}, sx(t, 1, 5, 6, 2))})
		add(opCase{name: fmt.Sprint("every side, ", t), model: shapeModel("PAD", noOptions, []shapeArg{sx(t, 2, 1, 2), pads(1, 0, 0, 2, 1, 3)}, sx(t, 3, 3, 6))})
	}
	for _, zero := range []int64{-128, 0, 5, 127} {
		add(opCase{name: fmt.Sprint("zero point ", zero), model: shapeModel("PAD", noOptions, []shapeArg{sx(i8, 2, 2).q(.5, zero), pads(1, 1, 0, 1)}, sx(i8, 4, 3).q(.5, zero))})
	}
	add(opCase{name: "zero point of the output", model: shapeModel("PAD", noOptions, []shapeArg{sx(i8, 2).q(.5, 3), pads(1, 1)}, sx(i8, 4).q(.5, 9))})
	add(opCase{name: "nothing", model: shapeModel("PAD", noOptions, []shapeArg{sx(f, 2, 3), pads(0, 0, 0, 0)}, sx(f, 2, 3))})
	add(opCase{name: "outer and inner only", model: shapeModel("PAD", noOptions, []shapeArg{sx(f, 2, 2, 3, 2), pads(1, 0, 0, 0, 0, 0, 0, 1)}, sx(f, 3, 2, 3, 3))})
	add(opCase{name: "five dimensions", model: shapeModel("PAD", noOptions, []shapeArg{sx(i8, 1, 2, 1, 2, 2).q(1, 4), pads(0, 1, 0, 0, 1, 0, 0, 0, 1, 1)}, sx(i8, 2, 2, 2, 2, 4).q(1, 4))})
	add(opCase{name: "uint8", want: "uint8[4] [7 1 2 7]", fill: feed([]byte{1, 2}), model: shapeModel("PAD", noOptions, []shapeArg{sx(tflite.Uint8, 2).q(1, 7), pads(1, 1)}, sx(tflite.Uint8, 4).q(1, 7))})
	add(opCase{name: "six dimensions", want: "int32[1 1 1 1 1 3] [0 5 0]", fill: feed([]int32{5}), model: shapeModel("PAD", noOptions, []shapeArg{sx(tflite.Int32, 1, 1, 1, 1, 1, 1), pads(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1)}, sx(tflite.Int32, 1, 1, 1, 1, 1, 3))})
	add(opCase{name: "paddings from data", want: "int32[4] [0 5 6 0]", fill: feed([]int32{5, 6}, []int32{1, 1}), model: shapeModel("PAD", noOptions, []shapeArg{sx(tflite.Int32, 2), sx(tflite.Int32, 1, 2)}, sx(tflite.Int32, 4))})
	add(opCase{name: "of nothing", want: "int32[2] [0 0]", model: shapeModel("PAD", noOptions, []shapeArg{sx(tflite.Int32, 0), pads(1, 1)}, sx(tflite.Int32, 2))})
	add(opCase{name: "huge paddings from data", err: "too large", fill: feed([]int32{5, 6}, []int32{1 << 30, 0}), model: shapeModel("PAD", noOptions, []shapeArg{sx(tflite.Int32, 2), sx(tflite.Int32, 1, 2)}, sx(tflite.Int32, 4))})
	add(opCase{name: "negative", err: "is negative", model: shapeModel("PAD", noOptions, []shapeArg{sx(f, 4), pads(-1, 0)}, sx(f, 3))})
	add(opCase{name: "too few", err: "a pair for each dimension", model: shapeModel("PAD", noOptions, []shapeArg{sx(f, 4, 4), pads(1, 0)}, sx(f, 5, 4))})
	add(opCase{name: "overflow", err: "not possible", model: shapeModel("PAD", noOptions, []shapeArg{sx(f, 4), pads(2147483647, 2147483647)}, sx(f, 5))})
	add(opCase{name: "zero point out of range", err: "zero point 300", model: shapeModel("PAD", noOptions, []shapeArg{sx(i8, 2).q(1, 300), pads(1, 1)}, sx(i8, 4).q(1, 300))})
	add(opCase{name: "scales per channel", err: "with 2 scales", model: shapeModel("PAD", noOptions, []shapeArg{{typ: i8, shape: []int{2}, quant: []modeltest.TensorOption{modeltest.Quant{Scale: []float32{1, 2}, Zero: []int64{0, 0}}}}, pads(1, 1)}, sx(i8, 4).q(1, 0))})

	v2(opCase{name: "float", model: shapeModel("PADV2", noOptions, []shapeArg{sx(f, 2, 2), pads(1, 0, 2, 1), sx(f).of([]float32{1.5})}, sx(f, 3, 5))})
	v2(opCase{name: "int8", model: shapeModel("PADV2", noOptions, []shapeArg{sx(i8, 2, 2).q(.5, 1), pads(1, 0, 0, 1), sx(i8).of([]int8{-9}).q(.5, 1)}, sx(i8, 3, 3).q(.5, 1))})
	v2(opCase{name: "int16", model: shapeModel("PADV2", noOptions, []shapeArg{sx(tflite.Int16, 2), pads(1, 2), sx(tflite.Int16, 1).of([]int16{-900})}, sx(tflite.Int16, 5))})
	v2(opCase{name: "value from data", model: shapeModel("PADV2", noOptions, []shapeArg{sx(tflite.Int32, 2), pads(1, 2), sx(tflite.Int32, 1)}, sx(tflite.Int32, 5))})
	v2(opCase{name: "other scale", err: "different scales", model: shapeModel("PADV2", noOptions, []shapeArg{sx(i8, 2).q(.5, 1), pads(1, 0), sx(i8).of([]int8{-9}).q(.25, 1)}, sx(i8, 3).q(.5, 1))})
	v2(opCase{name: "other type", err: "input 2 is float32", model: shapeModel("PADV2", noOptions, []shapeArg{sx(i8, 2).q(.5, 1), pads(1, 0), sx(f).of([]float32{1})}, sx(i8, 3).q(.5, 1))})
	v2(opCase{name: "two values", err: "want one element", model: shapeModel("PADV2", noOptions, []shapeArg{sx(f, 2), pads(1, 0), sx(f, 2)}, sx(f, 3))})
	return cases
}

func mirrorPadCases() (cases []opCase) {
	f, i8 := tflite.Float32, tflite.Int8
	mode := func(m int8) modeltest.Options {
		return modeltest.Options{Type: tflite.MirrorPadOptions, Fields: modeltest.Table{0: m}}
	}
	pads := func(x ...int32) shapeArg {
		return shapeArg{typ: tflite.Int32, shape: []int{len(x) / 2, 2}, data: x}
	}
	add := func(c opCase) { c.op = "MIRROR_PAD"; cases = append(cases, c) }
	for m, name := range []string{"reflect", "symmetric"} {
		o := mode(int8(m))
		for _, t := range []tflite.TensorType{f, i8} {
			add(opCase{name: fmt.Sprint(name, ", ", t), model: shapeModel("MIRROR_PAD", o, []shapeArg{sx(t, 1, 3, 4, 2), pads(0, 0, 2, 1, 1, 3, 0, 0)}, sx(t, 1, 6, 8, 2))})
		}
		add(opCase{name: name + ", every side", model: shapeModel("MIRROR_PAD", o, []shapeArg{sx(f, 2, 3, 2), pads(1, 1, 2, 0, 1, 1)}, sx(f, 4, 5, 4))})
		add(opCase{name: name + ", int64 paddings", model: shapeModel("MIRROR_PAD", o, []shapeArg{sx(f, 3, 2), {typ: tflite.Int64, shape: []int{2, 2}, data: []int64{2, 2, 0, 1}}}, sx(f, 7, 3))})
		add(opCase{name: name + ", nothing", model: shapeModel("MIRROR_PAD", o, []shapeArg{sx(f, 2, 3), pads(0, 0, 0, 0)}, sx(f, 2, 3))})
		add(opCase{name: name + ", outer and inner only", model: shapeModel("MIRROR_PAD", o, []shapeArg{sx(i8, 2, 2, 3, 2), pads(1, 0, 0, 0, 0, 0, 0, 1)}, sx(i8, 3, 2, 3, 3))})
	}
	add(opCase{name: "symmetric as wide as the input", model: shapeModel("MIRROR_PAD", mode(1), []shapeArg{sx(f, 3), pads(3, 3)}, sx(f, 9))})
	add(opCase{name: "reflect as wide as the input", err: "too large to mirror", model: shapeModel("MIRROR_PAD", mode(0), []shapeArg{sx(f, 3), pads(0, 3)}, sx(f, 6))})
	add(opCase{name: "symmetric wider", err: "too large to mirror", model: shapeModel("MIRROR_PAD", mode(1), []shapeArg{sx(f, 3), pads(4, 0)}, sx(f, 7))})
	add(opCase{name: "of nothing", err: "too large to mirror", model: shapeModel("MIRROR_PAD", mode(0), []shapeArg{sx(f, 0), pads(1, 0)}, sx(f, 1))})
	add(opCase{name: "mode", err: "mirror mode 2", model: shapeModel("MIRROR_PAD", mode(2), []shapeArg{sx(f, 3), pads(1, 0)}, sx(f, 4))})
	add(opCase{name: "paddings from data", fill: feed([]int32{1, 2, 3}, []int32{2, 1}), want: "int32[6] [3 2 1 2 3 2]", model: shapeModel("MIRROR_PAD", mode(0), []shapeArg{sx(tflite.Int32, 3), sx(tflite.Int32, 1, 2)}, sx(tflite.Int32, 4))})
	add(opCase{name: "huge paddings from data", fill: feed([]int32{1, 2, 3}, []int32{2, 1 << 30}), err: "too large", model: shapeModel("MIRROR_PAD", mode(0), []shapeArg{sx(tflite.Int32, 3), sx(tflite.Int32, 1, 2)}, sx(tflite.Int32, 4))})
	return cases
}

func stridedSliceCases() (cases []opCase) {
	f, i32 := tflite.Float32, tflite.Int32
	masks := func(begin, end, ellipsis, fresh, shrink int32) modeltest.Options {
		return modeltest.Options{Type: tflite.StridedSliceOptions, Fields: modeltest.Table{0: begin, 1: end, 2: ellipsis, 3: fresh, 4: shrink}}
	}
	type in = []shapeArg
	add := func(c opCase, o modeltest.Options, in []shapeArg, out shapeArg) {
		c.op, c.model = "STRIDED_SLICE", shapeModel("STRIDED_SLICE", o, in, out)
		cases = append(cases, c)
	}
	for _, t := range append(movedTypes, i32, tflite.Bool) {
		add(opCase{name: fmt.Sprint("blocks, ", t)}, noOptions, in{sx(t, 3, 4, 5), si(1, 0, 2), si(3, 4, 5), si(1, 2, 1)}, sx(t, 2, 2, 3))
	}
	add(opCase{name: "backwards"}, noOptions, in{sx(f, 4, 5), si(3, 4), si(0, -6), si(-1, -2)}, sx(f, 3, 3))
	add(opCase{name: "backwards with masks"}, masks(3, 3, 0, 0, 0), in{sx(f, 4, 5), si(1, 1), si(2, 2), si(-1, -3)}, sx(f, 4, 2))
	add(opCase{name: "masks"}, masks(1, 2, 0, 0, 0), in{sx(f, 4, 5), si(3, 1), si(2, 2), si(1, 3)}, sx(f, 2, 2))
	add(opCase{name: "negative indices"}, noOptions, in{sx(f, 4, 5), si(-3, -5), si(-1, -1), si(1, 1)}, sx(f, 2, 4))
	add(opCase{name: "beyond the end"}, noOptions, in{sx(f, 4, 5), si(-30, 3), si(30, 300), si(3, 1)}, sx(f, 2, 2))
	add(opCase{name: "shrink"}, masks(0, 0, 0, 0, 1), in{sx(f, 4, 5), si(2, 1), si(3, 4), si(1, 1)}, sx(f, 3))
	add(opCase{name: "shrink the last, negative"}, masks(1, 1, 0, 0, 2), in{sx(f, 4, 5), si(0, -1), si(0, 0), si(1, 1)}, sx(f, 4))
	add(opCase{name: "shrink all"}, masks(0, 0, 0, 0, 3), in{sx(i32, 4, 5), si(2, 3), si(0, 0), si(1, 1)}, sx(i32))
	add(opCase{name: "shrink with begin mask"}, masks(1, 0, 0, 0, 1), in{sx(f, 4, 5), si(2, 0), si(0, 5), si(1, 2)}, sx(f, 3))
	add(opCase{name: "four dimensions"}, masks(9, 9, 0, 0, 0), in{sx(tflite.Int8, 2, 3, 4, 3), si(0, 1, 3, 0), si(0, 3, 0, 0), si(1, 1, -1, 2)}, sx(tflite.Int8, 2, 2, 3, 2))
	seq := []int32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	x := sx(i32, 2, 2, 3)
	list := feed(seq)
	add(opCase{name: "ellipsis", want: "int32[2 2 1] [1 4 7 10]", fill: list}, masks(0, 0, 1, 0, 0), in{x, si(0, 1), si(0, 2), si(1, 1)}, sx(i32, 2, 2, 1))
	add(opCase{name: "ellipsis in the middle", want: "int32[2] [8 11]", fill: list}, masks(0, 0, 2, 0, 5), in{x, si(1, 0, 2), si(0, 0, 0), si(1, 1, 1)}, sx(i32, 2))
	add(opCase{name: "ellipsis for nothing", want: "int32[1 1 1] [11]", fill: list}, masks(0, 0, 1, 0, 0), in{x, si(0, 1, 1, 2), si(0, 2, 2, 3), si(1, 1, 1, 1)}, sx(i32, 1, 1, 1))
	add(opCase{name: "new axes", want: "int32[1 1 1 2 3] [6 7 8 9 10 11]", fill: list}, masks(0, 0, 0, 5, 0), in{x, si(0, 1, 0), si(0, 2, 0), si(1, 1, 1)}, sx(i32, 1, 1, 1, 2, 3))
	add(opCase{name: "ellipsis and new axis", want: "int32[2 2 1] [0 3 6 9]", fill: list}, masks(0, 0, 1, 2, 4), in{x, si(0, 0, 0), si(0, 0, 1), si(1, 1, 1)}, sx(i32, 2, 2, 1))
	add(opCase{name: "fewer positions", want: "int32[1 2 3] [6 7 8 9 10 11]", fill: list}, noOptions, in{x, si(1), si(2), si(1)}, sx(i32, 1, 2, 3))
	add(opCase{name: "offset", want: "int32[2] [3 4]", fill: feed([]int32{0, 1, 2, 3, 4, 5})},
		modeltest.Options{Type: tflite.StridedSliceOptions, Fields: modeltest.Table{5: true}}, in{sx(i32, 6), si(3), si(2), si(1)}, sx(i32, 2))
	add(opCase{name: "empty", want: "int32[0] []"}, noOptions, in{sx(i32, 6), si(3), si(3), si(1)}, sx(i32, 0))
	add(opCase{name: "from data", want: "int32[2] [5 3]", fill: feed([]int32{0, 1, 2, 3, 4, 5}, []int32{-1}, []int32{1}, []int32{-2})}, noOptions, in{sx(i32, 6), sx(i32, 1), sx(i32, 1), sx(i32, 1)}, sx(i32, 2))
	add(opCase{name: "index from data", want: "int32[] [4]", fill: feed([]int32{0, 1, 2, 3, 4, 5}, []int32{-2}, []int32{0})}, masks(0, 0, 0, 0, 1), in{sx(i32, 6), sx(i32, 1), sx(i32, 1), si(1)}, sx(i32))
	add(opCase{name: "index from bad data", err: "index 6 (position 0) is outside of a dimension of 6", fill: feed(nil, []int32{6}, []int32{0})}, masks(0, 0, 0, 0, 1), in{sx(i32, 6), sx(i32, 1), sx(i32, 1), si(1)}, sx(i32))
	add(opCase{name: "stride 0", err: "stride 0 is 0"}, noOptions, in{sx(i32, 6), si(3), si(2), si(0)}, sx(i32, 2))
	add(opCase{name: "stride 0 from data", err: "stride 0 is 0", fill: feed(nil, []int32{0})}, noOptions, in{sx(i32, 6), si(3), si(2), sx(i32, 1)}, sx(i32, 2))
	add(opCase{name: "index out of range", err: "index -7"}, masks(0, 0, 0, 0, 1), in{sx(i32, 6), si(-7), si(2), si(1)}, sx(i32))
	add(opCase{name: "two ellipses", err: "more than one ellipsis"}, masks(0, 0, 3, 0, 0), in{sx(i32, 6), si(0, 0), si(1, 1), si(1, 1)}, sx(i32, 2))
	add(opCase{name: "too long", err: "too long for 1 dimensions"}, noOptions, in{sx(i32, 6), si(0, 0), si(1, 1), si(1, 1)}, sx(i32, 2))
	add(opCase{name: "lengths", err: "want the same length"}, noOptions, in{sx(i32, 6), si(0), si(1, 1), si(1)}, sx(i32, 2))
	add(opCase{name: "index type", err: "float32 as type of input 1"}, noOptions, in{sx(i32, 6), sx(f, 1), si(1), si(1)}, sx(i32, 2))
	add(opCase{name: "many positions", err: "9 elements"}, noOptions, in{sx(i32, 6), si(make([]int32, 9)...), si(make([]int32, 9)...), si(make([]int32, 9)...)}, sx(i32, 2))
	add(opCase{name: "extremes"}, noOptions, in{sx(i32, 6), si(-2147483648), si(2147483647), si(2147483647)}, sx(i32, 1))
	add(opCase{name: "extremes backwards", want: "int32[1] [5]", fill: feed([]int32{0, 1, 2, 3, 4, 5})}, noOptions, in{sx(i32, 6), si(2147483647), si(-2147483648), si(-2147483648)}, sx(i32, 1))
	return cases
}

func sliceCases() (cases []opCase) {
	f, i32 := tflite.Float32, tflite.Int32
	add := func(c opCase, in []shapeArg, out shapeArg) {
		c.op, c.model = "SLICE", shapeModel("SLICE", noOptions, in, out)
		cases = append(cases, c)
	}
	for _, t := range append(movedTypes, i32, tflite.Bool) {
		add(opCase{name: fmt.Sprint("block, ", t)}, []shapeArg{sx(t, 3, 4, 5), si(1, 0, 2), si(2, -1, 3)}, sx(t, 2, 4, 3))
	}
	i64 := func(x ...int64) shapeArg { return shapeArg{typ: tflite.Int64, shape: []int{len(x)}, data: x} }
	add(opCase{name: "int64 lists, five dimensions"}, []shapeArg{sx(f, 2, 1, 3, 2, 2), i64(0, 0, 1, 0, 1), i64(2, 1, 1, 2, 1)}, sx(f, 2, 1, 1, 2, 1))
	add(opCase{name: "everything"}, []shapeArg{sx(f, 2, 3), si(0, 0), si(-1, -1)}, sx(f, 2, 3))
	add(opCase{name: "begin from data", want: "int32[2] [3 4]", fill: feed([]int32{1, 2, 3, 4}, []int32{2})}, []shapeArg{sx(i32, 4), sx(i32, 1), si(2)}, sx(i32, 2))
	add(opCase{name: "begin from bad data", err: "begin 3 and size 2 are outside of [4] in dimension 0", fill: feed(nil, []int32{3})}, []shapeArg{sx(i32, 4), sx(i32, 1), si(2)}, sx(i32, 2))
	add(opCase{name: "size from data", want: "int32[3] [2 3 4]", fill: feed([]int32{1, 2, 3, 4}, []int32{1}, []int32{-1})}, []shapeArg{sx(i32, 4), sx(i32, 1), sx(i32, 1)}, sx(i32, 2))
	add(opCase{name: "nothing", want: "int32[0] []"}, []shapeArg{sx(i32, 4), si(4), si(0)}, sx(i32, 0))
	add(opCase{name: "beyond the end", err: "are outside of [4]"}, []shapeArg{sx(i32, 4), si(1), si(4)}, sx(i32, 4))
	add(opCase{name: "negative begin", err: "are outside of [4]"}, []shapeArg{sx(i32, 4), si(-1), si(2)}, sx(i32, 2))
	add(opCase{name: "negative size", err: "are outside of [4]"}, []shapeArg{sx(i32, 4), si(1), si(-2)}, sx(i32, 2))
	add(opCase{name: "wrong length", err: "one element for each dimension"}, []shapeArg{sx(i32, 4, 2), si(1), si(2)}, sx(i32, 2))
	add(opCase{name: "missing input", err: "2 inputs, want 3"}, []shapeArg{sx(i32, 4, 2), si(1)}, sx(i32, 2))
	return cases
}
