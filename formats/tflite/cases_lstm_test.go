package tflite_test

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// lstm describes a model of one UNIDIRECTIONAL_SEQUENCE_LSTM, or of one
// BIDIRECTIONAL_SEQUENCE_LSTM.
type lstm struct {
	typ        tflite.TensorType
	t, n, i, c int
	proj       int // size of the projection, 0 for none
	timeMajor  bool
	clip       float32
	projClip   float32
	act        int8
	scaleX     float32 // and so on, of integers
	zeroX      int64
	scaleH     float32
	zeroH      int64
	scaleC     float32
	scaleW     float32
	coupled    bool
	peephole   bool
	norm       bool
	diagonal   bool
	open       bool // weights are an input
	hybrid     bool // float32 with int8 weights
	asymmetric bool
	stateInput bool // the state is an input
}

func (c lstm) defaults() lstm {
	if c.act == 0 {
		c.act = int8(tflite.ActivationTanh)
	}
	if c.scaleX == 0 {
		c.scaleX, c.scaleH, c.scaleC, c.scaleW = 0.02, 1.0/128, 1.0/2048, 0.01
		if c.typ == tflite.Int16 {
			c.scaleX, c.scaleH, c.scaleW = 1.0/8192, 1.0/32768, 0.01
		}
	}
	return c
}

// weights adds a constant of int8 or float32 weights.
func (c lstm) weights(m *modeltest.Model, name string, seed uint64, scale float32, shape ...int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	name += fmt.Sprint(seed) // unique, as the harness finds constants by name
	switch {
	case c.open && seed == 2:
		return m.Input(name, c.typ, shape)
	case c.typ == tflite.Float32 && !c.hybrid || name == fmt.Sprint("norm", seed):
		return m.Const(name, tflite.Float32, shape, somewhatF32(seed, n, scale))
	}
	return m.Const(name, tflite.Int8, shape, somewhat[int8](seed, n, -127, 127), scaled(c.scaleW, 0))
}

func (c lstm) bias(m *modeltest.Model, seed uint64, size int) int {
	switch c.typ {
	case tflite.Int8:
		return m.Const(fmt.Sprint("bias", seed), tflite.Int32, []int{size}, somewhat[int32](seed, size, -4000, 4000), scaled(c.scaleX*c.scaleW, 0))
	case tflite.Int16:
		return m.Const(fmt.Sprint("bias", seed), tflite.Int64, []int{size}, somewhat[int64](seed, size, -400000, 400000), scaled(c.scaleX*c.scaleW, 0))
	}
	return m.Const(fmt.Sprint("bias", seed), tflite.Float32, []int{size}, somewhatF32(seed, size, 0.5))
}

// inputs adds one direction's weights: slots 1 to 17 of the unidirectional operator.
func (c lstm) inputs(m *modeltest.Model, seed uint64) []int {
	out := c.c
	if c.proj > 0 {
		out = c.proj
	}
	in := make([]int, 17)
	for k := range in {
		in[k] = -1
	}
	for g := range 4 {
		if g == 0 && c.coupled {
			continue
		}
		in[g] = c.weights(m, "w", seed+uint64(g), 0.5, c.c, c.i)
		in[4+g] = c.weights(m, "r", seed+10+uint64(g), 0.5, c.c, out)
		in[11+g] = c.bias(m, seed+20+uint64(g), c.c)
		if c.peephole && g != 2 {
			in[8+[4]int{0, 1, 0, 2}[g]] = c.weights(m, "p", seed+30+uint64(g), 0.5, c.c)
		}
	}
	if c.proj > 0 {
		in[15] = c.weights(m, "proj", seed+40, 0.5, c.proj, c.c)
		in[16] = c.bias(m, seed+41, c.proj)
	}
	return in
}

// states adds the hidden state and the cells.
func (c lstm) states(m *modeltest.Model) (hidden, cell int) {
	out := c.c
	if c.proj > 0 {
		out = c.proj
	}
	if c.typ == tflite.Float32 {
		if c.stateInput {
			return m.Input("h", c.typ, []int{c.n, out}), m.Variable("c", c.typ, []int{c.n, c.c})
		}
		return m.Variable("h", c.typ, []int{c.n, out}), m.Variable("c", c.typ, []int{c.n, c.c})
	}
	return m.Variable("h", c.typ, []int{c.n, out}, scaled(c.scaleH, c.zeroH)), m.Variable("c", tflite.Int16, []int{c.n, c.c}, scaled(c.scaleC, 0))
}

func (c lstm) shape(last int) []int {
	if c.timeMajor {
		return []int{c.t, c.n, last}
	}
	return []int{c.n, c.t, last}
}

func (c lstm) model(m *modeltest.Model) {
	c = c.defaults()
	out := c.c
	if c.proj > 0 {
		out = c.proj
	}
	quantised := func(scale float32, zero int64) []modeltest.TensorOption {
		if c.typ == tflite.Float32 {
			return nil
		}
		return []modeltest.TensorOption{scaled(scale, zero)}
	}
	in := []int{m.Input("x", c.typ, c.shape(c.i), quantised(c.scaleX, c.zeroX)...)}
	in = append(in, c.inputs(m, 1)...)
	hidden, cell := c.states(m)
	in = append(in, hidden, cell)
	for g := range 4 {
		at := -1
		if c.norm && !(g == 0 && c.coupled) {
			at = c.weights(m, "norm", 60+uint64(g), 2, c.c)
		}
		in = append(in, at)
	}
	y := m.Tensor("y", c.typ, c.shape(out), quantised(c.scaleH, c.zeroH)...)
	opts := modeltest.Options{Type: tflite.UnidirectionalSequenceLSTMOptions, Fields: modeltest.Table{
		0: c.act, 1: c.clip, 2: c.projClip, 3: c.timeMajor, 4: c.asymmetric, 5: c.diagonal,
	}}
	m.Op("UNIDIRECTIONAL_SEQUENCE_LSTM", 1, opts, in, []int{y})
	m.Outputs(y)
}

const uni = "UNIDIRECTIONAL_SEQUENCE_LSTM"

var lstmCases = []opCase{
	{op: uni, name: "float", model: lstm{typ: tflite.Float32, t: 5, n: 1, i: 3, c: 4}.model},
	{op: uni, name: "float, state over runs", steps: 3, model: lstm{typ: tflite.Float32, t: 2, n: 1, i: 3, c: 6}.model},
	{op: uni, name: "float, batch", model: lstm{typ: tflite.Float32, t: 3, n: 3, i: 5, c: 7}.model},
	{op: uni, name: "float, time major", steps: 2, model: lstm{typ: tflite.Float32, t: 3, n: 3, i: 5, c: 7, timeMajor: true}.model},
	{op: uni, name: "float, clip", model: lstm{typ: tflite.Float32, t: 6, n: 1, i: 3, c: 5, clip: 0.25}.model},
	{op: uni, name: "float, many steps", model: lstm{typ: tflite.Float32, t: 150, n: 1, i: 3, c: 2}.model},
	{op: uni, name: "float, weights computed", model: lstm{typ: tflite.Float32, t: 3, n: 2, i: 5, c: 3, open: true}.model},
	{op: uni, name: "int8", model: lstm{typ: tflite.Int8, t: 5, n: 1, i: 3, c: 4, zeroX: -5, zeroH: 3}.model},
	{op: uni, name: "int8, state over runs", steps: 3, model: lstm{typ: tflite.Int8, t: 2, n: 1, i: 17, c: 9, zeroX: -128, zeroH: -128}.model},
	{op: uni, name: "int8, batch", steps: 2, model: lstm{typ: tflite.Int8, t: 3, n: 3, i: 21, c: 8, zeroX: 127, zeroH: 5}.model},
	{op: uni, name: "int8, time major", steps: 2, model: lstm{typ: tflite.Int8, t: 3, n: 3, i: 21, c: 8, zeroX: 127, timeMajor: true}.model},
	{op: uni, name: "int8, clip", model: lstm{typ: tflite.Int8, t: 7, n: 1, i: 6, c: 8, clip: 1.5}.model},
	{op: uni, name: "int8, saturating gates", steps: 2, model: lstm{typ: tflite.Int8, t: 9, n: 1, i: 30, c: 8, scaleX: 0.5, scaleH: 0.0078125, scaleC: 0.000030517578125, scaleW: 0.03}.model},
	{op: uni, name: "int8, large cells", model: lstm{typ: tflite.Int8, t: 40, n: 1, i: 4, c: 5, scaleX: 0.1, scaleH: 0.01, scaleC: 0.0009765625, scaleW: 0.03}.model},
	{op: uni, name: "int8, cells of scale 2^-13", model: lstm{typ: tflite.Int8, t: 9, n: 1, i: 4, c: 5, scaleX: 0.1, scaleH: 0.01, scaleC: 0.0001220703125, scaleW: 0.02}.model},
	{op: uni, name: "int8, cells of scale 1", model: lstm{typ: tflite.Int8, t: 9, n: 1, i: 4, c: 5, scaleX: 0.1, scaleH: 0.01, scaleC: 1, scaleW: 0.02}.model},
	{op: uni, name: "int8, many steps", steps: 2, model: lstm{typ: tflite.Int8, t: 140, n: 1, i: 5, c: 2}.model},
	{op: uni, name: "int16", model: lstm{typ: tflite.Int16, t: 5, n: 1, i: 3, c: 4}.model},
	{op: uni, name: "int16, batch", steps: 2, model: lstm{typ: tflite.Int16, t: 3, n: 3, i: 21, c: 8}.model},
	{op: uni, name: "int16, time major, clip", steps: 2, model: lstm{typ: tflite.Int16, t: 4, n: 2, i: 21, c: 8, timeMajor: true, clip: 2}.model},
	{op: uni, name: "no steps", want: "float32[1 0 2] []", model: lstm{typ: tflite.Float32, t: 0, n: 1, i: 3, c: 2}.model},
	{op: uni, name: "peepholes on int8", err: "coupled gates, peepholes, projection or layer normalisation is not supported", model: lstm{typ: tflite.Int8, t: 1, n: 1, i: 2, c: 2, peephole: true}.model},
	{op: uni, name: "state is an input", err: `input 18 "h" is written and must be a variable`, model: lstm{typ: tflite.Float32, t: 1, n: 1, i: 2, c: 2, stateInput: true}.model},
	{op: uni, name: "diagonal", err: "a diagonal matrix of recurrent weights is not supported", model: lstm{typ: tflite.Float32, t: 1, n: 1, i: 2, c: 2, diagonal: true}.model},
	{op: uni, name: "cells of a scale out of range", err: "cell state has scale 8", model: lstm{typ: tflite.Int8, t: 1, n: 1, i: 2, c: 2, scaleX: 1, scaleH: 1, scaleC: 8, scaleW: 1}.model},
}
