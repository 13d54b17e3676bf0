package tflite_test

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

func keepDims(keep bool) modeltest.Options {
	return modeltest.Options{Type: tflite.ReducerOptions, Fields: modeltest.Table{0: keep}}
}

func reduced(op, name string, keep bool, axes, out, in side) opCase {
	return opCase{op: op, name: name, model: aroundOp(op, keepDims(keep), out, in, axes)}
}

func allLeast(n int) string {
	return fmt.Sprintf("int8[%d] %d", n, slices.Repeat([]int{-128}, n))
}

var reduceCases = slices.Concat(
	reduceOn("MEAN", tflite.Float32, tflite.Int8, tflite.Int16),
	reduceOn("SUM", tflite.Float32, tflite.Int8, tflite.Int16),
	reduceOn("REDUCE_MAX", tflite.Float32, tflite.Int8),
	reduceOn("REDUCE_MIN", tflite.Float32, tflite.Int8),
	reduceOn("REDUCE_ALL", tflite.Bool),
	meanCases, litertReduceCases, wrongReduceCases,
)

// reduceOn returns the cases of an operator for each type that the reference has.
func reduceOn(op string, types ...tflite.TensorType) (cases []opCase) {
	for _, typ := range types {
		of := func(shape ...int) side {
			switch typ {
			case tflite.Int8:
				return sideS8(0.05, -7, shape...)
			case tflite.Int16:
				return sideS16(0.001, shape...)
			}
			return sideOf(typ, shape...)
		}
		add := func(name string, keep bool, axes, out, in side) {
			cases = append(cases, reduced(op, typ.String()+" "+name, keep, axes, out, in))
		}
		add("h and w, kept", true, sideAxes(1, 2), of(2, 1, 1, 5), of(2, 4, 3, 5))
		add("w and h", false, sideAxes(2, 1), of(2, 5), of(2, 4, 3, 5))
		add("last", false, sideAxes(-1), of(2, 3), of(2, 3, 50))
		add("first and last", true, sideAxes(0, -1), of(1, 3, 1), of(4, 3, 17))
		add("every other", false, sideAxes(0, 2, 4), of(3, 2), of(2, 3, 2, 2, 3))
		add("all", false, sideAxes(0, 1, 2), of(), of(3, 2, 4))
		add("twice the same", false, sideAxes(1, -2, 1), of(3, 4), of(3, 2, 4))
		add("ones", false, sideAxes(1, 2), of(3, 4), of(3, 1, 1, 4))
		add("no axes", false, side{typ: tflite.Int32, shape: []int{0}, data: []int32{}}, of(3, 4), of(3, 4))
		add("scalar axis", true, side{typ: tflite.Int32, shape: []int{}, data: []int32{1}}, of(3, 1), of(3, 4))
	}
	return cases
}

// meanCases are about scales.
var meanCases = []opCase{
	reduced("MEAN", "int8, finer output", false, sideAxes(1, 2), sideS8(0.01, 90, 1, 9), sideS8(0.05, 3, 1, 3, 5, 9)),
	reduced("MEAN", "int8, coarser output", false, sideAxes(1, 2), sideS8(0.9, -128, 1, 9), sideS8(0.05, 127, 1, 3, 5, 9)),
	reduced("MEAN", "int8, many", false, sideAxes(0), sideS8(0.004, -1, 3), sideS8(0.05, -100, 3000, 3)),
	reduced("MEAN", "int16, saturating", false, sideAxes(0), sideS16(0.00001, 3), sideS16(0.05, 7, 3)),
	reduced("MEAN", "int8, minute scale", false, sideAxes(0), sideS8(1e20, 4, 3), sideS8(1e-5, 0, 7, 3)),
	reduced("SUM", "int8, coarser output", false, sideAxes(1), sideS8(1.3, -20, 4), sideS8(0.05, 30, 4, 60)),
	reduced("SUM", "int8, saturating", false, sideAxes(1), sideS8(0.01, -20, 4), sideS8(0.05, 30, 4, 60)),
	reduced("SUM", "int16, coarser output", false, sideAxes(1), sideS16(0.01, 4), sideS16(0.0005, 4, 60)),
}

var wrongReduceCases = []opCase{
	reduced("SUM", "axes from data", false, sideOf(tflite.Int32, 1), sideF32(2), side{tflite.Float32, []int{2, 2}, 0, 0, []float32{1, 2, 3, 4}}).fedWith(elements[int32](-2)).wanting("float32[2] [4 6]"),
	reduced("SUM", "axes from data, kept", true, sideOf(tflite.Int32, 2), sideF32(1, 1), side{tflite.Float32, []int{2, 2}, 0, 0, []float32{1, 2, 3, 4}}).fedWith(elements[int32](1, 1)).wanting("float32[2 1] [3 7]"),
	reduced("SUM", "axes from data, all", false, sideOf(tflite.Int32, 2), sideF32(), side{tflite.Float32, []int{2, 2}, 0, 0, []float32{1, 2, 3, 4}}).fedWith(elements[int32](1, 0)).wanting("float32[] [10]"),
	reduced("SUM", "axes from data, too few", false, sideOf(tflite.Int32, 2), sideF32(), sideF32(2, 2)).fedWith(elements[int32](1, 1, 1, 1)).failing("axis 0 is not among those"),
	reduced("SUM", "axes from data, out of range", true, sideOf(tflite.Int32, 1), sideF32(1), sideF32(2)).fedWith(elements[int32](1)).failing("axis 1 is out of range"),
	opCase{op: "SUM", name: "axes left out", model: func(m *modeltest.Model) {
		x, y := m.Input("x", tflite.Float32, []int{2, 2}), m.Tensor("y", tflite.Float32, []int{})
		m.Op("SUM", 1, keepDims(false), []int{x, -1}, []int{y})
		m.Outputs(y)
	}}.fedWith(elements[float32](1, 2, 3, 4)).wanting("float32[] [10]"),
	reduced("MEAN", "axis out of range", false, sideAxes(3), sideF32(2), sideF32(2, 2)).failing("axis 3 is out of range for rank 2"),
	reduced("MEAN", "axes of a wrong type", false, sideF32(1), sideF32(2), sideF32(2, 2)).failing("float32 where int32 or int64"),
	reduced("MEAN", "not quantised", false, sideAxes(1), sideS8(0, 0, 2), sideS8(0, 0, 2, 2)).failing("no quantisation parameters"),
	reduced("MEAN", "bool", false, sideAxes(1), sideOf(tflite.Bool, 2), sideOf(tflite.Bool, 2, 2)).failing("not supported"),
	reduced("REDUCE_MAX", "other scale", false, sideAxes(1), sideS8(0.1, 0, 2), sideS8(0.2, 0, 2, 2)).failing("want the same quantisation"),
	reduced("REDUCE_ALL", "int8", false, sideAxes(1), sideS8(0.1, 0, 2), sideS8(0.1, 0, 2, 2)).failing("not supported"),
	reduced("MEAN", "empty", false, sideAxes(0), sideF32(3), sideF32(0, 3)).wanting("float32[3] [0 0 0]"),
	reduced("SUM", "empty", false, sideAxes(0), sideS8(0.1, 5, 3), sideS8(0.1, 5, 0, 3)).wanting("int8[3] [0 0 0]"),
	reduced("REDUCE_MAX", "nothing to reduce to", false, sideAxes(0), sideS8(0.1, 5, 0), sideS8(0.1, 5, 2, 0)).wanting("int8[0] []"),
}

// litertReduceCases are about operators and types that only LiteRT has.
var litertReduceCases = []opCase{
	onLiteRT("SUM", "int32", sideAxes(0), sideOf(tflite.Int32, 2), sideI32(3, 2, 1, 2, 3, -4, 5, 2147483647), "int32[2] [9 2147483645]"),
	onLiteRT("MEAN", "int32, cut", sideAxes(0), sideOf(tflite.Int32, 2), sideI32(3, 2, 1, -2, 3, -4, 4, -2), "int32[2] [2 -2]"),
	onLiteRT("MEAN", "int64, cut", sideAxes(0), sideOf(tflite.Int64, 2), sideI64(2, 2, 1, -2, 4, -5), "int64[2] [2 -3]"),
	onLiteRT("REDUCE_MAX", "int64", sideAxes(1), sideOf(tflite.Int64, 2), sideI64(2, 2, 1<<40, -2, -4, -5), "int64[2] [1099511627776 -4]"),
	onLiteRT("REDUCE_MIN", "int32", sideAxes(1), sideOf(tflite.Int32, 2), sideI32(2, 2, 1, -2, -4, -5), "int32[2] [-2 -5]"),
	onLiteRT("REDUCE_PROD", "int32", sideAxes(1), sideOf(tflite.Int32, 2), sideI32(2, 3, 2, -3, 5, 7, 0, 1), "int32[2] [-30 0]"),
	onLiteRT("REDUCE_PROD", "int64, first", sideAxes(0), sideOf(tflite.Int64, 2), sideI64(2, 2, 2, -3, 5, 7), "int64[2] [10 -21]"),
	onLiteRT("REDUCE_PROD", "float", sideAxes(0, 1), sideF32(), side{tflite.Float32, []int{2, 2}, 0, 0, []float32{0.5, 3, -2, 4}}, "float32[] [-12]"),
	// 0.5·2·1.5 = 1.5 and −1·3·−2 = 6, in steps of 0.5 and 0.25: 6 and 24. Each
	// step is rounded: −2·6·0.794 → −10, −10·−4·0.794 → 32, 32·0.794 → 25.
	onLiteRT("REDUCE_PROD", "int8", sideAxes(1), sideS8(0.25, -10, 2), side{tflite.Int8, []int{2, 3}, 0.5, 2, []int8{3, 6, 5, 0, 8, -2}}, "int8[2] [-4 15]"),
	onLiteRT("REDUCE_ANY", "last", sideAxes(1), sideOf(tflite.Bool, 2), sideBool(2, 3, 0, 1, 0, 0, 0, 0), "bool[2] [1 0]"),
	onLiteRT("REDUCE_ANY", "first", sideAxes(0), sideOf(tflite.Bool, 3), sideBool(2, 3, 0, 1, 0, 0, 0, 1), "bool[3] [0 1 1]"),
	onLiteRT("MEAN", "uint8", sideAxes(1), sideU8(0.5, 10, 2), side{tflite.Uint8, []int{2, 2}, 0.5, 10, []byte{0, 4, 255, 254}}, "uint8[2] [2 255]"),
	onLiteRT("REDUCE_MAX", "uint8", sideAxes(1), sideU8(0.5, 10, 2), side{tflite.Uint8, []int{2, 2}, 0.5, 10, []byte{0, 4, 255, 254}}, "uint8[2] [4 255]"),
}

func onLiteRT(op, name string, axes, out, in side, want string) opCase {
	return reduced(op, name, false, axes, out, in).wanting(want)
}

func sideI32(h, w int, x ...int32) side { return side{tflite.Int32, []int{h, w}, 0, 0, x} }
func sideI64(h, w int, x ...int64) side { return side{tflite.Int64, []int{h, w}, 0, 0, x} }
func sideBool(h, w int, x ...byte) side { return side{tflite.Bool, []int{h, w}, 0, 0, x} }
