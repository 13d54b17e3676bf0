package onnx_test

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
)

// Models of operators between quantise and dequantise, which ONNX Runtime runs
// in float, as they are written, and plans fold: a step apart at most.
var ortQDQ = []ortFamily{
	{"QDQ pools", func(r *ortRandom) *ortModel {
		q := r.qdq(19)
		kind := pick(r, "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool")
		x := r.floats(r.n(1, 2), r.n(1, 9), r.n(5, 11), r.n(5, 11))
		var a attrs
		if kind == "MaxPool" || kind == "AveragePool" {
			a = append(r.window(r.dims(2, 1, 4), false), "strides", r.dims(2, 1, 1)) // the last of two attributes is read
		}
		if i := slices.Index(a, any("strides")); i >= 0 && i < len(a)-2 {
			a = a[:len(a)-2]
		}
		if kind == "AveragePool" {
			a = append(a, "count_include_pad", r.n(0, 1))
		}
		return q.ends(q.node(kind, a, 1, q.starts(x)))
	}, 1},
	{"QDQ functions", func(r *ortRandom) *ortModel {
		q := r.qdq(20)
		v := q.starts(r.floats(r.dims(r.n(1, 4), 1, 6)...))
		for range r.n(1, 3) {
			f := pick(r, "Relu", "LeakyRelu", "Sigmoid", "Tanh", "HardSigmoid", "HardSwish", "Elu", "Erf", "Softplus", "Neg", "Abs", "Gelu", "Selu", "Exp")
			v = q.node(f, nil, 1, v)[0]
		}
		return q.ends([]string{v})
	}, 1},
	{"QDQ SiLU", func(r *ortRandom) *ortModel {
		q := r.qdq(20)
		v := q.starts(r.floats(r.dims(r.n(1, 4), 1, 6)...))
		w := q.node(pick(r, "Sigmoid", "Tanh", "Relu"), nil, 1, v)
		if r.chance(2) {
			w = q.node("Add", nil, 1, w[0], q.operand(r.scale(-1, 1)))
		}
		return q.ends(q.node(pick(r, "Mul", "Add", "Sub", "Max"), nil, 1, v, w[0]))
	}, 1},
	{"QDQ pairs", func(r *ortRandom) *ortModel {
		q := r.qdq(13)
		shapes := r.broadcast(2)
		return q.ends(q.node(pick(r, "Add", "Mul", "Sub"), nil, 1, q.starts(r.floats(shapes[0]...)), q.starts(r.floats(shapes[1]...))))
	}, 1},
	{"QDQ Softmax", func(r *ortRandom) *ortModel {
		q := r.qdq(pick(r, int64(11), 13))
		shape := r.dims(r.n(1, 4), 1, 7)
		v := q.node("Softmax", attrs{"axis", r.n(-len(shape), len(shape)-1)}, 1, q.starts(r.floats(shape...)))
		q.out = r.scale(0.003, 0.01)
		return q.ends(v)
	}, 1},
	{"QDQ Concat", func(r *ortRandom) *ortModel {
		q := r.qdq(13)
		shape := r.dims(4, 1, 6)
		axis := r.n(0, 3)
		var parts []string
		for range r.n(1, 3) {
			s := slices.Clone(shape)
			s[axis] = r.n(1, 5)
			parts = append(parts, q.starts(r.floats(s...)))
		}
		return q.ends(q.node("Concat", attrs{"axis", axis}, 1, parts...))
	}, 1},
	{"QDQ Resize", func(r *ortRandom) *ortModel {
		q := r.qdq(13)
		mode := pick(r, "nearest", "nearest", "linear")
		x := q.starts(r.floats(1, r.n(1, 5), r.n(2, 7), r.n(2, 7)))
		scales := operand(onnx.Float, []int{4}, 1, 1, pick(r, float32(1), 2, 3), pick(r, float32(1), 2, 0.5)).constant()
		return q.ends(q.node("Resize", attrs{"mode", mode, "coordinate_transformation_mode", pick(r, "asymmetric", "half_pixel")}, 1, x, "", q.operand(scales)))
	}, 1},
	{"QDQ moves", (*ortRandom).qdqMoves, 1},
	{"QDQ ReduceMean", func(r *ortRandom) *ortModel {
		q := r.qdq(13)
		axes := pick(r, []int{2, 3}, []int{-2, -1}, []int{1, 2}, []int{1}, []int{3}, []int{0, 1}, []int{1, 2, 3})
		return q.ends(q.node("ReduceMean", attrs{"axes", axes, "keepdims", r.n(0, 1)}, 1, q.starts(r.floats(r.n(1, 2), r.n(1, 5), r.n(2, 7), r.n(2, 7)))))
	}, 1},
	{"QDQ MatMul of two", func(r *ortRandom) *ortModel {
		q := r.qdq(13)
		a, b := r.matrices()
		return q.ends(q.node("MatMul", nil, 1, q.starts(r.floats(a...)), q.starts(r.floats(b...))))
	}, 1},
	{"QDQ MatMul Add in float", func(r *ortRandom) *ortModel {
		q := r.qdq(13)
		k, n := r.n(1, 40), r.n(1, 20)
		v := q.node("MatMul", nil, 1, q.starts(r.floats(r.n(1, 3), r.n(1, 5), k)), q.weights(1, k, n))
		if r.chance(2) {
			v = q.node("Add", nil, 1, v[0], q.operand(r.weights(n)))
		}
		q.output(v[0], onnx.Float)
		return q.ortModel
	}, 0},
	{"QDQ network", (*ortRandom).qdqNetwork, 2},
}

// qdqModel is a model of operators between quantise and dequantise.
type qdqModel struct {
	*ortModel
	t   onnx.DataType
	out *operandOf // the last scale
}

func (r *ortRandom) qdq(opset int64) *qdqModel {
	return &qdqModel{r.model(opset), r.bytesType(), r.scale(0.01, 0.05)}
}

// starts returns x, quantised and dequantised.
func (q *qdqModel) starts(x *operandOf) string {
	return q.between(q.operand(x), q.r.scale(0.01, 0.03))
}

// zero is a zero point that leaves room for numbers of both signs.
func (q *qdqModel) zero() *operandOf {
	if q.t == onnx.Int8 {
		return ortInts[int8](q.t, nil, func() int { return q.r.n(-40, 40) }).constant()
	}
	return ortInts[uint8](q.t, nil, func() int { return q.r.n(90, 170) }).constant()
}

func (q *qdqModel) between(v string, scale *operandOf) string {
	s, z := q.operand(scale), q.operand(q.zero())
	y := q.node("QuantizeLinear", nil, 1, v, s, z)
	return q.node("DequantizeLinear", nil, 1, y[0], s, z)[0]
}

// weights are int8 with one scale, or one for each index of axis.
func (q *qdqModel) weights(axis int, shape ...int) string {
	w := q.r.of(onnx.Int8, shape...).constant()
	return q.node("DequantizeLinear", attrs{"axis", axis}, 1, q.operand(w), q.operand(q.r.scale(0.002, 0.01, q.r.channels(shape[axis])...)))[0]
}

// ends quantises the output.
func (q *qdqModel) ends(v []string) *ortModel {
	y := q.node("QuantizeLinear", nil, 1, v[0], q.operand(q.out), q.operand(q.zero()))
	q.output(y[0], q.t)
	return q.ortModel
}

// qdqMoves moves elements about, quantised before and after.
func (r *ortRandom) qdqMoves() *ortModel {
	q := r.qdq(13)
	shape := []int{2, 3, 4, 6}
	v := q.starts(r.floats(shape...))
	for range r.n(1, 3) {
		switch r.n(1, 8) {
		case 1:
			v = q.node("Transpose", attrs{"perm", []int{0, 1, 3, 2}}, 1, v)[0]
		case 2:
			v = q.node("Reshape", nil, 1, v, q.operand(r.int64s(2, 3, -1, 4).constant()))[0]
		case 3:
			v = q.node("Slice", nil, 1, v, q.operand(r.int64s(0).constant()), q.operand(r.int64s(2).constant()), q.operand(r.int64s(1).constant()))[0]
			v = q.node("Concat", attrs{"axis", 1}, 1, v, v)[0]
			v = q.node("Slice", nil, 1, v, q.operand(r.int64s(1).constant()), q.operand(r.int64s(4).constant()), q.operand(r.int64s(1).constant()))[0]
		case 4:
			v = q.node("Pad", nil, 1, v, q.operand(r.int64s(0, 0, 0, 0, 0, 0, 4, 0).constant()), q.operand(r.scale(-1, 1)))[0]
		case 5:
			v = q.node("Pad", nil, 1, v, q.operand(r.int64s(0, 0, 4, 0, 0, 0, 0, 0).constant()))[0]
		case 6:
			parts := q.node("Split", attrs{"axis", 2}, 2, v)
			v = q.node("Concat", attrs{"axis", 2}, 1, parts[1], parts[0])[0]
		case 7:
			v = q.node("Gather", attrs{"axis", 1}, 1, v, q.operand(r.int64s(2, 0, 1).constant()))[0]
		case 8:
			v = q.node("Unsqueeze", nil, 1, v, q.operand(r.int64s(1).constant()))[0]
			v = q.node("Squeeze", nil, 1, v, q.operand(r.int64s(1).constant()))[0]
		}
		if r.chance(2) {
			v = q.between(v, r.scale(0.01, 0.03))
		}
	}
	return q.ends([]string{v})
}

// qdqNetwork is a small network of images: convolutions with residual sums, a
// pool, and a dense layer. A step of one layer may become two of the last.
func (r *ortRandom) qdqNetwork() *ortModel {
	q := r.qdq(13)
	c := r.n(1, 6)
	v := q.starts(r.floats(1, c, 8, 8))
	for range r.n(1, 2) {
		y := q.node("Conv", attrs{"pads", []int{1, 1, 1, 1}}, 1, v, q.weights(0, c, c, 3, 3))[0]
		if r.chance(2) {
			y = q.between(y, r.scale(0.02, 0.05))
		}
		y = q.node("Clip", nil, 1, y, q.operand(r.scale(0, 0)), q.operand(r.scale(2, 3)))[0]
		y = q.between(y, r.scale(0.02, 0.05))
		v = q.between(q.node("Add", nil, 1, v, y)[0], r.scale(0.04, 0.05))
	}
	flat := q.node(pick(r, "MaxPool", "AveragePool"), attrs{"kernel_shape", []int{4, 4}, "strides", []int{4, 4}}, 1, v)[0]
	flat = q.between(flat, r.scale(0.04, 0.05))
	flat = q.node("Flatten", nil, 1, flat)[0]
	if r.chance(2) {
		flat = q.between(flat, r.scale(0.04, 0.05))
	}
	n := r.n(1, 9)
	q.out = r.scale(0.1, 0.2)
	return q.ends(q.node("Gemm", attrs{"transB", 1}, 1, flat, q.weights(0, n, 4*c), q.operand(r.floats(n).constant())))
}
