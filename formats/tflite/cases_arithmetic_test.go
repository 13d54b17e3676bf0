package tflite_test

import (
	"fmt"
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// val describes a tensor of a one-operator model.
type val struct {
	typ    tflite.TensorType
	shape  []int
	scale  float32 // 0: not quantised
	zero   int64
	scales []float32 // per channel, along axis
	axis   int
	data   any // makes it a constant
}

func f32(shape ...int) val { return val{typ: tflite.Float32, shape: shape} }
func i32(shape ...int) val { return val{typ: tflite.Int32, shape: shape} }
func i64(shape ...int) val { return val{typ: tflite.Int64, shape: shape} }
func bools(shape ...int) val {
	return val{typ: tflite.Bool, shape: shape}
}
func i8(scale float32, zero int64, shape ...int) val {
	return val{typ: tflite.Int8, shape: shape, scale: scale, zero: zero}
}
func u8(scale float32, zero int64, shape ...int) val {
	return val{typ: tflite.Uint8, shape: shape, scale: scale, zero: zero}
}
func i16(scale float32, shape ...int) val {
	return val{typ: tflite.Int16, shape: shape, scale: scale}
}

func (v val) options() []modeltest.TensorOption {
	switch {
	case v.scales != nil:
		return []modeltest.TensorOption{modeltest.Quant{Scale: v.scales, Zero: make([]int64, len(v.scales)), Axis: int32(v.axis)}}
	case v.scale != 0:
		return []modeltest.TensorOption{modeltest.Quant{Scale: []float32{v.scale}, Zero: []int64{v.zero}}}
	}
	return nil
}

// single returns a case of a model with one operator and one output.
func single(op, name string, opts modeltest.Options, out val, ins ...val) opCase {
	return opCase{op: op, name: name, model: func(m *modeltest.Model) {
		var in []int
		for i, v := range ins {
			label := fmt.Sprintf("x%d", i)
			switch {
			case v.typ == -1:
				in = append(in, -1)
			case v.data != nil:
				in = append(in, m.Const(label, v.typ, v.shape, v.data, v.options()...))
			default:
				in = append(in, m.Input(label, v.typ, v.shape, v.options()...))
			}
		}
		y := m.Tensor("y", out.typ, out.shape, out.options()...)
		m.Op(op, 1, opts, in, []int{y})
		m.Outputs(y)
	}}
}

// filled gives the case's inputs these contents, in order; nil leaves one random.
func (c opCase) filled(data ...[]byte) opCase {
	c.fill = func(_, i int, t tensor.Type) []byte {
		if i < len(data) {
			return data[i]
		}
		return nil
	}
	return c
}

func (c opCase) wants(s string) opCase { c.want = s; return c }
func (c opCase) fails(s string) opCase { c.err = s; return c }

func activated(t tflite.OptionsType, a tflite.ActivationFunctionType) modeltest.Options {
	return modeltest.Options{Type: t, Fields: modeltest.Table{0: int8(a)}}
}

// shapes are pairs that broadcast, with the outcome: alike, scalars, last axes,
// first axes, both ways, short and long rows.
var shapes = []struct{ a, b, y []int }{
	{[]int{2, 3, 5}, []int{2, 3, 5}, []int{2, 3, 5}},
	{[]int{2, 3, 5}, []int{}, []int{2, 3, 5}},
	{[]int{1}, []int{300}, []int{300}},
	{[]int{1, 2, 2, 7}, []int{7}, []int{1, 2, 2, 7}},
	{[]int{4, 3}, []int{4, 1}, []int{4, 3}},
	{[]int{2, 1, 3, 1}, []int{4, 1, 2}, []int{2, 4, 3, 2}},
	{[]int{2, 150}, []int{2, 1}, []int{2, 150}},
	{[]int{1, 3, 1, 2}, []int{2, 1, 2, 1}, []int{2, 3, 2, 2}},
	{[]int{1, 1}, []int{1}, []int{1, 1}},
	{[]int{0, 3}, []int{1, 3}, []int{0, 3}},
}

// broadcastCases are a case for each of the shapes.
func broadcastCases(op string, opts modeltest.Options, a, b, y val) (cases []opCase) {
	for _, s := range shapes {
		a.shape, b.shape, y.shape = s.a, s.b, s.y
		c := single(op, fmt.Sprintf("%v %v %v", a.typ, s.a, s.b), opts, y, a, b)
		if slices.Contains(s.y, 0) { // the reference refuses empty tensors
			c = c.wants(fmt.Sprintf("%v%v []", tflite.DType(y.typ), s.y))
		}
		cases = append(cases, c)
	}
	return cases
}

// everyPair returns all pairs of int8 (or uint8) as two tensors of 65536 elements
// would be, but for a step that keeps them short.
func everyPair(step int) (a, b []byte) {
	for i := 0; i < 1<<16; i += step {
		a, b = append(a, byte(i>>8)), append(b, byte(i))
	}
	return a, b
}

// quantisedPairs are cases of int8 and int16 operands with scales near and far.
func quantisedPairs(op string, opts modeltest.Options) (cases []opCase) {
	a, b := everyPair(251)
	n := len(a)
	for i, q := range [][3]val{
		{i8(0.5, 0, n), i8(0.5, 0, n), i8(1, 0, n)},
		{i8(0.047, -128, n), i8(0.0123, 127, n), i8(0.051, -3, n)},
		{i8(0.003, 12, n), i8(0.9, -7, n), i8(0.11, 100, n)},
		{i8(1.25, 5, n), i8(0.002, 64, n), i8(0.002, -128, n)},
	} {
		cases = append(cases, single(op, fmt.Sprintf("scales %d", i), opts, q[2], q[0], q[1]).filled(a, b))
	}
	for i, q := range [][3]val{
		{i16(0.5, 90), i16(0.5, 90), i16(1, 90)},
		{i16(0.0001, 9, 10), i16(0.00037, 9, 1), i16(0.0002, 9, 10)},
	} {
		cases = append(cases, single(op, fmt.Sprintf("int16 scales %d", i), opts, q[2], q[0], q[1]))
	}
	return cases
}

var arithmeticCases = slices.Concat(
	sumCases("ADD", tflite.AddOptions),
	sumCases("SUB", tflite.SubOptions),
	sumCases("MUL", tflite.MulOptions),
	divisionCases(), extremeCases(), comparisonCases(), preluCases(), selectCases(), addNCases(), chainCases(),
)

// sumCases are the cases of ADD, SUB and MUL.
func sumCases(op string, t tflite.OptionsType) []opCase {
	none, relu := activated(t, tflite.ActivationNone), activated(t, tflite.ActivationRelu)
	relu6, reluN1 := activated(t, tflite.ActivationRelu6), activated(t, tflite.ActivationReluN1To1)
	big := tensor.Bytes([]float32{3e38, -3e38, 1, -2})
	ends := tensor.Bytes([]int32{-1 << 31, 1<<31 - 1, 1<<31 - 1, 5})
	return slices.Concat(
		broadcastCases(op, none, f32(), f32(), f32()),
		broadcastCases(op, relu6, i8(0.05, -3), i8(0.11, 20), i8(0.12, -128)),
		broadcastCases(op, none, i16(0.01), i16(0.002), i16(0.015)),
		broadcastCases(op, none, i32(), i32(), i32()),
		quantisedPairs(op, none),
		[]opCase{
			single(op, "float relu", relu, f32(3, 4), f32(3, 4), f32(4)),
			single(op, "float relu6", relu6, f32(3, 4), f32(3, 4), f32(4)),
			single(op, "float relu -1 to 1", reluN1, f32(3, 4), f32(3, 4), f32(4)),
			single(op, "infinite becomes finite", none, f32(4), f32(4), f32(4)).filled(big, big),
			single(op, "int8 relu -1 to 1", reluN1, i8(0.02, 3, 5, 7), i8(0.02, 5, 5, 7), i8(0.02, -7, 5, 7)),
			single(op, "int32 relu6", relu6, i32(40), i32(40), i32(40)),
			single(op, "int32 wraps", none, i32(2, 4), i32(4), i32(2, 4)).filled(ends, tensor.Bytes([]int32{-1, 1, 1 << 30, -7, 2, 2, 2, 2})),
			single(op, "rank 6", none, f32(2, 1, 2, 1, 2, 3), f32(2, 1, 2, 1, 2, 3), f32(1, 1, 2, 1, 1, 3)),
			single(op, "no options", modeltest.Options{}, f32(3), f32(3), f32(3)),
			single(op, "wrong shapes", none, f32(3, 4), f32(3, 4), f32(3)).fails("do not broadcast"),
			single(op, "mixed types", none, f32(3), f32(3), i32(3)).fails("want the same type"),
			single(op, "one input", none, f32(3), f32(3)).fails("1 inputs, want 2"),
			single(op, "left out", none, f32(3), f32(3), val{typ: -1}).fails("left out"),
			single(op, "bool", none, bools(3), bools(3), bools(3)).fails("bool as type of input 0"),
			single(op, "no scale", none, i8(0, 0, 3), i8(0, 0, 3), i8(0, 0, 3)).fails("no quantisation parameters"),
			single(op, "per channel", none, i8(1, 0, 3), val{typ: tflite.Int8, shape: []int{3}, scales: []float32{1, 2, 3}}, i8(1, 0, 3)).fails("3 scales"),
			single(op, "tanh", activated(t, tflite.ActivationTanh), f32(3), f32(3), f32(3)).fails("fused activation"),
			single(op, "rank 9", none, f32(1, 1, 1, 1, 1, 1, 1, 1, 1), f32(1, 1, 1, 1, 1, 1, 1, 1, 1), f32()).fails("rank 9"),
		},
	)
}

func divisionCases() []opCase {
	relu6 := activated(tflite.DivOptions, tflite.ActivationRelu6)
	a, b := everyPair(41)
	var n8, d8 []byte // neither 0 by anything nor by 0, of sizes that the reference can shift
	for i := range a {
		if d := int(int8(b[i])) - 3; d != 0 && d > -16 && d < 16 && int8(a[i]) != -5 {
			n8, d8 = append(n8, a[i]), append(d8, b[i])
		}
	}
	n := len(n8)
	ints := tensor.Bytes([]int32{7, -7, 7, -7, 0, 9})
	by := tensor.Bytes([]int32{2, 2, -2, -2, 5, 3})
	floats := tensor.Bytes([]float32{7, -7, 7.5, -7.5, 0, 9, 1e30, -0.1})
	byFloats := tensor.Bytes([]float32{2, 2, -2, -2.25, 5, 3, 7, 3})
	zeros := tensor.Bytes([]int32{1, 0, 1, 1, 1, 1})
	return slices.Concat(
		broadcastCases("DIV", noOptions, f32(), f32(), f32()),
		[]opCase{
			single("DIV", "float relu6", relu6, f32(3, 4), f32(3, 4), f32(4)),
			single("DIV", "float by 0", noOptions, f32(3), f32(3), f32(3)).filled(tensor.Bytes([]float32{1, -1, 5}), tensor.Bytes([]float32{0, 0, 2})),
			single("DIV", "int32", noOptions, i32(6), i32(6), i32(6)).filled(ints, by),
			single("DIV", "int32 relu6", relu6, i32(6), i32(6), i32(6)).filled(ints, by),
			single("DIV", "int32 by 0", noOptions, i32(6), i32(6), i32(6)).filled(ints, zeros).fails("division by 0: element 1"),
			single("DIV", "int64", noOptions, i64(2), i64(2), i64(2)).filled(tensor.Bytes([]int64{-7, 1 << 40}), tensor.Bytes([]int64{2, 3})).wants("int64[2] [-3 366503875925]"),
			single("DIV", "int8", noOptions, i8(0.5, 4, n), i8(0.3, -5, n), i8(0.25, 3, n)).filled(n8, d8),
			single("DIV", "int8 relu6", relu6, i8(0.11, -9, n), i8(0.3, -5, n), i8(0.25, 3, n)).filled(n8, d8),
			single("DIV", "int8 broadcast", noOptions, i8(0.5, 4, 16, 3), i8(0.3, -5, 16, 3), i8(0.25, 3, 1)).filled(n8[:48], []byte{9}),
			single("DIV", "int8 by 0", noOptions, i8(1, 0, 3), i8(1, 0, 3), i8(1, 3, 3)).filled(nil, []byte{4, 4, 3}).fails("division by 0: element 2"),
			single("DIV", "int8 small", noOptions, i8(1, 0, 3), i8(1, 0, 3), i8(1, 0, 3)).filled([]byte{1, 0xff, 100}, []byte{100, 100, 50}).wants("int8[3] [0 0 2]"),
			single("DIV", "int16", noOptions, i16(1, 3), i16(1, 3), i16(1, 3)).fails("int16 as type of input 0"),
			single("FLOOR_DIV", "float", noOptions, f32(8), f32(8), f32(8)).filled(floats, byFloats),
			single("FLOOR_DIV", "float broadcast", noOptions, f32(3, 8), f32(3, 8), f32(1, 8)).filled(nil, byFloats),
			single("FLOOR_DIV", "float by 0", noOptions, f32(3), f32(3), f32(3)).filled(nil, tensor.Bytes([]float32{1, 2, 0})).fails("division by 0: element 2"),
			single("FLOOR_DIV", "int32", noOptions, i32(6), i32(6), i32(6)).filled(ints, by).wants("int32[6] [3 -4 -4 3 0 3]"),
			single("FLOOR_DIV", "int64", noOptions, i64(2), i64(2), i64(2)).filled(tensor.Bytes([]int64{-7, 7}), tensor.Bytes([]int64{2, 2})).wants("int64[2] [-4 3]"),
			single("FLOOR_MOD", "float", noOptions, f32(8), f32(8), f32(8)).filled(floats, byFloats),
			single("FLOOR_MOD", "float broadcast", noOptions, f32(3, 8), f32(3, 8), f32(1, 8)).filled(nil, byFloats),
			single("FLOOR_MOD", "int32", noOptions, i32(6), i32(6), i32(6)).filled(ints, by).wants("int32[6] [1 1 -1 -1 0 0]"),
			single("FLOOR_MOD", "int64", noOptions, i64(2), i64(2), i64(2)).filled(tensor.Bytes([]int64{-7, 7}), tensor.Bytes([]int64{3, 3})).wants("int64[2] [2 1]"),
			single("FLOOR_MOD", "int32 by 0", noOptions, i32(6), i32(6), i32(6)).filled(ints, zeros).fails("division by 0"),
			single("FLOOR_MOD", "int8", noOptions, i8(1, 0, 3), i8(1, 0, 3), i8(1, 0, 3)).fails("int8 as type of input 0"),
			single("POW", "float", noOptions, f32(4), f32(4), f32(1)).filled(tensor.Bytes([]float32{2, 0, 9, -1}), tensor.Bytes([]float32{0.5})).wants("float32[4] [1.4142135 0 3 NaN]"),
			single("POW", "int32", noOptions, i32(4), i32(4), i32(4)).filled(tensor.Bytes([]int32{2, -3, 7, 10}), tensor.Bytes([]int32{10, 3, 0, 10})).wants("int32[4] [1024 -27 1 1410065408]"),
			single("POW", "negative exponent", noOptions, i32(2), i32(2), i32(2)).filled(nil, tensor.Bytes([]int32{1, -1})).fails("element 1 of the exponent is -1"),
			single("POW", "int64", noOptions, i64(2), i64(2), i64(2)).fails("int64 as type of input 0"),
		})
}

func extremeCases() (cases []opCase) {
	nan := float32(math.NaN())
	a, b := tensor.Bytes([]float32{nan, 1, nan, -3}), tensor.Bytes([]float32{2, nan, nan, -3})
	for _, op := range []string{"MAXIMUM", "MINIMUM"} {
		cases = slices.Concat(cases, broadcastCases(op, noOptions, f32(), f32(), f32()), broadcastCases(op, noOptions, i8(0.5, 3), i8(0.5, 3), i8(0.5, 3)),
			[]opCase{
				single(op, "int16", noOptions, i16(1, 5), i16(1, 5), i16(1, 5)),
				single(op, "int32", noOptions, i32(5), i32(5), i32(5)),
				single(op, "int64", noOptions, i64(5), i64(5), i64(5)),
				single(op, "NaN", noOptions, f32(4), f32(4), f32(4)).filled(a, b),
				single(op, "bool", noOptions, bools(5), bools(5), bools(5)).fails("bool as type of input 0"),
				single(op, "wrong shapes", noOptions, f32(3, 4), f32(3, 4), f32(3)).fails("do not broadcast"),
			})
	}
	const op = "SQUARED_DIFFERENCE"
	return slices.Concat(cases, quantisedPairs(op, noOptions), broadcastCases(op, noOptions, f32(), f32(), f32()),
		broadcastCases(op, noOptions, i8(0.05, -3), i8(0.11, 20), i8(0.12, -128)),
		[]opCase{
			single(op, "int32", noOptions, i32(5), i32(5), i32(5)),
			single(op, "int8 coarse output", noOptions, i8(4, 0, 5, 7), i8(0.05, -3, 5, 7), i8(0.11, 20, 5, 7)),
			single(op, "int64", noOptions, i64(5), i64(5), i64(5)).fails("int64 as type of input 0"),
			single(op, "wrong shapes", noOptions, f32(3, 4), f32(3, 4), f32(3)).fails("do not broadcast"),
		})
}

func comparisonCases() (cases []opCase) {
	nan := float32(math.NaN())
	floats := [][]byte{tensor.Bytes([]float32{1, 2, 3, nan, 0}), tensor.Bytes([]float32{1, 3, 2, 1, float32(math.Copysign(0, -1))})}
	a, b := everyPair(251)
	n := len(a)
	small := tensor.Bytes([]int32{1, 2, 3, -4, 5, 6})
	for _, op := range []string{"EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL"} {
		cases = slices.Concat(cases, broadcastCases(op, noOptions, i8(0.05, -3), i8(0.11, 20), bools()), []opCase{
			single(op, "float", noOptions, bools(5), f32(5), f32(5)).filled(floats...),
			single(op, "float broadcast", noOptions, bools(5, 5), f32(5, 1), f32(5)).filled(floats...),
			single(op, "int32", noOptions, bools(2, 3), i32(2, 3), i32(3)).filled(small, small[:12]),
			single(op, "int64", noOptions, bools(3), i64(3), i64(3)).filled(tensor.Bytes([]int64{1, 1 << 40, 3}), tensor.Bytes([]int64{1, 5, 1 << 33})),
			single(op, "int8 alike", noOptions, bools(n), i8(0.5, 3, n), i8(0.5, 3, n)).filled(a, b),
			single(op, "int8 scales", noOptions, bools(n), i8(0.04, -100, n), i8(0.02, 127, n)).filled(a, b),
			single(op, "int8 scale 1", noOptions, bools(3), i8(1, 0, 3), i8(0.5, 0, 3)).fails("scale of input 0"),
			single(op, "int8 no scale", noOptions, bools(3), i8(0, 0, 3), i8(0, 0, 3)).fails("no quantisation parameters"),
			single(op, "mixed", noOptions, bools(3), i32(3), f32(3)).fails("want the same type"),
			single(op, "wrong shapes", noOptions, bools(3, 4), f32(3, 4), f32(3)).fails("do not broadcast"),
		})
	}
	for _, op := range []string{"EQUAL", "NOT_EQUAL", "LOGICAL_AND", "LOGICAL_OR"} {
		cases = append(cases, single(op, "bool", noOptions, bools(2, 10), bools(2, 10), bools(2, 10)), single(op, "bool broadcast", noOptions, bools(2, 10), bools(2, 1), bools(10)))
	}
	for _, op := range []string{"LOGICAL_AND", "LOGICAL_OR"} {
		cases = append(cases, single(op, "int32", noOptions, i32(2), i32(2), i32(2)).fails("int32 as type of input 0"))
	}
	return append(cases, single("LESS", "bool", noOptions, bools(2), bools(2), bools(2)).fails("bool as type of input 0"))
}

func preluCases() []opCase {
	const op = "PRELU"
	slopes16 := i8(0.004, 3, 10)
	return []opCase{
		single(op, "float", noOptions, f32(2, 3, 4), f32(2, 3, 4), f32(4)),
		single(op, "float, slopes by channel of an image", noOptions, f32(1, 3, 4, 5), f32(1, 3, 4, 5), f32(1, 1, 5)),
		single(op, "float, one slope", noOptions, f32(2, 3, 4), f32(2, 3, 4), f32(1)),
		single(op, "float, slopes of rows", noOptions, f32(2, 3, 4), f32(2, 3, 4), f32(3, 1)),
		single(op, "int8", noOptions, i8(0.05, -3, 4, 64), i8(0.06, 7, 4, 64), i8(0.004, -9, 64)).filled(every8()),
		single(op, "int8 fine output", noOptions, i8(0.0005, -3, 4, 64), i8(0.06, 7, 4, 64), i8(0.004, 127, 64)).filled(every8()),
		single(op, "int16", noOptions, i16(0.0005, 3, 10), i16(0.0006, 3, 10), slopes16),
		single(op, "int16 with int16", noOptions, i16(0.0005, 3), i16(0.0006, 3), i16(1, 3)).fails("slopes of type int16 for int16, want int8"),
		single(op, "no scale", noOptions, i8(1, 0, 3), i8(1, 0, 3), i8(0, 0, 3)).fails("no quantisation parameters"),
		single(op, "one input", noOptions, f32(3), f32(3)).fails("1 inputs, want 2"),
	}
}

func selectCases() []opCase {
	const op = "SELECT_V2"
	cond := []byte{1, 0, 1, 0, 0, 1}
	x, y := tensor.Bytes([]int32{1, 2, 3, 4, 5, 6}), tensor.Bytes([]int32{10, 20, 30, 40, 50, 60})
	return []opCase{
		single(op, "float", noOptions, f32(3, 4), bools(3, 4), f32(3, 4), f32(3, 4)),
		single(op, "condition of rows", noOptions, f32(3, 4), bools(3, 1), f32(3, 4), f32(3, 4)),
		single(op, "condition of columns", noOptions, f32(3, 4), bools(4), f32(3, 4), f32(1)),
		single(op, "all broadcast", noOptions, f32(2, 3, 4), bools(2, 1, 1), f32(1, 3, 1), f32(1, 1, 4)),
		single(op, "int8", noOptions, i8(1, 0, 3, 4), bools(3, 4), i8(1, 0, 3, 4), i8(1, 0, 4)),
		single(op, "int16", noOptions, i16(1, 3, 4), bools(3, 4), i16(1, 1, 4), i16(1, 3, 4)),
		single(op, "int32", noOptions, i32(6), bools(6), i32(6), i32(6)).filled(cond, x, y).wants("int32[6] [1 20 3 40 50 6]"),
		single(op, "int64", noOptions, i64(2), bools(2), i64(1), i64(2)).filled(cond, tensor.Bytes([]int64{7}), tensor.Bytes([]int64{8, 9})).wants("int64[2] [7 9]"),
		single(op, "empty", noOptions, i32(0), bools(0), i32(1), i32(0)).wants("int32[0] []"),
		single(op, "condition of floats", noOptions, f32(3), f32(3), f32(3), f32(3)).fails("want bool"),
		single(op, "mixed", noOptions, f32(3), bools(3), f32(3), i32(3)).fails("want the same type"),
		single(op, "wrong shapes", noOptions, f32(3), bools(2), f32(3), f32(3)).fails("do not broadcast"),
		single("SELECT", "alike", noOptions, i32(6), bools(6), i32(6), i32(6)).filled(cond, x, y).wants("int32[6] [1 20 3 40 50 6]"),
		single("SELECT", "rows", noOptions, i32(2, 3), bools(2), i32(2, 3), i32(2, 3)).filled(cond, x, y).wants("int32[2 3] [1 2 3 40 50 60]"),
		single("SELECT", "scalar", noOptions, i32(2, 3), bools(), i32(2, 3), i32(2, 3)).filled([]byte{0}, x, y).wants("int32[2 3] [10 20 30 40 50 60]"),
		single("SELECT", "two inputs", noOptions, i32(2), bools(2), i32(2)).fails("2 inputs, want 3"),
	}
}

func addNCases() []opCase {
	const op = "ADD_N"
	q := i8(0.05, 17, 5, 30)
	return []opCase{
		single(op, "float", noOptions, f32(5, 3), f32(5, 3), f32(5, 3), f32(5, 3)),
		single(op, "float, two", noOptions, f32(5, 3), f32(5, 3), f32(5, 3)),
		single(op, "int8", noOptions, i8(0.11, -20, 5, 30), q, q, q),
		single(op, "int8, two alike", noOptions, q, q, q),
		single(op, "int32", noOptions, i32(2), i32(2), i32(2), i32(2)).filled(tensor.Bytes([]int32{1, 2}), tensor.Bytes([]int32{10, 20}), tensor.Bytes([]int32{-1, 1<<31 - 1})).wants("int32[2] [10 -2147483627]"),
		single(op, "scales", noOptions, i8(1, 0, 3), i8(1, 0, 3), i8(2, 0, 3)).fails("are quantised as"),
		single(op, "shapes", noOptions, f32(3), f32(3), f32(1)).fails("want the same"),
		single(op, "one input", noOptions, f32(3), f32(3)).fails("1 inputs, want 2"),
		single(op, "int16", noOptions, i16(1, 3), i16(1, 3), i16(1, 3)).fails("int16 as type of input 0"),
	}
}

// chainCases are models in which outputs take over their inputs' memory, and
// clamps are fused into what comes before.
func chainCases() []opCase {
	chain := func(first string, t tflite.OptionsType, x, y val) opCase {
		return opCase{op: first, name: fmt.Sprintf("chain of %v", x.typ), model: func(m *modeltest.Model) {
			a, b := m.Input("a", x.typ, []int{2, 40}, x.options()...), m.Input("b", x.typ, []int{40}, x.options()...)
			one := m.Tensor("one", y.typ, []int{2, 40}, y.options()...)
			m.Op(first, 1, activated(t, tflite.ActivationReluN1To1), []int{a, b}, []int{one})
			two := m.Tensor("two", y.typ, []int{2, 40}, y.options()...)
			m.Op("RELU", 1, noOptions, []int{one}, []int{two})
			three := m.Tensor("three", y.typ, []int{2, 40}, y.options()...)
			m.Op("MUL", 1, noOptions, []int{two, b}, []int{three})
			four := m.Tensor("four", y.typ, []int{2, 40}, y.options()...)
			m.Op("RELU6", 1, noOptions, []int{three}, []int{four})
			five := m.Tensor("five", y.typ, []int{2, 40}, y.options()...)
			m.Op("SUB", 1, noOptions, []int{b, four}, []int{five})
			m.Outputs(five)
		}}
	}
	q := i8(0.05, 3)
	return []opCase{
		chain("ADD", tflite.AddOptions, f32(), f32()), chain("ADD", tflite.AddOptions, q, q),
		chain("SUB", tflite.SubOptions, f32(), f32()), chain("SUB", tflite.SubOptions, q, q),
		chain("MUL", tflite.MulOptions, f32(), f32()), chain("MUL", tflite.MulOptions, q, q),
	}
}
