package tflite_test

import (
	"math/rand/v2"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

var recurrentCases = slices.Concat(svdfCases, lstmCases, sequenceCases, controlCases, variableCases)

// somewhat returns n numbers from lo to hi that depend on nothing but seed.
func somewhat[T int8 | int16 | int32 | int64](seed uint64, n int, lo, hi int64) []T {
	r, out := rand.New(rand.NewPCG(seed, 7)), make([]T, n)
	for i := range out {
		out[i] = T(lo + r.Int64N(hi-lo+1))
	}
	return out
}

func somewhatF32(seed uint64, n int, scale float32) []float32 {
	r, out := rand.New(rand.NewPCG(seed, 7)), make([]float32, n)
	for i := range out {
		out[i] = scale * float32(r.IntN(2001)-1000) / 1000
	}
	return out
}

func scaled(scale float32, zero int64) modeltest.Quant {
	return modeltest.Quant{Scale: []float32{scale}, Zero: []int64{zero}}
}

// ones fills float32 inputs with 1.
func ones(_, _ int, t tensor.Type) []byte {
	return tensor.Bytes(slices.Repeat([]float32{1}, t.Len()))
}

// svdf describes an SVDF model.
type svdf struct {
	n, i, units, rank, t int
	act                  int8
	state                tflite.TensorType // of integers
	noBias               bool
	zeroIn, zeroOut      int64
	zeroState            int64
	scaleOut             float32
	constState           bool
}

func (c svdf) model(m *modeltest.Model) {
	f := c.units * c.rank
	opts := modeltest.Options{Type: tflite.SVDFOptions, Fields: modeltest.Table{0: int32(c.rank), 1: c.act}}
	in, out := tflite.Int8, tflite.Int8
	if c.state == tflite.Float32 {
		in, out = tflite.Float32, tflite.Float32
	}
	var x, w, wt, b, s, y int
	b = -1
	if in == tflite.Float32 {
		x = m.Input("x", in, []int{c.n, c.i})
		w = m.Const("feature", in, []int{f, c.i}, somewhatF32(1, f*c.i, 0.5))
		wt = m.Const("time", in, []int{f, c.t}, somewhatF32(2, f*c.t, 0.5))
		if !c.noBias {
			b = m.Const("bias", in, []int{c.units}, somewhatF32(3, c.units, 1))
		}
		s = m.Variable("state", in, []int{c.n, c.t * f})
		y = m.Tensor("y", out, []int{c.n, c.units})
	} else {
		x = m.Input("x", in, []int{c.n, c.i}, scaled(0.05, c.zeroIn))
		w = m.Const("feature", in, []int{f, c.i}, somewhat[int8](1, f*c.i, -127, 127), scaled(0.01, 0))
		st, ws := float32(0.1), float32(0.02)
		if c.state == tflite.Int16 {
			st, ws = 0.002, 0.0001
			wt = m.Const("time", c.state, []int{f, c.t}, somewhat[int16](2, f*c.t, -3000, 3000), scaled(ws, 0))
		} else {
			wt = m.Const("time", c.state, []int{f, c.t}, somewhat[int8](2, f*c.t, -127, 127), scaled(ws, 0))
		}
		b = m.Const("bias", tflite.Int32, []int{c.units}, somewhat[int32](3, c.units, -2000, 2000), scaled(st*ws, 0))
		s = m.Variable("state", c.state, []int{c.n, c.t * f}, scaled(st, c.zeroState))
		y = m.Tensor("y", out, []int{c.n, c.units}, scaled(c.scaleOut, c.zeroOut))
	}
	if c.constState {
		s = m.Const("state", tflite.Float32, []int{c.n, c.t * f}, make([]float32, c.n*c.t*f))
	}
	m.Op("SVDF", 3, opts, []int{x, w, wt, b, s}, []int{y})
	m.Outputs(y)
}

// hybridSVDF is a filter of 0.5 and −1 with the time weights 0.5 and 0.5.
func hybridSVDF(asymmetric bool) func(m *modeltest.Model) {
	return func(m *modeltest.Model) {
		x := m.Input("x", tflite.Float32, []int{1, 2})
		w := m.Const("feature", tflite.Int8, []int{1, 2}, []int8{32, -64}, scaled(1.0/64, 0))
		wt := m.Const("time", tflite.Int8, []int{1, 2}, []int8{64, 64}, scaled(1.0/128, 0))
		b := m.Const("bias", tflite.Float32, []int{1}, []float32{0})
		s := m.Variable("state", tflite.Float32, []int{1, 2})
		y := m.Tensor("y", tflite.Float32, []int{1, 1})
		m.Op("SVDF", 1, modeltest.Options{Type: tflite.SVDFOptions, Fields: modeltest.Table{0: int32(1), 2: asymmetric}}, []int{x, w, wt, b, s}, []int{y})
		m.Outputs(y)
	}
}

var svdfCases = []opCase{
	{op: "SVDF", name: "float, one run", model: svdf{n: 2, i: 3, units: 4, rank: 2, t: 5, state: tflite.Float32}.model},
	{op: "SVDF", name: "float, seven runs", steps: 7, model: svdf{n: 2, i: 3, units: 4, rank: 2, t: 5, state: tflite.Float32}.model},
	{op: "SVDF", name: "float, relu", steps: 3, model: svdf{n: 1, i: 9, units: 7, rank: 1, t: 3, act: 1, state: tflite.Float32}.model},
	{op: "SVDF", name: "float, relu6", steps: 3, model: svdf{n: 1, i: 9, units: 7, rank: 1, t: 3, act: 3, state: tflite.Float32}.model},
	{op: "SVDF", name: "float, tanh", steps: 3, model: svdf{n: 1, i: 9, units: 7, rank: 1, t: 3, act: 4, state: tflite.Float32}.model},
	{op: "SVDF", name: "int16 state", steps: 6, model: svdf{n: 2, i: 17, units: 5, rank: 2, t: 4, state: tflite.Int16, zeroIn: -7, zeroOut: 11, scaleOut: 0.05}.model},
	{op: "SVDF", name: "int16 state, activation is not applied", steps: 2, model: svdf{n: 1, i: 17, units: 5, rank: 1, t: 2, act: 1, state: tflite.Int16, zeroIn: 127, zeroOut: -128, scaleOut: 0.02}.model},
	{op: "SVDF", name: "int8 state", steps: 6, model: svdf{n: 2, i: 17, units: 5, rank: 2, t: 4, state: tflite.Int8, zeroIn: 5, zeroOut: -3, scaleOut: 0.1}.model},
	{op: "SVDF", name: "int8 state with a zero point that wraps", steps: 5, model: svdf{n: 1, i: 40, units: 6, rank: 1, t: 3, state: tflite.Int8, zeroIn: -128, zeroState: 100, scaleOut: 0.1}.model},
	{op: "SVDF", name: "memory of one", steps: 2, model: svdf{n: 1, i: 4, units: 3, rank: 1, t: 1, state: tflite.Int16, scaleOut: 0.05}.model},
	{op: "SVDF", name: "rank does not divide", err: "rank 0 does not divide the 0 filters", model: svdf{n: 1, i: 4, units: 3, t: 1, state: tflite.Float32}.model},
	{op: "SVDF", name: "state is a constant", err: `input 4 "state" is written and must be a variable`, model: svdf{n: 1, i: 4, units: 3, rank: 1, t: 1, state: tflite.Float32, constState: true}.model},
	// The input is 1, the largest, and so 127 steps: 0.5 and −1; the state is −0.5, then times 0.5.
	{op: "SVDF", name: "hybrid", steps: 2, fill: ones, want: "float32[1 1] [-0.5]", model: hybridSVDF(false)},
	{op: "SVDF", name: "hybrid, asymmetric", steps: 2, fill: ones, want: "float32[1 1] [-0.5]", model: hybridSVDF(true)},
	{op: "SVDF", name: "no bias", want: "float32[1 1] [-0.75]", fill: ones, model: func(m *modeltest.Model) {
		x := m.Input("x", tflite.Float32, []int{1, 2})
		w := m.Const("feature", tflite.Float32, []int{1, 2}, []float32{0.5, -2})
		wt := m.Const("time", tflite.Float32, []int{1, 1}, []float32{0.5})
		s := m.Variable("state", tflite.Float32, []int{1, 1})
		y := m.Tensor("y", tflite.Float32, []int{1, 1})
		m.Op("SVDF", 1, modeltest.Options{Type: tflite.SVDFOptions, Fields: modeltest.Table{0: int32(1)}}, []int{x, w, wt, -1, s}, []int{y})
		m.Outputs(y)
	}},
}
