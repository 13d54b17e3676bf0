package op_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// pooled applies f to the taps of each window of an image [n h w c].
func pooled(s slideCase, x []float64, f func(taps []float64) float64) [][]float64 {
	top, oh := s.axis(s.h, s.kh, 0, s.pad.Top, s.pad.Bottom)
	left, ow := s.axis(s.w, s.kw, 1, s.pad.Left, s.pad.Right)
	var y []float64
	for p := range s.n * oh * ow * s.c {
		c, ox, oy, b := p%s.c, p/s.c%ow, p/s.c/ow%oh, p/s.c/ow/oh
		var taps []float64
		for t := range s.kh * s.kw {
			iy, ix := oy*s.stride[0]-top+t/s.kw*s.dilation[0], ox*s.stride[1]-left+t%s.kw*s.dilation[1]
			if iy >= 0 && ix >= 0 && iy < s.h && ix < s.w {
				taps = append(taps, x[((b*s.h+iy)*s.w+ix)*s.c+c])
			}
		}
		y = append(y, f(taps))
	}
	return [][]float64{y}
}

func TestPool2DGrad(t *testing.T) {
	greatest := func(taps []float64) float64 {
		top := math.Inf(-1)
		for _, v := range taps {
			top = max(top, v)
		}
		return top
	}
	sum := func(taps []float64) (s float64) {
		for _, v := range taps {
			s += v
		}
		return s
	}
	average := func(taps []float64) float64 { return sum(taps) / float64(len(taps)) }
	var cases []gradtest.Case
	for i, s := range []slideCase{
		{2, 6, 8, 5, 2, 2, 5, 1, two, one, not, false},
		{3, 7, 5, 17, 2, 2, 17, 1, two, one, same, false},
		{2, 7, 7, 3, 3, 3, 3, 1, two, one, same, false},
		{1, 6, 5, 4, 2, 2, 4, 1, one, one, same, false},
		{1, 7, 6, 3, 3, 2, 3, 1, [2]int{1, 2}, one, lower, false},
		{1, 8, 8, 2, 2, 2, 2, 1, one, two, not, false},
		{1, 7, 8, 2, 3, 2, 2, 1, [2]int{3, 2}, one, op.Padding{Top: 1, Right: 1}, false},
		{4, 5, 5, 2, 5, 5, 2, 1, one, one, not, false},
	} {
		pool := op.Pool{Window: [2]int{s.kh, s.kw}, Stride: s.stride, Dilation: s.dilation, Padding: s.pad}
		in := []gradtest.Input{gradtest.Of(s.n, s.h, s.w, s.c)}
		cases = append(cases,
			gradtest.Case{Name: "max " + s.String(), Op: &op.MaxPool2D{Pool: pool}, In: in, F: func(in [][]float64) [][]float64 { return pooled(s, in[0], greatest) }},
			gradtest.Case{Name: "average " + s.String(), Op: &op.AveragePool2D{Pool: pool}, In: in, F: func(in [][]float64) [][]float64 { return pooled(s, in[0], average) }},
			gradtest.Case{Name: "all counted " + s.String(), Op: &op.AveragePool2D{Pool: pool, CountPad: true}, In: in, F: func(in [][]float64) [][]float64 {
				return pooled(s, in[0], func(taps []float64) float64 { return sum(taps) / float64(s.kh*s.kw) })
			}},
		)
		if i == 0 {
			pool.Act = quant.ReLU
			cases = append(cases,
				gradtest.Case{Name: "max, activated", Op: &op.MaxPool2D{Pool: pool}, In: []gradtest.Input{{Shape: in[0].Shape, Shift: -1}}, F: func(in [][]float64) [][]float64 {
					return pooled(s, in[0], func(taps []float64) float64 { return max(greatest(taps), 0) })
				}},
				gradtest.Case{Name: "average, activated", Op: &op.AveragePool2D{Pool: pool}, In: in, F: func(in [][]float64) [][]float64 {
					return pooled(s, in[0], func(taps []float64) float64 { return max(average(taps), 0) })
				}},
			)
		}
	}
	gradtest.Run(t, cases)
}

func TestGlobalPoolGrad(t *testing.T) {
	var cases []gradtest.Case
	for _, shape := range [][]int{{2, 3, 4, 5}, {1, 5, 7}, {3, 2, 1, 1}} {
		pixels := 1
		for _, d := range shape[2:] {
			pixels *= d
		}
		for _, kind := range []op.GlobalKind{op.GlobalAverage, op.GlobalMax} {
			cases = append(cases, gradtest.Case{Name: fmt.Sprint(kind, shape), Op: &op.GlobalPool{Kind: kind}, In: []gradtest.Input{gradtest.Of(shape...)}, F: func(in [][]float64) [][]float64 {
				var y []float64
				for i := 0; i < len(in[0]); i += pixels {
					sum, top := 0.0, math.Inf(-1)
					for _, v := range in[0][i : i+pixels] {
						sum, top = sum+v, max(top, v)
					}
					if kind == op.GlobalAverage {
						top = sum / float64(pixels)
					}
					y = append(y, top)
				}
				return [][]float64{y}
			}})
		}
	}
	gradtest.Run(t, cases)
}
