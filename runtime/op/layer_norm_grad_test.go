package op_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// layerNorm normalises rows of n.
func layerNorm(x []float64, n int, scale, bias []float64, epsilon float64, rms bool) []float64 {
	y := make([]float64, len(x))
	for i := 0; i < len(x); i += n {
		mean, square := 0.0, 0.0
		for _, v := range x[i : i+n] {
			mean += v / float64(n)
		}
		if rms {
			mean = 0
		}
		for _, v := range x[i : i+n] {
			square += (v - mean) * (v - mean) / float64(n)
		}
		for j, v := range x[i : i+n] {
			v = (v - mean) / math.Sqrt(square+epsilon)
			if scale != nil {
				v *= scale[j]
			}
			if bias != nil {
				v += bias[j]
			}
			y[i+j] = v
		}
	}
	return y
}

func TestLayerNormalizationGrad(t *testing.T) {
	var cases []gradtest.Case
	for _, s := range []struct {
		shape []int
		axis  int
		n     int
	}{{[]int{4, 9}, -1, 9}, {[]int{2, 3, 33}, -1, 33}, {[]int{3, 2, 5}, 1, 10}, {[]int{2, 70}, 1, 70}} {
		for _, rms := range []bool{false, true} {
			for inputs := range 4 {
				in := []gradtest.Input{gradtest.Of(s.shape...), {}, {}}
				row := s.shape[len(s.shape)-1:]
				if s.axis == 1 {
					row = s.shape[1:]
				}
				in[1], in[2] = gradtest.Of(row...), gradtest.Of(row...)
				in[1].Absent, in[2].Absent = inputs&1 != 0, inputs&2 != 0
				cases = append(cases, gradtest.Case{
					Name: fmt.Sprintf("%v from %d, rms %t, inputs %d", s.shape, s.axis, rms, inputs),
					Op:   &op.LayerNormalization{Axis: s.axis, Epsilon: 1e-5, RMS: rms}, In: in,
					F: func(in [][]float64) [][]float64 {
						return [][]float64{layerNorm(in[0], s.n, in[1], in[2], float64(float32(1e-5)), rms)}
					},
				})
			}
		}
	}
	gradtest.Run(t, cases)
}
