package writetest

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

var (
	toF32  = op.To{DType: tensor.F32}
	fusedF = op.Epilogue{To: toF32, Fused: true}
	ones   = [2]int{1, 1}
	same   = op.Padding{Mode: op.PadSameUpper}
	valid  = op.Padding{Mode: op.PadValid}
)

// Cases returns graphs of everything that training layers are made of.
func Cases() []Case {
	return slices.Concat(layerCases(), functionCases(), shapeCases(), netCases(), recurrentCases())
}

func (b *Builder) dense(x graph.Value, in, out int) graph.Value {
	return b.Add("dense", &op.FullyConnected{Turned: true, KeepDims: true, Epilogue: fusedF}, x, b.W(in, out), b.W(out))
}

func (b *Builder) conv(x graph.Value, in, out, k, stride int, p op.Padding) graph.Value {
	return b.Add("conv", &op.Conv2D{Stride: [2]int{stride, stride}, Dilation: ones, Padding: p, Epilogue: fusedF}, x, b.W(out, k, k, in), b.W(out))
}

// Relu adds max(x, 0).
func (b *Builder) Relu(x graph.Value) graph.Value {
	return b.Add("relu", &op.Clamp{Hi: float32(math.Inf(1))}, x)
}

func (b *Builder) batchNorm(x graph.Value, channels int) graph.Value {
	out, err := b.Node(graph.Node{Label: "bn", Op: &op.BatchNormalization{Axis: b.Type(x).Rank() - 1, Epsilon: 1e-3, Momentum: 0.9},
		In: []graph.Value{x, b.spread(0.5, 1.5, channels), b.W(channels), b.W(channels), b.spread(0.5, 2, channels)}})
	if err != nil {
		return 0
	}
	return out[0]
}

// one is a case of an operator on one input.
func one(name string, shape []int, o graph.Op) Case {
	return Case{Name: name, Exact: true, Build: func(b *Builder) []graph.Value {
		return []graph.Value{b.Add(name, o, b.X(shape...))}
	}}
}

// of is a case whose only output f makes.
func of(name string, f func(b *Builder) graph.Value) Case {
	return Case{Name: name, Exact: true, Build: func(b *Builder) []graph.Value { return []graph.Value{f(b)} }}
}

// near is a case in which roundings differ.
func near(c Case) Case { c.Exact = false; return c }

func layerCases() []Case {
	pool := op.Pool{Window: [2]int{3, 2}, Stride: [2]int{2, 1}, Dilation: ones, Padding: same, To: toF32}
	explicit := op.Padding{Top: 1, Left: 0, Bottom: 2, Right: 1}
	return []Case{
		of("dense", func(b *Builder) graph.Value { return b.dense(b.X(3, 5), 5, 4) }),
		of("dense of three dimensions", func(b *Builder) graph.Value { return b.dense(b.X(2, 3, 5), 5, 4) }),
		of("dense regroups", func(b *Builder) graph.Value {
			return b.Add("d", &op.FullyConnected{Epilogue: fusedF}, b.X(2, 2, 5), b.W(4, 10), b.W(4))
		}),
		of("dense without bias, clamped", func(b *Builder) graph.Value {
			e := fusedF
			e.Bounds = op.Bounds{Lo: -1, Hi: 1}
			return b.Add("d", &op.FullyConnected{KeepDims: true, Epilogue: e}, b.X(2, 5), b.W(4, 5))
		}),
		of("conv same stride 2", func(b *Builder) graph.Value { return b.conv(b.X(1, 7, 6, 3), 3, 4, 3, 2, same) }),
		of("conv valid", func(b *Builder) graph.Value { return b.conv(b.X(2, 7, 6, 3), 3, 4, 2, 1, valid) }),
		of("conv explicit dilated groups relu6", func(b *Builder) graph.Value {
			e := fusedF
			e.Bounds = op.Activated(quant.ReLU6)
			return b.Add("c", &op.Conv2D{Stride: ones, Dilation: [2]int{2, 1}, Padding: explicit, Epilogue: e}, b.X(1, 6, 6, 4), b.W(6, 3, 3, 2))
		}),
		of("conv same lower", func(b *Builder) graph.Value {
			return b.conv(b.X(1, 5, 6, 2), 2, 3, 4, 1, op.Padding{Mode: op.PadSameLower})
		}),
		of("conv open size", func(b *Builder) graph.Value {
			return b.conv(b.Input("x", tensor.Of(tensor.F32, -1, -1, -1, 2)), 2, 3, 1, 1, same)
		}),
		of("depthwise", func(b *Builder) graph.Value {
			return b.Add("d", &op.DepthwiseConv2D{Stride: ones, Dilation: ones, Padding: same, Epilogue: fusedF}, b.X(1, 5, 6, 3), b.W(1, 3, 3, 6), b.W(6))
		}),
		near(of("transposed conv same", func(b *Builder) graph.Value {
			return b.Add("t", &op.TransposeConv{Stride: [2]int{2, 2}, Dilation: ones, Padding: same, Epilogue: fusedF}, b.X(1, 4, 5, 3), b.W(4, 3, 3, 3), b.W(4))
		})),
		near(of("transposed conv valid", func(b *Builder) graph.Value {
			return b.Add("t", &op.TransposeConv{Stride: [2]int{2, 3}, Dilation: ones, Padding: valid, Epilogue: fusedF}, b.X(1, 4, 5, 3), b.W(4, 3, 2, 3), b.W(4))
		})),
		near(of("transposed conv shaped", func(b *Builder) graph.Value {
			return b.Add("t", &op.TransposeConv{Stride: [2]int{2, 2}, Dilation: ones, Padding: same, Epilogue: fusedF},
				b.X(1, 4, 5, 2), b.W(2, 3, 3, 2), graph.None, b.i32(1, 7, 10, 2))
		})),
		one("max pool", []int{1, 7, 6, 3}, &op.MaxPool2D{Pool: pool}),
		one("average pool", []int{2, 7, 6, 3}, &op.AveragePool2D{Pool: pool}),
		one("average pool counts", []int{2, 7, 6, 3}, &op.AveragePool2D{CountPad: true, Pool: pool}),
		one("global average", []int{2, 4, 3, 5}, &op.Reduce{Kind: op.ReduceMean, Axes: []int{1, 2}}),
		one("global max", []int{2, 4, 3, 5}, &op.Reduce{Kind: op.ReduceMax, Axes: []int{1, 2}, KeepDims: true}),
		one("mean of rows", []int{2, 4, 3}, &op.Reduce{Kind: op.ReduceMean, Axes: []int{-2}}),
		one("sum", []int{2, 4, 3}, &op.Reduce{Kind: op.ReduceSum, Axes: []int{0, 2}}),
		of("pad", func(b *Builder) graph.Value {
			p := b.Const("p", tensor.Of(tensor.I32, 4, 2), tensor.Bytes([]int32{0, 0, 1, 2, 0, 1, 0, 0}))
			return b.Add("pad", &op.Pad{}, b.conv(b.X(1, 3, 3, 2), 2, 2, 1, 1, same), p)
		}),
		of("nearest", func(b *Builder) graph.Value {
			return b.Add("up", &op.ResizeNearestNeighbor{HalfPixelCenters: true}, b.X(1, 3, 4, 2), b.i32(6, 12))
		}),
		of("nearest, open batch", func(b *Builder) graph.Value {
			return b.Add("up", &op.ResizeNearestNeighbor{}, b.X(-1, 3, 4, 2), b.i32(6, 8))
		}),
		near(of("bilinear", func(b *Builder) graph.Value {
			return b.Add("up", &op.ResizeBilinear{HalfPixelCenters: true}, b.X(1, 3, 4, 2), b.i32(6, 8))
		})),
		near(of("batch norm of a conv", func(b *Builder) graph.Value {
			return b.Relu(b.batchNorm(b.conv(b.X(1, 5, 5, 2), 2, 3, 3, 1, same), 3))
		})),
		near(of("batch norm of a dense layer", func(b *Builder) graph.Value { return b.batchNorm(b.dense(b.X(2, 3), 3, 4), 4) })),
		near(of("batch norm alone", func(b *Builder) graph.Value { return b.batchNorm(b.Relu(b.X(2, 3, 3, 4)), 4) })),
		near(of("layer norm", func(b *Builder) graph.Value {
			return b.Add("ln", &op.LayerNormalization{Axis: -1, Epsilon: 1e-3}, b.X(2, 3, 8), b.W(8), b.W(8))
		})),
		near(of("layer norm without scale", func(b *Builder) graph.Value {
			return b.Add("ln", &op.LayerNormalization{Axis: 1, Epsilon: 1e-3}, b.X(2, 3, 8))
		})),
		near(of("rms norm", func(b *Builder) graph.Value {
			return b.Add("ln", &op.LayerNormalization{Axis: -1, Epsilon: 1e-3, RMS: true}, b.X(2, 3, 8), b.W(8))
		})),
		near(one("softmax", []int{2, 5}, &op.Softmax{Beta: 1, Axis: -1, Plain: true, To: toF32})),
		near(one("softmax beta", []int{2, 5, 3}, &op.Softmax{Beta: 0.5, Axis: 1, To: toF32})),
		near(one("log softmax", []int{2, 5}, &op.LogSoftmax{Axis: -1, To: toF32})),
		of("products", func(b *Builder) graph.Value {
			return b.Add("p", &op.BatchMatMul{AdjY: true, Fused: true, To: toF32}, b.X(2, 3, 4, 5), b.X(2, 3, 6, 5))
		}),
		of("embedding", func(b *Builder) graph.Value {
			i := b.Add("cast", &op.Cast{DType: tensor.I32}, b.Add("abs", &op.Abs{}, b.X(2, 3)))
			return b.Add("g", &op.Gather{}, b.W(5, 4), i)
		}),
		of("embedding of integers", func(b *Builder) graph.Value {
			return b.Add("g", &op.Gather{}, b.W(5, 4), b.Input("i", tensor.Of(tensor.I32, 2, 3)))
		}),
	}
}

func functionCases() []Case {
	x := []int{2, 9}
	act := func(f op.ActivationFn, a, b float32) graph.Op { return &op.Activation{F: f, A: a, B: b} }
	cases := []Case{
		one("relu", x, &op.Clamp{Hi: float32(math.Inf(1))}), one("relu6", x, &op.Clamp{Hi: 6}), one("at most", x, &op.Clamp{Lo: float32(math.Inf(-1)), Hi: 0.5}),
		one("leaky", x, &op.LeakyRelu{Alpha: 0.1}), one("elu", x, &op.Elu{}), one("abs", x, &op.Abs{}), one("neg", x, &op.Neg{}),
		one("exp", x, &op.Exp{To: toF32}), one("erf", x, &op.Elementary{F: op.FnErf}), one("square", x, &op.Elementary{F: op.FnSquare}),
		one("sigmoid", x, &op.Logistic{To: toF32}), one("tanh", x, &op.Tanh{To: toF32}), one("hard swish", x, &op.HardSwish{}),
		one("gelu", x, &op.Gelu{}), one("gelu by tanh", x, &op.Gelu{Tanh: true}), one("cast", x, &op.Cast{DType: tensor.I32}),
	}
	for name, o := range map[string]graph.Op{
		"affine": act(op.ActAffine, 2, 0.5), "celu": act(op.ActCelu, 0.7, 0), "elu of alpha": act(op.ActElu, 0.5, 0),
		"act gelu": act(op.ActGelu, 0, 0), "act gelu by tanh": act(op.ActGeluTanh, 0, 0), "hard sigmoid": act(op.ActHardSigmoid, 0.2, 0.5),
		"act hard swish": act(op.ActHardSwish, 0, 0), "act leaky": act(op.ActLeakyRelu, 0.2, 0), "mish": act(op.ActMish, 0, 0),
		"scaled tanh": act(op.ActScaledTanh, 1.5, 0.5), "selu": act(op.ActSelu, 1.6732632, 1.050701), "act sigmoid": act(op.ActSigmoid, 0, 0),
		"shrink": act(op.ActShrink, 0.5, 0.1), "softplus": act(op.ActSoftplus, 1, 1), "softplus of beta": act(op.ActSoftplus, 0.5, 2),
		"softsign": act(op.ActSoftsign, 0, 0), "swish": act(op.ActSwish, 1, 0), "swish of alpha": act(op.ActSwish, 1.702, 0),
		"thresholded": act(op.ActThresholdedRelu, 0.5, 0),
	} {
		cases = append(cases, one(name, x, o))
	}
	for i := range cases {
		cases[i].Exact = false
	}
	for _, p := range []graph.Op{&op.Add{To: toF32}, &op.Sub{To: toF32, Clamp: op.Bounds{Lo: -1, Hi: 1}}, &op.Mul{To: toF32}, &op.Div{To: toF32}, &op.Maximum{}, &op.Minimum{}} {
		cases = append(cases, of(graph.Name(p), func(b *Builder) graph.Value {
			return b.Add("p", p, b.X(2, 1, 3), b.spread(1, 2, 4, 3))
		}))
	}
	slices.SortFunc(cases, func(a, b Case) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return cases
}

func shapeCases() []Case {
	perm := func(p ...int) graph.Op { return &op.Transpose{Perm: p} }
	return []Case{
		one("transpose", []int{2, 3, 4}, perm(2, 0, 1)), one("to planes", []int{2, 3, 4, 5}, perm(0, 3, 1, 2)),
		one("from planes", []int{2, 3, 4, 5}, perm(0, 2, 3, 1)), one("reshape", []int{2, 3, 4}, &op.Reshape{Shape: []int{4, -1}}),
		one("reshape copies", []int{2, 3, 4}, &op.Reshape{Shape: []int{0, -1}, CopyZero: true}), one("flatten", []int{2, 3, 4}, &op.Flatten{Axis: 1}),
		one("squeeze", []int{2, 1, 4}, &op.Squeeze{Axes: []int{1}}),
		of("identity", func(b *Builder) graph.Value { return b.Add("c", &op.Copy{}, b.X(2, 3)) }),
		of("expand", func(b *Builder) graph.Value { return b.Add("e", &op.ExpandDims{}, b.X(2, 3), b.i32(1)) }),
		of("concat", func(b *Builder) graph.Value {
			return b.Add("c", &op.Concatenation{Axis: -1, To: toF32}, b.X(2, 3), b.W(2, 2), b.X(2, 1))
		}),
		of("slice", func(b *Builder) graph.Value { return b.Add("s", &op.Slice{}, b.X(4, 5), b.i32(1, 0), b.i32(2, -1)) }),
		of("strided", func(b *Builder) graph.Value {
			return b.Add("s", &op.StridedSlice{EndMask: 1, ShrinkAxisMask: 2}, b.X(5, 4, 3), b.i32(1, -1, 0), b.i32(0, 0, 2), b.i32(2, 1, 1))
		}),
		of("pack", func(b *Builder) graph.Value { return b.Add("p", &op.Pack{Axis: 1}, b.X(2, 3), b.X(2, 3)) }),
		of("tile", func(b *Builder) graph.Value { return b.Add("t", &op.Tile{}, b.X(2, 3), b.i32(2, 1)) }),
		{Name: "unpack", Exact: true, Build: func(b *Builder) []graph.Value {
			out, _ := b.Node(graph.Node{Label: "u", Op: &op.Unpack{Num: 3, Axis: 1}, In: []graph.Value{b.X(2, 3)}})
			return out
		}},
		{Name: "split", Exact: true, Build: func(b *Builder) []graph.Value {
			out, _ := b.Node(graph.Node{Label: "s", Op: &op.Split{Num: 2, Axis: -1}, In: []graph.Value{b.conv(b.X(1, 3, 3, 2), 2, 4, 1, 1, same)}})
			return out
		}},
		of("select", func(b *Builder) graph.Value {
			x := b.X(2, 3)
			return b.Add("s", &op.Select{}, b.Add("less", &op.Compare{Is: op.Less}, x, b.W(3)), x, b.W(2, 3))
		}),
	}
}

func netCases() []Case {
	cnn := func(b *Builder) []graph.Value {
		x := b.Relu(b.batchNorm(b.conv(b.X(1, 12, 10, 3), 3, 8, 3, 1, same), 8))
		x = b.Add("pool", &op.MaxPool2D{Pool: op.Pool{Window: [2]int{2, 2}, Stride: [2]int{2, 2}, Dilation: ones, Padding: valid, To: toF32}}, x)
		y := b.Add("swish", &op.Activation{F: op.ActSwish, A: 1}, b.conv(x, 8, 8, 3, 1, same))
		x = b.Add("sum", &op.Add{To: toF32}, x, b.Add("gate", &op.Mul{To: toF32}, y, b.W(8)))
		x = b.Add("flat", &op.Reshape{Shape: []int{1, 6 * 5 * 8}}, x)
		return []graph.Value{b.Add("softmax", &op.Softmax{Beta: 1, Axis: -1, Plain: true, To: toF32}, b.dense(x, 6*5*8, 10))}
	}
	attention := func(b *Builder) []graph.Value {
		x := b.X(2, 6, 8)
		part := func() graph.Value {
			y := b.Add("heads", &op.Reshape{Shape: []int{2, 6, 2, 4}}, b.dense(x, 8, 8))
			return b.Add("turn", &op.Transpose{Perm: []int{0, 2, 1, 3}}, y)
		}
		s := b.Add("scores", &op.BatchMatMul{AdjY: true, Fused: true, To: toF32}, part(), part())
		s = b.Add("scale", &op.Mul{To: toF32}, s, b.Floats(nil, 0.5))
		s = b.Add("softmax", &op.Softmax{Beta: 1, Axis: -1, Plain: true, To: toF32}, b.Add("mask", &op.Add{To: toF32}, s, b.W(6, 6)))
		y := b.Add("mix", &op.BatchMatMul{Fused: true, To: toF32}, s, part())
		y = b.Add("back", &op.Reshape{Shape: []int{2, 6, 8}}, b.Add("turn", &op.Transpose{Perm: []int{0, 2, 1, 3}}, y))
		y = b.Add("sum", &op.Add{To: toF32}, x, b.dense(y, 8, 8))
		return []graph.Value{b.Add("norm", &op.LayerNormalization{Axis: -1, Epsilon: 1e-3}, y, b.W(8), b.W(8))}
	}
	return []Case{
		{Name: "mlp", Exact: true, Build: func(b *Builder) []graph.Value {
			return []graph.Value{b.dense(b.Relu(b.dense(b.X(-1, 6), 6, 5)), 5, 3)}
		}},
		{Name: "cnn", Build: cnn}, {Name: "planar cnn", Build: cnn, Planar: true},
		{Name: "cnn of any batch", Build: cnn, OpenBatch: true},
		{Name: "attention", Build: attention}, {Name: "attention of any batch", Build: attention, OpenBatch: true},
	}
}
