package tflite_test

import (
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Cases of types that the recording reference lacks. Their contents follow
// formulas, so that NumPy could compute the outputs independently, from the
// definitions of LiteRT's reference kernels.

// formula returns (i·mul + off) mod n for i < count.
func formula[T tensor.Element](count, n, mul, off int, of func(v int) T) []T {
	x := make([]T, count)
	for i := range x {
		x[i] = of((i*mul + off) % n)
	}
	return x
}

// exactModel is a model of one convolution or dense layer, uint8 or hybrid.
type exactModel struct {
	op, name   string
	x, w, y    []int
	stride     int32
	zx, zw, zy int64
	sy         float32   // scale of a uint8 output
	scales     []float32 // of a hybrid's int8 weights
	asymmetric bool      // of a hybrid dense layer
	want       string
}

func (e exactModel) opCase() opCase {
	c := opCase{op: e.op, name: e.name, want: e.want, model: e.build}
	c.fill = func(_, _ int, t tensor.Type) []byte {
		if t.DType == tensor.U8 {
			return formula(t.Len(), 256, 37, 11, func(v int) byte { return byte(v) })
		}
		return tensor.Bytes(formula(t.Len(), 101, 37, 11, func(v int) float32 { return float32(v-40) / 8 }))
	}
	return c
}

func (e exactModel) build(m *modeltest.Model) {
	n, oc := tensor.Type{Shape: e.w}.Len(), e.w[0]
	if e.op == "DEPTHWISE_CONV_2D" {
		oc = e.w[3]
	}
	weights := formula(n, 256, 91, 5, func(v int) byte { return byte(v) })
	var x, w, b, y int
	if e.scales == nil {
		q := func(scale float32, zero int64) modeltest.Quant {
			return modeltest.Quant{Scale: []float32{scale}, Zero: []int64{zero}}
		}
		x = m.Input("x", typeU8, e.x, q(0.05, e.zx))
		w = m.Const("w", typeU8, e.w, weights, q(0.02, e.zw))
		b = m.Const("b", typeS32, []int{oc}, formula(oc, 4001, 977, 13, func(v int) int32 { return int32(v - 2000) }), q(0.001, 0))
		y = m.Tensor("y", typeU8, e.y, q(e.sy, e.zy))
	} else {
		q := modeltest.Quant{Scale: e.scales, Zero: make([]int64, len(e.scales))}
		if e.op == "DEPTHWISE_CONV_2D" {
			q.Axis = 3
		}
		x = m.Input("x", typeF32, e.x)
		w = m.Const("w", typeS8, e.w, weights, q)
		b = m.Const("b", typeF32, []int{oc}, formula(oc, 41, 17, 3, func(v int) float32 { return float32(v-20) / 4 }))
		y = m.Tensor("y", typeF32, e.y)
	}
	opts := modeltest.Options{Type: tflite.Conv2DOptions, Fields: modeltest.Table{1: e.stride, 2: e.stride}}
	switch e.op {
	case "DEPTHWISE_CONV_2D":
		opts.Type = tflite.DepthwiseConv2DOptions
	case "FULLY_CONNECTED":
		opts = modeltest.Options{Type: tflite.FullyConnectedOptions, Fields: modeltest.Table{3: e.asymmetric}}
	}
	m.Op(e.op, 2, opts, []int{x, w, b}, []int{y})
	m.Outputs(y)
}

var exactCases = []opCase{
	exactModel{op: "CONV_2D", name: "uint8", x: []int{1, 3, 4, 2}, w: []int{3, 3, 3, 2}, y: []int{1, 3, 4, 3}, stride: 1, zx: 120, zw: 131, zy: 20, sy: 2,
		want: "uint8[1 3 4 3] [11 19 24 23 14 24 19 34 3 21 13 23 15 22 22 48 14 9 17 18 15 10 34 10 23 23 19 21 27 8 17 11 36 5 25 24]"}.opCase(),
	exactModel{op: "CONV_2D", name: "hybrid, one scale", x: []int{2, 3, 3, 2}, w: []int{3, 2, 2, 2}, y: []int{2, 2, 2, 3}, stride: 2, scales: []float32{0.02},
		want: "float32[2 2 2 3] [-21.498148 -15.567518 36.543896 23.217794 19.018974 -1.8399997 11.308385 9.164684 -3.2089367 -4.949882 -5.906181 -6.862479 20.802599 -6.9477167 -15.104961 -6.432323 -4.3933463 19.415709 -11.648425 -7.440945 24.795511 8.922599 6.071811 3.2210236]"}.opCase(),
	exactModel{op: "CONV_2D", name: "hybrid, a scale a filter", x: []int{2, 3, 3, 2}, w: []int{3, 2, 2, 2}, y: []int{2, 2, 2, 3}, stride: 2, scales: []float32{0.02, 0.01, 0.005},
		want: "float32[2 2 2 3] [-21.491627 -7.7139897 12.347593 23.28647 9.529019 2.707294 11.279352 4.5576177 2.3891225 -4.942098 -2.9448724 1.478152 20.766901 -3.5747645 -0.56565666 -6.415686 -2.1887255 8.0288925 -11.604117 -3.7323527 9.374844 8.878666 3.0255098 3.993343]"}.opCase(),
	exactModel{op: "DEPTHWISE_CONV_2D", name: "uint8, multiplier 2", x: []int{1, 4, 3, 2}, w: []int{1, 3, 3, 4}, y: []int{1, 2, 2, 4}, stride: 2, zx: 120, zw: 131, zy: 20, sy: 1,
		want: "uint8[1 2 2 4] [42 0 38 4 22 11 13 22 0 26 0 27 21 32 4 30]"}.opCase(),
	exactModel{op: "DEPTHWISE_CONV_2D", name: "hybrid", x: []int{1, 4, 3, 2}, w: []int{1, 3, 3, 2}, y: []int{1, 2, 2, 2}, stride: 2, scales: []float32{0.02, 0.01},
		want: "float32[1 2 2 2] [27.04094 9.216608 -16.685646 -5.8759212 -14.449922 -3.2909214 -12.036333 -3.1047647]"}.opCase(),
	exactModel{op: "FULLY_CONNECTED", name: "uint8", x: []int{2, 5}, w: []int{4, 5}, y: []int{2, 4}, zx: 128, zw: 128, zy: 77, sy: 0.5,
		want: "uint8[2 4] [102 66 67 94 54 58 99 108]"}.opCase(),
	exactModel{op: "FULLY_CONNECTED", name: "hybrid, symmetric", x: []int{2, 5}, w: []int{3, 5}, y: []int{2, 3}, scales: []float32{0.02},
		want: "float32[2 3] [-6.367126 -5.399114 24.368898 -12.333267 -13.637402 3.0742126]"}.opCase(),
	exactModel{op: "FULLY_CONNECTED", name: "hybrid, asymmetric, a scale a row", x: []int{2, 5}, w: []int{3, 5}, y: []int{2, 3}, scales: []float32{0.02, 0.01, 0.005}, asymmetric: true,
		want: "float32[2 3] [-6.376412 -2.7173235 9.261143 -12.185736 -6.7393527 3.948228]"}.opCase(),
}

// wrongFilters are files that a filter must refuse, with a word on why.
var wrongFilters = []opCase{
	wrongFilter("CONV_2D", "channels", "do not agree on channels", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 4, 4, 3}, w: []int{2, 3, 3, 2}, y: []int{1, 4, 4, 2}}),
	wrongFilter("CONV_2D", "rank", "want rank [4]", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{4, 4, 3}, w: []int{2, 3, 3, 3}, y: []int{4, 4, 2}}),
	wrongFilter("CONV_2D", "stride", "height: stride -1", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 4, 4, 3}, w: []int{2, 3, 3, 3}, y: []int{1, 4, 4, 2}, stride: [2]int32{-1, 1}}),
	wrongFilter("CONV_2D", "dilation", "width: dilation 0", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 4, 4, 3}, w: []int{2, 3, 3, 3}, y: []int{1, 4, 4, 2}, options: modeltest.Table{4: int32(0)}}),
	wrongFilter("CONV_2D", "dilation beyond reason", "a window of 3 taps with dilation 2147483647", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 4, 4, 3}, w: []int{2, 3, 3, 3}, y: []int{1, 4, 4, 2}, dilation: [2]int32{1<<31 - 1, 1}}),
	wrongFilter("CONV_2D", "padding", "padding mode", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 4, 4, 3}, w: []int{2, 3, 3, 3}, y: []int{1, 4, 4, 2}, options: modeltest.Table{0: int8(2)}}),
	wrongFilter("CONV_2D", "activation", "fused activation TANH is not supported", filterModel{xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 4, 4, 3}, w: []int{2, 3, 3, 3}, y: []int{1, 4, 4, 2}, act: tflite.ActivationTanh}),
	wrongFilter("CONV_2D", "bias type", "int64 as type of input 2", filterModel{xt: typeS8, wt: typeS8, bt: typeS64, x: []int{1, 4, 4, 3}, w: []int{2, 3, 3, 3}, y: []int{1, 4, 4, 2}}),
	wrongFilter("CONV_2D", "filter type", "uint8 as type of input 1", filterModel{xt: typeS8, wt: typeU8, bt: typeS32, x: []int{1, 4, 4, 3}, w: []int{2, 3, 3, 3}, y: []int{1, 4, 4, 2}}),
	wrongFilter("CONV_2D", "int16 with a zero point", "want 0", filterModel{xt: typeS16, wt: typeS8, bt: typeS64, x: []int{1, 4, 4, 3}, w: []int{2, 3, 3, 3}, y: []int{1, 4, 4, 2}, zx: 1}),
	wrongFilter("DEPTHWISE_CONV_2D", "channels", "do not agree on channels", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 4, 4, 3}, w: []int{1, 3, 3, 4}, y: []int{1, 4, 4, 4}}),
	wrongFilter("DEPTHWISE_CONV_2D", "int32 bias of int16", "int32 bias of int16 depthwise convolution is not supported", filterModel{xt: typeS16, wt: typeS8, bt: typeS32, x: []int{1, 4, 4, 3}, w: []int{1, 3, 3, 3}, y: []int{1, 4, 4, 3}}),
	wrongFilter("FULLY_CONNECTED", "rows", "does not divide into rows of 4", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{2, 3}, w: []int{5, 4}, y: []int{2, 5}}),
	wrongFilter("FULLY_CONNECTED", "rows, keeping dimensions", "no last dimension of 6", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{2, 3}, w: []int{5, 6}, y: []int{2, 5}, options: modeltest.Table{2: true}}),
	wrongFilter("FULLY_CONNECTED", "shuffled weights", "SHUFFLED4x16INT8", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{2, 4}, w: []int{5, 4}, y: []int{2, 5}, options: modeltest.Table{1: int8(1)}}),
	wrongFilter("FULLY_CONNECTED", "zero point of weights", "zero point other than 0", filterModel{xt: typeS8, wt: typeS8, bt: typeS32, x: []int{2, 4}, w: []int{5, 4}, y: []int{2, 5}, perTensor: true, zw: 1}),
}

func wrongFilter(op, name, err string, f filterModel) opCase {
	return opCase{op: op, name: "wrong " + name, err: err, model: func(m *modeltest.Model) { f.build(m, op, name) }}
}

// fusedCases have a clamp behind the filter, which it takes over.
var fusedCases = []opCase{
	{op: "CONV_2D", name: "float, then relu6", model: func(m *modeltest.Model) {
		x := m.Input("x", typeF32, []int{1, 4, 4, 2})
		w := m.Const("w", typeF32, []int{3, 2, 2, 2}, formula(24, 41, 17, 3, func(v int) float32 { return float32(v-20) / 8 }))
		y := m.Tensor("y", typeF32, []int{1, 4, 4, 3})
		z := m.Tensor("z", typeF32, []int{1, 4, 4, 3})
		m.Op("CONV_2D", 1, modeltest.Options{Type: tflite.Conv2DOptions, Fields: modeltest.Table{1: int32(1), 2: int32(1)}}, []int{x, w}, []int{y})
		m.Op("RELU6", 1, modeltest.Options{}, []int{y}, []int{z})
		m.Outputs(z)
	}},
	{op: "FULLY_CONNECTED", name: "float, relu n1 to 1, then relu", model: func(m *modeltest.Model) {
		x := m.Input("x", typeF32, []int{2, 8})
		w := m.Const("w", typeF32, []int{3, 8}, formula(24, 41, 17, 3, func(v int) float32 { return float32(v-20) / 64 }))
		y := m.Tensor("y", typeF32, []int{2, 3})
		z := m.Tensor("z", typeF32, []int{2, 3})
		m.Op("FULLY_CONNECTED", 1, modeltest.Options{Type: tflite.FullyConnectedOptions, Fields: modeltest.Table{0: int8(tflite.ActivationReluN1To1)}}, []int{x, w}, []int{y})
		m.Op("RELU", 1, modeltest.Options{}, []int{y}, []int{z})
		m.Outputs(z)
	}},
}
