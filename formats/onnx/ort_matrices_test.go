package onnx_test

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
)

var ortMatrices = slices.Concat([]ortFamily{
	{"Gemm", (*ortRandom).gemm, 0},
	{"MatMul", func(r *ortRandom) *ortModel {
		a, b := r.matrices()
		w := r.floats(b...)
		w.known = r.chance(2)
		return r.one("MatMul", 13, nil, ortFloat, r.floats(a...), w)
	}, 0},
	{"MatMulInteger", (*ortRandom).matMulInteger, 0},
	{"QLinearMatMul", (*ortRandom).qlinearMatMul, 0},
	{"Add", (*ortRandom).add, 0},
	{"Mul", (*ortRandom).mul, 0},
	{"Where", func(r *ortRandom) *ortModel {
		s, t := r.broadcast(3), r.numbers()
		return r.one("Where", 16, nil, []onnx.DataType{t}, r.of(onnx.Bool, s[0]...), r.of(t, s[1]...), r.of(t, s[2]...))
	}, 0},
	{"Softmax", func(r *ortRandom) *ortModel { return r.softmax("Softmax") }, 0},
	{"LogSoftmax", func(r *ortRandom) *ortModel { return r.softmax("LogSoftmax") }, 0},
	{"LayerNormalization", (*ortRandom).layerNorm, 0},
}, ortReductions())

// numbers picks a type of numbers.
func (r *ortRandom) numbers() onnx.DataType {
	return pick(r, onnx.Float, onnx.Float, onnx.Double, onnx.Int32, onnx.Int64)
}

func (r *ortRandom) add() *ortModel { return r.binary("Add") }
func (r *ortRandom) mul() *ortModel { return r.binary("Mul") }

func (r *ortRandom) binary(op string) *ortModel {
	s, t := r.broadcast(2), r.numbers()
	b := r.of(t, s[1]...)
	b.known = r.chance(2)
	return r.one(op, 14, nil, []onnx.DataType{t}, r.of(t, s[0]...), b)
}

// broadcast returns n shapes that broadcast.
func (r *ortRandom) broadcast(n int) [][]int {
	full := r.dims(r.n(1, 5), 1, 5)
	out := make([][]int, n)
	for i := range out {
		out[i] = slices.Clone(full[r.n(0, len(full)):])
		if r.chance(2) {
			out[i] = slices.Clone(full)
		}
		for k := range out[i] {
			if r.chance(3) {
				out[i][k] = 1
			}
		}
	}
	return out
}

func (r *ortRandom) gemm() *ortModel {
	m, n, k := r.n(1, 20), r.n(1, 20), r.n(1, 40)
	ta, tb := r.n(0, 1), r.n(0, 1)
	a, b := []int{m, k}, []int{k, n}
	if ta == 1 {
		a = []int{k, m}
	}
	if tb == 1 {
		b = []int{n, k}
	}
	at := attrs{"transA", ta, "transB", tb}
	if r.chance(2) {
		at = append(at, "alpha", r.Float32()*2, "beta", r.Float32()*2)
	}
	c := r.weights(pick(r, []int{}, []int{1}, []int{n}, []int{1, n}, []int{m, 1}, []int{m, n}, []int{1, 1})...)
	return r.one("Gemm", 13, at, ortFloat, r.floats(a...), r.weights(b...), r.some(c))
}

// matrices returns the shapes of a product: batches that broadcast, or vectors.
func (r *ortRandom) matrices() (a, b []int) {
	m, n, k := r.n(1, 17), r.n(1, 17), r.n(1, 33)
	switch r.n(0, 7) {
	case 0:
		return []int{k}, []int{k, n}
	case 1:
		return []int{m, k}, []int{k}
	case 2:
		return []int{k}, []int{k}
	case 3, 4:
		return []int{m, k}, []int{k, n}
	}
	s := r.broadcast(2)
	return append(s[0], m, k), append(s[1], k, n)
}

func (r *ortRandom) matMulInteger() *ortModel {
	a, b := r.matrices()
	for len(a) < 2 || len(b) < 2 {
		a, b = r.matrices()
	}
	ta, tb := r.bytesType(), r.bytesType()
	x, w := r.of(ta, a...), r.of(tb, b...)
	w.known = r.chance(2)
	r.narrow(ta, w)
	in := []*operandOf{x, w}
	if r.chance(2) {
		in = append(in, r.of(ta))
		if r.chance(2) {
			in = append(in, r.of(tb, pick(r, []int{}, []int{b[len(b)-1]})...).constant())
		}
	}
	return r.one("MatMulInteger", 10, nil, []onnx.DataType{onnx.Int32}, in...)
}

func (r *ortRandom) qlinearMatMul() *ortModel {
	a, b := r.matrices()
	for len(a) < 2 || len(b) < 2 {
		a, b = r.matrices()
	}
	ta := r.bytesType()
	tb := onnx.Int8
	if ta == onnx.Uint8 && r.chance(2) {
		tb = onnx.Uint8
	}
	x, w := r.of(ta, a...), r.of(tb, b...)
	w.known = !r.chance(3)
	r.narrow(ta, w)
	n := []int{}
	if len(b) == 2 {
		n = r.channels(b[1])
	}
	return r.one("QLinearMatMul", 10, nil, []onnx.DataType{ta}, x, r.scale(0.01, 0.1), r.of(ta).constant(),
		w, r.scale(0.01, 0.1, n...), r.filterZero(tb, n), r.scale(0.5, 2), r.of(ta).constant())
}

func (r *ortRandom) softmax(op string) *ortModel {
	shape := r.dims(r.n(1, 4), 1, 9)
	var a attrs
	if !r.chance(3) {
		a = attrs{"axis", r.n(-len(shape), len(shape)-1)}
	}
	return r.one(op, pick(r, int64(11), 13), a, ortFloat, r.floats(shape...))
}

func (r *ortRandom) layerNorm() *ortModel {
	shape := r.dims(r.n(2, 4), 1, 9)
	axis := r.n(0, len(shape)-1)
	rest := shape[axis:]
	if r.chance(2) {
		axis -= len(shape)
	}
	a := attrs{"axis", axis}
	if r.chance(2) {
		a = append(a, "epsilon", float32(0.01))
	}
	types := []onnx.DataType{onnx.Float, onnx.Float, onnx.Float}[:pick(r, 1, 3)]
	return r.one("LayerNormalization", 17, a, types, r.floats(shape...), r.weights(rest...), r.some(r.weights(rest...)))
}

func ortReductions() (out []ortFamily) {
	for _, op := range []string{"Sum", "Mean", "Max", "Min", "Prod", "L1", "L2", "LogSum", "LogSumExp", "SumSquare"} {
		step := 0.0
		if op == "LogSumExp" {
			step = 1 // of integers ONNX Runtime truncates the logarithm before it adds the maximum
		}
		out = append(out, ortFamily{"Reduce" + op, func(r *ortRandom) *ortModel { return r.reduce("Reduce" + op) }, step})
	}
	for _, op := range []string{"ArgMax", "ArgMin"} {
		out = append(out, ortFamily{op, func(r *ortRandom) *ortModel {
			shape := r.dims(r.n(1, 4), 1, 6)
			a := attrs{"axis", r.n(-len(shape), len(shape)-1), "keepdims", r.n(0, 1), "select_last_index", r.n(0, 1)}
			return r.one(op, 13, a, []onnx.DataType{onnx.Int64}, r.of(r.bytesOrFloat(), shape...))
		}, 0})
	}
	return out
}

func (r *ortRandom) bytesOrFloat() onnx.DataType { return pick(r, onnx.Float, onnx.Int8, onnx.Uint8) }

func (r *ortRandom) reduce(op string) *ortModel {
	shape := r.dims(r.n(1, 4), 1, 6)
	axes := []int{}
	for i := range shape {
		if r.chance(2) {
			axes = append(axes, pick(r, i, i-len(shape)))
		}
	}
	t, opset := r.numbers(), pick(r, int64(11), 13, 18)
	a := attrs{"keepdims", r.n(0, 1)}
	x := r.of(t, shape...)
	if op == "ReduceProd" && (t == onnx.Int32 || t == onnx.Int64) {
		x = r.of(onnx.Float, shape...) // integers would overflow
		t = onnx.Float
	}
	if opset == 18 || opset == 13 && op == "ReduceSum" {
		a = append(a, "noop_with_empty_axes", r.n(0, 1))
		if len(axes) == 0 && r.chance(2) {
			return r.one(op, opset, a, []onnx.DataType{t}, x)
		}
		return r.one(op, opset, a, []onnx.DataType{t}, x, r.int64s(axes...))
	}
	if len(axes) > 0 {
		a = append(a, "axes", axes)
	}
	return r.one(op, opset, a, []onnx.DataType{t}, x)
}
