package op_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// resizeAt returns where output i of out falls among n pixels.
func resizeAt(i, n, out int, corners, half bool) float64 {
	switch {
	case corners && out > 1:
		return float64(i) * float64(n-1) / float64(out-1)
	case half:
		return (float64(i)+0.5)*float64(n)/float64(out) - 0.5
	}
	return float64(i) * float64(n) / float64(out)
}

func TestResizeGrad(t *testing.T) {
	var cases []gradtest.Case
	for _, s := range [][6]int{{2, 3, 4, 5, 6, 8}, {1, 5, 4, 17, 3, 7}, {3, 4, 4, 2, 8, 8}, {1, 2, 3, 1, 5, 5}} {
		n, h, w, c, oh, ow := s[0], s[1], s[2], s[3], s[4], s[5]
		for mode := range 3 {
			corners, half := mode == 1, mode == 2
			in := []gradtest.Input{gradtest.Of(n, h, w, c), {Shape: []int{2}, Ints: []int32{int32(oh), int32(ow)}, Const: true}}
			each := func(x []float64, f func(y, x float64, pixel func(y, x int) float64) float64) [][]float64 {
				var out []float64
				for i := range n * oh * ow * c {
					ch, ox, oy, b := i%c, i/c%ow, i/c/ow%oh, i/c/ow/oh
					out = append(out, f(resizeAt(oy, h, oh, corners, half), resizeAt(ox, w, ow, corners, half), func(y, col int) float64 {
						return x[((b*h+min(max(y, 0), h-1))*w+min(max(col, 0), w-1))*c+ch]
					}))
				}
				return [][]float64{out}
			}
			round := func(v float64) int {
				switch {
				case corners:
					return int(math.Round(v))
				case half:
					v += 0.5
				}
				return int(math.Floor(v + 1e-9))
			}
			cases = append(cases,
				gradtest.Case{Name: fmt.Sprint("nearest", s, mode), Op: &op.ResizeNearestNeighbor{AlignCorners: corners, HalfPixelCenters: half}, In: in, F: func(in [][]float64) [][]float64 {
					return each(in[0], func(y, x float64, pixel func(y, x int) float64) float64 { return pixel(round(y), round(x)) })
				}},
				gradtest.Case{Name: fmt.Sprint("bilinear", s, mode), Op: &op.ResizeBilinear{AlignCorners: corners, HalfPixelCenters: half}, In: in, F: func(in [][]float64) [][]float64 {
					return each(in[0], func(y, x float64, pixel func(y, x int) float64) float64 {
						y0, x0 := int(math.Floor(y)), int(math.Floor(x))
						b, d := y-float64(y0), x-float64(x0)
						return (pixel(y0, x0)*(1-b)+pixel(y0+1, x0)*b)*(1-d) + (pixel(y0, x0+1)*(1-b)+pixel(y0+1, x0+1)*b)*d
					})
				}},
			)
		}
	}
	gradtest.Run(t, cases)
}

func TestPadGrad(t *testing.T) {
	pads := []int32{0, 1, 2, 0, 1, 3}
	gradtest.Run(t, []gradtest.Case{{
		Name: "sides", Op: &op.Pad{}, In: []gradtest.Input{gradtest.Of(2, 3, 4), {Shape: []int{3, 2}, Ints: pads, Const: true}},
		F: func(in [][]float64) [][]float64 {
			y := make([]float64, 3*5*8)
			for i, v := range in[0] {
				y[(i/12*5+i/4%3+2)*8+i%4+1] = v
			}
			return [][]float64{y}
		},
	}})
}

func TestSquaresGrad(t *testing.T) {
	const h, w, c, block = 2, 3, 2, 2
	depth := func(i int) int { // of element i of space [2 h·2 w·2 c]
		ch, x, y, b := i%c, i/c%(w*block), i/c/w/block%(h*block), i/c/w/block/h/block
		return ((b*h+y/block)*w+x/block)*c*block*block + (y%block*block+x%block)*c + ch
	}
	gradtest.Run(t, []gradtest.Case{
		{Name: "to depth", Op: &op.SpaceToDepth{Block: block}, In: []gradtest.Input{gradtest.Of(2, h*block, w*block, c)}, F: func(in [][]float64) [][]float64 {
			y := make([]float64, len(in[0]))
			for i, v := range in[0] {
				y[depth(i)] = v
			}
			return [][]float64{y}
		}},
		{Name: "to space", Op: &op.DepthToSpace{Block: block}, In: []gradtest.Input{gradtest.Of(2, h, w, c*block*block)}, F: func(in [][]float64) [][]float64 {
			y := make([]float64, len(in[0]))
			for i := range y {
				y[i] = in[0][depth(i)]
			}
			return [][]float64{y}
		}},
	})
}
