package op_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// denseOf multiplies rows of k values by n columns; weight l of output j is at
// at(l, j). Results are clamped.
func denseOf(n, k int, lo, hi float64, at func(l, j int) int) func(in [][]float64) [][]float64 {
	return func(in [][]float64) [][]float64 {
		y := make([]float64, len(in[0])/k*n)
		for i := range y {
			if len(in) > 2 {
				y[i] = in[2][i%n]
			}
			for l := range k {
				y[i] += float64(in[0][i/n*k+l] * in[1][at(l, i%n)])
			}
			y[i] = max(lo, min(hi, y[i]))
		}
		return [][]float64{y}
	}
}

func TestFullyConnectedGrad(t *testing.T) {
	inf := math.Inf(1)
	const n, k = 19, 7
	turned := func(l, j int) int { return l*n + j }
	straight := func(l, j int) int { return j*k + l }
	layer := func(turned, keep bool, b op.Bounds) op.FullyConnected {
		return op.FullyConnected{Turned: turned, KeepDims: keep, Epilogue: op.Epilogue{To: op.To{DType: tensor.F32}, Bounds: b, Fused: true}}
	}
	relu := op.Bounds{Lo: 0, Hi: float32(inf)}
	x, bias := gradtest.Of(5, k), gradtest.Of(n)
	gradtest.Run(t, []gradtest.Case{
		{Name: "turned", Op: new(layer(true, true, op.Bounds{})), In: []gradtest.Input{x, gradtest.Of(k, n), bias}, F: denseOf(n, k, -inf, inf, turned)},
		{Name: "turned clamped", Op: new(layer(true, true, relu)), In: []gradtest.Input{x, gradtest.Of(k, n), bias}, F: denseOf(n, k, 0, inf, turned)},
		{Name: "turned clamped twice", Op: new(layer(true, true, op.Bounds{Lo: -1, Hi: 1})), In: []gradtest.Input{x, gradtest.Of(k, n), bias}, F: denseOf(n, k, -1, 1, turned)},
		{Name: "relu6", Op: new(layer(true, true, op.Bounds{Lo: 0, Hi: 6})), In: []gradtest.Input{{Shape: []int{5, k}, Scale: 3}, gradtest.Of(k, n), bias}, F: denseOf(n, k, 0, 6, turned)},
		{Name: "straight", Op: new(layer(false, true, relu)), In: []gradtest.Input{x, gradtest.Of(n, k), bias}, F: denseOf(n, k, 0, inf, straight)},
		{Name: "no bias", Op: new(layer(true, true, op.Bounds{})), In: []gradtest.Input{x, gradtest.Of(k, n)}, F: denseOf(n, k, -inf, inf, turned)},
		{Name: "more dimensions", Op: new(layer(true, true, op.Bounds{})), In: []gradtest.Input{gradtest.Of(2, 3, 2, k), gradtest.Of(k, n), bias}, F: denseOf(n, k, -inf, inf, turned)},
		{Name: "regrouped", Op: new(layer(false, false, op.Bounds{})), In: []gradtest.Input{gradtest.Of(3, k, 2), gradtest.Of(n, k), bias}, F: denseOf(n, k, -inf, inf, straight)},
		{Name: "regrouped turned", Op: new(layer(true, false, relu)), In: []gradtest.Input{gradtest.Of(3, k, 2), gradtest.Of(k, n), {Shape: []int{1, n}}}, F: denseOf(n, k, 0, inf, turned)},
		{Name: "constant weights", Op: new(layer(true, true, relu)), In: []gradtest.Input{x, {Shape: []int{k, n}, Const: true}, {Shape: []int{n}, Const: true}}, F: denseOf(n, k, 0, inf, turned)},
		{Name: "one row", Op: new(layer(true, true, op.Bounds{})), In: []gradtest.Input{gradtest.Of(1, k), gradtest.Of(k, n), bias}, F: denseOf(n, k, -inf, inf, turned)},
	})
}

// TestFullyConnectedGradLarge is of products with more rows and columns than
// tiles have.
func TestFullyConnectedGradLarge(t *testing.T) {
	const n, k = 66, 34
	o := &op.FullyConnected{Turned: true, KeepDims: true, Epilogue: op.Epilogue{To: op.To{DType: tensor.F32}, Fused: true}}
	at := func(l, j int) int { return l*n + j }
	gradtest.Run(t, []gradtest.Case{{Name: "large", Op: o, In: []gradtest.Input{gradtest.Of(33, k), {Shape: []int{k, n}, Const: true}, gradtest.Of(n)}, F: denseOf(n, k, math.Inf(-1), math.Inf(1), at), Tolerance: 1e-4}})
}

func TestClampGrad(t *testing.T) {
	for _, b := range []op.Bounds{{Lo: 0, Hi: 6}, {Lo: -1, Hi: 1}, {Lo: 0, Hi: float32(math.Inf(1))}, {Lo: float32(math.Inf(-1)), Hi: 2}} {
		o := &op.Add{Clamp: b}
		gradtest.Run(t, []gradtest.Case{{Name: fmt.Sprint(b), Op: o, In: []gradtest.Input{{Shape: []int{4, 33}, Scale: 2}, gradtest.Of(4, 33)}, F: func(in [][]float64) [][]float64 {
			y := make([]float64, len(in[0]))
			for i := range y {
				y[i] = max(float64(b.Lo), min(float64(b.Hi), in[0][i]+in[1][i]))
			}
			return [][]float64{y}
		}}})
	}
}
