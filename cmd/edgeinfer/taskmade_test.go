package main

import (
	"github.com/edgeinfer/edgeinfer/formats/onnx"
	onnxtest "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/tasks"
)

// fixed is an output whose numbers do not depend on the picture.
type fixed struct {
	name  string
	shape []int
	x     []float32
}

const fixedSide = 8 // of the pictures that these models take

// fixedTFLite returns a model of [1 8 8 3] with fixed outputs: dense layers of
// zero weights, whose biases are the numbers; int8 ones are in steps of 1/64.
func fixedTFLite(int8s bool, outputs ...fixed) []byte { return fixedModel(int8s, outputs...).Bytes() }

func fixedModel(int8s bool, outputs ...fixed) *modeltest.Model {
	typ, quant := tflite.Float32, []modeltest.TensorOption(nil)
	if int8s {
		typ, quant = tflite.Int8, []modeltest.TensorOption{modeltest.Quant{Scale: []float32{1.0 / 64}, Zero: []int64{-64}}}
	}
	m := modeltest.New()
	n := fixedSide * fixedSide * 3
	x := m.Input("picture", typ, []int{1, fixedSide, fixedSide, 3}, quant...)
	row := m.Tensor("row", typ, []int{1, n}, quant...)
	m.Op("RESHAPE", 1, modeltest.Options{}, []int{x, m.Const("to row", tflite.Int32, []int{2}, []int32{1, int32(n)})}, []int{row})
	for _, o := range outputs {
		k := len(o.x)
		var shape []int32
		for _, d := range o.shape {
			shape = append(shape, int32(d))
		}
		var w, b int
		if int8s {
			w = m.Const("w", typ, []int{k, n}, make([]int8, k*n), modeltest.Quant{Scale: []float32{1}, Zero: []int64{0}})
			bias := make([]int32, k)
			for i, v := range o.x {
				bias[i] = int32(v * 64)
			}
			b = m.Const("b", tflite.Int32, []int{k}, bias, modeltest.Quant{Scale: []float32{1.0 / 64}, Zero: []int64{0}})
		} else {
			w, b = m.Const("w", typ, []int{k, n}, make([]float32, k*n)), m.Const("b", typ, []int{k}, o.x)
		}
		y, z := m.Tensor("y", typ, []int{1, k}, quant...), m.Tensor(o.name, typ, o.shape, quant...)
		m.Op("FULLY_CONNECTED", 4, modeltest.Options{Type: tflite.FullyConnectedOptions}, []int{row, w, b}, []int{y})
		m.Op("RESHAPE", 1, modeltest.Options{}, []int{y, m.Const("to", tflite.Int32, []int{len(shape)}, shape)}, []int{z})
		m.Outputs(z)
	}
	return m
}

// declaredTFLite is the model of rows.yaml with a declaration in its metadata.
func declaredTFLite(declaration string, x []float32) []byte {
	m := fixedModel(false, fixed{"out", []int{1, 2, 7}, x})
	m.Metadata(tasks.Key, []byte(declaration))
	return m.Bytes()
}

// fixedONNX is the same as .onnx, with an input of [1 3 8 8].
func fixedONNX(declaration string, outputs ...fixed) []byte {
	m := onnxtest.New(17)
	n := int64(fixedSide * fixedSide * 3)
	m.Input("picture", onnx.Float, 1, 3, fixedSide, fixedSide)
	m.Node("Flatten", []string{"picture"}, []string{"row"})
	for _, o := range outputs {
		k := int64(len(o.x))
		var shape []int64
		var dims []any
		for _, d := range o.shape {
			shape, dims = append(shape, int64(d)), append(dims, d)
		}
		m.Const(o.name+"_w", onnx.Float, []int64{n, k}, make([]float32, n*k))
		m.Const(o.name+"_b", onnx.Float, []int64{k}, o.x)
		m.Const(o.name+"_to", onnx.Int64, []int64{int64(len(shape))}, shape)
		m.Node("Gemm", []string{"row", o.name + "_w", o.name + "_b"}, []string{o.name + "_y"})
		m.Node("Reshape", []string{o.name + "_y", o.name + "_to"}, []string{o.name})
		m.Output(o.name, onnx.Float, dims...)
	}
	if declaration != "" {
		m.Metadata(tasks.Key, declaration)
	}
	return m.Bytes()
}

// colours is a model whose scores of three classes are a picture's red, green
// and blue: [1 8 8 3].
func colours() []byte {
	m := modeltest.New()
	shape := []int{1, fixedSide, fixedSide, 3}
	x := m.Input("picture", tflite.Float32, shape)
	y := m.Tensor("y", tflite.Float32, shape)
	m.Op("RESHAPE", 1, modeltest.Options{}, []int{x, m.Const("to", tflite.Int32, []int{4}, []int32{1, fixedSide, fixedSide, 3})}, []int{y})
	m.Outputs(y)
	return m.Bytes()
}

// postProcess returns a model that ends with TFLite_Detection_PostProcess, whose
// boxes are the anchors.
func postProcess() []byte {
	m := modeltest.New()
	typ := tflite.Float32
	x := m.Input("picture", typ, []int{1, fixedSide, fixedSide, 3})
	zero := m.Const("zero", typ, []int{1}, []float32{0})
	lost := m.Tensor("lost", typ, []int{1, fixedSide, fixedSide, 3})
	m.Op("MUL", 1, modeltest.Options{}, []int{x, zero}, []int{lost})
	boxes, scores := m.Tensor("boxes", typ, []int{1, 2, 4}), m.Tensor("scores", typ, []int{1, 2, 3})
	for _, o := range []struct {
		from string
		to   int
		k    int
		x    []float32
	}{{"b", boxes, 8, make([]float32, 8)}, {"s", scores, 6, []float32{0, 0.125, 0.75, 0, 0.25, 0.5}}} {
		row, y := m.Tensor("row", typ, []int{1, fixedSide * fixedSide * 3}), m.Tensor("y", typ, []int{1, o.k})
		m.Op("RESHAPE", 1, modeltest.Options{}, []int{lost, m.Const("to", tflite.Int32, []int{2}, []int32{1, fixedSide * fixedSide * 3})}, []int{row})
		w, b := m.Const("w", typ, []int{o.k, fixedSide * fixedSide * 3}, make([]float32, o.k*fixedSide*fixedSide*3)), m.Const(o.from, typ, []int{o.k}, o.x)
		m.Op("FULLY_CONNECTED", 1, modeltest.Options{Type: tflite.FullyConnectedOptions}, []int{row, w, b}, []int{y})
		m.Op("RESHAPE", 1, modeltest.Options{}, []int{y, m.Const("to", tflite.Int32, []int{3}, []int32{1, 2, int32(o.k / 2)})}, []int{o.to})
	}
	anchors := m.Const("anchors", typ, []int{2, 4}, []float32{0.5, 0.5, 0.5, 0.5, 0.5, 0.53125, 0.5, 0.5})
	out := []int{m.Tensor("d", typ, []int{1, 4, 4}), m.Tensor("d:1", typ, []int{1, 4}), m.Tensor("d:2", typ, []int{1, 4}), m.Tensor("d:3", typ, []int{1})}
	m.Custom("TFLite_Detection_PostProcess", modeltest.Flex(map[string]any{
		"max_detections": 4, "max_classes_per_detection": 1, "num_classes": 2, "nms_score_threshold": float32(0.25), "nms_iou_threshold": float32(0.5),
		"y_scale": float32(10), "x_scale": float32(10), "h_scale": float32(5), "w_scale": float32(5),
	}), []int{boxes, scores, anchors}, out)
	m.Outputs(out...)
	return m.Bytes()
}
