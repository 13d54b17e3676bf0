package op_test

import (
	"fmt"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// slideCase is a convolution of an image [n h w c], in plain numbers.
type slideCase struct {
	n, h, w, c         int
	kh, kw, oc, groups int
	stride, dilation   [2]int
	pad                op.Padding
	bias               bool
}

// trainable is the epilogue that layers use.
var trainable = op.Epilogue{To: op.To{DType: tensor.F32}, Fused: true}

func (s slideCase) String() string {
	return fmt.Sprintf("%d %d %d %d, %d %d %d, groups %d, stride %v, dilation %v, %+v", s.n, s.h, s.w, s.c, s.kh, s.kw, s.oc, s.groups, s.stride, s.dilation, s.pad)
}

// axis returns padding and outputs along an axis.
func (s slideCase) axis(n, k, i, before, after int) (pad, out int) {
	reach := (k-1)*s.dilation[i] + 1
	switch s.pad.Mode {
	case op.PadValid:
		return 0, (n-reach)/s.stride[i] + 1
	case op.PadExplicit:
		return before, (n+before+after-reach)/s.stride[i] + 1
	}
	out = (n + s.stride[i] - 1) / s.stride[i]
	total := max((out-1)*s.stride[i]+reach-n, 0)
	if s.pad.Mode == op.PadSameLower {
		total++
	}
	return total / 2, out
}

// convolve returns the convolution; weight(o, ky, kx, i) is the index of a weight.
func (s slideCase) convolve(in [][]float64, weight func(o, ky, kx, i int) int) [][]float64 {
	top, oh := s.axis(s.h, s.kh, 0, s.pad.Top, s.pad.Bottom)
	left, ow := s.axis(s.w, s.kw, 1, s.pad.Left, s.pad.Right)
	kc, og := s.c/s.groups, s.oc/s.groups
	var y []float64
	for p := range s.n * oh * ow * s.oc {
		o, ox, oy, b := p%s.oc, p/s.oc%ow, p/s.oc/ow%oh, p/s.oc/ow/oh
		sum := 0.0
		if s.bias {
			sum = in[2][o]
		}
		for ky := range s.kh {
			for kx := range s.kw {
				iy, ix := oy*s.stride[0]-top+ky*s.dilation[0], ox*s.stride[1]-left+kx*s.dilation[1]
				if iy < 0 || ix < 0 || iy >= s.h || ix >= s.w {
					continue
				}
				for i := range kc {
					sum += in[0][((b*s.h+iy)*s.w+ix)*s.c+o/og*kc+i] * in[1][weight(o, ky, kx, i)]
				}
			}
		}
		y = append(y, sum)
	}
	return [][]float64{y}
}

func (s slideCase) inputs(filters ...int) []gradtest.Input {
	in := []gradtest.Input{gradtest.Of(s.n, s.h, s.w, s.c), {Shape: filters, Scale: 0.3}}
	if s.bias {
		in = append(in, gradtest.Of(s.oc))
	}
	return in
}

func (s slideCase) conv2D() gradtest.Case {
	kc := s.c / s.groups
	return gradtest.Case{
		Name: s.String(), Op: &op.Conv2D{Stride: s.stride, Dilation: s.dilation, Padding: s.pad, Epilogue: trainable},
		In: s.inputs(s.oc, s.kh, s.kw, kc),
		F: func(in [][]float64) [][]float64 {
			return s.convolve(in, func(o, ky, kx, i int) int { return ((o*s.kh+ky)*s.kw+kx)*kc + i })
		},
	}
}

func (s slideCase) depthwise() gradtest.Case {
	return gradtest.Case{
		Name: s.String(), Op: &op.DepthwiseConv2D{Stride: s.stride, Dilation: s.dilation, Padding: s.pad, Epilogue: trainable},
		In: s.inputs(1, s.kh, s.kw, s.oc),
		F: func(in [][]float64) [][]float64 {
			return s.convolve(in, func(o, ky, kx, i int) int { return (ky*s.kw+kx)*s.oc + o })
		},
	}
}

var (
	one, two         = [2]int{1, 1}, [2]int{2, 2}
	same, lower, not = op.Padding{Mode: op.PadSameUpper}, op.Padding{Mode: op.PadSameLower}, op.Padding{Mode: op.PadValid}
	uneven           = op.Padding{Top: 2, Left: 1, Bottom: 0, Right: 3}
)

func TestConv2DGrad(t *testing.T) {
	var cases []gradtest.Case
	for _, s := range []slideCase{
		{2, 6, 5, 1, 3, 3, 5, 1, one, one, same, true},
		{1, 6, 7, 3, 3, 3, 4, 1, one, one, not, true},
		{2, 5, 6, 4, 3, 3, 18, 1, one, one, same, false},
		{1, 7, 6, 3, 3, 3, 4, 1, two, one, same, true},
		{1, 8, 7, 2, 2, 3, 3, 1, [2]int{3, 2}, one, not, true},
		{1, 7, 8, 2, 3, 2, 3, 1, one, [2]int{2, 3}, same, true},
		{1, 9, 8, 2, 3, 3, 2, 1, two, two, uneven, false},
		{2, 5, 5, 6, 1, 1, 17, 1, one, one, not, true},
		{1, 5, 6, 3, 1, 1, 4, 1, two, one, same, true},
		{1, 6, 5, 4, 3, 3, 6, 2, one, one, same, true},
		{1, 7, 7, 6, 3, 2, 3, 3, two, one, same, true},
		{1, 5, 6, 4, 3, 3, 4, 4, one, one, same, true},
		{1, 5, 6, 3, 3, 3, 6, 3, two, one, lower, false},
		{1, 6, 6, 4, 2, 2, 2, 2, one, two, uneven, true},
		{2, 1, 11, 3, 1, 3, 5, 1, one, one, same, true},
		{2, 1, 11, 3, 1, 5, 5, 1, [2]int{1, 2}, one, not, true},
		{3, 4, 4, 2, 4, 4, 5, 1, one, one, not, true},
		{2, 6, 5, 8, 3, 3, 18, 1, one, one, same, true}, // windows where they lie
		{2, 7, 9, 6, 2, 3, 17, 1, two, [2]int{2, 1}, uneven, true},
		{1, 7, 9, 6, 3, 3, 19, 1, [2]int{3, 2}, one, lower, true},
		{1, 3, 5, 9, 5, 2, 20, 1, one, one, lower, false},
	} {
		cases = append(cases, s.conv2D())
	}
	gradtest.Run(t, cases)
}

func TestDepthwiseConv2DGrad(t *testing.T) {
	var cases []gradtest.Case
	for _, s := range []slideCase{
		{2, 6, 5, 3, 3, 3, 3, 3, one, one, same, true},
		{1, 7, 12, 17, 3, 3, 17, 17, one, one, same, true},
		{1, 7, 6, 4, 3, 3, 4, 4, two, one, same, false},
		{1, 8, 9, 2, 3, 2, 2, 2, [2]int{2, 3}, one, not, true},
		{1, 7, 8, 3, 3, 3, 3, 3, one, two, uneven, true},
		{1, 6, 6, 3, 3, 3, 6, 3, one, one, same, true},
		{1, 7, 6, 2, 3, 3, 6, 2, two, one, lower, true},
		{1, 6, 5, 1, 3, 3, 1, 1, one, one, same, true},
		{1, 6, 5, 1, 3, 3, 4, 1, one, one, same, true},
		{1, 5, 5, 5, 1, 1, 5, 5, one, one, not, true},
	} {
		cases = append(cases, s.depthwise())
	}
	gradtest.Run(t, cases)
}
