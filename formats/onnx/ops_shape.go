package onnx

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// shapeRows are the operators that move or regroup elements.
func shapeRows() map[string]row {
	return map[string]row{
		"CenterCropPad": func(n *node) (graph.Op, error) {
			axes, err := n.ints("axes")
			return &op.CenterCropPad{Axes: axes}, err
		},
		"Compress": func(n *node) (graph.Op, error) {
			axis, err := n.int("axis", 0)
			return &op.Compress{Axis: axis, Flat: n.attr("axis") == nil}, err
		},
		"Concat":          concatRow,
		"ConstantOfShape": constantOfShapeRow,
		"Expand":          plain(&op.BroadcastTo{TwoWay: true}),
		"EyeLike":         eyeLikeRow,
		"Flatten":         withAxis(1, func(axis int) graph.Op { return &op.Flatten{Axis: axis} }),
		"Gather":          withAxis(0, func(axis int) graph.Op { return &op.Gather{Axis: axis, Negative: true} }),
		"GatherElements":  withAxis(0, func(axis int) graph.Op { return &op.GatherElements{Axis: axis} }),
		"GatherND": func(n *node) (graph.Op, error) {
			batch, err := n.int("batch_dims", 0)
			return &op.GatherND{BatchDims: batch, Negative: true}, err
		},
		"NonMaxSuppression": nonMaxSuppressionRow,
		"NonZero":           plain(&op.Where{Columns: true}),
		"OneHot":            oneHotRow,
		"Pad":               padRow,
		"Range":             plain(&op.Range{Multiply: true}),
		"Reshape":           reshapeRow,
		"ReverseSequence": func(n *node) (graph.Op, error) {
			batch, err := n.int("batch_axis", 1)
			if err != nil {
				return nil, err
			}
			time, err := n.int("time_axis", 0)
			return &op.ReverseSequence{BatchAxis: batch, TimeAxis: time}, err
		},
		"Scatter":         withAxis(0, func(axis int) graph.Op { return &op.ScatterElements{Axis: axis} }),
		"ScatterElements": scatterElementsRow,
		"ScatterND":       scatterNDRow,
		"Shape":           shapeRow,
		"Size":            plain(&op.Size{}),
		"Slice":           sliceRow,
		"Split":           splitRow,
		"Squeeze":         squeezeRow,
		"TensorScatter":   tensorScatterRow,
		"Tile":            tileRow,
		"Transpose":       transposeRow,
		"Trilu": func(n *node) (graph.Op, error) {
			upper, err := n.bool("upper", true)
			return &op.Trilu{Upper: upper}, err
		},
		"Unique":    uniqueRow,
		"Unsqueeze": unsqueezeRow,
	}
}

// withAxis is a row of an operator whose only attribute is an axis.
//
//go:noinline
func withAxis(def int, o func(axis int) graph.Op) row {
	return func(n *node) (graph.Op, error) {
		axis, err := n.int("axis", def)
		return o(axis), err
	}
}

// listed returns an attribute that lists integers as a constant of int64, None
// if there is none: later versions of an operator have it as an input.
func (n *node) listed(name string) (graph.Value, error) {
	a := n.attr(name)
	switch {
	case a == nil:
		return graph.None, nil
	case a.Type != AttrInts:
		return graph.None, wrongType(a, "a list of integers")
	}
	return n.int64s(a.Ints...)
}

// int64s adds a constant list.
func (n *node) int64s(xs ...int64) (graph.Value, error) {
	return n.b.Const(n.label(), tensor.Of(tensor.I64, len(xs)), tensor.Bytes(slices.Clone(xs))), n.b.Err()
}

// want checks the number of inputs, before a row counts on it.
func (n *node) want(lo, hi int) error {
	if len(n.in) < lo || len(n.in) > hi {
		return errorf("%d inputs, want %d to %d", len(n.in), lo, hi)
	}
	return nil
}

func concatRow(n *node) (graph.Op, error) {
	if n.opset >= 4 && n.attr("axis") == nil {
		return nil, errorf("attribute %q is missing", "axis")
	}
	axis, err := n.int("axis", 1)
	return &op.Concatenation{Axis: axis}, err
}

// reshapeRow reads the new shape from an attribute before opset 5.
func reshapeRow(n *node) (graph.Op, error) {
	keepZero, err := n.bool("allowzero", false)
	if err != nil {
		return nil, err
	}
	if n.opset < 5 && len(n.in) == 1 {
		shape, err := n.listed("shape")
		if err != nil {
			return nil, err
		}
		n.in = append(n.in, shape)
	}
	return &op.Reshape{CopyZero: !keepZero}, n.want(2, 2)
}

// shapeRow counts start and end from the rank if they are negative; beyond it,
// they are clamped.
func shapeRow(n *node) (graph.Op, error) {
	if err := n.want(1, 1); err != nil {
		return nil, err
	}
	rank := n.typ(0).Rank()
	start, err := n.int("start", 0)
	if err != nil {
		return nil, err
	}
	end, err := n.int("end", rank)
	if err != nil {
		return nil, err
	}
	within := func(i int) int {
		if i < 0 {
			i += rank
		}
		return max(0, min(i, rank))
	}
	start = within(start)
	end = max(start, within(end))
	return &op.Shape{DType: tensor.I64, Skip: start, Drop: rank - end}, nil
}

func transposeRow(n *node) (graph.Op, error) {
	if err := n.want(1, 1); err != nil {
		return nil, err
	}
	perm, err := n.ints("perm")
	if err != nil {
		return nil, err
	}
	if n.attr("perm") == nil {
		for i := n.typ(0).Rank() - 1; i >= 0; i-- {
			perm = append(perm, i)
		}
	}
	return &op.Transpose{Perm: append([]int{}, perm...)}, nil
}

func squeezeRow(n *node) (graph.Op, error) {
	if n.opset >= 13 {
		return &op.Squeeze{}, n.want(1, 2)
	}
	axes, err := n.ints("axes")
	if err != nil {
		return nil, err
	}
	return &op.Squeeze{Axes: axes}, n.want(1, 1)
}

func unsqueezeRow(n *node) (graph.Op, error) {
	if n.opset < 13 {
		if err := n.want(1, 1); err != nil {
			return nil, err
		}
		axes, err := n.listed("axes")
		if err != nil {
			return nil, err
		}
		n.in = append(n.in, axes)
	}
	return &op.ExpandDims{}, n.want(2, 2)
}

// sliceRow orders the inputs data, starts, ends, axes, steps as the operator
// has them. Before opset 10, all but the data are attributes.
func sliceRow(n *node) (graph.Op, error) {
	if n.opset < 10 {
		if err := n.want(1, 1); err != nil {
			return nil, err
		}
		for _, name := range []string{"starts", "ends", "axes"} {
			v, err := n.listed(name)
			if err != nil {
				return nil, err
			}
			n.in = append(n.in, v)
		}
	}
	if err := n.want(3, 5); err != nil {
		return nil, err
	}
	in := append(slices.Clone(n.in), graph.None, graph.None)
	n.in = []graph.Value{in[0], in[1], in[2], in[4], in[3]}
	return &op.StridedSlice{ClampBegin: true}, nil
}

// splitRow takes the sizes of the parts from an attribute before opset 13.
func splitRow(n *node) (graph.Op, error) {
	axis, err := n.int("axis", 0)
	if err != nil {
		return nil, err
	}
	num, err := n.int("num_outputs", len(n.Outputs))
	if err != nil {
		return nil, err
	}
	if num != len(n.Outputs) {
		return nil, errorf("num_outputs is %d, and there are %d outputs", num, len(n.Outputs))
	}
	if n.opset < 13 && len(n.in) == 1 {
		sizes, err := n.listed("split")
		if err != nil {
			return nil, err
		}
		n.in = append(n.in, sizes)
	}
	return &op.Split{Num: num, Axis: axis, Uneven: n.opset >= 18}, n.want(1, 2)
}
