package tflite_test

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// transposed is a model of one TRANSPOSE_CONV, described as for a convolution.
func transposed(name string, f filterModel, shape string) opCase {
	c := opCase{op: "TRANSPOSE_CONV", name: name, model: func(m *modeltest.Model) {
		h := fnv.New64a()
		h.Write([]byte(name))
		r := rand.New(rand.NewPCG(h.Sum64(), 3))
		dims := []int32{int32(f.y[0]), int32(f.y[1]), int32(f.y[2]), int32(f.y[3])}
		var s int
		var signature modeltest.Signature
		switch shape {
		case "declared", "fed":
			s = m.Input("shape", typeS32, []int{4})
		default:
			s = m.Const("shape", typeS32, []int{4}, dims)
		}
		if shape == "fed" {
			signature = modeltest.Signature{1, -1, -1, int(dims[3])}
		}
		w := f.weights(m, r, 0)
		x := m.Input("x", f.xt, f.x, f.quant(f.xt, f.xs, 0.05, f.zx))
		inputs := []int{s, w, x}
		switch {
		case f.bt == typeS16:
			bias := make([]int16, f.w[0])
			for i := range bias {
				bias[i] = int16(r.Uint32())
			}
			inputs = append(inputs, m.Const("b", typeS16, []int{len(bias)}, bias, modeltest.Quant{Scale: []float32{1}, Zero: []int64{0}}))
		case !f.noBias:
			inputs = append(inputs, f.bias(m, r, f.w[0]))
		}
		opts := []modeltest.TensorOption{f.quant(f.xt, f.ys, 0.3, f.zy)}
		if signature != nil {
			opts = append(opts, signature)
		}
		y := m.Tensor("y", f.xt, f.y, opts...)
		pad := tflite.PaddingSame
		if f.valid {
			pad = tflite.PaddingValid
		}
		fields := modeltest.Table{0: int8(pad), 1: f.stride[1], 2: f.stride[0], 3: int8(f.act)}
		m.Op("TRANSPOSE_CONV", 4, modeltest.Options{Type: tflite.TransposeConvOptions, Fields: fields}, inputs, []int{y})
		m.Outputs(y)
	}}
	if shape == "fed" || shape == "declared" {
		c.fill = func(_, i int, t tensor.Type) []byte {
			if t.DType == tensor.I32 {
				return tensor.Bytes([]int32{int32(f.y[0]), int32(f.y[1]), int32(f.y[2]), int32(f.y[3])})
			}
			return nil
		}
	}
	return c
}

func failing(c opCase, err string) opCase {
	c.err = err
	return c
}

var transposeConvCases = []opCase{
	transposed("float, same, stride 2", filterModel{xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 6, 8, 5}, stride: [2]int32{2, 2}}, ""),
	transposed("float, valid, stride 3 2, relu6", filterModel{xt: typeF32, wt: typeF32, bt: typeF32, x: []int{2, 3, 4, 2}, w: []int{3, 2, 5, 2}, y: []int{2, 8, 11, 3}, stride: [2]int32{3, 2}, valid: true, act: tflite.ActivationRelu6}, ""),
	transposed("float, stride 1, no bias", filterModel{xt: typeF32, wt: typeF32, noBias: true, x: []int{1, 4, 4, 2}, w: []int{17, 3, 3, 2}, y: []int{1, 4, 4, 17}, stride: [2]int32{1, 1}}, ""),
	transposed("float, output larger than what is reached", filterModel{xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 2, 2, 2}, w: []int{2, 2, 2, 2}, y: []int{1, 9, 7, 2}, stride: [2]int32{3, 3}, valid: true}, ""),
	transposed("float, computed filters", filterModel{xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 6, 8, 5}, stride: [2]int32{2, 2}, computed: true}, ""),
	transposed("int8, same, stride 2", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 6, 8, 5}, stride: [2]int32{2, 2}, zx: 7, zy: -9}, ""),
	transposed("int8, odd output", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 5, 7, 5}, stride: [2]int32{2, 2}, zx: 7, zy: -9}, ""),
	transposed("int8, per tensor, valid, relu", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{2, 2, 3, 4}, w: []int{6, 4, 4, 4}, y: []int{2, 6, 8, 6}, stride: [2]int32{2, 2}, valid: true, perTensor: true, zx: -128, zy: -128, act: tflite.ActivationRelu}, ""),
	transposed("int8, window shorter than stride", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 3, 3, 2}, w: []int{4, 1, 2, 2}, y: []int{1, 9, 12, 4}, stride: [2]int32{3, 4}, zx: 5}, ""),
	transposed("int8, no bias, n1 to 1", filterModel{xt: typeS8, wt: typeS8, noBias: true, x: []int{1, 2, 2, 3}, w: []int{2, 5, 5, 3}, y: []int{1, 4, 4, 2}, stride: [2]int32{2, 2}, ys: 0.0125, act: tflite.ActivationReluN1To1}, ""),
	transposed("int8, one row", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 1, 9, 8}, w: []int{16, 1, 4, 8}, y: []int{1, 1, 18, 16}, stride: [2]int32{1, 2}, zx: 1}, ""),
	transposed("int8, one column", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 9, 1, 8}, w: []int{16, 5, 1, 8}, y: []int{1, 27, 1, 16}, stride: [2]int32{3, 1}, zx: 1}, ""),
	transposed("int8, computed filters", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 6, 8, 5}, stride: [2]int32{2, 2}, zx: 7, zy: -9, computed: true}, ""),
	transposed("int8, more phases than are taken apart", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 2, 2, 2}, w: []int{1, 9, 9, 2}, y: []int{1, 18, 18, 1}, stride: [2]int32{9, 9}, zx: 7}, ""),
	transposed("int8, shape fed, as declared", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 6, 8, 5}, stride: [2]int32{2, 2}, zx: 7, zy: -9}, "declared"),
	transposed("int8, shape fed", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 6, 8, 5}, stride: [2]int32{2, 2}, zx: 7, zy: -9}, "fed"),
	transposed("int16", filterModel{xt: typeS16, wt: typeS8, bt: typeS64, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 6, 8, 5}, stride: [2]int32{2, 2}, xs: 0.001, ys: 0.002}, ""),
	transposed("int16, relu, valid", filterModel{xt: typeS16, wt: typeS8, bt: typeS64, x: []int{1, 1, 5, 7}, w: []int{9, 3, 4, 7}, y: []int{1, 3, 12, 9}, stride: [2]int32{1, 2}, xs: 0.001, ys: 0.002, valid: true, act: tflite.ActivationRelu}, ""),
	transposed("int16, bias of int16", filterModel{xt: typeS16, wt: typeS8, bt: typeS16, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 6, 8, 5}, stride: [2]int32{2, 2}, xs: 0.001, ys: 0.002}, ""),
	transposed("int16, no bias", filterModel{xt: typeS16, wt: typeS8, noBias: true, x: []int{1, 3, 4, 3}, w: []int{5, 2, 2, 3}, y: []int{1, 6, 8, 5}, stride: [2]int32{2, 2}, xs: 0.001, ys: 0.002}, ""),
	failing(transposed("stride 0", filterModel{xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 6, 8, 5}}, ""), "stride 0, want at least 1"),
	failing(transposed("channels", filterModel{xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 2}, y: []int{1, 6, 8, 5}, stride: [2]int32{2, 2}}, ""), "do not agree on channels"),
	failing(transposed("wrong batch", filterModel{xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 3}, y: []int{2, 6, 8, 5}, stride: [2]int32{2, 2}}, ""), "the output's shape is [2 6 8 5], want [1 h w 5]"),
	failing(transposed("wrong channels", filterModel{xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 3, 4, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 6, 8, 4}, stride: [2]int32{2, 2}}, ""), "want [1 h w 5]"),
}

// cStruct returns int32 fields as MediaPipe stores its operators' options.
func cStruct(fields ...int32) []byte {
	b, _ := binary.Append(nil, binary.LittleEndian, fields)
	return b
}

// mediapipe is a model of MediaPipe's transposed convolution with filters of
// ones and biases of 100, on an image that counts from 1.
func mediapipe(x, w, y []int, options []byte) func(m *modeltest.Model) {
	return func(m *modeltest.Model) {
		count := func(shape []int, f func(i int) float32) []float32 {
			v := make([]float32, tensor.Of(tensor.F32, shape...).Len())
			for i := range v {
				v[i] = f(i)
			}
			return v
		}
		in := m.Const("x", typeF32, x, count(x, func(i int) float32 { return float32(i + 1) }))
		filter := m.Const("w", typeF32, w, count(w, func(int) float32 { return 1 }))
		bias := m.Const("b", typeF32, w[:1], count(w[:1], func(int) float32 { return 100 }))
		out := m.Tensor("y", typeF32, y)
		m.Custom("Convolution2DTransposeBias", options, []int{in, filter, bias}, []int{out})
		m.Inputs()
		m.Outputs(out)
	}
}

var mediapipeCases = []opCase{
	{op: "Convolution2DTransposeBias", name: "same", want: "float32[1 1 4 1] [101 101 103 102]",
		model: mediapipe([]int{1, 1, 2, 1}, []int{1, 2, 3, 1}, []int{1, 1, 4, 1}, cStruct(1, 2, 2))},
	{op: "Convolution2DTransposeBias", name: "valid", want: "float32[1 2 5 1] [101 101 103 102 102 101 101 103 102 102]",
		model: mediapipe([]int{1, 1, 2, 1}, []int{1, 2, 3, 1}, []int{1, 2, 5, 1}, cStruct(2, 2, 2, 0, 0))},
	{op: "Convolution2DTransposeBias", name: "short options", err: "options of 8 bytes, want at least 12",
		model: mediapipe([]int{1, 1, 2, 1}, []int{1, 2, 3, 1}, []int{1, 2, 5, 1}, cStruct(2, 2))},
	{op: "Convolution2DTransposeBias", name: "stride below 0", err: "stride -2",
		model: mediapipe([]int{1, 1, 2, 1}, []int{1, 2, 3, 1}, []int{1, 2, 5, 1}, cStruct(2, -2, -2))},
}
