package tflite_test

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

func transposeCases() (cases []opCase) {
	f, i32 := tflite.Float32, tflite.Int32
	add := func(c opCase, x, perm, y shapeArg) {
		c.op, c.model = "TRANSPOSE", shapeModel("TRANSPOSE", noOptions, []shapeArg{x, perm}, y)
		cases = append(cases, c)
	}
	for _, t := range movedTypes {
		add(opCase{name: fmt.Sprint("matrix, ", t)}, sx(t, 3, 5), si(1, 0), sx(t, 5, 3))
		add(opCase{name: fmt.Sprint("to channels first, ", t)}, sx(t, 2, 3, 2, 3), si(0, 3, 1, 2), sx(t, 2, 3, 3, 2))
		add(opCase{name: fmt.Sprint("to channels last, ", t)}, sx(t, 2, 3, 2, 3), si(0, 2, 3, 1), sx(t, 2, 2, 3, 3))
	}
	add(opCase{name: "larger than a tile"}, sx(tflite.Int8, 37, 35), si(1, 0), sx(tflite.Int8, 35, 37))
	add(opCase{name: "nothing moves"}, sx(f, 2, 3), si(0, 1), sx(f, 2, 3))
	add(opCase{name: "rows stay whole"}, sx(f, 2, 3, 4), si(1, 0, 2), sx(f, 3, 2, 4))
	add(opCase{name: "five dimensions"}, sx(f, 2, 3, 1, 2, 3), si(4, 2, 0, 3, 1), sx(f, 3, 1, 2, 2, 3))
	add(opCase{name: "quantised"}, sx(tflite.Int8, 3, 2).q(.5, 4), si(1, 0), sx(tflite.Int8, 2, 3).q(.5, 4))
	add(opCase{name: "six dimensions", want: "int32[1 2 1 3 1 1] [1 3 5 2 4 6]", fill: feed([]int32{1, 2, 3, 4, 5, 6})}, sx(i32, 3, 1, 1, 2, 1, 1), si(2, 3, 1, 0, 4, 5), sx(i32, 1, 2, 1, 3, 1, 1))
	add(opCase{name: "int64", want: "int64[3 2] [1 4 2 5 3 6]", fill: feed([]int64{1, 2, 3, 4, 5, 6})}, sx(tflite.Int64, 2, 3), si(1, 0), sx(tflite.Int64, 3, 2))
	add(opCase{name: "bool", want: "bool[3 2] [1 0 1 1 0 1]", fill: feed([]byte{1, 1, 0, 0, 1, 1})}, sx(tflite.Bool, 2, 3), si(1, 0), sx(tflite.Bool, 3, 2))
	add(opCase{name: "permutation from data", want: "int32[2 2] [1 3 2 4]", fill: feed([]int32{1, 2, 3, 4}, []int32{1, 0})}, sx(i32, 2, 2), sx(i32, 2), sx(i32, 2, 2))
	add(opCase{name: "bad permutation from data", err: "not a permutation", fill: feed(nil, []int32{1, 1})}, sx(i32, 2, 2), sx(i32, 2), sx(i32, 2, 2))
	add(opCase{name: "twice", err: "[0 0] is not a permutation"}, sx(i32, 2, 2), si(0, 0), sx(i32, 2, 2))
	add(opCase{name: "out of range", err: "[0 2] is not a permutation"}, sx(i32, 2, 2), si(0, 2), sx(i32, 2, 2))
	add(opCase{name: "too short", err: "an axis for each dimension"}, sx(i32, 2, 2), si(0), sx(i32, 2, 2))
	add(opCase{name: "int4", err: "int4 as type of input 0"}, sx(tflite.Int4, 2, 2), si(1, 0), sx(tflite.Int4, 2, 2))
	add(opCase{name: "nine dimensions", err: "9 dimensions"}, sx(i32, 1, 1, 1, 1, 1, 1, 1, 1, 1), si(0, 1, 2, 3, 4, 5, 6, 7, 8), sx(i32, 1))
	for i := range 3 { // 0 elements
		shape := []int{2, 3, 4}
		shape[i] = 0
		add(opCase{name: fmt.Sprint("empty ", i), want: fmt.Sprintf("float32%v []", []int{shape[2], shape[0], shape[1]})}, sx(f, shape...), si(2, 0, 1), sx(f, shape...))
	}
	return cases
}

var shapeOpCases = []opCase{
	{op: "SHAPE", name: "of an input", model: shapeModel("SHAPE", noOptions, []shapeArg{sx(tflite.Float32, 2, 3, 5)}, sx(tflite.Int32, 3))},
	{op: "SHAPE", name: "of a scalar", want: "int32[0] []", model: shapeModel("SHAPE", noOptions, []shapeArg{sx(tflite.Int8)}, sx(tflite.Int32, 0))},
	{op: "SHAPE", name: "int64", want: "int64[2] [4 0]", model: shapeModel("SHAPE", noOptions, []shapeArg{sx(tflite.Int8, 4, 0)}, sx(tflite.Int64, 2))},
	{op: "SHAPE", name: "float", err: "a shape as float32", model: shapeModel("SHAPE", noOptions, []shapeArg{sx(tflite.Int8, 4, 0)}, sx(tflite.Float32, 2))},
	{op: "RANK", name: "of an input", want: "int32[] [3]", model: shapeModel("RANK", noOptions, []shapeArg{sx(tflite.Int8, 4, 1, 2)}, sx(tflite.Int32))},
}

func squeezeCases() []opCase {
	f := tflite.Float32
	dims := func(x ...int32) modeltest.Options {
		return modeltest.Options{Type: tflite.SqueezeOptions, Fields: modeltest.Table{0: x}}
	}
	squeeze := func(c opCase, o modeltest.Options, x, y shapeArg) opCase {
		c.op, c.model = "SQUEEZE", shapeModel("SQUEEZE", o, []shapeArg{x}, y)
		return c
	}
	expand := func(c opCase, x, axis, y shapeArg) opCase {
		c.op, c.model = "EXPAND_DIMS", shapeModel("EXPAND_DIMS", noOptions, []shapeArg{x, axis}, y)
		return c
	}
	cases := []opCase{
		squeeze(opCase{name: "all"}, dims(), sx(f, 1, 2, 1, 3), sx(f, 2, 3)),
		squeeze(opCase{name: "some"}, dims(-2), sx(f, 1, 2, 1, 3), sx(f, 1, 2, 3)),
		squeeze(opCase{name: "int8"}, dims(0, 2), sx(tflite.Int8, 1, 2, 1, 3).q(.5, 3), sx(tflite.Int8, 2, 3).q(.5, 3)),
		squeeze(opCase{name: "to a scalar"}, dims(), sx(tflite.Int32, 1, 1), sx(tflite.Int32)),
		squeeze(opCase{name: "not one", err: "dimension 1 of shape [1 2] is not 1"}, dims(1), sx(f, 1, 2), sx(f, 1)),
		squeeze(opCase{name: "axis", err: "axis 2 is out of range"}, dims(2), sx(f, 1, 2), sx(f, 1)),
		expand(opCase{name: "axis from bad data", fill: feed(nil, []int32{4}), err: "axis 4 is out of range"}, sx(f, 2), sx(tflite.Int32), sx(f, 1, 2)),
		expand(opCase{name: "axis from data", fill: feed([]int32{7, 8}, []int32{-1}), want: "int32[2 1] [7 8]"}, sx(tflite.Int32, 2), sx(tflite.Int32), sx(tflite.Int32, 1, 2)),
		expand(opCase{name: "axis", err: "axis 3 is out of range"}, sx(f, 2), si(3), sx(f, 1, 2)),
		expand(opCase{name: "two", want: "int32[1 2 1] [7 8]", fill: feed([]int32{7, 8})}, sx(tflite.Int32, 2), si(0, -1), sx(tflite.Int32, 1, 2, 1)),
		expand(opCase{name: "twice", err: "axis 0 is named twice"}, sx(f, 2), si(0, -3), sx(f, 1, 2)),
	}
	for _, t := range movedTypes {
		cases = append(cases, expand(opCase{name: fmt.Sprint("first, ", t)}, sx(t, 2, 3), si(0), sx(t, 1, 2, 3)),
			expand(opCase{name: fmt.Sprint("last, ", t)}, sx(t, 2, 3), s0(-1), sx(t, 2, 3, 1)))
	}
	return cases
}

func blockCases() (cases []opCase) {
	f, i8 := tflite.Float32, tflite.Int8
	pairs := func(x ...int32) shapeArg {
		return shapeArg{typ: tflite.Int32, shape: []int{len(x) / 2, 2}, data: x}
	}
	add := func(op string, c opCase, o modeltest.Options, y shapeArg, in ...shapeArg) {
		c.op, c.model = op, shapeModel(op, o, in, y)
		cases = append(cases, c)
	}
	to, from := "SPACE_TO_BATCH_ND", "BATCH_TO_SPACE_ND"
	for _, t := range []tflite.TensorType{f, i8} {
		add(to, opCase{name: fmt.Sprint("image, ", t)}, noOptions, sx(t, 12, 2, 2, 2), sx(t, 2, 4, 6, 2), si(2, 3), pairs(0, 0, 0, 0))
		add(to, opCase{name: fmt.Sprint("padding, ", t)}, noOptions, sx(t, 8, 2, 4, 1), sx(t, 2, 3, 4, 1), si(2, 2), pairs(1, 0, 3, 1))
		add(to, opCase{name: fmt.Sprint("sequence, ", t)}, noOptions, sx(t, 6, 3, 2), sx(t, 2, 5, 2), si(3), pairs(2, 2))
		add(from, opCase{name: fmt.Sprint("image, ", t)}, noOptions, sx(t, 2, 4, 6, 2), sx(t, 12, 2, 2, 2), si(2, 3), pairs(0, 0, 0, 0))
		add(from, opCase{name: fmt.Sprint("crops, ", t)}, noOptions, sx(t, 2, 3, 4, 1), sx(t, 8, 2, 4, 1), si(2, 2), pairs(1, 0, 3, 1))
		add(from, opCase{name: fmt.Sprint("sequence, ", t)}, noOptions, sx(t, 2, 5, 2), sx(t, 6, 3, 2), si(3), pairs(2, 2))
		add("DEPTH_TO_SPACE", opCase{name: fmt.Sprint("2, ", t)}, modeltest.Options{Type: tflite.DepthToSpaceOptions, Fields: modeltest.Table{0: int32(2)}}, sx(t, 2, 4, 6, 3), sx(t, 2, 2, 3, 12))
		add("DEPTH_TO_SPACE", opCase{name: fmt.Sprint("3, ", t)}, modeltest.Options{Type: tflite.DepthToSpaceOptions, Fields: modeltest.Table{0: int32(3)}}, sx(t, 1, 3, 6, 1), sx(t, 1, 1, 2, 9))
		add("SPACE_TO_DEPTH", opCase{name: fmt.Sprint("2, ", t)}, modeltest.Options{Type: tflite.SpaceToDepthOptions, Fields: modeltest.Table{0: int32(2)}}, sx(t, 2, 2, 3, 12), sx(t, 2, 4, 6, 3))
		add("SPACE_TO_DEPTH", opCase{name: fmt.Sprint("3, ", t)}, modeltest.Options{Type: tflite.SpaceToDepthOptions, Fields: modeltest.Table{0: int32(3)}}, sx(t, 1, 1, 2, 9), sx(t, 1, 3, 6, 1))
	}
	add(to, opCase{name: "zero point", want: "int8[2 2 1] [9 2 1 9]", fill: feed([]int8{1, 2})}, noOptions, sx(i8, 2, 2, 1).q(1, 9), sx(i8, 1, 2, 1).q(1, 9), si(2), pairs(1, 1))
	add(to, opCase{name: "three dimensions of blocks", want: "int8[8 1 1 1] [1 2 3 4 5 6 7 8]", fill: feed([]int8{1, 2, 3, 4, 5, 6, 7, 8})}, noOptions, sx(i8, 8, 1, 1, 1), sx(i8, 1, 2, 2, 2), si(2, 2, 2), pairs(0, 0, 0, 0, 0, 0))
	add(to, opCase{name: "not a multiple", err: "not a multiple of block size 2"}, noOptions, sx(f, 2, 2, 1), sx(f, 1, 3, 1), si(2), pairs(0, 0))
	add(to, opCase{name: "block 0", err: "block size 0"}, noOptions, sx(f, 2, 2, 1), sx(f, 1, 3, 1), si(0), pairs(0, 0))
	add(to, opCase{name: "negative padding", err: "[-1 0] is not valid"}, noOptions, sx(f, 2, 2, 1), sx(f, 1, 3, 1), si(2), pairs(-1, 0))
	add(to, opCase{name: "too many blocks", err: "do not fit input"}, noOptions, sx(f, 2, 2, 1), sx(f, 1, 3), si(2, 2), pairs(0, 0, 0, 0))
	add(to, opCase{name: "huge block", err: "a dimension of 2 times 1073741824 is not possible"}, noOptions, sx(f, 2, 2, 1), sx(f, 2, 3, 1), si(1<<30), pairs(1<<30-3, 0))
	add(from, opCase{name: "batches", err: "3 batches cannot be put together"}, noOptions, sx(f, 2, 2, 1), sx(f, 3, 3, 1), si(2), pairs(0, 0))
	add(from, opCase{name: "crops too large", err: "cannot be cropped by [3 4]"}, noOptions, sx(f, 2, 2, 1), sx(f, 4, 3, 1), si(2), pairs(3, 4))
	add(from, opCase{name: "crops from data", want: "int8[1 1 1] [2]", fill: feed([]int8{1, 2}, []int32{1, 0})}, noOptions, sx(i8, 1, 1, 1), sx(i8, 2, 1, 1), si(2), sx(tflite.Int32, 1, 2))
	add(from, opCase{name: "all is cropped", want: "int8[1 0 1] []"}, noOptions, sx(i8, 1, 1, 1), sx(i8, 2, 1, 1), si(2), pairs(1, 1))
	add("DEPTH_TO_SPACE", opCase{name: "block 0", err: "block size 0"}, noOptions, sx(f, 1, 2, 2, 1), sx(f, 1, 1, 1, 4))
	add("DEPTH_TO_SPACE", opCase{name: "channels", err: "3 channels are not a multiple"}, modeltest.Options{Type: tflite.DepthToSpaceOptions, Fields: modeltest.Table{0: int32(2)}}, sx(f, 1, 2, 2, 1), sx(f, 1, 1, 1, 3))
	add("DEPTH_TO_SPACE", opCase{name: "rank", err: "want rank [4]"}, modeltest.Options{Type: tflite.DepthToSpaceOptions, Fields: modeltest.Table{0: int32(2)}}, sx(f, 2, 2, 1), sx(f, 1, 1, 4))
	add("SPACE_TO_DEPTH", opCase{name: "odd", err: "cannot be cut into squares of 2"}, modeltest.Options{Type: tflite.SpaceToDepthOptions, Fields: modeltest.Table{0: int32(2)}}, sx(f, 1, 2, 2, 1), sx(f, 1, 3, 2, 1))
	add("SPACE_TO_DEPTH", opCase{name: "huge block", err: "block size 2147483647"}, modeltest.Options{Type: tflite.SpaceToDepthOptions, Fields: modeltest.Table{0: int32(2147483647)}}, sx(f, 1, 2, 2, 1), sx(f, 1, 3, 2, 1))
	return cases
}

func broadcastToCases() (cases []opCase) {
	f, i8, i32 := tflite.Float32, tflite.Int8, tflite.Int32
	add := func(op string, c opCase, y shapeArg, in ...shapeArg) {
		c.op, c.model = op, shapeModel(op, noOptions, in, y)
		cases = append(cases, c)
	}
	for _, t := range append(movedTypes, i32, tflite.Int64, tflite.Bool) {
		add("BROADCAST_TO", opCase{name: fmt.Sprint("rows and columns, ", t)}, sx(t, 2, 3, 2, 4), sx(t, 3, 1, 4), si(2, 3, 2, 4))
	}
	add("BROADCAST_TO", opCase{name: "innermost"}, sx(f, 3, 4), sx(f, 3, 1), si(3, 4))
	add("BROADCAST_TO", opCase{name: "a scalar"}, sx(f, 2, 3), sx(f), si(2, 3))
	add("BROADCAST_TO", opCase{name: "int64 shape"}, sx(f, 2, 3), sx(f, 3), shapeArg{typ: tflite.Int64, shape: []int{2}, data: []int64{2, 3}})
	add("BROADCAST_TO", opCase{name: "shape from data", want: "int32[2 2] [4 5 4 5]", fill: feed([]int32{4, 5}, []int32{2, 2})}, sx(i32, 2, 2), sx(i32, 2), sx(i32, 2))
	add("BROADCAST_TO", opCase{name: "huge", err: "too large", fill: feed([]int32{4}, []int32{1 << 30, 1 << 30})}, sx(i32, 2, 2), sx(i32, 1), sx(i32, 2))
	add("BROADCAST_TO", opCase{name: "no fit", err: "do not broadcast"}, sx(f, 2, 4), sx(f, 3), si(2, 4))
	add("BROADCAST_TO", opCase{name: "smaller", err: "cannot be broadcast to"}, sx(f, 2, 1), sx(f, 2, 3), si(2, 1))
	add("BROADCAST_TO", opCase{name: "lower rank", err: "cannot be broadcast to 1 dimensions"}, sx(f, 3), sx(f, 1, 3), si(3))
	add("BROADCAST_TO", opCase{name: "negative", err: "is negative"}, sx(f, 3), sx(f, 1), si(-3))

	args := "BROADCAST_ARGS"
	list := func(x ...int64) shapeArg { return shapeArg{typ: tflite.Int64, shape: []int{len(x)}, data: x} }
	add(args, opCase{name: "constants"}, sx(i32, 3), si(2, 1, 5), si(3, 1))
	add(args, opCase{name: "int64"}, sx(tflite.Int64, 2), list(7), list(1, 1))
	add(args, opCase{name: "from data", fill: feed([]int32{1, 4}, []int32{6, 1})}, sx(i32, 2), sx(i32, 2), sx(i32, 2))
	add(args, opCase{name: "with a scalar's", want: "int32[2] [3 4]"}, sx(i32, 2), si(3, 4), sx(i32, 0).of([]int32{}))
	add(args, opCase{name: "no fit", err: "dimensions 4 and 6 (element 1)", fill: feed([]int32{1, 4}, []int32{2, 6})}, sx(i32, 2), sx(i32, 2), sx(i32, 2))
	add(args, opCase{name: "types", err: "want the same type"}, sx(i32, 2), si(1), list(1))

	add("TILE", opCase{name: "both", want: "int32[2 4] [1 2 1 2 1 2 1 2]", fill: feed([]int32{1, 2})}, sx(i32, 2, 4), sx(i32, 1, 2), si(2, 2))
	add("TILE", opCase{name: "rows", want: "int8[4 1 2] [1 2 3 4 1 2 3 4]", fill: feed([]int8{1, 2, 3, 4})}, sx(i8, 4, 1, 2), sx(i8, 2, 1, 2), si(2, 1, 1))
	add("TILE", opCase{name: "elements", want: "int8[2 3] [1 1 1 2 2 2]", fill: feed([]int8{1, 2})}, sx(i8, 2, 3), sx(i8, 2, 1), si(1, 3))
	add("TILE", opCase{name: "noOptions", want: "int8[0] []"}, sx(i8, 0), sx(i8, 2), si(0))
	add("TILE", opCase{name: "from data", want: "int32[6] [1 2 1 2 1 2]", fill: feed([]int32{1, 2}, []int32{3})}, sx(i32, 6), sx(i32, 2), sx(i32, 1))
	add("TILE", opCase{name: "huge from data", err: "too large", fill: feed([]int32{1, 2}, []int32{1 << 29})}, sx(i32, 6), sx(i32, 2), sx(i32, 1))
	add("TILE", opCase{name: "over the limit", err: "needs 536870920 bytes of memory, over the limit", fill: feed([]int32{1, 2}, []int32{67108865})}, sx(i32, 6), sx(i32, 2), sx(i32, 1))
	add("TILE", opCase{name: "overflow", err: "is not possible"}, sx(i32, 6), sx(i32, 2), si(2147483647))
	add("TILE", opCase{name: "negative", err: "is negative"}, sx(i32, 6), sx(i32, 2), si(-1))
	add("TILE", opCase{name: "rank", err: "a number for each dimension"}, sx(i32, 6), sx(i32, 2), si(1, 1))

	for _, t := range []tflite.TensorType{f, i8, i32} {
		add("FILL", opCase{name: fmt.Sprint(t)}, sx(t, 2, 3), si(2, 3), sx(t))
	}
	add("FILL", opCase{name: "shape from data", want: "int32[2 2] [9 9 9 9]", fill: feed([]int32{2, 2}, []int32{9})}, sx(i32, 2, 2), sx(i32, 2), sx(i32))
	add("FILL", opCase{name: "int64", want: "int64[3] [-9 -9 -9]", fill: feed([]int64{-9})}, sx(tflite.Int64, 3), si(3), sx(tflite.Int64))
	add("FILL", opCase{name: "huge", err: "too large", fill: feed([]int32{1 << 30, 1 << 30}, []int32{9})}, sx(i32, 2, 2), sx(i32, 2), sx(i32))
	add("FILL", opCase{name: "negative", err: "is negative", fill: feed([]int32{2, -1}, []int32{9})}, sx(i32, 2, 2), sx(i32, 2), sx(i32))
	add("FILL", opCase{name: "two values", err: "want one element"}, sx(i32, 2), si(2), sx(i32, 2))
	add("FILL", opCase{name: "float shape", err: "float32 as type of input 0"}, sx(i32, 2), sx(f, 2), sx(i32))

	for _, t := range append(movedTypes, i32, tflite.Int64, tflite.Uint8, tflite.Bool) {
		add("REVERSE_V2", opCase{name: fmt.Sprint("last, ", t)}, sx(t, 2, 3, 4), sx(t, 2, 3, 4), si(-1))
		add("REVERSE_V2", opCase{name: fmt.Sprint("two, ", t)}, sx(t, 2, 3, 4), sx(t, 2, 3, 4), si(1, 0))
	}
	add("REVERSE_V2", opCase{name: "apart", want: "int32[2 1 2] [4 3 2 1]", fill: feed([]int32{1, 2, 3, 4})}, sx(i32, 2, 1, 2), sx(i32, 2, 1, 2), si(0, 2))
	add("REVERSE_V2", opCase{name: "axis from data", want: "int32[4] [4 3 2 1]", fill: feed([]int32{1, 2, 3, 4}, []int32{0})}, sx(i32, 4), sx(i32, 4), sx(i32, 1))
	add("REVERSE_V2", opCase{name: "axis from bad data", err: "axis 1 is out of range", fill: feed(nil, []int32{1})}, sx(i32, 4), sx(i32, 4), sx(i32, 1))
	add("REVERSE_V2", opCase{name: "twice", err: "axis 0 is named twice"}, sx(i32, 4), sx(i32, 4), si(0, -1))
	add("REVERSE_V2", opCase{name: "axis", err: "axis 1 is out of range"}, sx(i32, 4), sx(i32, 4), si(1))
	add("REVERSE_V2", opCase{name: "empty", want: "int32[0] []"}, sx(i32, 0), sx(i32, 0), si(0))
	return cases
}
