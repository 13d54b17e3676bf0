package op_test

import (
	"fmt"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// TestTransposeConvGrad gives padding explicitly, and the output's size by hand.
func TestTransposeConvGrad(t *testing.T) {
	var cases []gradtest.Case
	for _, c := range []struct {
		h, w, c, kh, kw, oc      int
		stride, dilation, extra  [2]int
		top, left, bottom, right int
	}{
		{4, 5, 3, 3, 3, 4, one, one, [2]int{}, 1, 1, 1, 1},
		{4, 5, 3, 2, 2, 5, two, one, [2]int{}, 0, 0, 0, 0},
		{3, 4, 2, 3, 3, 3, two, one, [2]int{1, 1}, 1, 1, 1, 1},
		{3, 4, 2, 3, 2, 3, [2]int{3, 2}, one, [2]int{}, 0, 1, 1, 0},
		{4, 3, 2, 2, 3, 2, one, two, [2]int{}, 1, 0, 0, 2},
		{3, 3, 18, 1, 1, 2, two, one, [2]int{1, 0}, 0, 0, 0, 0},
	} {
		oh := (c.h-1)*c.stride[0] + (c.kh-1)*c.dilation[0] + 1 + c.extra[0] - c.top - c.bottom
		ow := (c.w-1)*c.stride[1] + (c.kw-1)*c.dilation[1] + 1 + c.extra[1] - c.left - c.right
		cases = append(cases, gradtest.Case{
			Name: fmt.Sprint(c),
			Op: &op.TransposeConv{Stride: c.stride, Dilation: c.dilation, Extra: c.extra, Epilogue: trainable,
				Padding: op.Padding{Top: c.top, Left: c.left, Bottom: c.bottom, Right: c.right}},
			In: []gradtest.Input{gradtest.Of(2, c.h, c.w, c.c), gradtest.Of(c.oc, c.kh, c.kw, c.c), gradtest.Of(c.oc)},
			F: func(in [][]float64) [][]float64 {
				y := make([]float64, 2*oh*ow*c.oc)
				for i := range y {
					y[i] = in[2][i%c.oc]
				}
				for i, x := range in[0] {
					ch, ix, iy, b := i%c.c, i/c.c%c.w, i/c.c/c.w%c.h, i/c.c/c.w/c.h
					for k := range c.oc * c.kh * c.kw {
						kx, ky, o := k%c.kw, k/c.kw%c.kh, k/c.kw/c.kh
						oy, ox := iy*c.stride[0]+ky*c.dilation[0]-c.top, ix*c.stride[1]+kx*c.dilation[1]-c.left
						if oy >= 0 && ox >= 0 && oy < oh && ox < ow {
							y[((b*oh+oy)*ow+ox)*c.oc+o] += x * in[1][k*c.c+ch]
						}
					}
				}
				return [][]float64{y}
			},
		})
	}
	gradtest.Run(t, cases)
}
