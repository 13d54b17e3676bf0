package op_test

import (
	"math"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// softmaxCrossEntropy is the loss in float64, and the probabilities. targets are
// classes, or numbers for each class.
func softmaxCrossEntropy(c int, sparse bool, smoothing float64) func(in [][]float64) [][]float64 {
	return func(in [][]float64) [][]float64 {
		x, p, loss := in[0], make([]float64, len(in[0])), 0.0
		for i, w := range in[2] {
			sum := 0.0
			for j := range c {
				sum += math.Exp(x[i*c+j])
			}
			for j := range c {
				p[i*c+j] = math.Exp(x[i*c+j]) / sum
				q := 0.0
				if !sparse {
					q = in[1][i*c+j]
				} else if in[1][i] == float64(j) {
					q = 1
				}
				q = q*(1-smoothing) + smoothing/float64(c)
				if w != 0 {
					loss -= w * q * math.Log(p[i*c+j])
				}
			}
		}
		return [][]float64{{loss}, p}
	}
}

func TestSoftmaxCrossEntropyGrad(t *testing.T) {
	weights := func(w ...float64) gradtest.Input {
		return gradtest.Input{Shape: []int{len(w)}, Data: w, Const: true}
	}
	soft := func(shape ...int) gradtest.Input { return gradtest.Input{Shape: shape, Const: true, Shift: 1} }
	classes := func(c ...int32) gradtest.Input { return gradtest.Input{Shape: []int{len(c)}, Ints: c} }
	gradtest.Run(t, []gradtest.Case{
		{Name: "sparse", Op: &op.SoftmaxCrossEntropy{Sparse: true}, Blind: []int{1}, F: softmaxCrossEntropy(10, true, 0),
			In: []gradtest.Input{{Shape: []int{5, 10}, Scale: 4}, classes(0, 9, 3, 3, 7), weights(.2, .3, .1, 0, .4)}},
		{Name: "sparse, no class", Op: &op.SoftmaxCrossEntropy{Sparse: true}, Blind: []int{1}, F: softmaxCrossEntropy(67, true, 0),
			In: []gradtest.Input{{Shape: []int{4, 67}}, classes(66, -1, 0, -7), weights(.5, 0, 1, 0)}},
		{Name: "sparse, smoothed, rank 3", Op: &op.SoftmaxCrossEntropy{Sparse: true, Smoothing: 0.1}, Blind: []int{1}, F: softmaxCrossEntropy(17, true, 0.1),
			In: []gradtest.Input{gradtest.Of(2, 3, 17), {Shape: []int{2, 3}, Ints: []int32{1, 2, 3, 4, 16, 0}}, {Shape: []int{2, 3}, Const: true}}},
		{Name: "sparse, one class", Op: &op.SoftmaxCrossEntropy{Sparse: true}, Blind: []int{1}, F: softmaxCrossEntropy(1, true, 0),
			In: []gradtest.Input{gradtest.Of(2, 1), classes(0, 0), weights(1, 1)}},
		{Name: "dense", Op: &op.SoftmaxCrossEntropy{}, Blind: []int{1}, F: softmaxCrossEntropy(33, false, 0),
			In: []gradtest.Input{gradtest.Of(3, 33), soft(3, 33), weights(.5, .25, .25)}},
		{Name: "dense, smoothed", Op: &op.SoftmaxCrossEntropy{Smoothing: 0.2}, Blind: []int{1}, F: softmaxCrossEntropy(5, false, 0.2),
			In: []gradtest.Input{gradtest.Of(3, 5), soft(3, 5), weights(.5, 0, 2)}},
		{Name: "one sample", Op: &op.SoftmaxCrossEntropy{}, Blind: []int{1}, F: softmaxCrossEntropy(4, false, 0),
			In: []gradtest.Input{gradtest.Of(4), soft(4), {Shape: []int{}, Data: []float64{1}, Const: true}}},
		{Name: "many", Op: &op.SoftmaxCrossEntropy{Sparse: true}, Blind: []int{1}, F: softmaxCrossEntropy(3, true, 0),
			In: []gradtest.Input{gradtest.Of(40, 3), {Shape: []int{40}, Ints: make([]int32, 40)}, {Shape: []int{40}, Const: true}}},
	})
}
