package tflite_test

import (
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

func adjoint(x, y bool) modeltest.Options {
	return modeltest.Options{Type: tflite.BatchMatMulOptions, Fields: modeltest.Table{0: x, 1: y}}
}

func matmul(name string, adjX, adjY bool, out, x, y side) opCase {
	return opCase{op: "BATCH_MATMUL", name: name, model: aroundOp("BATCH_MATMUL", adjoint(adjX, adjY), out, x, y)}
}

var matmulCases = matmulsOf()

// matmulsOf returns the cases for each type.
func matmulsOf() (cases []opCase) {
	for _, typ := range []tflite.TensorType{tflite.Float32, tflite.Int8, tflite.Int16} {
		of := func(scale float32, zero int64) func(shape ...int) side {
			return func(shape ...int) side {
				switch typ {
				case tflite.Int8:
					return sideS8(scale, zero, shape...)
				case tflite.Int16:
					return sideS16(scale/100, shape...)
				}
				return sideF32(shape...)
			}
		}
		x, y, z := of(0.05, -9), of(0.02, 77), of(0.3, -4)
		add := func(name string, adjX, adjY bool, out, a, b side) {
			cases = append(cases, matmul(typ.String()+" "+name, adjX, adjY, out, a, b))
		}
		add("plain", false, false, z(3, 7), x(3, 5), y(5, 7))
		add("batches", false, false, z(2, 3, 18), x(2, 3, 33), y(2, 33, 18))
		add("adj_x", true, false, z(2, 6, 4), x(2, 5, 6), y(2, 5, 4))
		add("adj_y", false, true, z(2, 6, 4), x(2, 6, 8), y(2, 4, 8))
		add("adj_x, adj_y", true, true, z(2, 6, 4), x(2, 9, 6), y(2, 4, 9))
		add("broadcast", false, false, z(2, 3, 2, 4), x(2, 1, 2, 3), y(3, 3, 4))
		add("one for all on the right", false, true, z(2, 3, 2, 4), x(2, 3, 2, 3), y(1, 4, 3))
		add("one for all on the left", true, false, z(2, 3, 2, 4), x(3, 2), y(2, 3, 3, 4))
		add("rank 5", false, false, z(2, 1, 3, 1, 2), x(2, 1, 3, 1, 4), y(2, 1, 1, 4, 2))
		add("vector", false, false, z(1, 1, 3), x(1, 1, 40), y(1, 40, 3))
		if typ == tflite.Int8 {
			y = of(0.02, 0)
			add("right zero point 0", false, false, z(2, 19, 18), x(2, 19, 33), y(2, 33, 18))
			add("right zero point 0, adj_x", true, true, z(19, 5), x(16, 19), y(5, 16))
			add("saturating", false, false, of(0.003, 100)(4, 4), x(4, 64), y(64, 4))
			w := y(5, 3)
			w.data = []int8{1, -2, 3, 4, 5, -128, 127, 0, 9, 8, -7, 6, 5, 4, -3}
			add("constant right", false, false, z(2, 4, 3), x(2, 4, 5), w)
		}
	}
	w := sideF32(2, 3)
	w.data = []float32{1, -2.5, 0.25, 3, 1e-3, 7}
	return append(cases,
		matmul("float constant right", false, false, sideF32(2, 4, 3), sideF32(2, 4, 2), w),
		matmul("float constant right, adj_y", false, true, sideF32(2, 4, 2), sideF32(2, 4, 3), w),
		matmul("nothing to sum", false, false, sideF32(1, 2), sideF32(1, 0), sideF32(0, 2)).wanting("float32[1 2] [0 0]"),
		matmul("empty", false, false, sideF32(0, 2), sideF32(0, 3), sideF32(3, 2)).wanting("float32[0 2] []"),
		matmul("empty, of vast matrices", false, false, sideS8(0.1, 0, 0, 2, 1<<30), sideS8(0.1, 0, 0, 2, 4), sideS8(0.1, 3, 0, 4, 1<<30)).wanting("int8[0 2 1073741824] []"),
		matmul("disagreeing", false, false, sideF32(1, 2), sideF32(1, 3), sideF32(4, 2)).failing("rows of 3 times columns of 4"),
		matmul("not to broadcast", false, false, sideF32(2, 1, 2), sideF32(2, 1, 3), sideF32(3, 3, 2)).failing("do not broadcast"),
		matmul("vectors", false, false, sideF32(3), sideF32(3), sideF32(3, 3)).failing("want matrices"),
		matmul("mixed", false, false, sideF32(1, 3), sideF32(1, 3), sideS8(0.1, 0, 3, 3)).failing("not supported"),
		matmul("not quantised", false, false, sideS8(0.1, 0, 1, 3), sideS8(0, 0, 1, 3), sideS8(0.1, 0, 3, 3)).failing("no quantisation parameters"),
		matmul("int16 with a zero point", false, false, sideS16(0.1, 1, 3), side{tflite.Int16, []int{1, 3}, 0.1, 3, nil}, sideS16(0.1, 3, 3)).failing("want 0"),
	)
}
