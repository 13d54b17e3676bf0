package tflite_test

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// filterModel describes a model of one convolution or dense layer.
type filterModel struct {
	x, w, y    []int // shapes
	xt, wt, bt tflite.TensorType
	noBias     bool
	perTensor  bool // one scale for all filters
	zx, zy, zw int64
	xs, ys     float32 // scales; 0 means 0.05 and 0.3
	valid      bool
	stride     [2]int32
	dilation   [2]int32
	act        tflite.ActivationFunctionType
	options    modeltest.Table // more fields
	computed   bool            // weights and bias are inputs
}

// convolution returns cases of one operator.
func convolution(op string, models map[string]filterModel) []opCase {
	var cases []opCase
	for name, f := range models {
		cases = append(cases, opCase{op: op, name: name, model: func(m *modeltest.Model) { f.build(m, op, name) }})
	}
	slices.SortFunc(cases, func(a, b opCase) int {
		if a.name < b.name {
			return -1
		}
		return 1
	})
	return cases
}

func (f filterModel) build(m *modeltest.Model, op, name string) {
	h := fnv.New64a()
	h.Write([]byte(name))
	r := rand.New(rand.NewPCG(h.Sum64(), 2))
	axis, opts := 0, modeltest.Options{Type: tflite.Conv2DOptions}
	switch op {
	case "DEPTHWISE_CONV_2D":
		axis, opts.Type = 3, tflite.DepthwiseConv2DOptions
	case "FULLY_CONNECTED":
		opts.Type = tflite.FullyConnectedOptions
	}
	oc := f.w[axis]
	x := m.Input("x", f.xt, f.x, f.quant(f.xt, f.xs, 0.05, f.zx))
	w := f.weights(m, r, axis)
	inputs := []int{x, w}
	if !f.noBias {
		inputs = append(inputs, f.bias(m, r, oc))
	}
	y := m.Tensor("y", f.xt, f.y, f.quant(f.xt, f.ys, 0.3, f.zy))
	opts.Fields = f.fields(op, oc)
	m.Op(op, 1, opts, inputs, []int{y})
	m.Outputs(y)
}

func (f filterModel) quant(t tflite.TensorType, scale, def float32, zero int64) modeltest.TensorOption {
	if t == tflite.Float32 {
		return modeltest.Fields{}
	}
	if scale == 0 {
		scale = def
	}
	return modeltest.Quant{Scale: []float32{scale}, Zero: []int64{zero}}
}

func (f filterModel) weights(m *modeltest.Model, r *rand.Rand, axis int) int {
	n := 1
	for _, d := range f.w {
		n *= d
	}
	q := modeltest.Quant{Scale: []float32{0.02}, Zero: []int64{f.zw}, Axis: int32(axis)}
	if !f.perTensor {
		q.Scale, q.Zero = make([]float32, f.w[axis]), make([]int64, f.w[axis])
		for i := range q.Scale {
			q.Scale[i] = 0.005 + float32(r.IntN(1000))/40000
		}
	}
	var data any
	opts := []modeltest.TensorOption{q}
	switch f.wt {
	case tflite.Float32:
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(r.IntN(2001)-1000) / 1024
		}
		data, opts = v, nil
	case tflite.Int4:
		v := make([]byte, (n+1)/2)
		for i := range v {
			v[i] = byte(r.Uint32())
		}
		data = v
	default:
		v := make([]byte, n)
		for i := range v {
			v[i] = byte(r.Uint32())
		}
		data = v
	}
	if f.computed {
		return m.Input("w", f.wt, f.w, opts...)
	}
	return m.Const("w", f.wt, f.w, data, opts...)
}

func (f filterModel) bias(m *modeltest.Model, r *rand.Rand, oc int) int {
	var data any
	switch f.bt {
	case tflite.Float32:
		v := make([]float32, oc)
		for i := range v {
			v[i] = float32(r.IntN(2001)-1000) / 512
		}
		data = v
	case tflite.Int32:
		v := make([]int32, oc)
		for i := range v {
			v[i] = int32(r.IntN(6001) - 3000)
		}
		data = v
	case tflite.Int64:
		v := make([]int64, oc)
		for i := range v {
			v[i] = int64(r.IntN(6_000_001) - 3_000_000)
		}
		data = v
	}
	q := modeltest.Quant{Scale: []float32{0.001}, Zero: []int64{0}}
	if f.xs != 0 {
		q.Scale[0] = f.xs * 0.02 // checked by a dense layer with one scale
	}
	if f.computed {
		return m.Input("b", f.bt, []int{oc}, q)
	}
	return m.Const("b", f.bt, []int{oc}, data, q)
}

// fields returns the options.
func (f filterModel) fields(op string, oc int) modeltest.Table {
	t := modeltest.Table{}
	if op == "FULLY_CONNECTED" {
		t[0] = int8(f.act)
	} else {
		stride, dilation := f.stride, f.dilation
		if stride == [2]int32{} {
			stride = [2]int32{1, 1}
		}
		if dilation == [2]int32{} {
			dilation = [2]int32{1, 1}
		}
		pad := tflite.PaddingSame
		if f.valid {
			pad = tflite.PaddingValid
		}
		t[0], t[1], t[2] = int8(pad), stride[1], stride[0]
		if op == "CONV_2D" {
			t[3], t[4], t[5] = int8(f.act), dilation[1], dilation[0]
		} else {
			t[3], t[4], t[5], t[6] = int32(oc/f.x[3]), int8(f.act), dilation[1], dilation[0]
		}
	}
	for k, v := range f.options {
		t[k] = v
	}
	return t
}

const (
	typeF32 = tflite.Float32
	typeS4  = tflite.Int4
	typeS8  = tflite.Int8
	typeU8  = tflite.Uint8
	typeS16 = tflite.Int16
	typeS32 = tflite.Int32
	typeS64 = tflite.Int64
)

var convolutionCases = slices.Concat(exactCases, wrongFilters, fusedCases,
	convolution("CONV_2D", map[string]filterModel{
		"float, same":                    {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 5, 6, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 5, 6, 5}},
		"float, valid, stride, relu6":    {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{2, 7, 8, 2}, w: []int{3, 3, 2, 2}, y: []int{2, 3, 3, 3}, valid: true, stride: [2]int32{2, 3}, act: tflite.ActivationRelu6},
		"float, groups, dilation":        {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 7, 7, 6}, w: []int{6, 3, 3, 2}, y: []int{1, 7, 7, 6}, dilation: [2]int32{2, 1}, act: tflite.ActivationReluN1To1},
		"float, 1x1, no bias":            {xt: typeF32, wt: typeF32, noBias: true, x: []int{2, 3, 4, 5}, w: []int{17, 1, 1, 5}, y: []int{2, 3, 4, 17}},
		"float, a channel a group":       {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 4, 4, 3}, w: []int{6, 2, 2, 1}, y: []int{1, 4, 4, 6}},
		"int8, same":                     {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 5, 6, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 5, 6, 5}, zx: 7, zy: -9},
		"int8, per tensor, relu":         {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{2, 5, 4, 4}, w: []int{8, 2, 2, 4}, y: []int{2, 4, 3, 8}, valid: true, perTensor: true, zx: -128, zy: -128, act: tflite.ActivationRelu},
		"int8, 1x1":                      {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{2, 3, 3, 16}, w: []int{20, 1, 1, 16}, y: []int{2, 3, 3, 20}, zx: 127, zy: 100},
		"int8, 1x1, odd channels":        {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 3, 5, 7}, w: []int{9, 1, 1, 7}, y: []int{1, 3, 5, 9}, zx: -3, zy: 4},
		"int8, 1x1, stride":              {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 5, 5, 4}, w: []int{3, 1, 1, 4}, y: []int{1, 3, 3, 3}, stride: [2]int32{2, 2}, zx: 1},
		"int8, row filter, one high":     {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 1, 12, 5}, w: []int{6, 1, 5, 5}, y: []int{1, 1, 12, 6}, zx: 11},
		"int8, column filter, one wide":  {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{2, 12, 1, 5}, w: []int{6, 5, 1, 5}, y: []int{2, 4, 1, 6}, valid: true, stride: [2]int32{2, 1}, zx: 11},
		"int8, row filter, two rows":     {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 2, 1, 4}, w: []int{3, 1, 2, 4}, y: []int{1, 1, 1, 3}, stride: [2]int32{2, 1}, zx: 30}, // as many values as taps, but not those
		"int8, groups, 1x1":              {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 4, 5, 6}, w: []int{9, 1, 1, 2}, y: []int{1, 4, 5, 9}, zx: 5, zy: 5},
		"int16, groups, 1x1":             {xt: typeS16, wt: typeS8, bt: typeS64, x: []int{2, 1, 3, 8}, w: []int{8, 1, 1, 2}, y: []int{2, 1, 3, 8}, xs: 0.001, ys: 0.002},
		"float, groups, 1x1":             {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 3, 3, 4}, w: []int{6, 1, 1, 2}, y: []int{1, 3, 3, 6}},
		"int8, groups":                   {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 4, 5, 6}, w: []int{9, 3, 3, 2}, y: []int{1, 4, 5, 9}, zx: 5, zy: 5},
		"int8, dilation":                 {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 8, 9, 2}, w: []int{4, 3, 3, 2}, y: []int{1, 8, 9, 4}, dilation: [2]int32{3, 2}, zx: -5, act: tflite.ActivationRelu6},
		"int8, window larger than image": {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 2, 2, 3}, w: []int{4, 5, 5, 3}, y: []int{1, 2, 2, 4}, zx: 9},
		"int8, no bias, n1 to 1":         {xt: typeS8, wt: typeS8, noBias: true, x: []int{1, 4, 4, 3}, w: []int{2, 2, 2, 3}, y: []int{1, 4, 4, 2}, ys: 0.0125, act: tflite.ActivationReluN1To1},
		"int8, multiplier above 1":       {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 2, 2, 2}, w: []int{3, 1, 1, 2}, y: []int{1, 2, 2, 3}, xs: 3, ys: 0.004, zx: -2},
		"int8, tiny multiplier":          {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 2, 2, 2}, w: []int{3, 1, 1, 2}, y: []int{1, 2, 2, 3}, xs: 1e-6, ys: 1, zy: 3},
		"int8, first of many channels":   {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 6, 6, 1}, w: []int{33, 3, 3, 1}, y: []int{1, 3, 3, 33}, stride: [2]int32{2, 2}, zx: -128, zy: -128, act: tflite.ActivationRelu},
		"int4 weights":                   {xt: typeS8, wt: typeS4, bt: typeS32, x: []int{1, 4, 5, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 4, 5, 5}, zx: 7, zy: -9, ys: 0.05},
		"int4 weights, per tensor":       {xt: typeS8, wt: typeS4, bt: typeS32, x: []int{1, 4, 5, 4}, w: []int{5, 1, 1, 4}, y: []int{1, 4, 5, 5}, zx: 7, perTensor: true, ys: 0.05},
		"int16":                          {xt: typeS16, wt: typeS8, bt: typeS64, x: []int{1, 4, 5, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 4, 5, 5}, xs: 0.001, ys: 0.002},
		"int16, groups, stride, relu":    {xt: typeS16, wt: typeS8, bt: typeS64, x: []int{1, 6, 5, 4}, w: []int{4, 3, 3, 2}, y: []int{1, 3, 3, 4}, stride: [2]int32{2, 2}, xs: 0.001, ys: 0.002, act: tflite.ActivationRelu},
		"int16, int32 bias":              {xt: typeS16, wt: typeS8, bt: typeS32, x: []int{1, 4, 5, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 4, 5, 5}, xs: 0.001, ys: 0.002},
		"int16, no bias":                 {xt: typeS16, wt: typeS8, noBias: true, x: []int{1, 4, 5, 3}, w: []int{5, 1, 1, 3}, y: []int{1, 4, 5, 5}, xs: 0.001, ys: 0.0015},
		"int16, no bias, int32 sums":     {xt: typeS16, wt: typeS8, noBias: true, x: []int{1, 4, 5, 3}, w: []int{5, 1, 1, 3}, y: []int{1, 4, 5, 5}, xs: 0.001, ys: 0.0015, options: modeltest.Table{6: int8(typeS32)}},
		"computed filters, int8":         {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 4, 5, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 4, 5, 5}, zx: 7, zy: -9, computed: true},
		"computed filters, float":        {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 4, 5, 3}, w: []int{5, 3, 3, 3}, y: []int{1, 4, 5, 5}, computed: true},
	}),
	convolution("DEPTHWISE_CONV_2D", map[string]filterModel{
		"float, same":                    {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 5, 6, 3}, w: []int{1, 3, 3, 3}, y: []int{1, 5, 6, 3}},
		"float, valid, stride, relu6":    {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{2, 7, 8, 2}, w: []int{1, 3, 2, 6}, y: []int{2, 3, 3, 6}, valid: true, stride: [2]int32{2, 3}, act: tflite.ActivationRelu6},
		"float, one channel":             {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 7, 6, 1}, w: []int{1, 3, 3, 5}, y: []int{1, 4, 3, 5}, stride: [2]int32{2, 2}},
		"float, dilation":                {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{1, 7, 6, 20}, w: []int{1, 3, 3, 20}, y: []int{1, 7, 6, 20}, dilation: [2]int32{2, 3}},
		"int8, same":                     {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 5, 6, 19}, w: []int{1, 3, 3, 19}, y: []int{1, 5, 6, 19}, zx: 7, zy: -9, ys: 0.1},
		"int8, stride, relu":             {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{2, 6, 7, 8}, w: []int{1, 3, 3, 8}, y: []int{2, 3, 4, 8}, stride: [2]int32{2, 2}, zx: -128, zy: -128, act: tflite.ActivationRelu, ys: 0.1},
		"int8, multiplier 4, 1 channel":  {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 7, 6, 1}, w: []int{1, 4, 3, 4}, y: []int{1, 4, 3, 4}, stride: [2]int32{2, 2}, zx: 83, ys: 0.1},
		"int8, multiplier 3":             {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 5, 4, 5}, w: []int{1, 3, 3, 15}, y: []int{1, 5, 4, 15}, zx: -3, ys: 0.1},
		"int8, per tensor, valid":        {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 6, 6, 4}, w: []int{1, 3, 5, 4}, y: []int{1, 4, 2, 4}, valid: true, perTensor: true, zx: 44, zy: 127, ys: 0.1},
		"int8, dilation":                 {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 8, 9, 2}, w: []int{1, 3, 3, 2}, y: []int{1, 8, 9, 2}, dilation: [2]int32{3, 2}, zx: -5, act: tflite.ActivationRelu6, ys: 0.1},
		"int8, window larger than image": {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 2, 3, 6}, w: []int{1, 7, 7, 6}, y: []int{1, 2, 3, 6}, zx: 9, ys: 0.1},
		"int8, one wide":                 {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{2, 12, 1, 5}, w: []int{1, 5, 1, 5}, y: []int{2, 8, 1, 5}, valid: true, zx: 11, ys: 0.1},
		"int4 weights":                   {xt: typeS8, wt: typeS4, bt: typeS32, x: []int{1, 4, 5, 3}, w: []int{1, 3, 3, 3}, y: []int{1, 4, 5, 3}, zx: 7, zy: -9, ys: 0.03},
		"int16":                          {xt: typeS16, wt: typeS8, bt: typeS64, x: []int{1, 4, 5, 3}, w: []int{1, 3, 3, 3}, y: []int{1, 4, 5, 3}, xs: 0.001, ys: 0.002},
		"int16, multiplier 2, stride":    {xt: typeS16, wt: typeS8, bt: typeS64, x: []int{1, 6, 5, 3}, w: []int{1, 3, 3, 6}, y: []int{1, 3, 3, 6}, stride: [2]int32{2, 2}, xs: 0.001, ys: 0.002, act: tflite.ActivationRelu},
		"computed filters, int8":         {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 4, 5, 3}, w: []int{1, 3, 3, 3}, y: []int{1, 4, 5, 3}, zx: 7, zy: -9, computed: true},
	}),
	convolution("FULLY_CONNECTED", map[string]filterModel{
		"float":                       {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{2, 7}, w: []int{5, 7}, y: []int{2, 5}},
		"float, relu, no bias":        {xt: typeF32, wt: typeF32, noBias: true, x: []int{1, 33}, w: []int{70, 33}, y: []int{1, 70}, act: tflite.ActivationRelu},
		"float, regrouped":            {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{2, 3, 4}, w: []int{5, 12}, y: []int{2, 5}},
		"float, keep dims":            {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{2, 3, 4}, w: []int{5, 4}, y: []int{2, 3, 5}, options: modeltest.Table{2: true}},
		"int8, per tensor":            {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{3, 17}, w: []int{9, 17}, y: []int{3, 9}, zx: 5, zy: -7, perTensor: true},
		"int8, per channel":           {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{3, 16}, w: []int{9, 16}, y: []int{3, 9}, zx: 5, zy: -7},
		"int8, one row, many columns": {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{1, 64}, w: []int{131, 64}, y: []int{1, 131}, zx: -128, zy: -128, perTensor: true, act: tflite.ActivationRelu},
		"int8, no bias":               {xt: typeS8, wt: typeS8, noBias: true, x: []int{2, 40}, w: []int{3, 40}, y: []int{2, 3}, zx: 127, zy: 127, perTensor: true},
		"int4 weights":                {xt: typeS8, wt: typeS4, bt: typeS32, x: []int{2, 9}, w: []int{3, 9}, y: []int{2, 3}, zx: 5, ys: 0.05, perTensor: true},
		"int16":                       {xt: typeS16, wt: typeS8, bt: typeS64, x: []int{2, 9}, w: []int{3, 9}, y: []int{2, 3}, xs: 0.001, ys: 0.002, perTensor: true},
		"int16, per channel":          {xt: typeS16, wt: typeS8, bt: typeS64, x: []int{2, 9}, w: []int{3, 9}, y: []int{2, 3}, xs: 0.001, ys: 0.002},
		"int16, int32 bias":           {xt: typeS16, wt: typeS8, bt: typeS32, x: []int{2, 9}, w: []int{3, 9}, y: []int{2, 3}, xs: 0.001, ys: 0.002, perTensor: true},
		"computed weights, int8":      {xt: typeS8, wt: typeS8, bt: typeS32, x: []int{2, 9}, w: []int{3, 9}, y: []int{2, 3}, zx: 5, perTensor: true, computed: true},
		"computed weights, float":     {xt: typeF32, wt: typeF32, bt: typeF32, x: []int{2, 9}, w: []int{3, 9}, y: []int{2, 3}, computed: true},
	}),
)
