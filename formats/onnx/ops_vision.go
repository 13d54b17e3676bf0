package onnx

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// visionRows are the operators that sample images anew.
func visionRows() map[string]row {
	return map[string]row{
		"Resize":       resizeRow,
		"Upsample":     upsampleRow,
		"DepthToSpace": depthToSpaceRow,
		"SpaceToDepth": spaceToDepthRow,

		"GridSample":   gridSampleRow,
		"AffineGrid":   affineGridRow,
		"RoiAlign":     roiAlignRow,
		"MaxRoiPool":   halves(maxRoiPoolRow, 0),
		"ImageDecoder": imageDecoderRow,
		"Col2Im":       col2ImRow,
	}
}

// choice reads a string attribute that is one of a few.
func choice[T any](n *node, name, def string, of map[string]T) (T, error) {
	s, err := n.str(name, def)
	if err != nil {
		var none T
		return none, err
	}
	v, ok := of[s]
	if !ok {
		return v, op.Unsupported("%s %q", name, s)
	}
	return v, nil
}

// The values of Resize's attributes.
var (
	resizeModes = map[string]op.ResizeMode{
		"nearest": op.ResizeNearest, "linear": op.ResizeLinear, "bilinear": op.ResizeLinear, "cubic": op.ResizeCubic,
	}
	coordinates = map[string]op.Coordinates{
		"half_pixel": op.HalfPixel, "half_pixel_symmetric": op.HalfPixelSymmetric, "pytorch_half_pixel": op.PytorchHalfPixel,
		"align_corners": op.AlignCorners, "asymmetric": op.Asymmetric, "tf_crop_and_resize": op.TFCropAndResize,
	}
	nearestModes = map[string]op.NearestMode{
		"round_prefer_floor": op.RoundPreferFloor, "round_prefer_ceil": op.RoundPreferCeil, "floor": op.NearestFloor, "ceil": op.NearestCeil,
	}
	aspectPolicies = map[string]op.AspectPolicy{"stretch": op.Stretch, "not_larger": op.NotLarger, "not_smaller": op.NotSmaller}
)

// resizeRow reads Resize. Opset 10 has it as Upsample.
func resizeRow(n *node) (graph.Op, error) {
	if n.opset < 11 {
		return upsampleRow(n)
	}
	var o op.Resize
	var err error
	if o.Mode, err = choice(n, "mode", "nearest", resizeModes); err != nil {
		return nil, err
	}
	if o.Coordinates, err = choice(n, "coordinate_transformation_mode", "half_pixel", coordinates); err != nil {
		return nil, err
	}
	if o.Nearest, err = choice(n, "nearest_mode", "round_prefer_floor", nearestModes); err != nil {
		return nil, err
	}
	if o.Policy, err = choice(n, "keep_aspect_ratio_policy", "stretch", aspectPolicies); err != nil {
		return nil, err
	}
	if o.CubicA, err = n.float("cubic_coeff_a", -0.75); err != nil {
		return nil, err
	}
	if o.Extrapolation, err = n.float("extrapolation_value", 0); err != nil {
		return nil, err
	}
	if o.ExcludeOutside, err = n.bool("exclude_outside", false); err != nil {
		return nil, err
	}
	if o.Antialias, err = n.bool("antialias", false); err != nil {
		return nil, err
	}
	if o.Axes, err = n.ints("axes"); err != nil {
		return nil, err
	}
	if len(n.in) > 1 && n.in[1] != graph.None && o.Coordinates != op.TFCropAndResize {
		n.in[1] = graph.None
	}
	if t := n.typ(1).DType; t == tensor.F16 || t == tensor.F64 {
		if n.in[1], err = n.one(&op.Cast{DType: tensor.F32}, n.in[1]); err != nil {
			return nil, err
		}
	}
	return n.resize(o)
}

// upsampleRow reads Upsample: opset 1 has a scale for height and width, opset
// 7 an attribute with all scales, and opset 9 an input.
func upsampleRow(n *node) (graph.Op, error) {
	o := op.Resize{Coordinates: op.Asymmetric, Nearest: op.NearestFloor}
	var err error
	if o.Mode, err = choice(n, "mode", "nearest", resizeModes); err != nil {
		return nil, err
	}
	scales := graph.None
	switch list, err := n.floats("scales"); {
	case err != nil:
		return nil, err
	case list != nil:
		scales = n.b.Const(n.label(), tensor.Of(tensor.F32, len(list)), tensor.Bytes(list))
	case len(n.in) == 2:
		scales = n.in[1]
	default:
		h, err := n.float("height_scale", 0)
		if err != nil {
			return nil, err
		}
		w, err := n.float("width_scale", 0)
		if err != nil {
			return nil, err
		}
		scales = n.b.Const(n.label(), tensor.Of(tensor.F32, 4), tensor.Bytes([]float32{1, 1, h, w}))
	}
	if len(n.in) < 1 {
		return nil, errorf("no inputs, want 1")
	}
	n.in = []graph.Value{n.in[0], graph.None, scales}
	return n.resize(o)
}

// resize adds o. Interpolation of other numbers is done in floats, cut to
// integers, as large as fits.
func (n *node) resize(o op.Resize) (graph.Op, error) {
	d := n.typ(0).DType
	if o.Mode == op.ResizeNearest || d == tensor.F32 || d == tensor.F64 {
		return new(o), nil
	}
	wide := tensor.F32
	if d != tensor.F16 && d.Bits() > 16 {
		wide = tensor.F64
	}
	v, err := n.one(&op.Cast{DType: wide}, n.in[0])
	if err != nil {
		return nil, err
	}
	in := append([]graph.Value{v}, n.in[1:]...)
	if v, err = n.one(new(o), in...); err != nil {
		return nil, err
	}
	if wide == tensor.F32 && d != tensor.F16 {
		lo, hi := d.Range()
		if v, err = n.one(&op.Clamp{Lo: float32(lo), Hi: float32(hi)}, v); err != nil {
			return nil, err
		}
	}
	if v, err = n.one(&op.Cast{DType: d}, v); err != nil {
		return nil, err
	}
	return nil, n.define(v)
}

// blockSize reads the block size, and checks that input 0 is an image.
func (n *node) blockSize() (b int, err error) {
	if b, err = n.int("blocksize", 0); err != nil {
		return 0, err
	}
	if b < 1 || b > math.MaxInt16 {
		return 0, errorf("blocksize is %d, want at least 1", b)
	}
	if len(n.in) != 1 || n.typ(0).Rank() != 4 {
		return 0, errorf("%d inputs, the first of shape %v, want one [n c h w]", len(n.in), n.typ(0).Shape)
	}
	return b, nil
}

// depthToSpaceRow adds DepthToSpace. Of a pixel's channels, the block's place is
// the outermost (DCR) or the innermost (CRD); in the latter case they are
// turned first.
func depthToSpaceRow(n *node) (graph.Op, error) {
	b, err := n.blockSize()
	if err != nil {
		return nil, err
	}
	crd, err := choice(n, "mode", "DCR", map[string]bool{"DCR": false, "CRD": true})
	if err != nil {
		return nil, err
	}
	if crd {
		return &op.PixelShuffle{Block: b, ChannelFirst: true}, nil
	}
	return &op.PixelShuffle{Block: b}, nil
}

func spaceToDepthRow(n *node) (graph.Op, error) {
	b, err := n.blockSize()
	return &op.PixelShuffle{Block: b, Reverse: true}, err
}
