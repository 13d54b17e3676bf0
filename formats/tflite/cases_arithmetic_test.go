package tflite_test

import (
	"fmt"
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
