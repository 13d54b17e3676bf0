package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// alike makes those inputs listed float32, or float64 if input 0 has more bits
// than float32 holds, and returns what turns a result into input 0's type.
func (n *node) alike(inputs ...int) (back func(graph.Value) (graph.Value, error), err error) {
	d, wide := n.typ(0).DType, tensor.F32
	if d != tensor.F16 && d.Bits() > 16 && d != tensor.F32 {
		wide = tensor.F64
	}
	for _, i := range inputs {
		if i >= len(n.in) || n.in[i] == graph.None || n.typ(i).DType == wide {
			continue
		}
		if n.in[i], err = n.one(&op.Cast{DType: wide}, n.in[i]); err != nil {
			return nil, err
		}
	}
	return func(v graph.Value) (graph.Value, error) {
		if d == wide {
			return v, nil
		}
		return n.one(&op.Cast{DType: d}, v)
	}, nil
}

// sampled adds o, whose inputs listed and output 0 are of input 0's type.
func (n *node) sampled(o graph.Op, inputs ...int) (graph.Op, error) {
	back, err := n.alike(inputs...)
	if err != nil {
		return nil, err
	}
	v, err := n.one(o, n.in...)
	if err != nil {
		return nil, err
	}
	if v, err = back(v); err != nil {
		return nil, err
	}
	return nil, n.define(v)
}

// gridSampleRow reads GridSample; before opset 20 linear and cubic are called
// bilinear and bicubic.
func gridSampleRow(n *node) (graph.Op, error) {
	var o op.GridSample
	var err error
	if o.Mode, err = choice(n, "mode", "linear", map[string]op.ResizeMode{
		"linear": op.ResizeLinear, "bilinear": op.ResizeLinear, "cubic": op.ResizeCubic, "bicubic": op.ResizeCubic, "nearest": op.ResizeNearest,
	}); err != nil {
		return nil, err
	}
	if o.Padding, err = choice(n, "padding_mode", "zeros", map[string]op.GridPadding{
		"zeros": op.GridZeros, "border": op.GridBorder, "reflection": op.GridReflection,
	}); err != nil {
		return nil, err
	}
	if o.AlignCorners, err = n.bool("align_corners", false); err != nil {
		return nil, err
	}
	return n.sampled(new(o), 0, 1)
}

// roiAlignRow reads RoiAlign; before opset 16 pixels are centred on whole numbers.
func roiAlignRow(n *node) (graph.Op, error) {
	var o op.RoiAlign
	var err error
	if o.Max, err = choice(n, "mode", "avg", map[string]bool{"avg": false, "max": true}); err != nil {
		return nil, err
	}
	centred := "half_pixel"
	if n.opset < 16 {
		centred = "output_half_pixel"
	}
	if o.HalfPixel, err = choice(n, "coordinate_transformation_mode", centred, map[string]bool{"half_pixel": true, "output_half_pixel": false}); err != nil {
		return nil, err
	}
	if o.Height, err = n.int("output_height", 1); err != nil {
		return nil, err
	}
	if o.Width, err = n.int("output_width", 1); err != nil {
		return nil, err
	}
	if o.Sampling, err = n.int("sampling_ratio", 0); err != nil {
		return nil, err
	}
	if o.Scale, err = n.float("spatial_scale", 1); err != nil {
		return nil, err
	}
	return n.sampled(new(o), 0, 1)
}

func affineGridRow(n *node) (graph.Op, error) {
	corners, err := n.bool("align_corners", false)
	if err != nil {
		return nil, err
	}
	return n.sampled(&op.AffineGrid{AlignCorners: corners}, 0)
}

// col2ImRow reads Col2Im, whose image is not input 0.
func col2ImRow(n *node) (graph.Op, error) {
	var s op.Spatial
	var err error
	if s.Stride, err = n.ints("strides"); err != nil {
		return nil, err
	}
	if s.Dilation, err = n.ints("dilations"); err != nil {
		return nil, err
	}
	pads, err := n.ints("pads")
	if err != nil {
		return nil, err
	}
	if len(pads)%2 != 0 {
		return nil, errorf("pads are %v, want two for each axis", pads)
	}
	if pads != nil {
		s.Before, s.After = pads[:len(pads)/2], pads[len(pads)/2:]
	}
	return n.sampled(&op.Col2Im{Spatial: s}, 0)
}

func deformConvRow(n *node) (graph.Op, error) {
	s, err := n.spatial()
	if err != nil {
		return nil, err
	}
	o := &op.DeformConv{Spatial: s}
	if o.Groups, err = n.int("group", 1); err != nil {
		return nil, err
	}
	if o.OffsetGroups, err = n.int("offset_group", 1); err != nil {
		return nil, err
	}
	if err := n.checkKernel(n.typ(1).Shape); err != nil {
		return nil, err
	}
	return n.sampled(o, 0, 1, 2, 3, 4)
}

func maxUnpoolRow(n *node) (graph.Op, error) {
	window, s, err := n.window()
	if err != nil {
		return nil, err
	}
	return n.sampled(&op.Unpool{Window: window, Spatial: s}, 0)
}
