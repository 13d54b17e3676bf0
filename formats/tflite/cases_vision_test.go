package tflite_test

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

var visionCases = slices.Concat(resizeCases(), densifyCases, transposeConvCases, mediapipeCases, poolingCases, detectionCases, decodeCases)

// resizeCase is a model of one resizing.
type resizeCase struct {
	name        string
	t           tflite.TensorType
	x           []int
	size        []int32
	align, half bool
	want        string
}

func (r resizeCase) cases(op string) opCase {
	return opCase{op: op, name: r.name, want: r.want, model: func(m *modeltest.Model) {
		var q []modeltest.TensorOption
		if r.t != typeF32 {
			q = append(q, modeltest.Quant{Scale: []float32{0.5}, Zero: []int64{0}})
		}
		x := m.Input("x", r.t, r.x, q...)
		size := m.Const("size", typeS32, []int{2}, r.size)
		y := m.Tensor("y", r.t, []int{r.x[0], int(r.size[0]), int(r.size[1]), r.x[3]}, q...)
		opts := modeltest.Options{Type: tflite.ResizeBilinearOptions, Fields: modeltest.Table{2: r.align, 3: r.half}}
		if op == "RESIZE_NEAREST_NEIGHBOR" {
			opts = modeltest.Options{Type: tflite.ResizeNearestNeighborOptions, Fields: modeltest.Table{0: r.align, 1: r.half}}
		}
		m.Op(op, 3, opts, []int{x, size}, []int{y})
		m.Outputs(y)
	}}
}

func resizeCases() (all []opCase) {
	shapes := []struct {
		x    []int
		size []int32
	}{
		{[]int{1, 2, 3, 2}, []int32{5, 7}}, {[]int{2, 7, 5, 3}, []int32{3, 4}}, {[]int{1, 1, 4, 1}, []int32{3, 1}},
		{[]int{1, 6, 6, 1}, []int32{6, 6}}, {[]int{1, 3, 3, 17}, []int32{6, 2}}, {[]int{1, 5, 1, 1}, []int32{13, 3}},
	}
	for _, t := range []tflite.TensorType{typeF32, typeS8} {
		for _, s := range shapes {
			for mode := range 3 {
				r := resizeCase{t: t, x: s.x, size: s.size, align: mode == 1, half: mode == 2}
				r.name = fmt.Sprintf("%v %v to %v, align %v, half %v", t, s.x, s.size, r.align, r.half)
				all = append(all, r.cases("RESIZE_BILINEAR"), r.cases("RESIZE_NEAREST_NEIGHBOR"))
			}
		}
	}
	return append(all,
		resizeCase{name: "int16", t: typeS16, x: []int{1, 3, 4, 2}, size: []int32{5, 6}, half: true}.cases("RESIZE_NEAREST_NEIGHBOR"),
		resizeCase{name: "int64", t: typeS64, x: []int{1, 1, 2, 1}, size: []int32{2, 4}, want: "int64[1 2 4 1] [29 29 12 12 29 29 12 12]"}.cases("RESIZE_NEAREST_NEIGHBOR"),
	)
}
