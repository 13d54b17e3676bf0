package op_test

import (
	"fmt"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

func TestGroupNormalizationGrad(t *testing.T) {
	var cases []gradtest.Case
	shape := []int{2, 6, 3, 5}
	for _, c := range []struct{ groups, scales int }{{2, 6}, {3, 3}, {0, 6}, {1, 6}} {
		groups := c.groups
		if groups == 0 {
			groups = 6
		}
		cases = append(cases, gradtest.Case{
			Name: fmt.Sprint(c), Op: &op.GroupNormalization{Groups: c.groups, Epsilon: 1e-3},
			In: []gradtest.Input{gradtest.Of(shape...), gradtest.Of(c.scales), gradtest.Of(c.scales)},
			F: func(in [][]float64) [][]float64 {
				y := layerNorm(in[0], 6/groups*15, nil, nil, 1e-3, false)
				for i := range y {
					k := i / (90 / c.scales) % c.scales
					y[i] = y[i]*in[1][k] + in[2][k]
				}
				return [][]float64{y}
			},
		})
	}
	gradtest.Run(t, cases)
}
