package onnx

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// padModes are the values of auto_pad.
var padModes = map[string]op.PadMode{
	"": op.PadExplicit, "NOTSET": op.PadExplicit, "SAME_UPPER": op.PadSameUpper, "SAME_LOWER": op.PadSameLower, "VALID": op.PadValid,
}

// spatial reads the attributes that convolutions and pools share.
func (n *node) spatial() (s op.Spatial, err error) {
	auto, err := n.str("auto_pad", "")
	if err != nil {
		return s, err
	}
	mode, ok := padModes[auto]
	if !ok {
		return s, errorf("auto_pad is %q, want NOTSET, SAME_UPPER, SAME_LOWER or VALID", auto)
	}
	s.Mode = mode
	rank := n.spatialRank()
	if rank < 1 {
		return s, errorf("input 0 has shape %v, want [n c …]", n.typ(0).Shape)
	}
	for _, a := range []struct {
		name string
		to   *[]int
		want int
	}{{"strides", &s.Stride, rank}, {"dilations", &s.Dilation, rank}, {"pads", &s.Before, 2 * rank}} {
		if *a.to, err = n.ints(a.name); err != nil {
			return s, err
		}
		if len(*a.to) == 0 {
			*a.to = nil
		} else if len(*a.to) != a.want {
			return s, errorf("%s is %v, want %d numbers", a.name, *a.to, a.want)
		}
	}
	if pads := s.Before; pads != nil {
		s.Before, s.After = pads[:rank], pads[rank:]
	}
	if mode != op.PadExplicit {
		s.Before, s.After = nil, nil
	}
	s.Ceil, err = n.bool("ceil_mode", false)
	return s, err
}

// spatialRank is the number of spatial axes of input 0.
func (n *node) spatialRank() int { return n.typ(0).Rank() - 2 }

// planar are the spatial attributes of an image of one or two axes, as the
// operators on images [n h w c] have them: one axis is a height of 1.
type planar struct {
	stride, dilation [2]int
	padding          op.Padding
}

func planarOf(s op.Spatial) planar {
	return planar{
		stride: pairOf(s.Stride, 1), dilation: pairOf(s.Dilation, 1),
		padding: op.Padding{
			Mode: s.Mode, Top: pairOf(s.Before, 0)[0], Left: pairOf(s.Before, 0)[1],
			Bottom: pairOf(s.After, 0)[0], Right: pairOf(s.After, 0)[1],
		},
	}
}

// pairOf returns xs for height and width; def stands for what is not there.
func pairOf(xs []int, def int) [2]int {
	switch len(xs) {
	case 1:
		return [2]int{def, xs[0]}
	case 2:
		return [2]int{xs[0], xs[1]}
	}
	return [2]int{def, def}
}

// transposed adds a Transpose.
func (n *node) transposed(v graph.Value, perm ...int) (graph.Value, error) {
	return n.one(&op.Transpose{Perm: perm}, v)
}

// raised gives images [n c w] a height of 1.
func (n *node) raised(v graph.Value) (graph.Value, error) {
	if n.b.Type(v).Rank() != 3 {
		return v, nil
	}
	return n.one(&op.ExpandDims{}, v, n.constInts(2))
}

// constInts adds a constant list of int64.
func (n *node) constInts(xs ...int) graph.Value {
	list := make([]int64, len(xs))
	for i, x := range xs {
		list[i] = int64(x)
	}
	return n.b.Const(n.label(), tensor.Of(tensor.I64, len(xs)), tensor.Bytes(list))
}

// toNHWC turns images [n c h w] or [n c w] into [n h w c].
func (n *node) toNHWC(v graph.Value) (graph.Value, error) {
	v, err := n.raised(v)
	if err != nil {
		return 0, err
	}
	return n.transposed(v, 0, 2, 3, 1)
}

// fromNHWC turns images [n h w c] into [n c h w] or, with rank 3, [n c w].
func (n *node) fromNHWC(v graph.Value, rank int) (graph.Value, error) {
	v, err := n.transposed(v, 0, 3, 1, 2)
	if err != nil || rank == 4 {
		return v, err
	}
	return n.one(&op.Squeeze{Axes: []int{2}}, v)
}

// widened makes those inputs of float16 float32 that follow, and returns what
// turns results back. Half floats are computed as floats, and rounded once.
func (n *node) widened(inputs ...int) (narrow func(graph.Value) (graph.Value, error), err error) {
	narrow = func(v graph.Value) (graph.Value, error) { return v, nil }
	for _, i := range inputs {
		if i >= len(n.in) || n.in[i] == graph.None || n.typ(i).DType != tensor.F16 {
			continue
		}
		n.in = slices.Clone(n.in)
		if n.in[i], err = n.one(&op.Cast{DType: tensor.F32}, n.in[i]); err != nil {
			return nil, err
		}
		narrow = func(v graph.Value) (graph.Value, error) {
			if n.b.Type(v).DType != tensor.F32 {
				return v, nil
			}
			return n.one(&op.Cast{DType: tensor.F16}, v)
		}
	}
	return narrow, nil
}

// halves is a row whose operator computes float16 as float32: all inputs, and
// the outputs listed.
//
//go:noinline
func halves(r row, outputs ...int) row {
	return func(n *node) (graph.Op, error) {
		all := make([]int, len(n.in))
		for i := range all {
			all[i] = i
		}
		narrow, err := n.widened(all...)
		if err != nil {
			return nil, err
		}
		o, err := r(n)
		if err != nil || o == nil {
			return nil, err
		}
		out, err := n.then(o, n.in...)
		if err != nil {
			return nil, err
		}
		for _, i := range outputs {
			if i < len(out) {
				if out[i], err = narrow(out[i]); err != nil {
					return nil, err
				}
			}
		}
		return nil, n.define(out...)
	}
}
