package tflite_test

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// sideAxis is a constant scalar int32.
func sideAxis(x int32) side { return side{typ: tflite.Int32, shape: []int{}, data: []int32{x}} }

func argMax(op, name string, out side, in ...side) opCase {
	return opCase{op: op, name: name, model: aroundOp(op, modeltest.Options{}, out, in...)}
}

var argMaxCases = slices.Concat(argMaxOf("ARG_MAX"), argMaxOf("ARG_MIN"), []opCase{
	argMax("ARG_MAX", "ties", sideOf(tflite.Int32), sideOf(tflite.Int32, 5), sideAxis(0)).fedWith(elements[int32](3, 7, 7, 1, 7)).wanting("int32[] [1]"),
	argMax("ARG_MIN", "int64 index, uint8", sideOf(tflite.Int64, 1), sideU8(1, 0, 1, 4), sideAxis(1)).fedWith(elements[uint8](3, 1, 255, 1)).wanting("int64[1] [1]"),
	argMax("ARG_MAX", "int16", sideOf(tflite.Int32, 2), sideS16(1, 2, 2), sideAxis(1)).fedWith(elements[int16](3, -7, -8, 9)).wanting("int32[2] [0 1]"),
	argMax("ARG_MAX", "int64", sideOf(tflite.Int32, 2), sideOf(tflite.Int64, 2, 2), sideAxis(0)).fedWith(elements[int64](3, -7, -8, 9)).wanting("int32[2] [0 1]"),
	argMax("ARG_MAX", "bool", sideOf(tflite.Int32), sideOf(tflite.Bool, 3), sideAxis(0)).fedWith(elements[uint8](0, 1, 1)).wanting("int32[] [1]"),
	argMax("ARG_MAX", "axis from data", sideOf(tflite.Int32, 2), sideI32(2, 2, 1, 2, 4, 3), sideOf(tflite.Int32)).fedWith(elements[int32](1)).wanting("int32[2] [1 0]"),
	argMax("ARG_MAX", "axis from data, out of range", sideOf(tflite.Int32, 2), sideI32(2, 2, 1, 2, 4, 3), sideOf(tflite.Int32)).fedWith(elements[int32](2)).failing("axis 2 is out of range"),
	argMax("ARG_MAX", "axis out of range", sideOf(tflite.Int32, 2), sideF32(2, 2), sideAxis(-3)).failing("axis -3 is out of range"),
	argMax("ARG_MAX", "nothing to choose from", sideOf(tflite.Int32, 2), sideF32(2, 0), sideAxis(1)).failing("nothing along axis 1"),
	argMax("ARG_MAX", "float output", sideF32(2), sideF32(2, 2), sideAxis(1)).failing("not supported"),
	argMax("ARG_MAX", "two axes", sideOf(tflite.Int32, 2), sideF32(2, 2), sideAxes(0, 1)).failing("want one element"),
})

// elements fills inputs with x.
func elements[T tensor.Element](x ...T) func(_, _ int, _ tensor.Type) []byte {
	return func(_, _ int, _ tensor.Type) []byte { return tensor.Bytes(x) }
}

func argMaxOf(op string) []opCase {
	i32 := func(shape ...int) side { return sideOf(tflite.Int32, shape...) }
	return []opCase{
		argMax(op, "float, last", i32(2, 3), sideF32(2, 3, 20), sideAxis(-1)),
		argMax(op, "float, middle", i32(2, 20), sideF32(2, 5, 20), sideAxis(1)),
		argMax(op, "float, first", i32(3, 2), sideF32(9, 3, 2), sideAxis(0)),
		argMax(op, "int8", i32(4), sideS8(0.1, 3, 4, 100), sideAxis(1)),
		argMax(op, "one", i32(4), sideS8(0.1, 3, 4, 1), sideAxis(1)),
	}
}

func cumSum(name string, exclusive, reverse bool, out, in, axis side) opCase {
	o := modeltest.Options{Type: tflite.CumsumOptions, Fields: modeltest.Table{0: exclusive, 1: reverse}}
	return opCase{op: "CUMSUM", name: name, model: aroundOp("CUMSUM", o, out, in, axis)}
}

var cumSumCases = []opCase{
	cumSum("float", false, false, sideF32(2, 3, 4), sideF32(2, 3, 4), sideAxis(1)),
	cumSum("float, exclusive", true, false, sideF32(2, 9), sideF32(2, 9), sideAxis(-1)),
	cumSum("float, reverse", false, true, sideF32(5, 3), sideF32(5, 3), sideAxis(0)),
	cumSum("float, exclusive, reverse", true, true, sideF32(7), sideF32(7), sideAxis(0)),
	cumSum("int8", false, false, sideS8(0.3, 5, 3, 10), sideS8(0.1, -7, 3, 10), sideAxis(1)),
	cumSum("int8, first", false, false, sideS8(0.3, 5, 10, 3), sideS8(0.1, 90, 10, 3), sideAxis(0)),
	cumSum("int8, exclusive", true, false, sideS8(0.1, 5, 3, 10), sideS8(0.1, -7, 3, 10), sideAxis(1)),
	cumSum("int8, exclusive, reverse", true, true, sideS8(0.2, 0, 3, 7), sideS8(0.1, 0, 3, 7), sideAxis(1)),
	cumSum("int8, fine output", false, true, sideS8(0.01, -100, 3, 7), sideS8(0.1, 0, 3, 7), sideAxis(1)),
	cumSum("int32", false, false, sideOf(tflite.Int32, 2, 3), sideI32(2, 3, 1, 2, 3, 2147483647, 1, 0), sideAxis(1)).wanting("int32[2 3] [1 3 6 2147483647 -2147483648 -2147483648]"),
	cumSum("int64, exclusive", true, false, sideOf(tflite.Int64, 2, 2), sideI64(2, 2, 1<<40, 2, 3, 4), sideAxis(0)).wanting("int64[2 2] [0 0 1099511627776 2]"),
	cumSum("axis from data", false, false, sideOf(tflite.Int32, 2, 2), sideI32(2, 2, 1, 2, 3, 4), sideOf(tflite.Int32)).fedWith(elements[int32](-1)).wanting("int32[2 2] [1 3 3 7]"),
	cumSum("axis from data, out of range", false, false, sideOf(tflite.Int32, 2, 2), sideI32(2, 2, 1, 2, 3, 4), sideOf(tflite.Int32)).fedWith(elements[int32](5)).failing("axis 5 is out of range"),
	cumSum("axis out of range", false, false, sideF32(2), sideF32(2), sideAxis(1)).failing("axis 1 is out of range"),
	cumSum("int8, output too fine", false, false, sideS8(1e-7, 0, 2), sideS8(1, 0, 2), sideAxis(0)).failing("must lie between 0 and 1"),
	cumSum("bool", false, false, sideOf(tflite.Bool, 2), sideOf(tflite.Bool, 2), sideAxis(0)).failing("not supported"),
}

func topK(name, want string, in, k side, out ...side) opCase {
	return opCase{op: "TOPK_V2", name: name, want: want, model: aroundOps("TOPK_V2", modeltest.Options{}, out, in, k)}
}

// topKCases want what sorting by hand gives; the reference has no TOPK_V2.
var topKCases = []opCase{
	topK("int32, ties", "int32[2 3] [9 5 5 4 4 4] | int32[2 3] [3 1 2 0 1 2]",
		sideI32(2, 4, 1, 5, 5, 9, 4, 4, 4, 4), sideAxis(3), sideOf(tflite.Int32, 2, 3), sideOf(tflite.Int32, 2, 3)),
	topK("float, all", "float32[5] [3 2 0 -1 -1] | int32[5] [1 4 3 0 2]",
		side{tflite.Float32, []int{5}, 0, 0, []float32{-1, 3, -1, 0, 2}}, sideAxes(5), sideF32(5), sideOf(tflite.Int32, 5)),
	topK("int8, int16 indices and k", "int8[1 2] [127 3] | int16[1 2] [2 0]",
		side{tflite.Int8, []int{1, 3}, 0.5, 1, []int8{3, -128, 127}}, side{tflite.Int16, []int{1}, 0, 0, []int16{2}}, sideS8(0.5, 1, 1, 2), sideOf(tflite.Int16, 1, 2)),
	topK("uint8", "uint8[1] [200] | int32[1] [1]",
		side{tflite.Uint8, []int{3}, 0.5, 1, []byte{3, 200, 127}}, sideAxis(1), sideU8(0.5, 1, 1), sideOf(tflite.Int32, 1)),
	topK("int16", "int16[1] [200] | int32[1] [1]",
		side{tflite.Int16, []int{3}, 0.5, 0, []int16{3, 200, -127}}, sideAxis(1), sideS16(0.5, 1), sideOf(tflite.Int32, 1)),
	topK("int64", "int64[2 1] [1099511627776 -3] | int32[2 1] [0 0]",
		sideI64(2, 2, 1<<40, 2, -3, -4), sideAxis(1), sideOf(tflite.Int64, 2, 1), sideOf(tflite.Int32, 2, 1)),
	topK("none", "int32[2 0] [] | int32[2 0] []",
		sideI32(2, 2, 1, 2, 3, 4), sideAxis(0), sideOf(tflite.Int32, 2, 0), sideOf(tflite.Int32, 2, 0)),
	topK("k from data", "int32[2 2] [2 1 4 3] | int32[2 2] [1 0 1 0]",
		sideI32(2, 2, 1, 2, 3, 4), sideOf(tflite.Int32), sideOf(tflite.Int32, 2, 1), sideOf(tflite.Int32, 2, 1)).fedWith(elements[int32](2)),
	topK("too many", "", sideI32(2, 2, 1, 2, 3, 4), sideAxis(3), sideOf(tflite.Int32, 2, 3), sideOf(tflite.Int32, 2, 3)).failing("k is 3, want 0 to 2"),
	topK("too many from data", "", sideI32(2, 2, 1, 2, 3, 4), sideOf(tflite.Int32), sideOf(tflite.Int32, 2, 3), sideOf(tflite.Int32, 2, 3)).fedWith(elements[int32](-1)).failing("k is -1, want 0 to 2"),
	topK("scalar", "", sideF32(), sideAxis(1), sideF32(1), sideOf(tflite.Int32, 1)).failing("out of range for rank 0"),
	topK("float k", "", sideF32(3), sideF32(1), sideF32(1), sideOf(tflite.Int32, 1)).failing("not supported"),
}
