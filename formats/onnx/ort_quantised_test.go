package onnx_test

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
)

var ortQuantised = []ortFamily{
	{"DynamicQuantizeLinear", func(r *ortRandom) *ortModel {
		x := r.floats(r.dims(r.n(1, 4), 1, 7)...)
		return r.one("DynamicQuantizeLinear", 11, nil, []onnx.DataType{onnx.Uint8, onnx.Float, onnx.Uint8}, x)
	}, 0},
	{"QuantizeLinear", func(r *ortRandom) *ortModel {
		shape, t := r.dims(r.n(1, 4), 1, 7), r.bytesType()
		axis := r.n(0, len(shape)-1)
		n := r.channels(shape[axis])
		return r.one("QuantizeLinear", 13, attrs{"axis", pick(r, axis, axis-len(shape))}, []onnx.DataType{t},
			r.floats(shape...), r.scale(0.005, 0.1, n...), r.of(t, n...).constant())
	}, 0},
	{"DequantizeLinear", func(r *ortRandom) *ortModel {
		shape, t := r.dims(r.n(1, 4), 1, 7), pick(r, onnx.Int8, onnx.Uint8, onnx.Int32)
		axis := r.n(0, len(shape)-1)
		n := r.channels(shape[axis])
		in := []*operandOf{r.of(t, shape...), r.scale(0.005, 0.1, n...)}
		if t != onnx.Int32 && r.chance(2) {
			in = append(in, r.of(t, n...).constant())
		}
		return r.one("DequantizeLinear", 13, attrs{"axis", pick(r, axis, axis-len(shape))}, ortFloat, in...)
	}, 0},
	{"QDQ Conv", (*ortRandom).chain, 1},
	{"Conv Relu", func(r *ortRandom) *ortModel {
		x, w, a := r.conv(onnx.Float, onnx.Float)
		m := r.model(14)
		y := m.node("Conv", a, 1, m.operand(x), m.operand(w))
		y = m.node(pick(r, "Relu", "Sigmoid", "HardSwish", "LeakyRelu"), nil, 1, y...)
		m.output(y[0], onnx.Float)
		return m
	}, 0},
	{"Pool Flatten Gemm", func(r *ortRandom) *ortModel {
		x := r.floats(r.n(1, 2), r.n(1, 9), r.n(2, 6), r.n(2, 6))
		m := r.model(13)
		y := m.node("GlobalAveragePool", nil, 1, m.operand(x))
		y = m.node("Flatten", nil, 1, y...)
		y = m.node("Gemm", attrs{"transB", 1}, 1, y[0], m.operand(r.floats(r.n(1, 9), x.shape[1]).constant()))
		m.output(y[0], onnx.Float)
		return m
	}, 0},
}

// chain makes Q → DQ → Conv (with DQ weights) → Relu or nothing → Q. Sums of floats
// in another order may fall on the other side of a half, so steps may be one off.
func (r *ortRandom) chain() *ortModel {
	x, w, a := r.conv(onnx.Float, onnx.Int8)
	w.known = true
	t := r.bytesType()
	m := r.model(13)
	s, z := m.operand(r.scale(0.01, 0.03)), m.operand(r.of(t).constant())
	y := m.node("QuantizeLinear", nil, 1, m.operand(x), s, z)
	y = m.node("DequantizeLinear", nil, 1, y[0], s, z)
	n := r.channels(w.shape[0])
	v := m.node("DequantizeLinear", attrs{"axis", 0}, 1, m.operand(w), m.operand(r.scale(0.005, 0.02, slices.Clone(n)...)), m.operand(r.filterZero(onnx.Int8, n)))
	y = m.node("Conv", a, 1, y[0], v[0])
	if r.chance(2) {
		y = m.node("Relu", nil, 1, y...)
	}
	y = m.node("QuantizeLinear", nil, 1, y[0], m.operand(r.scale(0.05, 0.2)), m.operand(r.of(t).constant()))
	m.output(y[0], t)
	return m
}
