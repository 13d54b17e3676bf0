package tflite

import (
	"reflect"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeFilterRows are convolutions and dense layers.
func writeFilterRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{rowFor(writeConv2D), rowFor(writeDepthwise), rowFor(writeDense), rowFor(writeTransposeConv)}
}

// filterVersion is the first version of a convolution that takes its types.
func (s *spelling) filterVersion(int8, int16, hybrid int32) int32 {
	switch x, w := s.view(0).DType, s.view(1).DType; {
	case x == tensor.I8:
		return int8
	case x == tensor.I16:
		return int16
	case x == tensor.F32 && w != tensor.F32:
		return hybrid
	}
	return 1
}

// paddingOf returns SAME or VALID; composing has seen to it that it is one of them.
func paddingOf(p op.Padding) int8 {
	if p.Mode == op.PadSameUpper {
		return int8(PaddingSame)
	}
	return int8(PaddingValid)
}

// biased returns the tensors of an image, filters and, if there is one, the bias.
func (s *spelling) biased() []int32 {
	if s.has(2) {
		return s.inputs(0, 1, 2)
	}
	return s.inputs(0, 1)
}

func writeConv2D(s *spelling, o *op.Conv2D) error {
	f := flatbuf.Object{0: paddingOf(o.Padding), 1: int32(o.Stride[1]), 2: int32(o.Stride[0]), 3: act(o.Bounds),
		4: int32(o.Dilation[1]), 5: int32(o.Dilation[0])}
	if o.Sum32 {
		f[6] = int8(Int32)
	}
	s.emit(OpConv2D, s.filterVersion(3, 4, 5), Conv2DOptions, f, s.biased())
	return nil
}

func writeDepthwise(s *spelling, o *op.DepthwiseConv2D) error {
	version := s.filterVersion(3, 5, 6)
	if version == 1 && o.Dilation != [2]int{1, 1} {
		version = 2
	}
	channels := max(s.view(0).Shape[3], 1)
	s.emit(OpDepthwiseConv2D, version, DepthwiseConv2DOptions, flatbuf.Object{
		0: paddingOf(o.Padding), 1: int32(o.Stride[1]), 2: int32(o.Stride[0]), 3: int32(s.view(1).Shape[3] / channels),
		4: act(o.Bounds), 5: int32(o.Dilation[1]), 6: int32(o.Dilation[0]),
	}, s.biased())
	return nil
}

// writeDense has an empty third input where there is no bias, and keeps
// dimensions only where there are more than two.
func writeDense(s *spelling, o *op.FullyConnected) error {
	version := s.filterVersion(4, 7, 3)
	keep := o.KeepDims && s.view(0).Rank() != 2
	if keep {
		version = max(version, 5)
	}
	if !s.has(2) {
		version = max(version, 6)
	}
	if o.Asymmetric {
		version = max(version, 9)
	}
	if s.view(1).Quant.PerChannel() {
		version = 12
	}
	f := flatbuf.Object{0: act(o.Bounds), 2: keep, 3: o.Asymmetric}
	if o.Sum32 {
		f[4] = int8(Int32)
		version = max(version, 11)
	}
	s.emit(OpFullyConnected, version, FullyConnectedOptions, f, s.inputs(0, 1, 2))
	return nil
}

// writeTransposeConv has the output's shape first.
func writeTransposeConv(s *spelling, o *op.TransposeConv) error {
	in, version := s.inputs(3, 1, 0), s.version(2)
	if s.has(2) {
		in, version = s.inputs(3, 1, 0, 2), 3
	}
	if act(o.Bounds) != 0 {
		version = 4
	}
	s.emit(OpTransposeConv, version, TransposeConvOptions, flatbuf.Object{
		0: paddingOf(o.Padding), 1: int32(o.Stride[1]), 2: int32(o.Stride[0]), 3: act(o.Bounds),
	}, in)
	return nil
}
