package onnx

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

var borders = map[string]op.Border{"constant": op.BorderConstant, "reflect": op.BorderReflect, "edge": op.BorderEdge, "wrap": op.BorderWrap}

// padRow reads paddings and value from attributes before opset 11.
func padRow(n *node) (graph.Op, error) {
	mode, err := n.str("mode", "constant")
	if err != nil {
		return nil, err
	}
	border, ok := borders[mode]
	if !ok {
		return nil, errorf("mode %q is not one of constant, reflect, edge and wrap", mode)
	}
	if n.opset < 11 {
		if err := n.padAttributes(); err != nil {
			return nil, err
		}
	}
	if err := n.want(2, 4); err != nil {
		return nil, err
	}
	if border == op.BorderConstant {
		if pairs, ok := n.padPairs(); ok {
			v, err := n.int64s(pairs...)
			n.in = append([]graph.Value{n.in[0], v}, n.in[2:min(3, len(n.in))]...)
			return &op.Pad{}, err
		}
	}
	return &op.PadSides{Border: border}, nil
}

// padAttributes makes inputs of the attributes.
func (n *node) padAttributes() error {
	if err := n.want(1, 1); err != nil {
		return err
	}
	name := "pads"
	if n.opset < 2 {
		name = "paddings"
	}
	pads, err := n.listed(name)
	if err != nil {
		return err
	}
	x, err := n.float("value", 0)
	if err != nil {
		return err
	}
	n.in = append(n.in, pads)
	if x == 0 {
		return nil
	}
	t := tensor.Of(n.typ(0).DType)
	var data []byte
	switch t.DType {
	case tensor.F32:
		data = tensor.Bytes([]float32{x})
	case tensor.F64:
		data = tensor.Bytes([]float64{float64(x)})
	case tensor.F16:
		data = tensor.Bytes([]uint16{quant.Float16Bits(x)})
	default:
		return op.Unsupported("padding %s with %v", t.DType, x)
	}
	n.in = append(n.in, n.b.Const(n.label(), t, data))
	return n.b.Err()
}

// padPairs returns constant paddings that take nothing away as op.Pad has
// them: [before, after] for each dimension.
func (n *node) padPairs() (pairs []int64, ok bool) {
	pads, axes, rank := n.view(1), n.view(3), n.typ(0).Rank()
	if !pads.Known() || pads.DType != tensor.I64 || !axes.Absent() || pads.Len() != 2*rank {
		return nil, false
	}
	xs := pads.I64()
	if slices.ContainsFunc(xs, func(x int64) bool { return x < 0 }) {
		return nil, false
	}
	pairs = []int64{}
	for i := range rank {
		pairs = append(pairs, xs[i], xs[rank+i])
	}
	return pairs, true
}
