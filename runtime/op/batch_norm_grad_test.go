package op_test

import (
	"math"
	"slices"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// batchNorm normalises rows of c channels; mean and variance are the batch's if
// they are nil.
func batchNorm(x, scale, bias, mean, variance []float64, epsilon float64) (y, m, v []float64) {
	c := len(scale)
	y, m, v = make([]float64, len(x)), make([]float64, c), make([]float64, c)
	n := float64(len(x) / c)
	for j := range c {
		for i := j; i < len(x); i += c {
			m[j] += x[i] / n
		}
		for i := j; i < len(x); i += c {
			v[j] += (x[i] - m[j]) * (x[i] - m[j]) / n
		}
		mu, s := m[j], v[j]
		if mean != nil {
			mu, s = mean[j], variance[j]
		}
		for i := j; i < len(x); i += c {
			y[i] = (x[i]-mu)/math.Sqrt(s+epsilon)*scale[j] + bias[j]
		}
	}
	return y, m, v
}

func TestBatchNormalizationGrad(t *testing.T) {
	var cases []gradtest.Case
	for _, shape := range [][]int{{5, 3}, {2, 3, 2, 5}, {2, 2, 17}, {7, 1}, {2, 35}, {1, 4, 4, 16}, {3, 70}} {
		c := shape[len(shape)-1:]
		mean, variance := gradtest.Of(c...), gradtest.Of(c...)
		mean.Const, variance.Const, variance.Shift, variance.Scale = true, true, 3, 0.3
		in := []gradtest.Input{gradtest.Of(shape...), gradtest.Of(c...), gradtest.Of(c...), mean, variance}
		in[0].Shift = 2
		cases = append(cases, gradtest.Case{
			Name: "training", Op: &op.BatchNormalization{Axis: -1, Epsilon: 1e-3, Momentum: 0.9, Training: true}, In: in, Blind: []int{1, 2}, Tolerance: 1e-4,
			F: func(in [][]float64) [][]float64 {
				y, m, v := batchNorm(in[0], in[1], in[2], nil, nil, 1e-3)
				for j := range m {
					m[j], v[j] = in[3][j]*0.9+m[j]*0.1, in[4][j]*0.9+v[j]*0.1
				}
				return [][]float64{y, m, v}
			},
		}, gradtest.Case{
			Name: "inference", Op: &op.BatchNormalization{Axis: -1, Epsilon: 1e-3}, In: slices.Clone(in),
			F: func(in [][]float64) [][]float64 {
				y, _, _ := batchNorm(in[0], in[1], in[2], in[3], in[4], 1e-3)
				return [][]float64{y}
			},
		})
	}
	gradtest.Run(t, cases)
}
