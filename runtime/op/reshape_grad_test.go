package op_test

import (
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

func TestReshapeGrad(t *testing.T) {
	same := func(in [][]float64) [][]float64 { return in[:1] }
	gradtest.Run(t, []gradtest.Case{
		{Name: "attribute", Op: &op.Reshape{Shape: []int{4, -1}}, In: []gradtest.Input{gradtest.Of(2, 6)}, F: same},
		{Name: "input", Op: &op.Reshape{}, In: []gradtest.Input{gradtest.Of(3, 4), {Shape: []int{3}, Ints: []int32{2, 1, 6}, Const: true}}, F: same},
	})
}
