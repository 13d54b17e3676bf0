package tflite

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/lower"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// spelledPadding returns SAME or VALID where they are what p means for images of
// size [h w], and else how many pixels a PAD must add: top, left, bottom, right.
func spelledPadding(p op.Padding, size []int, window, stride, dilation [2]int) (mode op.PadMode, pads []int, err error) {
	switch p.Mode {
	case op.PadValid, op.PadSameUpper:
		return p.Mode, nil, nil
	case op.PadExplicit:
		pads = []int{p.Top, p.Left, p.Bottom, p.Right}
		if slices.Max(pads) == 0 {
			return op.PadValid, nil, nil
		}
	}
	if slices.Contains(size, tensor.Dynamic) {
		if pads == nil {
			return 0, nil, op.Unsupported("padding that depends on a size that is not known")
		}
		return op.PadValid, pads, nil
	}
	same := make([]int, 4)
	for i := range 2 {
		same[i], same[i+2] = samePads(size[i], window[i], stride[i], dilation[i])
	}
	if p.Mode == op.PadSameLower { // the odd pixel goes before
		pads = []int{same[2], same[3], same[0], same[1]}
	}
	if slices.Equal(pads, same) {
		return op.PadSameUpper, nil, nil
	}
	return op.PadValid, pads, nil
}

// samePads returns SAME's padding before and after n pixels.
func samePads(n, window, stride, dilation int) (before, after int) {
	outputs := (n + stride - 1) / stride
	total := max((outputs-1)*stride+(window-1)*dilation+1-n, 0)
	return total / 2, total - total/2
}

// padded adds pixels around images: zeros, or what value holds.
func padded(c *lower.Composer, x graph.Value, pads []int, value graph.Value) graph.Value {
	rows := c.I32([]int32{0, 0, int32(pads[0]), int32(pads[2]), int32(pads[1]), int32(pads[3]), 0, 0}, 4, 2)
	if value == graph.None {
		return c.Add(&op.Pad{}, x, rows)
	}
	return c.Add(&op.Pad{}, x, rows, value)
}

func composeConv(c *lower.Composer, o op.Conv2D, in []graph.Value, none graph.Value) (graph.Value, error) {
	if o.Planes {
		return 0, op.Unsupported("a convolution that turns planes itself")
	}
	if b := o.Bounds; !fuses(b) {
		o.Bounds = op.Bounds{}
		return c.Add(&op.Clamp{Lo: b.Lo, Hi: b.Hi}, c.Add(new(o), in...)), nil
	}
	in = slices.Clone(in)
	turned := o.Planar
	if o.Planar {
		o.Planar = false
		in[1] = c.Add(&op.Transpose{Perm: []int{0, 2, 3, 1}}, in[1])
	}
	w := c.Type(in[1]).Shape
	mode, pads, err := spelledPadding(o.Padding, c.Type(in[0]).Shape[1:3], [2]int{w[1], w[2]}, o.Stride, o.Dilation)
	if err != nil || !turned && pads == nil && mode == o.Padding.Mode {
		return none, err
	}
	if o.Padding = (op.Padding{Mode: mode}); pads != nil {
		in[0] = padded(c, in[0], pads, graph.None)
	}
	return c.Add(new(o), in...), nil
}

func composeDepthwise(c *lower.Composer, o op.DepthwiseConv2D, in []graph.Value, none graph.Value) (graph.Value, error) {
	if b := o.Bounds; !fuses(b) {
		o.Bounds = op.Bounds{}
		return c.Add(&op.Clamp{Lo: b.Lo, Hi: b.Hi}, c.Add(new(o), in...)), nil
	}
	w := c.Type(in[1]).Shape
	mode, pads, err := spelledPadding(o.Padding, c.Type(in[0]).Shape[1:3], [2]int{w[1], w[2]}, o.Stride, o.Dilation)
	if err != nil || pads == nil && mode == o.Padding.Mode {
		return none, err
	}
	in = slices.Clone(in)
	if o.Padding = (op.Padding{Mode: mode}); pads != nil {
		in[0] = padded(c, in[0], pads, graph.None)
	}
	return c.Add(new(o), in...), nil
}

// composeMaxPool pads with what is less than any number.
func composeMaxPool(c *lower.Composer, o op.MaxPool2D, in []graph.Value, none graph.Value) (graph.Value, error) {
	t := c.Type(in[0])
	mode, pads, err := spelledPadding(o.Padding, t.Shape[1:3], o.Window, o.Stride, o.Dilation)
	switch {
	case err != nil || pads == nil && mode == o.Padding.Mode:
		return none, err
	case pads != nil && t.DType != tensor.F32:
		return 0, op.Unsupported("explicit padding of a pool of %s", t.DType)
	}
	x := in[0]
	if o.Padding = (op.Padding{Mode: mode}); pads != nil {
		x = padded(c, x, pads, c.F32([]float32{-math.MaxFloat32}, 1))
	}
	return c.Add(new(o), x), nil
}

// composeAveragePool: TensorFlow Lite never counts its own padding, and always a
// PAD's.
func composeAveragePool(c *lower.Composer, o op.AveragePool2D, in []graph.Value, none graph.Value) (graph.Value, error) {
	t := c.Type(in[0])
	mode, pads, err := spelledPadding(o.Padding, t.Shape[1:3], o.Window, o.Stride, o.Dilation)
	switch {
	case err != nil:
		return 0, err
	case o.CountPad && mode == op.PadSameUpper:
		if slices.Contains(t.Shape[1:3], tensor.Dynamic) {
			return 0, op.Unsupported("a pool of unknown size that counts its padding")
		}
		pads = make([]int, 4)
		for i := range 2 {
			pads[i], pads[i+2] = samePads(t.Shape[i+1], o.Window[i], o.Stride[i], o.Dilation[i])
		}
		mode = op.PadValid
	case pads != nil && !o.CountPad:
		return 0, op.Unsupported("an average pool with padding that is not SAME and does not count")
	}
	if !o.CountPad && mode == o.Padding.Mode {
		return none, nil
	}
	x := in[0]
	if o.CountPad, o.Padding = false, (op.Padding{Mode: mode}); pads != nil && slices.Max(pads) > 0 {
		x = padded(c, x, pads, graph.None)
	}
	return c.Add(new(o), x), nil
}

// composeSpread gives a transposed convolution its output's shape as an input, and
// cuts off what neither SAME nor VALID would.
func composeSpread(c *lower.Composer, o op.TransposeConv, in []graph.Value, none graph.Value) (graph.Value, error) {
	if b := o.Bounds; !fuses(b) {
		o.Bounds = op.Bounds{}
		return c.Add(&op.Clamp{Lo: b.Lo, Hi: b.Hi}, c.Add(new(o), in...)), nil
	}
	x, w := c.Type(in[0]), c.Type(in[1])
	if o.Remainder || o.Dilation != [2]int{1, 1} || x.Shape[3] != w.Shape[3] || slices.Contains(x.Shape[1:3], tensor.Dynamic) {
		return 0, op.Unsupported("a transposed convolution that is dilated, in groups, of unknown size, or as MediaPipe has it")
	}
	if len(in) == 4 && in[3] != graph.None {
		return none, nil
	}
	views := []tensor.View{c.View(in[0]), c.View(in[1])}
	types, err := o.Infer(views)
	if err != nil {
		return 0, err
	}
	size, cut, whole := types[0].Shape[1:3], []int{o.Padding.Top, o.Padding.Left}, make([]int, 2)
	same := true
	for i := range 2 {
		before, _ := samePads(size[i], w.Shape[i+1], o.Stride[i], 1)
		switch o.Padding.Mode {
		case op.PadValid:
			cut[i] = 0
		case op.PadSameUpper:
			cut[i] = before
		case op.PadSameLower:
			_, cut[i] = samePads(size[i], w.Shape[i+1], o.Stride[i], 1)
		}
		same = same && cut[i] == before
		whole[i] = max((x.Shape[i+1]-1)*o.Stride[i]+w.Shape[i+1], cut[i]+size[i])
	}
	mode := op.PadValid
	if same && (cut[0] > 0 || cut[1] > 0) {
		mode = op.PadSameUpper
	}
	if mode == op.PadSameUpper || slices.Max(cut) == 0 {
		whole, cut = size, []int{0, 0}
	}
	o.Padding, o.Extra = op.Padding{Mode: mode}, [2]int{}
	bias := graph.None
	if len(in) > 2 {
		bias = in[2]
	}
	y := c.Add(new(o), in[0], in[1], bias, batchShape(c, in[0], whole[0], whole[1], w.Shape[0]))
	if slices.Equal(whole, size) {
		return y, nil
	}
	return c.Add(&op.Slice{}, y, c.Ints(0, cut[0], cut[1], 0), c.Ints(-1, size[0], size[1], -1)), nil
}

// batchShape returns a shape that begins with x's batch, open or not.
func batchShape(c *lower.Composer, x graph.Value, rest ...int) graph.Value {
	if n := c.Type(x).Shape[0]; n != tensor.Dynamic {
		return c.Ints(append([]int{n}, rest...)...)
	}
	shape := c.Add(&op.Shape{DType: tensor.I32}, x)
	return c.Add(&op.Concatenation{}, c.Add(&op.Slice{}, shape, c.Ints(0), c.Ints(1)), c.Ints(rest...))
}
