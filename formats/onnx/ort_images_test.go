package onnx_test

import (
	"math"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
)

var ortImages = []ortFamily{
	{"Conv", func(r *ortRandom) *ortModel {
		x, w, a := r.conv(onnx.Float, onnx.Float)
		return r.one("Conv", 11, a, ortFloat, x, w, r.some(r.weights(w.shape[0])))
	}, 0},
	{"ConvTranspose", (*ortRandom).convTranspose, 0},
	{"MaxPool", func(r *ortRandom) *ortModel {
		t := pick(r, onnx.Float, onnx.Float, onnx.Int8, onnx.Uint8)
		x, a := r.pool(t, true)
		types := []onnx.DataType{t, onnx.Int64}[:r.n(1, 2)]
		if len(types) == 2 {
			a = append(a, "storage_order", r.n(0, 1))
		}
		return r.one("MaxPool", 12, a, types, x)
	}, 0},
	{"AveragePool", func(r *ortRandom) *ortModel {
		opset := pick(r, int64(11), 19, 22)
		x, a := r.pool(onnx.Float, opset >= 19)
		return r.one("AveragePool", opset, append(a, "count_include_pad", r.n(0, 1)), ortFloat, x)
	}, 0},
	{"Resize", (*ortRandom).resize, 0},
	{"QLinearConv", (*ortRandom).qlinearConv, 0},
	{"ConvInteger", (*ortRandom).convInteger, 0},
}

// window returns the attributes of a window. With auto_pad SAME there is no dilation:
// ONNX Runtime refuses it of convolutions, and leaves it out of account in pools,
// where the specification has ⌈input/stride⌉ outputs.
func (r *ortRandom) window(kernel []int, dilate bool) attrs {
	rank := len(kernel)
	a := attrs{"kernel_shape", kernel}
	if !r.chance(3) {
		a = append(a, "strides", r.dims(rank, 1, 3))
	}
	auto := pick(r, "", "", "", "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET")
	if auto != "" {
		a = append(a, "auto_pad", auto)
	}
	if dilate && !strings.HasPrefix(auto, "SAME") && r.chance(2) {
		a = append(a, "dilations", r.dims(rank, 1, 2))
	}
	if auto == "" && !r.chance(3) {
		pads := make([]int, 2*rank)
		for i := range pads {
			pads[i] = r.n(0, kernel[i%rank]-1)
		}
		a = append(a, "pads", pads)
	}
	return a
}

// conv returns an image, a filter and the attributes of a convolution.
func (r *ortRandom) conv(tx, tw onnx.DataType) (x, w *operandOf, a attrs) {
	rank := pick(r, 1, 2, 2, 2)
	group, in, out := pick(r, 1, 1, 2, 3), r.n(1, 5), r.n(1, 5)
	if r.chance(4) {
		group, in, out = r.n(2, 19), 1, r.n(1, 2) // depthwise
	}
	if r.chance(5) {
		group, in, out = 1, r.n(5, 40), r.n(5, 40)
	}
	spatial, kernel := r.dims(rank, 5, 12), r.dims(rank, 1, 3)
	x = r.of(tx, slices.Concat([]int{r.n(1, 2), group * in}, spatial)...)
	w = r.of(tw, slices.Concat([]int{group * out, in}, kernel)...)
	w.known = !r.chance(4)
	return x, w, append(r.window(kernel, true), "group", group)
}

func (r *ortRandom) convTranspose() *ortModel {
	rank := pick(r, 1, 2, 2)
	group, in, out := pick(r, 1, 1, 2, 3), r.n(1, 5), r.n(1, 5)
	kernel, spatial, strides := r.dims(rank, 1, 4), r.dims(rank, 2, 7), make([]int, rank)
	auto := pick(r, "", "", "", "SAME_UPPER", "SAME_LOWER", "VALID")
	for i := range strides {
		if strides[i] = r.n(1, 3); auto != "" {
			// The specification has input·stride outputs with SAME; of a kernel
			// below the stride ONNX Runtime makes fewer.
			strides[i] = min(strides[i], kernel[i])
		}
	}
	a := attrs{"kernel_shape", kernel, "strides", strides, "group", group}
	if r.chance(3) {
		a = append(a, "dilations", r.dims(rank, 1, 2))
	}
	more := make([]int, rank)
	for i := range more {
		more[i] = r.n(0, strides[i]-1)
	}
	switch choice := r.n(1, 4); {
	case auto != "":
		a = append(a, "auto_pad", auto)
	case choice == 1:
		shape := make([]int, rank)
		for i := range shape {
			shape[i] = (spatial[i]-1)*strides[i] + r.n(1, kernel[i])
		}
		a = append(a, "output_shape", shape)
	case choice == 2:
		a = append(a, "pads", r.dims(2*rank, 0, 1), "output_padding", more)
	case choice == 3:
		a = append(a, "output_padding", more)
	}
	x := r.floats(slices.Concat([]int{r.n(1, 2), group * in}, spatial)...)
	w := r.weights(slices.Concat([]int{group * in, out}, kernel)...)
	return r.one("ConvTranspose", 11, a, ortFloat, x, w, r.some(r.weights(group*out)))
}

func (r *ortRandom) pool(t onnx.DataType, dilate bool) (*operandOf, attrs) {
	rank := pick(r, 1, 2, 2, 2, 3)
	spatial, kernel := r.dims(rank, 5, 11), r.dims(rank, 1, 4)
	x := r.of(t, slices.Concat([]int{r.n(1, 2), r.n(1, 9)}, spatial)...)
	a := r.window(kernel, dilate)
	if i := slices.Index(a, any("auto_pad")); i >= 0 && strings.HasPrefix(a[i+1].(string), "SAME") {
		// ONNX Runtime shifts a window smaller than its stride by a negative padding.
		if i := slices.Index(a, any("strides")); i >= 0 {
			a[i+1] = slices.Repeat([]int{1}, rank)
		}
	}
	return x, append(a, "ceil_mode", r.n(0, 1))
}

func (r *ortRandom) resize() *ortModel {
	opset := pick(r, int64(11), 13, 18, 19)
	mode := pick(r, "nearest", "linear", "linear", "cubic")
	where := pick(r, "half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize")
	a := attrs{"mode", mode, "coordinate_transformation_mode", where}
	if mode == "nearest" {
		a = append(a, "nearest_mode", pick(r, "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"))
	}
	if mode == "cubic" {
		a = append(a, "cubic_coeff_a", pick(r, float32(-0.75), -0.5), "exclude_outside", r.n(0, 1))
	}
	if opset >= 18 && mode != "nearest" && where != "tf_crop_and_resize" && r.chance(3) {
		a = append(a, "antialias", 1)
	}
	shape := []int{r.n(1, 2), r.n(1, 5), r.n(2, 9), r.n(2, 9)}
	factors := []float32{1, 1, pick(r, float32(0.5), 0.6, 1, 1.7, 2, 3), pick(r, float32(0.4), 0.75, 1, 1.3, 2, 2.5)}
	for i, d := range shape {
		// ONNX Runtime leaves an axis alone whose size stays, whatever its scale or region.
		if i > 1 && int(factors[i]*float32(d)) == d {
			factors[i] = pick(r, float32(2), 3)
		}
	}
	if where == "align_corners" || where == "tf_crop_and_resize" {
		// ONNX's own tests have input·scale here, ONNX Runtime that rounded down.
		for i, d := range shape {
			if size := float64(factors[i]) * float64(d); size != math.Floor(size) {
				factors[i] = 2
			}
		}
	}
	roi := operand[float32](onnx.Float, []int{0}).constant()
	if where == "tf_crop_and_resize" {
		roi = operand[float32](onnx.Float, []int{8}, 0, 0, 0.2, -0.1, 1, 1, 0.9, 1.2).constant()
		a = append(a, "extrapolation_value", float32(7))
	}
	scales := operand(onnx.Float, []int{4}, factors...).constant()
	if r.chance(2) {
		h, w := r.n(1, 17), r.n(1, 17)
		if h == shape[2] || w == shape[3] {
			h, w = 2*shape[2], 2*shape[3]
		}
		sizes := r.int64s(shape[0], shape[1], h, w).constant()
		return r.one("Resize", opset, a, ortFloat, r.floats(shape...), roi, operand[float32](onnx.Float, []int{0}).constant(), sizes)
	}
	return r.one("Resize", opset, a, ortFloat, r.floats(shape...), roi, scales)
}

// scale returns a constant scale, or one for each of n channels.
func (r *ortRandom) scale(lo, hi float32, shape ...int) *operandOf {
	x := make([]float32, ortLen(shape))
	for i := range x {
		x[i] = lo + r.Float32()*(hi-lo)
	}
	return operand(onnx.Float, shape, x...).constant()
}

func (r *ortRandom) bytesType() onnx.DataType { return pick(r, onnx.Int8, onnx.Uint8) }

// channels is the shape of a per-tensor or per-channel parameter.
func (r *ortRandom) channels(n int) []int {
	if r.chance(2) {
		return []int{n}
	}
	return []int{}
}

// filterZero returns zero points of filters: those of int8 must be 0.
func (r *ortRandom) filterZero(t onnx.DataType, shape []int) *operandOf {
	if t == onnx.Int8 {
		return ortInts[int8](t, shape, func() int { return 0 }).constant()
	}
	z := r.n(100, 150)
	return ortInts[uint8](t, shape, func() int { return z }).constant()
}

func (r *ortRandom) qlinearConv() *ortModel {
	tx := r.bytesType()
	tw := onnx.Int8
	if tx == onnx.Uint8 && r.chance(2) {
		tw = onnx.Uint8
	}
	x, w, a := r.conv(tx, tw)
	r.narrow(tx, w)
	n := r.channels(w.shape[0])
	var bias *operandOf
	if r.chance(2) {
		bias = ortInts[int32](onnx.Int32, []int{w.shape[0]}, func() int { return r.n(-5000, 5000) }).constant()
	}
	in := []*operandOf{x, r.scale(0.01, 0.1), r.of(tx).constant(), w, r.scale(0.01, 0.1, n...), r.filterZero(tw, n),
		r.scale(0.5, 2), r.of(tx).constant()}
	if bias != nil {
		in = append(in, bias)
	}
	return r.one("QLinearConv", 10, a, []onnx.DataType{tx}, in...)
}

// narrow halves int8 weights that meet uint8: without VNNI ONNX Runtime's kernels
// saturate sums of two such products to 16 bits.
func (r *ortRandom) narrow(tx onnx.DataType, w *operandOf) {
	if w.t == onnx.Int8 {
		for i, v := range w.data {
			w.data[i] = byte(int8(v) / 2)
		}
	}
}

func (r *ortRandom) convInteger() *ortModel {
	tx, tw := r.bytesType(), r.bytesType()
	x, w, a := r.conv(tx, tw)
	r.narrow(tx, w)
	in := []*operandOf{x, w}
	if r.chance(2) {
		in = append(in, r.of(tx).constant())
		if r.chance(2) {
			in = append(in, r.filterZero(tw, []int{}))
		}
	}
	return r.one("ConvInteger", 10, a, []onnx.DataType{onnx.Int32}, in...)
}
