package onnx_test

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
)

// ortMicrosoft are operators of ONNX Runtime's own domain.
var ortMicrosoft = []ortFamily{
	{"DynamicQuantizeLSTM", (*ortRandom).dynamicLSTM, 0.02}, // states may round to another byte
	{"QLinearAdd", func(r *ortRandom) *ortModel { return r.qlinearPair("QLinearAdd", 0.02) }, 0},
	{"QLinearMul", func(r *ortRandom) *ortModel { return r.qlinearPair("QLinearMul", 0.5) }, 0},
	{"QLinearSigmoid", func(r *ortRandom) *ortModel {
		t := r.bytesType()
		return r.qlinearUnary("QLinearSigmoid", t, nil, r.scale(0.004, 0.01), r.zero(t))
	}, 0},
	{"QLinearLeakyRelu", func(r *ortRandom) *ortModel {
		t := r.bytesType()
		return r.qlinearUnary("QLinearLeakyRelu", t, attrs{"alpha", r.Float32()}, r.scale(0.01, 0.1), r.zero(t))
	}, 0},
	{"QLinearSoftmax", func(r *ortRandom) *ortModel {
		t := r.bytesType()
		shape := r.dims(r.n(1, 4), 2, 9) // of 1 probability ONNX Runtime makes 0
		a := attrs{"axis", r.n(-len(shape), len(shape)-1), "opset", pick(r, 11, 13)}
		return r.microsoft("QLinearSoftmax", a, []onnx.DataType{t}, r.of(t, shape...), r.scale(0.01, 0.1), r.zero(t), r.scale(0.004, 0.01), r.zero(t)) // sums overflow where 1 is more than 255 steps
	}, 1},
	{"QLinearGlobalAveragePool", func(r *ortRandom) *ortModel {
		t := r.bytesType()
		return r.microsoft("QLinearGlobalAveragePool", attrs{"channels_last", r.n(0, 1)}, []onnx.DataType{t},
			r.of(t, r.n(1, 2), r.n(1, 9), r.n(1, 7), r.n(1, 7)), r.scale(0.01, 0.1), r.zero(t).constant(), r.scale(0.01, 0.1), r.zero(t).constant())
	}, 1},
	{"QLinearAveragePool", (*ortRandom).qlinearAveragePool, 1},
	{"QLinearConcat", (*ortRandom).qlinearConcat, 0},
	{"QLinearWhere", (*ortRandom).qlinearWhere, 0},
	{"QGemm", (*ortRandom).qgemm, 0},
	{"DynamicQuantizeMatMul", (*ortRandom).dynamicMatMul, 0},
	{"MatMulIntegerToFloat", (*ortRandom).matMulIntegerToFloat, 0},
	{"FusedConv", (*ortRandom).fusedConv, 0},
	{"FusedMatMul", (*ortRandom).fusedMatMul, 0},
	{"FusedGemm", (*ortRandom).fusedGemm, 0},
	{"gelu", func(r *ortRandom) *ortModel {
		shape := r.dims(r.n(1, 4), 1, 7)
		in := []*operandOf{r.floats(shape...)}
		op := pick(r, "Gelu", "FastGelu", "BiasGelu", "QuickGelu")
		if bias := r.weights(shape[len(shape)-1]); op == "BiasGelu" || op == "FastGelu" && r.chance(2) {
			in = append(in, bias)
		}
		return r.microsoft(op, nil, ortFloat, in...)
	}, 0},
	{"SkipLayerNormalization", (*ortRandom).skipLayerNorm, 0},
	{"EmbedLayerNormalization", (*ortRandom).embedLayerNorm, 0},
	{"com.microsoft.Attention", (*ortRandom).attention, 0},
	{"MultiHeadAttention", (*ortRandom).multiHeadAttention, 0},
}

// microsoft is one for an operator of ONNX Runtime's own domain. An output
// whose type is 0 is left out.
func (r *ortRandom) microsoft(op string, a attrs, types []onnx.DataType, in ...*operandOf) *ortModel {
	x := r.model(17)
	x.Opset("com.microsoft", 1)
	var names []string
	for _, o := range in {
		names = append(names, x.operand(o))
	}
	for len(names) > 0 && names[len(names)-1] == "" {
		names = names[:len(names)-1]
	}
	out := x.nodeOf("com.microsoft", op, a, types, names...)
	for i, name := range out {
		if name != "" {
			x.output(name, types[i])
		}
	}
	return x
}

// zero is a zero point.
func (r *ortRandom) zero(t onnx.DataType) *operandOf { return r.of(t).constant() }

func (r *ortRandom) qlinearPair(op string, scale float32) *ortModel {
	t, s := r.bytesType(), r.broadcast(2)
	a, b := r.of(t, s[0]...), r.of(t, s[1]...)
	b.known = r.chance(3)
	return r.microsoft(op, nil, []onnx.DataType{t}, a, r.scale(0.01, 0.1), r.zero(t), b, r.scale(0.01, 0.1), r.zero(t), r.scale(scale, 10*scale), r.some(r.zero(t)))
}

func (r *ortRandom) qlinearUnary(op string, t onnx.DataType, a attrs, scale, zero *operandOf) *ortModel {
	return r.microsoft(op, a, []onnx.DataType{t}, r.of(t, r.dims(r.n(1, 4), 1, 7)...), r.scale(0.01, 0.1), r.zero(t), scale, zero)
}

func (r *ortRandom) qlinearAveragePool() *ortModel {
	t := r.bytesType()
	x, a := r.pool(t, false)
	return r.microsoft("QLinearAveragePool", append(a, "count_include_pad", r.n(0, 1)), []onnx.DataType{t}, x, r.scale(0.01, 0.1), r.zero(t), r.scale(0.01, 0.1), r.zero(t))
}

func (r *ortRandom) qlinearConcat() *ortModel {
	t, shape := r.bytesType(), r.dims(r.n(1, 4), 1, 5)
	axis := r.n(0, len(shape)-1)
	in := []*operandOf{r.scale(0.01, 0.1), r.zero(t)}
	for range r.n(1, 4) {
		s := slices.Clone(shape)
		s[axis] = r.n(1, 5)
		x := r.of(t, s...)
		x.known = r.chance(4)
		in = append(in, x, r.scale(0.01, 0.1), r.zero(t))
	}
	return r.microsoft("QLinearConcat", attrs{"axis", pick(r, axis, axis-len(shape))}, []onnx.DataType{t}, in...)
}

func (r *ortRandom) qlinearWhere() *ortModel {
	t, s := r.bytesType(), r.broadcast(3)
	return r.microsoft("QLinearWhere", nil, []onnx.DataType{t}, r.of(onnx.Bool, s[0]...), r.of(t, s[1]...), r.scale(0.01, 0.1), r.zero(t),
		r.of(t, s[2]...), r.scale(0.01, 0.1), r.zero(t), r.scale(0.01, 0.1), r.zero(t))
}

func (r *ortRandom) qgemm() *ortModel {
	m, n, k := r.n(1, 20), r.n(1, 20), r.n(1, 40)
	ta, tb := r.n(0, 1), r.n(0, 1)
	a, b := []int{m, k}, []int{k, n}
	if ta == 1 {
		a = []int{k, m}
	}
	if tb == 1 {
		b = []int{n, k}
	}
	t := onnx.Uint8
	tw := r.bytesType()
	x, w := r.of(t, a...), r.of(tw, b...)
	w.known = !r.chance(3)
	r.narrow(t, w)
	per := r.channels(n)
	at := attrs{"transA", ta, "transB", tb}
	if r.chance(2) {
		at = append(at, "alpha", 0.5+r.Float32())
	}
	bias := r.some(ortInts[int32](onnx.Int32, pick(r, []int{n}, []int{1, n}), func() int { return r.n(-5000, 5000) }).constant())
	in := []*operandOf{x, r.scale(0.01, 0.1), r.zero(t), w, r.scale(0.01, 0.1, per...), r.filterZero(tw, per), bias}
	if r.chance(2) {
		return r.microsoft("QGemm", at, ortFloat, in...)
	}
	return r.microsoft("QGemm", at, []onnx.DataType{t}, append(in, r.scale(0.5, 2), r.zero(t))...)
}

func (r *ortRandom) dynamicMatMul() *ortModel {
	m, n, k, tw := r.n(1, 20), r.n(1, 20), r.n(1, 40), r.bytesType()
	w := r.of(tw, k, n)
	w.known = !r.chance(3)
	r.narrow(onnx.Uint8, w)
	per := r.channels(n)
	x := r.floats(slices.Concat(r.dims(r.n(0, 2), 1, 3), []int{m, k})...)
	return r.microsoft("DynamicQuantizeMatMul", nil, ortFloat, x, w, r.scale(0.01, 0.1, per...), r.some(r.filterZero(tw, per)), r.some(r.weights(n)))
}

func (r *ortRandom) matMulIntegerToFloat() *ortModel {
	m, n, k, tw := r.n(1, 20), r.n(1, 20), r.n(1, 40), r.bytesType()
	t := r.bytesType()
	w := r.of(tw, k, n)
	w.known = !r.chance(3)
	r.narrow(t, w)
	per := r.channels(n)
	x := r.of(t, slices.Concat(r.dims(r.n(0, 2), 1, 3), []int{m, k})...)
	return r.microsoft("MatMulIntegerToFloat", nil, ortFloat, x, w, r.scale(0.01, 0.1), r.scale(0.01, 0.1, per...), r.some(r.zero(t)), r.some(r.filterZero(tw, per)), r.some(r.weights(n)))
}

// activation returns the attributes of a fused activation.
func (r *ortRandom) activation(params bool) attrs {
	switch r.n(0, 6) {
	case 0:
		return attrs{"activation", "Relu"}
	case 1:
		return attrs{"activation", "Sigmoid"}
	case 2:
		return attrs{"activation", "Tanh"}
	case 3:
		if params {
			return attrs{"activation", "LeakyRelu", "activation_params", []float32{0.2}}
		}
		return attrs{"activation", "LeakyRelu", "activation_alpha", float32(0.2)}
	case 4:
		if params {
			return attrs{"activation", "Clip", "activation_params", []float32{-1, 2}}
		}
	case 5:
		if params {
			return attrs{"activation", "HardSigmoid", "activation_params", []float32{0.3, 0.4}}
		}
		return attrs{"activation", "HardSigmoid", "activation_alpha", float32(0.3), "activation_beta", float32(0.4)}
	}
	return attrs{"activation", "Relu"}
}

func (r *ortRandom) fusedConv() *ortModel {
	x, w, a := r.conv(onnx.Float, onnx.Float)
	bias := r.some(r.weights(w.shape[0]))
	if r.chance(2) {
		return r.microsoft("FusedConv", append(a, r.activation(true)...), ortFloat, x, w, bias)
	}
	m := r.model(17) // with a sum, of another convolution's outputs
	m.Opset("com.microsoft", 1)
	in := []string{m.operand(x), m.operand(w)}
	sum := m.node("Conv", a, 1, in...)[0]
	y := m.nodeOf("com.microsoft", "FusedConv", append(a, r.activation(true)...), ortFloat, in[0], in[1], m.operand(bias), sum)
	m.output(y[0], onnx.Float)
	return m
}

func (r *ortRandom) fusedGemm() *ortModel {
	m, n, k := r.n(1, 20), r.n(1, 20), r.n(1, 40)
	a := append(attrs{"alpha", r.Float32() * 2, "beta", r.Float32() * 2}, r.activation(false)...)
	return r.microsoft("FusedGemm", a, ortFloat, r.floats(m, k), r.weights(k, n), r.some(r.weights(n)))
}

func (r *ortRandom) fusedMatMul() *ortModel {
	m, n, k := r.n(1, 9), r.n(1, 9), r.n(1, 17)
	batch := r.dims(r.n(0, 2), 1, 3)
	ta, tb := r.n(0, 1), r.n(0, 1)
	a := attrs{"transA", ta, "transB", tb, "alpha", r.Float32() * 2}
	x, y := slices.Concat(batch, []int{m, k}), slices.Concat(batch, []int{k, n})
	swap := func(s []int) { s[len(s)-2], s[len(s)-1] = s[len(s)-1], s[len(s)-2] }
	if ta == 1 {
		swap(x)
	}
	if tb == 1 {
		swap(y)
	}
	if len(batch) > 0 && r.chance(2) { // the first dimension of the batch before the last but one
		a = append(a, "transBatchA", 1, "transBatchB", 1)
		for _, s := range [][]int{x, y} {
			rows := s[len(s)-2]
			copy(s[1:len(s)-1], s[:len(s)-2])
			s[0] = rows
		}
	}
	w := r.floats(y...)
	w.known = r.chance(2)
	return r.microsoft("FusedMatMul", a, ortFloat, r.floats(x...), w)
}

func (r *ortRandom) skipLayerNorm() *ortModel {
	shape := r.dims(r.n(2, 3), 1, 9)
	n := shape[len(shape)-1]
	skip := shape
	if len(shape) == 3 && r.chance(3) {
		skip = pick(r, []int{1, shape[1], n}, shape[1:])
	}
	types := []onnx.DataType{onnx.Float, 0, 0, onnx.Float}[:pick(r, 1, 4)]
	a := attrs{"epsilon", float32(0.01)}
	if r.chance(3) {
		return r.microsoft("SkipSimplifiedLayerNormalization", a, types, r.floats(shape...), r.floats(skip...), r.weights(n), r.some(r.weights(n)))
	}
	return r.microsoft("SkipLayerNormalization", a, types, r.floats(shape...), r.floats(skip...), r.weights(n), r.some(r.weights(n)), r.some(r.weights(n)))
}

func (r *ortRandom) dynamicLSTM() *ortModel {
	time, batch, in, hidden := r.n(1, 7), r.n(1, 3), r.n(1, 9), r.n(1, 9)
	direction := pick(r, "forward", "reverse", "bidirectional")
	functions := pick(r, nil, []string{"Sigmoid", "Tanh", "Tanh"}, []string{"HardSigmoid", "Softsign", "Relu"})
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
	if r.chance(3) {
		a = append(a, "input_forget", 1)
	}
	lengths := r.some(ortInts[int32](onnx.Int32, []int{batch}, func() int { return r.n(1, time) }))
	t, per := r.bytesType(), pick(r, []int{d}, []int{d, 4 * hidden})
	operands := []*operandOf{r.floats(time, batch, in), r.of(t, d, in, 4*hidden), r.of(t, d, hidden, 4*hidden),
		r.some(r.weights(d, 8*hidden)), lengths, r.some(r.floats(d, batch, hidden)), r.some(r.floats(d, batch, hidden)), r.some(r.weights(d, 3*hidden)),
		r.scale(0.001, 0.01, per...), r.filterZero(t, per), r.scale(0.001, 0.01, per...), r.filterZero(t, per)}
	operands[1].known, operands[2].known = !r.chance(4), !r.chance(4)
	r.narrow(onnx.Uint8, operands[1])
	r.narrow(onnx.Uint8, operands[2])
	return r.microsoft("DynamicQuantizeLSTM", a, []onnx.DataType{onnx.Float, onnx.Float, onnx.Float}, operands...)
}
