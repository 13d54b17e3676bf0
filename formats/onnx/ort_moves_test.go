package onnx_test

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
)

var ortMoves = []ortFamily{
	{"Slice", (*ortRandom).slice, 0},
	{"Pad", (*ortRandom).pad, 0},
	{"Gather", func(r *ortRandom) *ortModel {
		shape, t := r.dims(r.n(1, 4), 1, 6), r.numbers()
		axis := r.n(0, len(shape)-1)
		i := r.indices(shape[axis], r.dims(r.n(0, 3), 1, 4))
		return r.one("Gather", 13, attrs{"axis", pick(r, axis, axis-len(shape))}, []onnx.DataType{t}, r.of(t, shape...), i)
	}, 0},
	{"GatherElements", func(r *ortRandom) *ortModel {
		shape, t := r.dims(r.n(1, 4), 1, 6), r.numbers()
		axis := r.n(0, len(shape)-1)
		to := make([]int, len(shape))
		for i := range to {
			to[i] = r.n(1, shape[i])
		}
		to[axis] = r.n(1, 7)
		i := r.indices(shape[axis], to)
		return r.one("GatherElements", 13, attrs{"axis", pick(r, axis, axis-len(shape))}, []onnx.DataType{t}, r.of(t, shape...), i)
	}, 0},
	{"GatherND", func(r *ortRandom) *ortModel {
		shape, t := r.dims(r.n(1, 4), 1, 5), r.numbers()
		batch := r.n(0, len(shape)-1)
		depth := r.n(1, len(shape)-batch)
		lowest := slices.Min(shape[batch : batch+depth])
		i := ortInts[int64](onnx.Int64, slices.Concat(shape[:batch], r.dims(r.n(0, 2), 1, 4), []int{depth}), func() int { return r.n(-lowest, lowest-1) })
		i.known = r.chance(2)
		return r.one("GatherND", 13, attrs{"batch_dims", batch}, []onnx.DataType{t}, r.of(t, shape...), i)
	}, 0},
}

// indices returns numbers from -n to n-1, constant or not.
func (r *ortRandom) indices(n int, shape []int) *operandOf {
	f := func() int { return r.n(-n, n-1) }
	o := ortInts[int64](onnx.Int64, shape, f)
	if o.known = r.chance(2); r.chance(2) {
		o = ortInts[int32](onnx.Int32, shape, f)
	}
	return o
}

func (r *ortRandom) slice() *ortModel {
	shape, t := r.dims(r.n(1, 4), 2, 9), r.numbers()
	var starts, ends, axes, steps []int
	for i, d := range shape {
		if r.chance(3) {
			continue
		}
		starts, ends = append(starts, r.n(-d-2, d+2)), append(ends, pick(r, r.n(-d-2, d+2), 1<<30, -1<<30))
		axes, steps = append(axes, pick(r, i, i-len(shape))), append(steps, pick(r, 1, 1, 2, 3, -1, -2))
	}
	return r.one("Slice", 13, nil, []onnx.DataType{t}, r.of(t, shape...), r.int64s(starts...), r.int64s(ends...), r.int64s(axes...), r.int64s(steps...))
}

func (r *ortRandom) pad() *ortModel {
	shape, t := r.dims(r.n(1, 4), 2, 6), r.numbers()
	mode := pick(r, "constant", "constant", "reflect", "edge", "wrap")
	opset := pick(r, int64(13), 18, 19)
	lo, hi := 0, 3
	if mode != "wrap" {
		lo = -1
	}
	switch mode {
	case "reflect":
		hi = 1
	case "wrap": // beyond the input's size ONNX Runtime reads what isn't there
		hi = 2
	}
	n, in := len(shape), []*operandOf{r.of(t, shape...)}
	var value *operandOf
	if mode == "constant" {
		value = r.some(r.of(t))
	}
	if opset >= 18 && r.chance(2) {
		k := r.n(1, n)
		axes := r.Perm(n)[:k]
		in = append(in, r.int64s(r.dims(2*k, lo, hi)...), value, r.int64s(axes...))
	} else {
		in = append(in, r.int64s(r.dims(2*n, lo, hi)...), value)
	}
	return r.one("Pad", opset, attrs{"mode", mode}, []onnx.DataType{t}, in...)
}

var ortRecurrent = []ortFamily{
	{"ai.onnx Attention", (*ortRandom).onnxAttention, 0},
	{"RNN", func(r *ortRandom) *ortModel {
		return r.recurrent("RNN", 1, pick(r, []string{"Tanh"}, []string{"Relu"}, []string{"Sigmoid"}))
	}, 0},
	{"GRU", func(r *ortRandom) *ortModel {
		return r.recurrent("GRU", 3, pick(r, nil, []string{"Sigmoid", "Tanh"}, []string{"HardSigmoid", "Relu"}))
	}, 0},
	{"LSTM", func(r *ortRandom) *ortModel {
		return r.recurrent("LSTM", 4, pick(r, nil, []string{"Sigmoid", "Tanh", "Tanh"}, []string{"HardSigmoid", "Softsign", "Relu"}))
	}, 0},
}

func (r *ortRandom) recurrent(op string, gates int, functions []string) *ortModel {
	time, batch, in, hidden := r.n(1, 7), r.n(1, 3), r.n(1, 9), r.n(1, 9)
	direction := pick(r, "forward", "reverse", "bidirectional")
	d := 1
	if direction == "bidirectional" {
		d, functions = 2, slices.Concat(functions, functions)
	}
	a := attrs{"hidden_size", hidden, "direction", direction}
	if functions != nil {
		a = append(a, "activations", functions)
	}
	if r.chance(3) {
		a = append(a, "clip", float32(0.7))
	}
	if op == "GRU" {
		a = append(a, "linear_before_reset", r.n(0, 1))
	}
	if op == "LSTM" && r.chance(3) {
		a = append(a, "input_forget", 1)
	}
	bias := r.some(r.weights(d, 2*gates*hidden))
	lengths := r.some(ortInts[int32](onnx.Int32, []int{batch}, func() int { return r.n(1, time) }))
	operands := []*operandOf{r.floats(time, batch, in), r.weights(d, gates*hidden, in), r.weights(d, gates*hidden, hidden),
		bias, lengths, r.some(r.floats(d, batch, hidden))}
	types := []onnx.DataType{onnx.Float, onnx.Float}
	if op == "LSTM" {
		types = append(types, onnx.Float)
		operands = append(operands, r.some(r.floats(d, batch, hidden)), r.some(r.weights(d, 3*hidden)))
	}
	return r.one(op, pick(r, int64(7), 14), a, types, operands...)
}
