package tflite_test

import (
	"fmt"
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// every8 holds all bytes.
func every8() []byte {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

// some16 holds int16 from end to end, and near 0.
func some16() []byte {
	var x []int16
	for i := -1 << 15; i < 1<<15; i += 509 {
		x = append(x, int16(i))
	}
	x = append(x, -3, -2, -1, 0, 1, 2, 3, 32767)
	return tensor.Bytes(x)
}

var len16 = len(some16()) / 2

// everyInt8 are cases of all int8, one for each pair of scales and zero points.
func everyInt8(op string, opts modeltest.Options, pairs ...[2]val) (cases []opCase) {
	for _, p := range pairs {
		p[0].shape, p[1].shape = []int{4, 64}, []int{4, 64}
		name := fmt.Sprintf("%v %v %d %v %d", p[0].typ, p[0].scale, p[0].zero, p[1].scale, p[1].zero)
		cases = append(cases, single(op, name, opts, p[1], p[0]).filled(every8()))
	}
	return cases
}

// everyInt16 is everyInt8 for int16.
func everyInt16(op string, opts modeltest.Options, scales ...[2]float32) (cases []opCase) {
	for _, s := range scales {
		c := single(op, fmt.Sprintf("int16 %v %v", s[0], s[1]), opts, i16(s[1], len16), i16(s[0], len16))
		cases = append(cases, c.filled(some16()))
	}
	return cases
}

// floatCases are a case of ordinary numbers and one of odd ones.
func floatCases(op string, opts modeltest.Options) []opCase {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	odd := []float32{0, float32(math.Copysign(0, -1)), 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 3, 6, -3, 20, -20, 90, -90, 1e-30, 1e10, 16.7, -9.1, nan, inf, -inf}
	return []opCase{
		single(op, "float", opts, f32(3, 17), f32(3, 17)),
		single(op, "odd floats", opts, f32(len(odd)), f32(len(odd))).filled(tensor.Bytes(odd)),
	}
}

// rejected are cases that no unary operator takes.
func rejected(op string, opts modeltest.Options) []opCase {
	return []opCase{
		single(op, "two inputs", opts, f32(3), f32(3), f32(3)).fails("2 inputs, want 1"),
		single(op, "left out", opts, f32(3), val{typ: -1}).fails("left out"),
	}
}

func leaky(alpha float32) modeltest.Options {
	return modeltest.Options{Type: tflite.LeakyReluOptions, Fields: modeltest.Table{0: alpha}}
}

var elementwiseCases = slices.Concat(
	activationCases(), sigmoidCases(), functionCases(), signCases(), quantizeCases(), dequantizeCases(), castCases(),
)

func activationCases() (cases []opCase) {
	same := [2]val{i8(0.05, -20), i8(0.05, -20)}
	for _, op := range []string{"RELU", "RELU6"} {
		cases = slices.Concat(cases, floatCases(op, noOptions), rejected(op, noOptions),
			everyInt8(op, noOptions, same, [2]val{i8(0.03, -128), i8(0.03, -128)}, [2]val{i8(0.0001, 127), i8(0.0001, 127)}),
			everyInt16(op, noOptions, [2]float32{0.001, 0.001}),
			[]opCase{
				single(op, "int32", noOptions, i32(3), i32(3)).fails("int32 as type of input 0"),
				single(op, "no scale", noOptions, i8(0, 0, 3), i8(0, 0, 3)).fails("no quantisation parameters"),
			})
	}
	rescaled := [][2]val{{i8(0.05, -20), i8(0.07, 10)}, {i8(0.5, 127), i8(0.002, -128)}, {i8(0.001, 3), i8(1, 127)}}
	return slices.Concat(cases,
		everyInt8("RELU", noOptions, rescaled...), everyInt16("RELU", noOptions, [2]float32{0.001, 0.0003}),
		everyInt8("LEAKY_RELU", leaky(0.1), append(rescaled, same)...), everyInt16("LEAKY_RELU", leaky(0.3), [2]float32{0.001, 0.0013}),
		everyInt8("LEAKY_RELU", leaky(-1.7), [2]val{i8(0.06, 1), i8(0.07, 3)}), everyInt8("LEAKY_RELU", leaky(0), [2]val{i8(0.08, 1), i8(0.07, 3)}),
		floatCases("LEAKY_RELU", leaky(0.2)), rejected("LEAKY_RELU", leaky(0.2)),
		[]opCase{single("LEAKY_RELU", "alpha", leaky(float32(math.NaN())), f32(3), f32(3)).fails("alpha is NaN")},
		floatCases("HARD_SWISH", noOptions), rejected("HARD_SWISH", noOptions),
		everyInt8("HARD_SWISH", noOptions, [2]val{i8(0.05, -20), i8(0.04, -118)}, [2]val{i8(1, 3), i8(0.5, -128)}, [2]val{i8(0.002, 127), i8(0.01, 0)}, [2]val{i8(0.0938, 0), i8(0.0008, 5)}),
		[]opCase{single("HARD_SWISH", "scales", noOptions, i8(0.001, 0, 3), i8(1, 0, 3)).fails("must not exceed 128 times")},
		floatCases("ELU", noOptions), rejected("ELU", noOptions), everyInt8("ELU", noOptions, same, [2]val{i8(0.05, 4), i8(0.02, -70)}),
		[]opCase{
			single("RELU_N1_TO_1", "float", noOptions, f32(5), f32(5)).filled(tensor.Bytes([]float32{-2, -0.5, 0, 0.5, 2})).wants("float32[5] [-1 -0.5 0 0.5 1]"),
			single("RELU_N1_TO_1", "int8", noOptions, i8(0.5, 1, 5), i8(0.5, 1, 5)).filled([]byte{0x80, 0, 1, 2, 100}).wants("int8[5] [-1 0 1 2 3]"),
			single("RELU_0_TO_1", "float", noOptions, f32(5), f32(5)).filled(tensor.Bytes([]float32{-2, -0.5, 0, 0.5, 2})).wants("float32[5] [0 0 0 0.5 1]"),
			single("RELU_0_TO_1", "int8 rescaled", noOptions, i8(0.25, 0, 5), i8(0.5, 1, 5)).filled([]byte{0x80, 0, 1, 3, 100}).wants("int8[5] [0 0 0 4 4]"),
			single("RELU6", "uint8", noOptions, u8(0.1, 10, 4), u8(0.1, 10, 4)).filled([]byte{0, 10, 60, 255}).wants("uint8[4] [10 10 60 70]"),
		})
}

func sigmoidCases() []opCase {
	third := float32(1.0 / 3 / 4096)
	pot := float32(1.0 / 4096)
	inputs := []val{i8(0.05, -20), i8(0.125, 3), i8(0.9, 127), i8(0.004, -128), i8(0.0000004, 0)}
	var logistic, tanh [][2]val
	for _, x := range inputs {
		logistic = append(logistic, [2]val{x, i8(1.0/256, -128)})
		tanh = append(tanh, [2]val{x, i8(1.0/128, 0)})
	}
	var ints []opCase
	for _, op := range []string{"LOGISTIC", "TANH"} {
		const q15 = 1.0 / 32768
		ints = slices.Concat(ints, floatCases(op, noOptions), rejected(op, noOptions),
			everyInt16(op, noOptions, [2]float32{pot, q15}, [2]float32{pot / 2, q15}, [2]float32{2 * pot, q15}, [2]float32{third, q15}, [2]float32{0.0007, q15}, [2]float32{1.5, q15}, [2]float32{1e-6, q15}),
			[]opCase{
				single(op, "int16 scale out", noOptions, i16(0.001, 3), i16(0.001, 3)).fails("want 2^-15"),
				single(op, "int16 scale in", noOptions, i16(q15, 3), i16(4, 3)).fails("want less than 2.67"),
				single(op, "int16 zero", noOptions, i16(q15, 3), val{typ: tflite.Int16, shape: []int{3}, scale: 1, zero: 4}).fails("want 0"),
			})
	}
	return slices.Concat(ints, everyInt8("LOGISTIC", noOptions, logistic...), everyInt8("TANH", noOptions, tanh...),
		[]opCase{
			single("LOGISTIC", "uint8", noOptions, u8(1.0/256, 0, 5), u8(0.05, 128, 5)).filled([]byte{0, 100, 128, 140, 255}).wants("uint8[5] [0 51 128 165 255]"),
			single("TANH", "uint8", noOptions, u8(1.0/128, 128, 5), u8(0.05, 128, 5)).filled([]byte{0, 100, 128, 140, 255}).wants("uint8[5] [0 15 128 197 255]"),
			single("LOGISTIC", "zero out", noOptions, i8(1.0/256, 0, 3), i8(1, 0, 3)).fails("want -128"),
		})
}

func functionCases() (cases []opCase) {
	for _, op := range []string{"SIN", "COS", "LOG", "SQRT", "SQUARE", "CEIL", "FLOOR", "ROUND", "EXP", "RSQRT"} {
		cases = slices.Concat(cases, floatCases(op, noOptions), rejected(op, noOptions), []opCase{
			single(op, "int32", noOptions, i32(3), i32(3)).fails("int32 as type of input 0"),
		})
	}
	roots := slices.Concat(every8()[:128], every8()[:128]) // from a zero point of 0 on
	rsqrt := func(name string, out, in val, data []byte) opCase {
		return single("RSQRT", name, noOptions, out, in).filled(data)
	}
	gelu := func(tanh bool) modeltest.Options {
		return modeltest.Options{Type: tflite.GeluOptions, Fields: modeltest.Table{0: tanh}}
	}
	x := tensor.Bytes([]float32{-10, -3, -1, -0.1, 0, 0.1, 1, 3})
	return append(cases,
		rsqrt("int8", i8(0.02, -3, 256), i8(0.1, 0, 256), roots),
		rsqrt("int8 large", i8(2, -128, 256), i8(0.0004, 0, 256), roots),
		rsqrt("int8 zero point", i8(0.01, 5, 256), i8(7, -128, 256), every8()),
		rsqrt("int16", i16(0.001, 6), i16(0.02, 6), tensor.Bytes([]int16{0, 1, 2, 77, 3000, 32767})),
		rsqrt("negative", i8(0.01, 5, 3), i8(7, 1, 3), []byte{1, 0, 2}).fails("element 1 is negative"),
		// exp(−4), exp(−1), 1, exp(1) and exp(3.5), in steps of 0.25, of which 31.75 is the greatest.
		single("EXP", "int8", noOptions, i8(0.25, 0, 5), i8(0.5, 0, 5)).filled([]byte{0xf8, 0xfe, 0, 2, 7}).wants("int8[5] [0 1 4 11 127]"),
		single("EXP", "int16", noOptions, i16(0.001, 3), i16(0.0001, 3)).filled(tensor.Bytes([]int16{-32768, 0, 20000})).wants("int16[3] [38 1000 7389]"),
		single("GELU", "erf", gelu(false), f32(8), f32(8)).filled(x).wants("float32[8] [-7.6198536e-23 -0.004049696 -0.15865526 -0.046017215 0 0.053982783 0.8413447 2.9959502]"),
		single("GELU", "tanh", gelu(true), f32(8), f32(8)).filled(x).wants("float32[8] [-0 -0.003637433 -0.158808 -0.04601725 0 0.053982753 0.841192 2.9963627]"),
		single("GELU", "int8", gelu(false), i8(0.02, -100, 4), i8(0.05, 0, 4)).filled([]byte{0x80, 0xec, 0, 20}).wants("int8[4] [-100 -108 -100 -58]"),
	)
}

func signCases() []opCase {
	ints := tensor.Bytes([]int32{-1 << 31, -5, 0, 1<<31 - 1})
	return slices.Concat(floatCases("ABS", noOptions), floatCases("NEG", noOptions), rejected("ABS", noOptions), rejected("NEG", noOptions), rejected("SIGN", noOptions),
		everyInt8("ABS", noOptions, [2]val{i8(0.5, -20), i8(0.5, 3)}, [2]val{i8(0.5, 127), i8(0.3, -128)}),
		everyInt16("ABS", noOptions, [2]float32{0.1, 0.1}, [2]float32{0.1, 0.17}),
		[]opCase{
			single("ABS", "int16 plain", noOptions, i16(0, len16), i16(0, len16)).filled(some16()),
			single("ABS", "int32", noOptions, i32(4), i32(4)).filled(ints).wants("int32[4] [-2147483648 5 0 2147483647]"),
			single("ABS", "int64", noOptions, i64(2), i64(2)).filled(tensor.Bytes([]int64{-1 << 40, 7})).wants("int64[2] [1099511627776 7]"),
			single("NEG", "int32", noOptions, i32(4), i32(4)).filled(ints).wants("int32[4] [-2147483648 5 0 -2147483647]"),
			single("NEG", "int64", noOptions, i64(2), i64(2)).filled(tensor.Bytes([]int64{-1 << 40, 7})).wants("int64[2] [1099511627776 -7]"),
			single("SIGN", "float", noOptions, f32(5), f32(5)).filled(tensor.Bytes([]float32{-2, 0, 3, 1e-40, float32(math.NaN())})).wants("float32[5] [-1 0 1 1 0]"),
			single("SIGN", "int32", noOptions, i32(4), i32(4)).filled(ints).wants("int32[4] [-1 -1 0 1]"),
			single("SIGN", "int64", noOptions, i64(2), i64(2)).filled(tensor.Bytes([]int64{-1 << 40, 7})).wants("int64[2] [-1 1]"),
			single("LOGICAL_NOT", "bool", noOptions, bools(2, 5), bools(2, 5)),
			single("LOGICAL_NOT", "float", noOptions, f32(2), f32(2)).fails("float32 as type of input 0"),
			single("ZEROS_LIKE", "float", noOptions, f32(2, 3), f32(2, 3)),
			single("ZEROS_LIKE", "int8", noOptions, i8(1, 3, 5), i8(1, 3, 5)),
			single("ZEROS_LIKE", "int32", noOptions, i32(5), i32(5)),
			single("ZEROS_LIKE", "int64", noOptions, i64(5), i64(5)),
			single("ZEROS_LIKE", "two inputs", noOptions, f32(3), f32(3), f32(3)).fails("2 inputs, want 1"),
		})
}

func i32q(scale float32, zero int64, shape ...int) val {
	return val{typ: tflite.Int32, shape: shape, scale: scale, zero: zero}
}

func quantizeCases() []opCase {
	op := func(name string, out, in val) opCase { return single("QUANTIZE", name, noOptions, out, in) }
	halves := tensor.Bytes([]float32{-0.5, 0.5, 1.5, 2.5, -1.5, -2.5, 0.49999997, 1e6, -1e6, 3})
	return slices.Concat(rejected("QUANTIZE", noOptions),
		everyInt8("QUANTIZE", noOptions, [2]val{i8(0.5, -20), i8(0.5, 3)}, [2]val{i8(0.5, 127), i8(0.03, -128)}, [2]val{i8(0.002, 9), i8(0.3, 4)},
			[2]val{u8(0.02, 128), i8(0.02, 0)}, [2]val{u8(0.02, 3), i8(0.05, -100)}, [2]val{i8(0.02, 0), u8(0.02, 128)}, [2]val{i8(0.02, 7), u8(0.05, 200)},
			[2]val{i8(0.02, 7), i32q(0.00005, 200)}, [2]val{i8(0.02, 7), val{typ: tflite.Int16, scale: 0.00005, zero: 0}}),
		everyInt16("QUANTIZE", noOptions, [2]float32{0.1, 0.1}, [2]float32{0.1, 0.03}, [2]float32{0.001, 0.07}),
		[]opCase{
			op("int8", i8(0.07, -3, 3, 40), f32(3, 40)),
			op("int16", i16(0.0007, 3, 40), f32(3, 40)),
			op("ties", i8(1, 0, 10), f32(10)).filled(halves),
			op("ties, zero point", i8(0.5, -127, 10), f32(10)).filled(halves),
			op("int16 to int8", i8(0.1, 5, len16), i16(0.001, len16)).filled(some16()),
			op("int16 to int32", i32q(0.1, -5, len16), i16(0.001, len16)).filled(some16()),
			op("int32 to int8", i8(0.1, 5, 2, 60), i32q(0.3, -11, 2, 60)),
			op("int32 to int16", i16(0.1, 2, 60), i32q(7, 0, 2, 60)),
			op("uint8", u8(0.5, 10, 4), f32(4)).filled(tensor.Bytes([]float32{-9, 0, 1, 999})).wants("uint8[4] [0 10 12 255]"),
			op("NaN and infinite", i8(0.5, 10, 3), f32(3)).filled(tensor.Bytes([]float32{float32(math.NaN()), float32(math.Inf(1)), -3e38})).wants("int8[3] [10 127 -128]"),
			op("no scale", i8(0, 0, 3), f32(3)).fails("no quantisation parameters"),
			op("no input scale", i8(1, 0, 3), i32(3)).fails("no quantisation parameters"),
			op("per channel", val{typ: tflite.Int8, shape: []int{2}, scales: []float32{1, 2}}, f32(2)).fails("2 scales"),
			op("to float", f32(3), f32(3)).fails("float32 as type of the output"),
			op("bool", i8(1, 0, 3), bools(3)).fails("bool as type of input 0"),
			op("negative scale", i8(-1, 0, 3), f32(3)).fails("want a positive number"),
			op("zero point", i8(1, 128, 3), f32(3)).fails("zero point 128"),
		})
}

func dequantizeCases() []opCase {
	op := func(name string, in val) opCase { return single("DEQUANTIZE", name, noOptions, f32(in.shape...), in) }
	channels := func(t tflite.TensorType, axis int, shape ...int) val {
		return val{typ: t, shape: shape, scales: []float32{0.5, 2}, axis: axis}
	}
	return slices.Concat(rejected("DEQUANTIZE", noOptions), []opCase{
		op("int8", i8(0.07, -3, 256)).filled(every8()),
		op("uint8", u8(0.07, 130, 256)).filled(every8()),
		op("int16", i16(0.0007, len16)).filled(some16()),
		op("int16 zero point", val{typ: tflite.Int16, shape: []int{len16}, scale: 0.3, zero: -77}).filled(some16()),
		op("int8 axis 0", channels(tflite.Int8, 0, 2, 3)).filled([]byte{1, 2, 3, 4, 5, 0xff}).wants("float32[2 3] [0.5 1 1.5 8 10 -2]"),
		op("int8 axis 1", channels(tflite.Int8, 1, 3, 2)).filled([]byte{1, 2, 3, 4, 5, 0xff}).wants("float32[3 2] [0.5 4 1.5 8 2.5 -2]"),
		op("int4", val{typ: tflite.Int4, shape: []int{5}, scale: 0.5, zero: 1, data: []byte{0x81, 0x7f, 0x02}}).wants("float32[5] [0 -4.5 -1 3 0.5]"),
		op("int4 axis 0", val{typ: tflite.Int4, shape: []int{2, 2}, scales: []float32{0.5, 2}, data: []byte{0x81, 0x7f}}).wants("float32[2 2] [0.5 -4 -2 14]"),
		op("float16", val{typ: tflite.Float16, shape: []int{6}, data: []uint16{0x3c00, 0xc000, 0x0001, 0x7bff, 0x8000, 0x7c00}}).wants("float32[6] [1 -2 5.9604645e-08 65504 -0 +Inf]"),
		op("no scale", i8(0, 0, 3)).fails("no quantisation parameters"),
		op("int32", i32q(1, 0, 3)).fails("int32 as type of input 0"),
		op("scale", i8(-1, 0, 3)).fails("must be positive"),
	})
}

// Conversions that the reference lacks are worked out by hand.
func castCases() (cases []opCase) {
	typ := func(t tflite.TensorType, shape ...int) val { return val{typ: t, shape: shape} }
	sources := map[tflite.TensorType][]byte{
		tflite.Int8:    every8(),
		tflite.Int16:   some16(),
		tflite.Int32:   tensor.Bytes([]int32{-1 << 31, 1<<31 - 1, 0, 1, -1, 128, 300, -40000, 16777217}),
		tflite.Uint32:  tensor.Bytes([]uint32{1<<32 - 1, 1 << 31, 0, 1, 129, 40000, 16777217}),
		tflite.Float32: tensor.Bytes([]float32{0, 0.9, -0.9, 1.5, -1.5, 100.7, -128, 127.9, 300, -40000.5, 70000}),
		tflite.Bool:    {0, 1, 1, 0, 1},
	}
	to := []tflite.TensorType{tflite.Int8, tflite.Int16, tflite.Int32, tflite.Uint32, tflite.Float32}
	for _, from := range []tflite.TensorType{tflite.Int8, tflite.Int16, tflite.Int32, tflite.Uint32, tflite.Float32, tflite.Bool} {
		n := len(sources[from]) / tflite.DType(from).Size()
		for _, t := range to {
			cases = append(cases, single("CAST", fmt.Sprintf("%v to %v", from, t), noOptions, typ(t, n), typ(from, n)).filled(sources[from]))
		}
	}
	op := func(name string, out, in val, data []byte, want string) opCase {
		return single("CAST", name, noOptions, out, in).filled(data).wants(want)
	}
	wild := tensor.Bytes([]float32{float32(math.NaN()), float32(math.Inf(1)), -3e9, 2147483648, -2147483648, 4294967040})
	halves := []uint16{0x3e00, 0xbc00, 0x7bff, 0x0001}
	return slices.Concat(cases, rejected("CAST", noOptions), []opCase{
		op("wild floats to int32", i32(6), f32(6), wild, "int32[6] [-2147483648 -2147483648 -2147483648 -2147483648 -2147483648 -2147483648]"),
		op("wild floats to int64", i64(6), f32(6), wild, "int64[6] [-9223372036854775808 -9223372036854775808 -3000000000 2147483648 -2147483648 4294967040]"),
		op("floats to uint8", typ(tflite.Uint8, 4), f32(4), tensor.Bytes([]float32{-1, 255.9, 256, 3}), "uint8[4] [255 255 0 3]"),
		op("floats to bool", bools(4), f32(4), tensor.Bytes([]float32{-1, 0, 1e-30, float32(math.Copysign(0, -1))}), "bool[4] [1 0 1 0]"),
		op("int64 to float", f32(3), i64(3), tensor.Bytes([]int64{1<<53 + 1, -1, 16777217}), "float32[3] [9.007199e+15 -1 1.6777216e+07]"),
		op("int64 to int32", i32(3), i64(3), tensor.Bytes([]int64{1<<32 + 5, -1, 7}), "int32[3] [5 -1 7]"),
		op("int32 to int64", i64(3), i32(3), tensor.Bytes([]int32{-1 << 31, -1, 7}), "int64[3] [-2147483648 -1 7]"),
		op("int32 to bool", bools(3), i32(3), tensor.Bytes([]int32{256, 0, -1}), "bool[3] [1 0 1]"),
		op("uint8 to float", f32(2), typ(tflite.Uint8, 2), []byte{200, 3}, "float32[2] [200 3]"),
		op("float to float", f32(2), f32(2), tensor.Bytes([]float32{1.5, -2}), "float32[2] [1.5 -2]"),
		op("float16 to float", f32(4), val{typ: tflite.Float16, shape: []int{4}, data: halves}, nil, "float32[4] [1.5 -1 65504 5.9604645e-08]"),
		op("float16 to int16", typ(tflite.Int16, 4), val{typ: tflite.Float16, shape: []int{4}, data: halves}, nil, "int16[4] [1 -1 -32 0]"),
		op("int4 to int8", typ(tflite.Int8, 3), val{typ: tflite.Int4, shape: []int{3}, data: []byte{0x8f, 0x07}}, nil, "int8[3] [-1 -8 7]"),
		op("uint16 to int32", i32(2), typ(tflite.Uint16, 2), tensor.Bytes([]uint16{65535, 1}), "int32[2] [65535 1]"),
		op("float64 to float", f32(2), typ(tflite.Float64, 2), tensor.Bytes([]float64{0.1, 1e300}), "float32[2] [0.1 +Inf]"),
		op("float to uint64 and back", f32(2), typ(tflite.Uint64, 2), tensor.Bytes([]uint64{1<<64 - 1, 5}), "float32[2] [1.8446744e+19 5]"),
		single("CAST", "float to int4", noOptions, typ(tflite.Int4, 2), f32(2)).fails("int4 as type of the output"),
	})
}
