package tflite_test

import (
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// sparse is a model that adds an input of zeros to a sparse constant, read
// through DENSIFY or not.
func sparse(t tflite.TensorType, shape []int, data any, s modeltest.Sparse, direct bool) func(m *modeltest.Model) {
	return func(m *modeltest.Model) {
		w := m.Const("w", t, shape, data, s)
		if !direct {
			d := m.Tensor("dense", t, shape)
			m.Op("DENSIFY", 1, modeltest.Options{Type: tflite.DensifyOptions, Fields: modeltest.Table{}}, []int{w}, []int{d})
			w = d
		}
		n := 1
		for _, d := range shape {
			n *= d
		}
		y := m.Tensor("y", t, []int{n})
		m.Op("RESHAPE", 1, modeltest.Options{Type: tflite.ReshapeOptions, Fields: modeltest.Table{0: []int32{int32(n)}}}, []int{w}, []int{y})
		m.Inputs()
		m.Outputs(y)
	}
}

// csr has the rows 5 0 7 | 0 0 0 | 0 8 0.
var csr = modeltest.Sparse{TraversalOrder: []int32{0, 1}, Dims: []modeltest.Dim{
	{Size: 3}, {Segments: []int32{0, 2, 2, 3}, Indices: []int32{0, 2, 1}},
}}

func csrWith(segments, indices []int32) modeltest.Sparse {
	return modeltest.Sparse{TraversalOrder: []int32{0, 1}, Dims: []modeltest.Dim{{Size: 3}, {Segments: segments, Indices: indices}}}
}

var densifyCases = []opCase{
	{op: "DENSIFY", name: "rows, float", want: "float32[9] [5 0 7 0 0 0 0 8 0]", model: sparse(typeF32, []int{3, 3}, []float32{5, 7, 8}, csr, false)},
	{op: "DENSIFY", name: "rows, int8, no operator", want: "int8[9] [5 0 7 0 0 0 0 8 0]", model: sparse(typeS8, []int{3, 3}, []int8{5, 7, 8}, csr, true)},
	{op: "DENSIFY", name: "columns", want: "int32[6] [0 4 1 0 0 9]", model: sparse(typeS32, []int{3, 2}, []int32{1, 4, 9}, modeltest.Sparse{
		TraversalOrder: []int32{1, 0}, Dims: []modeltest.Dim{{Size: 2}, {Segments: []int32{0, 1, 3}, Indices: []int32{1, 0, 2}}},
	}, false)},
	{op: "DENSIFY", name: "blocks of 2 by 2", want: "float32[16] [1 2 0 0 3 4 0 0 0 0 5 6 0 0 7 8]", model: sparse(typeF32, []int{4, 4}, []float32{1, 2, 3, 4, 5, 6, 7, 8}, modeltest.Sparse{
		TraversalOrder: []int32{0, 1, 2, 3}, BlockMap: []int32{0, 1},
		Dims: []modeltest.Dim{{Size: 2}, {Segments: []int32{0, 1, 2}, Indices: []int32{0, 1}}, {Size: 2}, {Size: 2}},
	}, false)},
	{op: "DENSIFY", name: "blocks along one dimension, column first", want: "float32[8] [0 0 1 2 0 0 3 4]", model: sparse(typeF32, []int{2, 4}, []float32{1, 3, 2, 4}, modeltest.Sparse{
		TraversalOrder: []int32{1, 2, 0}, BlockMap: []int32{1},
		Dims: []modeltest.Dim{{Segments: []int32{0, 1}, Indices: []int32{1}}, {Size: 2}, {Size: 2}},
	}, false)},
	{op: "DENSIFY", name: "two sparse levels, float16 bits", want: "int16[8] [0 0 0 7 0 0 0 0]", model: sparse(typeS16, []int{2, 2, 2}, []int16{7}, modeltest.Sparse{
		TraversalOrder: []int32{0, 1, 2},
		Dims:           []modeltest.Dim{{Size: 2}, {Segments: []int32{0, 1, 1}, Indices: []int32{1}}, {Segments: []int32{0, 1}, Indices: []int32{1}}},
	}, false)},
	{op: "DENSIFY", name: "index out of range", err: "has index 3, want 0 to 2", model: sparse(typeF32, []int{3, 3}, []float32{5, 7, 8}, csrWith([]int32{0, 2, 2, 3}, []int32{0, 3, 1}), false)},
	{op: "DENSIFY", name: "too few segments", err: "has 3 segments, want 4", model: sparse(typeF32, []int{3, 3}, []float32{5, 7, 8}, csrWith([]int32{0, 2, 3}, []int32{0, 2, 1}), false)},
	{op: "DENSIFY", name: "too few elements", err: "2 sparse elements are stored, want 3", model: sparse(typeF32, []int{3, 3}, []float32{5, 7}, csr, false)},
	{op: "DENSIFY", name: "dense level of the wrong size", err: "has size 3, want 4", model: sparse(typeF32, []int{4, 3}, []float32{5, 7, 8}, csr, true)},
	{op: "DENSIFY", name: "block that does not divide", err: "blocks of 2 do not divide dimension 1", model: sparse(typeF32, []int{2, 3}, []float32{1, 2, 3, 4}, modeltest.Sparse{
		TraversalOrder: []int32{0, 1, 2}, BlockMap: []int32{1}, Dims: []modeltest.Dim{{Size: 2}, {Size: 1}, {Size: 2}},
	}, false)},
	{op: "DENSIFY", name: "more than memory holds", err: "bytes of memory", model: sparse(typeS8, []int{1 << 30}, []int8{1}, modeltest.Sparse{
		TraversalOrder: []int32{0}, Dims: []modeltest.Dim{{Segments: []int32{0, 1}, Indices: []int32{5}}},
	}, true)},
	{op: "DENSIFY", name: "not sparse", err: "the input is not sparse", model: func(m *modeltest.Model) {
		w := m.Const("w", typeF32, []int{1}, []float32{1})
		y := m.Tensor("y", typeF32, []int{1})
		m.Op("DENSIFY", 1, modeltest.Options{}, []int{w}, []int{y})
		m.Inputs()
		m.Outputs(y)
	}},
}
