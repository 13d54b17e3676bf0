package tflite

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// shapeRows are the operators that move or regroup elements.
func shapeRows() map[string]row {
	return map[string]row{
		"BATCH_TO_SPACE_ND":    plain(&op.BatchToSpace{}),
		"BROADCAST_ARGS":       plain(&op.BroadcastArgs{}),
		"BROADCAST_TO":         plain(&op.BroadcastTo{}),
		"CONCATENATION":        concatenation,
		"DEPTH_TO_SPACE":       depthToSpace,
		"DYNAMIC_UPDATE_SLICE": plain(&op.DynamicUpdateSlice{}),
		"EMBEDDING_LOOKUP": func(n *node) (graph.Op, error) {
			return &op.EmbeddingLookup{DType: n.to(0).DType}, nil
		},
		"EXPAND_DIMS": plain(&op.ExpandDims{}),
		"FILL":        plain(&op.Fill{}),
		"GATHER": func(n *node) (graph.Op, error) {
			o, err := n.options(GatherOptions)
			return &op.Gather{Axis: int(o.Int32(0, 0)), BatchDims: int(o.Int32(1, 0))}, err
		},
		"GATHER_ND":         plain(&op.GatherND{}),
		"MIRROR_PAD":        mirrorPad,
		"ONE_HOT":           oneHot,
		"PACK":              pack,
		"PAD":               pad,
		"PADV2":             pad,
		"RANGE":             plain(&op.Range{}),
		"RANK":              plain(&op.Rank{}),
		"RESHAPE":           reshape,
		"REVERSE_V2":        plain(&op.Reverse{}),
		"SCATTER_ND":        plain(&op.ScatterND{}),
		"SHAPE":             func(n *node) (graph.Op, error) { return &op.Shape{DType: n.to(0).DType}, nil },
		"SLICE":             plain(&op.Slice{}),
		"SPACE_TO_BATCH_ND": plain(&op.SpaceToBatch{}),
		"SPACE_TO_DEPTH": func(n *node) (graph.Op, error) {
			o, err := n.options(SpaceToDepthOptions)
			return &op.SpaceToDepth{Block: int(o.Int32(0, 0))}, err
		},
		"SPLIT":   split,
		"SPLIT_V": splitV,
		"SQUEEZE": func(n *node) (graph.Op, error) {
			o, err := n.options(SqueezeOptions)
			return &op.Squeeze{Axes: widened(o.Ints(0))}, err
		},
		"STRIDED_SLICE": stridedSlice,
		"TILE":          plain(&op.Tile{}),
		"TRANSPOSE":     plain(&op.Transpose{}),
		"UNPACK": func(n *node) (graph.Op, error) {
			o, err := n.options(UnpackOptions)
			return &op.Unpack{Num: int(o.Int32(0, 0)), Axis: int(o.Int32(1, 0))}, err
		},
		"WHERE": plain(&op.Where{}),
	}
}

func reshape(n *node) (graph.Op, error) {
	o, err := n.options(ReshapeOptions)
	if err != nil || len(n.in) > 1 || !o.Present() {
		return &op.Reshape{}, err
	}
	return &op.Reshape{Shape: append([]int{}, widened(o.Ints(0))...)}, nil
}

func concatenation(n *node) (graph.Op, error) {
	o, err := n.options(ConcatenationOptions)
	if a := o.Activation(1); err == nil && a != 0 {
		return nil, op.Unsupported("fused activation %v", a)
	}
	c := &op.Concatenation{Axis: int(o.Int32(0, 0))}
	if eightBit(n.inputType(0)) {
		c.To = n.to(0)
	}
	return c, err
}

// eightBit reports whether the quantisation of t bears on what an operator writes.
func eightBit(t tensor.Type) bool { return t.DType == tensor.I8 || t.DType == tensor.U8 }

// pad gives the new elements the output's zero point, which files may set
// apart from the input's.
func pad(n *node) (graph.Op, error) {
	if to := n.to(0); eightBit(to.Type()) && !to.Quant.Equal(n.inputType(0).Quant) {
		return &op.Pad{To: to}, nil
	}
	return &op.Pad{}, nil
}

func mirrorPad(n *node) (graph.Op, error) {
	o, err := n.options(MirrorPadOptions)
	switch mode := o.Int8(0, 0); {
	case err != nil:
		return nil, err
	case mode == 0:
		return &op.MirrorPad{Mode: op.Reflect}, nil
	case mode == 1:
		return &op.MirrorPad{Mode: op.Symmetric}, nil
	default:
		return nil, op.Unsupported("mirror mode %d", mode)
	}
}

func depthToSpace(n *node) (graph.Op, error) {
	o, err := n.options(DepthToSpaceOptions)
	return &op.DepthToSpace{Block: int(o.Int32(0, 0))}, err
}

func oneHot(n *node) (graph.Op, error) {
	o, err := n.options(OneHotOptions)
	return &op.OneHot{Axis: int(o.Int32(0, 0))}, err
}

func pack(n *node) (graph.Op, error) {
	o, err := n.options(PackOptions)
	if count := int(o.Int32(0, 0)); err == nil && count != len(n.in) {
		return nil, fmt.Errorf("%d inputs, and the options say %d", len(n.in), count)
	}
	return &op.Pack{Axis: int(o.Int32(1, 0))}, err
}

// split has the axis as its first input, unlike SPLIT_V.
func split(n *node) (graph.Op, error) {
	if len(n.in) != 2 {
		return nil, fmt.Errorf("%d inputs, want 2", len(n.in))
	}
	n.in = []graph.Value{n.in[1], graph.None, n.in[0]}
	return &op.Split{Num: len(n.Outputs)}, nil
}

func splitV(n *node) (graph.Op, error) {
	if len(n.in) != 3 {
		return nil, fmt.Errorf("%d inputs, want 3", len(n.in))
	}
	return &op.Split{Num: len(n.Outputs)}, nil
}

func stridedSlice(n *node) (graph.Op, error) {
	o, err := n.options(StridedSliceOptions)
	mask := func(slot int) uint32 { return uint32(o.Int32(slot, 0)) }
	return &op.StridedSlice{
		BeginMask: mask(0), EndMask: mask(1), EllipsisMask: mask(2), NewAxisMask: mask(3), ShrinkAxisMask: mask(4),
		Offset: o.Bool(5, false),
	}, err
}

// widened returns xs as int, nil if it is nil.
func widened(xs []int32) (out []int) {
	for _, x := range xs {
		out = append(out, int(x))
	}
	return out
}
