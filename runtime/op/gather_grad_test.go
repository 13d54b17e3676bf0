package op_test

import (
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

func TestGatherGrad(t *testing.T) {
	ids := gradtest.Input{Shape: []int{2, 4}, Ints: []int32{3, 0, 3, 6, 1, 3, 0, 6}}
	rows := func(width, table, ids int) func(in [][]float64) [][]float64 {
		return func(in [][]float64) [][]float64 {
			var y []float64
			for _, i := range in[ids] {
				if i < 0 {
					i += 7
				}
				y = append(y, in[table][int(i)*width:(int(i)+1)*width]...)
			}
			return [][]float64{y}
		}
	}
	negative := ids
	negative.Ints = []int32{-1, 0, -7, 6, 1, -2, 0, 6}
	flat := ids
	flat.Shape = []int{8}
	gradtest.Run(t, []gradtest.Case{
		{Name: "gather", Op: &op.Gather{}, In: []gradtest.Input{gradtest.Of(7, 19), ids}, F: rows(19, 0, 1)},
		{Name: "negative", Op: &op.Gather{Negative: true}, In: []gradtest.Input{gradtest.Of(7, 2, 3), negative}, F: rows(6, 0, 1)},
		{Name: "embedding", Op: &op.EmbeddingLookup{DType: tensor.F32}, In: []gradtest.Input{flat, gradtest.Of(7, 33)}, F: rows(33, 1, 0)},
	})
}
