package tflite_test

import (
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

var shapeCases = []opCase{
	{op: "RESHAPE", name: "constant shape, int8", model: func(m *modeltest.Model) {
		q := modeltest.Quant{Scale: []float32{0.5}, Zero: []int64{3}}
		x := m.Input("x", tflite.Int8, []int{2, 3, 4}, q)
		s := m.Const("shape", tflite.Int32, []int{2}, []int32{4, -1})
		y := m.Tensor("y", tflite.Int8, []int{4, 6}, q)
		m.Op("RESHAPE", 1, modeltest.Options{}, []int{x, s}, []int{y})
		m.Outputs(y)
	}},
	{op: "RESHAPE", name: "shape from data", fill: func(_, i int, t tensor.Type) []byte {
		if i == 0 {
			return tensor.Bytes([]int32{3, -1})
		}
		return nil
	}, want: "int32[3 2] [1 2 3 4 5 6]", model: func(m *modeltest.Model) {
		x := m.Const("x", tflite.Int32, []int{6}, []int32{1, 2, 3, 4, 5, 6})
		s := m.Input("shape", tflite.Int32, []int{2})
		y := m.Tensor("y", tflite.Int32, []int{1, 6})
		m.Inputs()
		m.Op("RESHAPE", 1, modeltest.Options{}, []int{x, s}, []int{y})
		m.Outputs(y)
	}},
	{op: "RESHAPE", name: "wrong size", err: "new shape [5 2] has 10 elements", model: func(m *modeltest.Model) {
		x := m.Input("x", tflite.Float32, []int{2, 3})
		y := m.Tensor("y", tflite.Float32, []int{5, 2})
		m.Op("RESHAPE", 1, modeltest.Options{Type: tflite.ReshapeOptions, Fields: modeltest.Table{0: []int32{5, 2}}}, []int{x}, []int{y})
		m.Outputs(y)
	}},
}
