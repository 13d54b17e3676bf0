package onnx_test

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
)

var ortMore = []ortFamily{
	{"unary", func(r *ortRandom) *ortModel {
		op := pick(r, "Abs", "Ceil", "Cos", "Elu", "Erf", "Exp", "Floor", "HardSigmoid", "HardSwish", "LeakyRelu", "Log", "Mish", "Neg",
			"Reciprocal", "Round", "Selu", "Sigmoid", "Sign", "Sin", "Softplus", "Softsign", "Sqrt", "Tan", "Tanh", "ThresholdedRelu", "Atan", "Sinh", "Asinh", "Gelu", "Celu")
		return r.one(op, 20, nil, ortFloat, r.floats(r.dims(r.n(1, 4), 1, 7)...))
	}, 0},
	{"binary", func(r *ortRandom) *ortModel {
		op := pick(r, "Sub", "Div", "Max", "Min", "PRelu")
		s, t := r.broadcast(2), r.numbers()
		if op == "PRelu" {
			s[1] = s[0][r.n(0, len(s[0])):]
		}
		a, b := r.of(t, s[0]...), r.of(t, s[1]...)
		if op == "Div" && (t == onnx.Int32 || t == onnx.Int64) {
			for i := range b.data {
				b.data[i] |= 1 // not 0
			}
		}
		return r.one(op, 16, nil, []onnx.DataType{t}, a, b)
	}, 0},
	{"compare", func(r *ortRandom) *ortModel {
		s, t := r.broadcast(2), r.numbers()
		op := pick(r, "Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual")
		return r.one(op, 16, nil, []onnx.DataType{onnx.Bool}, r.of(t, s[0]...), r.of(t, s[1]...))
	}, 0},
	{"global pool", func(r *ortRandom) *ortModel {
		op := pick(r, "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool")
		return r.one(op, 17, nil, ortFloat, r.floats(r.dims(r.n(3, 5), 1, 6)...))
	}, 0},
	{"LpPool", func(r *ortRandom) *ortModel {
		x, a := r.pool(onnx.Float, true)
		return r.one("LpPool", 18, append(a, "p", r.n(1, 3)), ortFloat, x)
	}, 0},
	{"normalisation", (*ortRandom).normalisation, 0},
	{"TopK", func(r *ortRandom) *ortModel {
		shape := r.dims(r.n(1, 3), 1, 7)
		axis := r.n(0, len(shape)-1)
		a := attrs{"axis", pick(r, axis, axis-len(shape)), "largest", r.n(0, 1)}
		t := r.numbers()
		return r.one("TopK", 11, a, []onnx.DataType{t, onnx.Int64}, r.of(t, shape...), r.int64s(r.n(1, shape[axis])))
	}, 0},
	{"CumSum", func(r *ortRandom) *ortModel {
		shape, t := r.dims(r.n(1, 4), 1, 6), r.numbers()
		axis := r.int64s(r.n(-len(shape), len(shape)-1))
		axis.shape = []int{}
		return r.one("CumSum", 14, attrs{"exclusive", r.n(0, 1), "reverse", r.n(0, 1)}, []onnx.DataType{t}, r.of(t, shape...), axis)
	}, 0},
	{"ScatterElements", func(r *ortRandom) *ortModel {
		shape, t := r.dims(r.n(1, 4), 1, 6), r.numbers()
		axis := r.n(0, len(shape)-1)
		to := make([]int, len(shape))
		for i := range to {
			to[i] = r.n(1, shape[i])
		}
		a := attrs{"axis", axis, "reduction", pick(r, "add", "max", "min")}
		return r.one("ScatterElements", 18, a, []onnx.DataType{t}, r.of(t, shape...), r.indices(shape[axis], to), r.of(t, to...))
	}, 0},
	{"DepthToSpace", func(r *ortRandom) *ortModel {
		b := r.n(1, 3)
		a := attrs{"blocksize", b, "mode", pick(r, "DCR", "CRD")}
		return r.one("DepthToSpace", 13, a, ortFloat, r.floats(r.n(1, 2), b*b*r.n(1, 4), r.n(1, 5), r.n(1, 5)))
	}, 0},
	{"SpaceToDepth", func(r *ortRandom) *ortModel {
		b := r.n(1, 3)
		return r.one("SpaceToDepth", 13, attrs{"blocksize", b}, ortFloat, r.floats(r.n(1, 2), r.n(1, 4), b*r.n(1, 5), b*r.n(1, 5)))
	}, 0},
	{"GridSample", (*ortRandom).gridSample, 0},
	{"NonMaxSuppression", (*ortRandom).suppression, 0},
	{"RoiAlign", (*ortRandom).roiAlign, 0},
	{"MaxRoiPool", (*ortRandom).maxRoiPool, 0},
	{"LRN", func(r *ortRandom) *ortModel {
		return r.one("LRN", 13, attrs{"size", pick(r, 1, 3, 5), "alpha", r.Float32(), "bias", 1 + r.Float32()}, ortFloat, r.floats(1, r.n(1, 9), r.n(1, 5), r.n(1, 5)))
	}, 0},
	{"Expand", func(r *ortRandom) *ortModel {
		s, t := r.broadcast(2), r.numbers()
		return r.one("Expand", 13, nil, []onnx.DataType{t}, r.of(t, s[0]...), r.int64s(s[1]...))
	}, 0},
	{"Tile", func(r *ortRandom) *ortModel {
		shape, t := r.dims(r.n(1, 4), 1, 4), r.numbers()
		return r.one("Tile", 13, nil, []onnx.DataType{t}, r.of(t, shape...), r.int64s(r.dims(len(shape), 0, 3)...))
	}, 0},
	{"Einsum", func(r *ortRandom) *ortModel {
		i, j, k, b := r.n(1, 9), r.n(1, 9), r.n(1, 9), r.n(1, 3)
		eq := pick(r, "bij,bjk->bik", "bij,bjk->bki", "bij,bjk->ik", "bij,bjk", "...ij,...jk->...ik")
		return r.one("Einsum", 12, attrs{"equation", eq}, ortFloat, r.floats(b, i, j), r.floats(b, j, k))
	}, 0},
}

func (r *ortRandom) normalisation() *ortModel {
	shape := r.dims(r.n(3, 4), 1, 6)
	c := shape[1]
	x, s, b := r.floats(shape...), r.weights(c), r.weights(c)
	if r.chance(2) {
		return r.one("InstanceNormalization", 6, attrs{"epsilon", float32(0.01)}, ortFloat, x, s, b)
	}
	return r.one("BatchNormalization", 15, attrs{"epsilon", float32(0.01)}, ortFloat, x, s, b, r.weights(c), r.scale(0.5, 2, c))
}

func (r *ortRandom) suppression() *ortModel {
	batch, boxes, classes := r.n(1, 2), r.n(1, 12), r.n(1, 3)
	rest := []*operandOf{r.int64s(r.n(1, 5)), r.scale(0.1, 0.7, 1), r.some(r.scale(-1, 1, 1))}
	return r.one("NonMaxSuppression", 11, attrs{"center_point_box", r.n(0, 1)}, []onnx.DataType{onnx.Int64},
		slices.Concat([]*operandOf{r.floats(batch, boxes, 4), r.floats(batch, classes, boxes)}, rest)...)
}

func (r *ortRandom) roiAlign() *ortModel {
	x, n := r.floats(r.n(1, 2), r.n(1, 4), r.n(3, 9), r.n(3, 9)), r.n(1, 4)
	rois := r.scale(0, 9, n, 4)
	which := ortInts[int64](onnx.Int64, []int{n}, func() int { return r.n(0, x.shape[0]-1) })
	a := attrs{"mode", pick(r, "avg", "max"), "output_height", r.n(1, 4), "output_width", r.n(1, 4), "sampling_ratio", r.n(0, 3),
		"spatial_scale", pick(r, float32(1), 0.5), "coordinate_transformation_mode", pick(r, "half_pixel", "output_half_pixel")}
	return r.one("RoiAlign", 16, a, ortFloat, x, rois, which)
}

func (r *ortRandom) maxRoiPool() *ortModel {
	x, n := r.floats(r.n(1, 2), r.n(1, 4), r.n(3, 9), r.n(3, 9)), r.n(1, 4)
	var rois []float32
	for range n {
		x0, y0 := r.n(-2, 7), r.n(-2, 7)
		rois = append(rois, float32(r.n(0, x.shape[0]-1)), float32(x0), float32(y0), float32(x0+r.n(-1, 9)), float32(y0+r.n(-1, 9)))
	}
	a := attrs{"pooled_shape", []int64{int64(r.n(1, 4)), int64(r.n(1, 4))}, "spatial_scale", pick(r, float32(1), 0.5)}
	at := 0
	return r.one("MaxRoiPool", 1, a, ortFloat, x, ortInts[float32](onnx.Float, []int{n, 5}, func() int { at++; return int(rois[at-1]) }))
}

func (r *ortRandom) gridSample() *ortModel {
	mode, padding := pick(r, "linear", "nearest", "cubic"), pick(r, "zeros", "border", "reflection")
	if mode == "cubic" && padding == "border" {
		padding = "zeros" // ONNX's reference clamps the place to the border, ONNX Runtime each of its neighbours
	}
	a := attrs{"mode", mode, "padding_mode", padding, "align_corners", r.n(0, 1)}
	rank := 2
	if mode != "cubic" && r.chance(3) {
		rank = 3
	}
	x := r.floats(slices.Concat([]int{r.n(1, 2), r.n(1, 4)}, r.dims(rank, 2, 7))...)
	grid := r.floats(slices.Concat([]int{x.shape[0]}, r.dims(rank, 1, 6), []int{rank})...)
	return r.one("GridSample", 20, a, ortFloat, x, grid)
}
