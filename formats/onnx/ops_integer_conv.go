package onnx

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// integerConvRows are convolutions of quantised numbers.
func integerConvRows() map[string]row {
	return map[string]row{
		"ConvInteger":               convIntegerRow,
		"QLinearConv":               qLinearConvRow,
		"com.microsoft.QLinearConv": qLinearConvRow,
	}
}

// arg returns input i, or graph.None.
func (n *node) arg(i int) graph.Value {
	if i < len(n.in) {
		return n.in[i]
	}
	return graph.None
}

// convIntegerRow has inputs x, w, and their zero points.
func convIntegerRow(n *node) (graph.Op, error) {
	return n.integerConv(tensor.I32, n.arg(0), n.arg(1), n.arg(2), n.arg(3))
}

// qLinearConvRow has x, w and y each with scale and zero point, then a bias.
func qLinearConvRow(n *node) (graph.Op, error) {
	if len(n.in) < 8 {
		return nil, errorf("%d inputs, want 8 or 9", len(n.in))
	}
	last, err := n.bool("channels_last", false)
	if err != nil {
		return nil, err
	}
	if last {
		return nil, op.Unsupported("channels_last")
	}
	return n.integerConv(n.typ(7).DType, n.in[0], n.in[3], n.in[2], n.in[5], n.in[1], n.in[4], n.in[6], n.in[7], n.arg(8))
}

// integerConv adds a convolution on NHWC of inputs in the operator's order,
// and defines the node's output.
func (n *node) integerConv(d tensor.DType, in ...graph.Value) (graph.Op, error) {
	for _, v := range in[:2] {
		if v == graph.None {
			return nil, errorf("the image or the filters are left out")
		}
	}
	rank := n.b.Type(in[0]).Rank()
	w := n.b.Type(in[1])
	if rank != 3 && rank != 4 {
		return nil, op.Unsupported("a convolution of integers on shape %v", n.b.Type(in[0]).Shape)
	}
	if w.Rank() != rank {
		return nil, errorf("filters of shape %v for an image of shape %v", w.Shape, n.b.Type(in[0]).Shape)
	}
	o, err := n.integerWindow(w.Shape[2:])
	if err != nil {
		return nil, err
	}
	o.DType = d
	groups, err := n.int("group", 1)
	if err != nil {
		return nil, err
	}
	if c := n.b.Type(in[0]).Shape[1]; groups < 1 || c >= 0 && w.Shape[1] >= 0 && c != int(int64(groups)*int64(w.Shape[1])) {
		return nil, errorf("%d groups of filters %v on an image of shape %v", groups, w.Shape, n.b.Type(in[0]).Shape)
	}
	for i := range 2 {
		if in[i], err = n.channelsLast(in[i]); err != nil {
			return nil, err
		}
	}
	y, err := n.one(new(o), in...)
	if err != nil {
		return nil, err
	}
	if y, err = n.one(&op.Transpose{Perm: []int{0, 3, 1, 2}}, y); err != nil {
		return nil, err
	}
	if rank == 3 {
		if y, err = n.one(&op.Squeeze{Axes: []int{2}}, y); err != nil {
			return nil, err
		}
	}
	return nil, n.define(y)
}

// channelsLast moves the channels of an image or of filters, dimension 1, to
// the end; a line becomes an image of height 1.
func (n *node) channelsLast(v graph.Value) (graph.Value, error) {
	if t := n.b.Type(v); t.Rank() == 3 {
		axis := n.b.Const("", tensor.Of(tensor.I32), tensor.Bytes([]int32{2}))
		var err error
		if v, err = n.one(&op.ExpandDims{}, v, axis); err != nil {
			return 0, err
		}
	}
	return n.one(&op.Transpose{Perm: []int{0, 2, 3, 1}}, v)
}

// integerWindow reads strides, dilations and pads for filters of one or two
// spatial dimensions.
func (n *node) integerWindow(kernel []int) (o op.IntegerConv, err error) {
	if k, err := n.ints("kernel_shape"); err != nil {
		return o, err
	} else if k != nil && !slices.Equal(k, kernel) && !slices.Contains(kernel, tensor.Dynamic) {
		return o, errorf("kernel_shape is %v, and the filters have shape %v", k, kernel)
	}
	for _, a := range []struct {
		name string
		to   *[2]int
	}{{"strides", &o.Stride}, {"dilations", &o.Dilation}} {
		*a.to = [2]int{1, 1}
		xs, err := n.ints(a.name)
		if err != nil {
			return o, err
		}
		if xs != nil && len(xs) != len(kernel) {
			return o, errorf("%s is %v, want %d numbers", a.name, xs, len(kernel))
		}
		copy(a.to[2-len(xs):], xs)
	}
	o.Padding, err = n.integerPads(len(kernel))
	return o, err
}

func (n *node) integerPads(rank int) (p op.Padding, err error) {
	auto, err := n.str("auto_pad", "NOTSET")
	if err != nil {
		return p, err
	}
	switch auto {
	case "SAME_UPPER":
		p.Mode = op.PadSameUpper
	case "SAME_LOWER":
		p.Mode = op.PadSameLower
	case "VALID":
		p.Mode = op.PadValid
	case "NOTSET", "":
		pads, err := n.ints("pads")
		if err != nil || pads == nil {
			return p, err
		}
		if len(pads) != 2*rank {
			return p, errorf("pads is %v, want %d numbers", pads, 2*rank)
		}
		p.Left, p.Right = pads[rank-1], pads[2*rank-1]
		if rank == 2 {
			p.Top, p.Bottom = pads[0], pads[2]
		}
	default:
		return p, errorf("auto_pad is %q", auto)
	}
	return p, nil
}
