package tflite_test

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

func gatherCases() (cases []opCase) {
	f, i8, i32 := tflite.Float32, tflite.Int8, tflite.Int32
	opts := func(axis, batch int32) modeltest.Options {
		return modeltest.Options{Type: tflite.GatherOptions, Fields: modeltest.Table{0: axis, 1: batch}}
	}
	add := func(op string, c opCase, o modeltest.Options, y shapeArg, in ...shapeArg) {
		c.op, c.model = op, shapeModel(op, o, in, y)
		cases = append(cases, c)
	}
	for _, t := range []tflite.TensorType{f, i8} {
		add("GATHER", opCase{name: fmt.Sprint("axis 0, ", t)}, opts(0, 0), sx(t, 3, 2, 2), sx(t, 4, 2, 2), si(3, 0, 3))
		add("GATHER", opCase{name: fmt.Sprint("axis 1, matrix of indices, ", t)}, opts(-2, 0), sx(t, 2, 2, 2, 3), sx(t, 2, 4, 3), shapeArg{typ: i32, shape: []int{2, 2}, data: []int32{0, 3, 2, 2}})
		add("GATHER", opCase{name: fmt.Sprint("batch, ", t)}, opts(1, 1), sx(t, 2, 2, 3), sx(t, 2, 3, 3), shapeArg{typ: i32, shape: []int{2, 2}, data: []int32{0, 2, 2, 1}})
		add("GATHER", opCase{name: fmt.Sprint("batch and outer, ", t)}, opts(2, -1), sx(t, 2, 2, 2), sx(t, 2, 2, 3), shapeArg{typ: i32, shape: []int{2, 2}, data: []int32{0, 2, 2, 1}})
		add("GATHER_ND", opCase{name: fmt.Sprint("elements, ", t)}, noOptions, sx(t, 3), sx(t, 2, 3), shapeArg{typ: i32, shape: []int{3, 2}, data: []int32{0, 2, 1, 0, 1, 1}})
		add("GATHER_ND", opCase{name: fmt.Sprint("slices, ", t)}, noOptions, sx(t, 2, 1, 2), sx(t, 3, 2, 2), shapeArg{typ: i32, shape: []int{2, 1, 2}, data: []int32{2, 1, 0, 0}})
	}
	add("GATHER", opCase{name: "one index"}, opts(1, 0), sx(f, 2), sx(f, 2, 3), s0(1))
	add("GATHER", opCase{name: "indices from data", fill: feed(nil, []int32{2, 0})}, opts(0, 0), sx(f, 2, 2), sx(f, 3, 2), sx(i32, 2))
	add("GATHER", opCase{name: "int64 indices", want: "int32[2] [8 7]", fill: feed([]int32{7, 8}, []int64{1, 0})}, opts(0, 0), sx(i32, 2), sx(i32, 2), sx(tflite.Int64, 2))
	add("GATHER", opCase{name: "index beyond", err: "index 3 (element 1) is outside of a dimension of 3", fill: feed(nil, []int32{2, 3})}, opts(0, 0), sx(f, 2), sx(f, 3), sx(i32, 2))
	add("GATHER", opCase{name: "negative index", err: "index -1 (element 0) is outside of a dimension of 3", fill: feed(nil, []int32{-1, 1})}, opts(0, 0), sx(f, 2), sx(f, 3), sx(i32, 2))
	add("GATHER", opCase{name: "huge index", err: "beyond 32 bits", fill: feed(nil, []int64{1 << 40})}, opts(0, 0), sx(f, 1), sx(f, 3), sx(tflite.Int64, 1))
	add("GATHER", opCase{name: "axis", err: "axis 1 is out of range"}, opts(1, 0), sx(f, 2), sx(f, 3), sx(i32, 2))
	add("GATHER", opCase{name: "batch beyond axis", err: "1 batch dimensions, want 0 to 0"}, opts(0, 1), sx(f, 2), sx(f, 2), sx(i32, 2))
	add("GATHER", opCase{name: "batches differ", err: "differ in batch dimension 0"}, opts(1, 1), sx(f, 2, 1), sx(f, 2, 3), sx(i32, 3, 1))
	add("GATHER", opCase{name: "float indices", err: "float32 as type of input 1"}, opts(0, 0), sx(f, 2), sx(f, 2), sx(f, 3))
	add("GATHER", opCase{name: "from nothing", err: "is outside of a dimension of 0", fill: feed([]int32{0})}, opts(0, 0), sx(f, 1), sx(f, 0).of([]float32{}), sx(i32, 1))
	nd := "GATHER_ND"
	add(nd, opCase{name: "no index", want: "int32[2 1] [5 5]", fill: feed([]int32{5})}, noOptions, sx(i32, 2, 1), sx(i32, 1), sx(i32, 2, 0).of([]int32{}))
	add(nd, opCase{name: "index beyond", err: "index 2 (element 3) is outside of a dimension of 2", fill: feed(nil, []int32{0, 0, 1, 2})}, noOptions, sx(f, 2), sx(f, 2, 2), sx(i32, 2, 2))
	add(nd, opCase{name: "index too long", err: "indices of 2 numbers into shape [2]"}, noOptions, sx(f, 2), sx(f, 2), sx(i32, 2, 2))
	add(nd, opCase{name: "scalar", err: "want no scalar"}, noOptions, sx(f, 2), sx(f), sx(i32, 2, 2))

	el := "EMBEDDING_LOOKUP"
	rows := []int8{1, -2, 3, 127, -128, 0}
	add(el, opCase{name: "float"}, noOptions, sx(f, 3, 2, 2), si(1, 3, 1), sx(f, 4, 2, 2))
	add(el, opCase{name: "int8"}, noOptions, sx(i8, 2, 3).q(.5, 0), si(3, 0), sx(i8, 4, 3).q(.5, 0))
	add(el, opCase{name: "hybrid"}, noOptions, sx(f, 2, 2), si(2, 0), sx(i8, 3, 2).of(rows).q(.37, 0))
	add(el, opCase{name: "hybrid, lookups from data", fill: feed([]int32{2, 1, 1})}, noOptions, sx(f, 3, 2), sx(i32, 3), sx(i8, 3, 2).of(rows).q(.37, 0))
	perRow := modeltest.Quant{Scale: []float32{1, .5, .25}, Zero: []int64{0, 0, 0}}
	add(el, opCase{name: "hybrid, a scale each row", want: "float32[2 2] [1.5 63.5 -32 0]"}, noOptions, sx(f, 2, 2), si(1, 2), shapeArg{i8, []int{3, 2}, rows, []modeltest.TensorOption{perRow}})
	add(el, opCase{name: "hybrid, int4", want: "float32[2 3] [-8 7 1 2 -1 0]"}, noOptions, sx(f, 2, 3), si(1, 0), shapeArg{tflite.Int4, []int{2, 3}, []byte{0xf2, 0x80, 0x17}, []modeltest.TensorOption{modeltest.Quant{Scale: []float32{1}, Zero: []int64{0}}}})
	add(el, opCase{name: "hybrid with a zero point", err: "zero point 3"}, noOptions, sx(f, 2, 2), si(1, 2), sx(i8, 3, 2).of(rows).q(.37, 3))
	add(el, opCase{name: "hybrid without scale", err: "no quantisation parameters"}, noOptions, sx(f, 2, 2), si(1, 2), sx(i8, 3, 2).of(rows))
	add(el, opCase{name: "row beyond", err: "index 3 (element 1) is outside of a dimension of 3", fill: feed([]int32{2, 3})}, noOptions, sx(f, 2, 2), sx(i32, 2), sx(i8, 3, 2).of(rows).q(.37, 0))
	add(el, opCase{name: "negative row", err: "index -1 (element 0)"}, noOptions, sx(f, 1, 2), si(-1), sx(f, 3, 2))
	add(el, opCase{name: "a list", err: "want rank 2 or more"}, noOptions, sx(f, 1), si(1), sx(f, 3))
	return cases
}

func scatterCases() (cases []opCase) {
	f, i8, i32 := tflite.Float32, tflite.Int8, tflite.Int32
	add := func(op string, c opCase, y shapeArg, in ...shapeArg) {
		c.op, c.model = op, shapeModel(op, noOptions, in, y)
		cases = append(cases, c)
	}
	sc := "SCATTER_ND"
	m := func(rows, columns int, x ...int32) shapeArg {
		return shapeArg{typ: i32, shape: []int{rows, columns}, data: x}
	}
	add(sc, opCase{name: "elements add up", want: "int32[5] [0 4 0 2 0]", fill: feed([]int32{1, 2, 3})}, sx(i32, 5), m(3, 1, 1, 3, 1), sx(i32, 3), si(5))
	add(sc, opCase{name: "slices, float", want: "float32[2 2] [0 0 4 6]", fill: feed([]float32{1, 2, 3, 4})}, sx(f, 2, 2), m(2, 1, 1, 1), sx(f, 2, 2), si(2, 2))
	add(sc, opCase{name: "int8 wraps", want: "int8[2 2] [0 -128 0 0]", fill: feed([]int8{127, 1})}, sx(i8, 2, 2), m(2, 2, 0, 1, 0, 1), sx(i8, 2), si(2, 2))
	add(sc, opCase{name: "int16", want: "int16[2] [0 5]", fill: feed([]byte{5, 0})}, sx(tflite.Int16, 2), m(1, 1, 1), sx(tflite.Int16, 1), si(2))
	add(sc, opCase{name: "int64, all from data", want: "int64[3] [0 0 7]", fill: feed([]int32{2}, []int64{7}, []int32{3})}, sx(tflite.Int64, 3), sx(i32, 1, 1), sx(tflite.Int64, 1), sx(i32, 1))
	add(sc, opCase{name: "index beyond", err: "index 5 (element 0) is outside of a dimension of 5", fill: feed([]int32{1})}, sx(i32, 5), m(1, 1, 5), sx(i32, 1), si(5))
	add(sc, opCase{name: "shapes from data", err: "input 1 has shape [1], want [1 2]", fill: feed([]int32{0}, []int32{3, 2})}, sx(i32, 5), m(1, 1, 0), sx(i32, 1), sx(i32, 2))
	add(sc, opCase{name: "index too long", err: "indices of 2 numbers into 1 dimensions"}, sx(i32, 5), m(1, 2, 0, 0), sx(i32, 1), si(5))
	add(sc, opCase{name: "shapes", err: "want [1]"}, sx(i32, 5), m(1, 1, 0), sx(i32, 2), si(5))

	up := "DYNAMIC_UPDATE_SLICE"
	for _, t := range append(movedTypes, i32) {
		add(up, opCase{name: fmt.Sprint("block, ", t)}, sx(t, 3, 4), sx(t, 3, 4), sx(t, 2, 2), si(1, 1))
	}
	add(up, opCase{name: "clamped"}, sx(f, 3, 4), sx(f, 3, 4), sx(f, 2, 2), si(7, -3))
	add(up, opCase{name: "start from data, int64", fill: feed(nil, nil, []int64{1 << 40, -1 << 40})}, sx(f, 3, 4), sx(f, 3, 4), sx(f, 1, 2), sx(tflite.Int64, 2))
	add(up, opCase{name: "everything"}, sx(f, 3, 2), sx(f, 3, 2), sx(f, 3, 2), si(1, 1))
	add(up, opCase{name: "nothing", want: "int32[2] [4 5]", fill: feed([]int32{4, 5})}, sx(i32, 2), sx(i32, 2), sx(i32, 0).of([]int32{}), si(1))
	add(up, opCase{name: "too large", err: "does not fit"}, sx(f, 3), sx(f, 3), sx(f, 4), si(0))
	add(up, opCase{name: "rank", err: "do not agree"}, sx(f, 3), sx(f, 3), sx(f, 1, 1), si(0))
	add(up, opCase{name: "start's length", err: "do not agree"}, sx(f, 3), sx(f, 3), sx(f, 1), si(0, 0))
	add(up, opCase{name: "types", err: "want the same type"}, sx(f, 3), sx(f, 3), sx(i32, 1), si(0))
	return cases
}

func rangeCases() (cases []opCase) {
	f, i32, i64 := tflite.Float32, tflite.Int32, tflite.Int64
	add := func(op string, c opCase, o modeltest.Options, y shapeArg, in ...shapeArg) {
		c.op, c.model = op, shapeModel(op, o, in, y)
		cases = append(cases, c)
	}
	r := "RANGE"
	add(r, opCase{name: "constants", want: "int32[3] [1 3 5]"}, noOptions, sx(i32, 3), s0(1), s0(6), s0(2))
	add(r, opCase{name: "down", want: "int32[3] [5 3 1]"}, noOptions, sx(i32, 3), s0(5), s0(0), s0(-2))
	add(r, opCase{name: "from data", want: "int64[4] [0 1 2 3]", fill: feed([]int64{0}, []int64{4}, []int64{1})}, noOptions, sx(i64, 4), sx(i64), sx(i64), sx(i64))
	add(r, opCase{name: "float adds up", want: "float32[4] [0 0.1 0.2 0.3]", fill: feed([]float32{0}, []float32{.4}, []float32{.1})}, noOptions, sx(f, 4), sx(f), sx(f), sx(f))
	add(r, opCase{name: "the wrong way", want: "int32[0] []"}, noOptions, sx(i32, 0), s0(5), s0(9), s0(-1))
	add(r, opCase{name: "no step", err: "in steps of 0 is not possible", fill: feed([]int32{1}, []int32{1}, []int32{0})}, noOptions, sx(i32, 0), sx(i32), sx(i32), sx(i32))
	add(r, opCase{name: "float, no step", err: "is not possible", fill: feed([]float32{1}, []float32{2}, []float32{0})}, noOptions, sx(f, 0), sx(f), sx(f), sx(f))
	add(r, opCase{name: "tiny step", err: "is not possible", fill: feed([]float32{0}, []float32{1}, []float32{1e-38})}, noOptions, sx(f, 0), sx(f), sx(f), sx(f))
	add(r, opCase{name: "not a number", err: "is not possible", fill: feed([]byte{0, 0, 0xc0, 0x7f}, []float32{1}, []float32{1})}, noOptions, sx(f, 0), sx(f), sx(f), sx(f))
	add(r, opCase{name: "all of int64", err: "is not possible", fill: feed([]int64{-1 << 63}, []int64{1<<63 - 1}, []int64{1})}, noOptions, sx(i64, 0), sx(i64), sx(i64), sx(i64))
	add(r, opCase{name: "huge", err: "too large", fill: feed([]int32{0}, []int32{1<<31 - 1}, []int32{1})}, noOptions, sx(i32, 0), sx(i32), sx(i32), sx(i32))
	add(r, opCase{name: "extreme steps", want: "int64[2] [9223372036854775807 -1]", fill: feed([]int64{1<<63 - 1}, []int64{-1 << 63}, []int64{-1 << 63})}, noOptions, sx(i64, 0), sx(i64), sx(i64), sx(i64))
	add(r, opCase{name: "types", err: "want the same type"}, noOptions, sx(i32, 0), s0(1), s0(2), sx(i64))
	add(r, opCase{name: "lists", err: "want one element"}, noOptions, sx(i32, 0), s0(1), s0(2), si(1, 2))

	axis := func(a int32) modeltest.Options {
		return modeltest.Options{Type: tflite.OneHotOptions, Fields: modeltest.Table{0: a}}
	}
	on, off := sx(f).of([]float32{2}), sx(f).of([]float32{-1})
	h := "ONE_HOT"
	add(h, opCase{name: "last axis", want: "float32[4 3] [2 -1 -1 -1 -1 2 -1 -1 -1 -1 -1 -1]"}, axis(-1), sx(f, 4, 3), si(0, 2, -1, 3), s0(3), on, off)
	add(h, opCase{name: "first axis", want: "float32[3 2] [2 -1 -1 -1 -1 2]"}, axis(0), sx(f, 3, 2), si(0, 2), s0(3), on, off)
	add(h, opCase{name: "middle", want: "int8[2 2 2] [5 1 1 5 1 5 5 1]"}, axis(1), sx(tflite.Int8, 2, 2, 2), shapeArg{typ: i32, shape: []int{2, 2}, data: []int32{0, 1, 1, 0}}, s0(2), sx(tflite.Int8).of([]int8{5}), sx(tflite.Int8).of([]int8{1}))
	add(h, opCase{name: "depth from data", want: "float32[2] [-1 2]", fill: feed([]int64{1}, []int32{2})}, axis(-1), sx(f, 2), sx(i64), sx(i32), on, off)
	add(h, opCase{name: "negative depth", err: "depth -2 is negative", fill: feed([]int64{1}, []int32{-2})}, axis(-1), sx(f, 2), sx(i64), sx(i32), on, off)
	add(h, opCase{name: "huge depth", err: "too large", fill: feed([]int64{1}, []int32{1 << 30})}, axis(-1), sx(f, 2), sx(i64), sx(i32), on, off)
	add(h, opCase{name: "axis", err: "axis 2 is out of range"}, axis(2), sx(f, 4, 3), si(0), s0(3), on, off)
	add(h, opCase{name: "types", err: "want the same type"}, axis(0), sx(f, 4, 3), si(0), s0(3), on, s0(1))

	w := "WHERE"
	add(w, opCase{name: "bool", want: "int64[3 2] [0 1 1 0 1 2]", fill: feed([]byte{0, 1, 0, 1, 0, 1})}, noOptions, sx(i64, 0, 2), sx(tflite.Bool, 2, 3))
	add(w, opCase{name: "float", want: "int64[2 1] [1 3]", fill: feed([]byte{0, 0, 0, 0x80, 0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 0, 0xc0, 0x7f})}, noOptions, sx(i64, 0, 1), sx(f, 4))
	add(w, opCase{name: "int64", want: "int64[1 1] [1]", fill: feed([]int64{0, -1 << 63})}, noOptions, sx(i64, 0, 1), sx(i64, 2))
	add(w, opCase{name: "nothing", want: "int64[0 3] []", fill: feed([]byte{0, 0})}, noOptions, sx(i64, 0, 3), sx(tflite.Bool, 1, 2, 1))
	add(w, opCase{name: "constant", want: "int64[1 1] [2]"}, noOptions, sx(i64, 0, 1), si(0, 0, 4))
	return cases
}
