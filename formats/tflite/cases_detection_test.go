package tflite_test

import (
	"maps"
	"math"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// detect is a case of TFLite_Detection_PostProcess: boxes of n anchors that lie
// on a grid and overlap, random scores of classes, perhaps with a background.
func detect(name string, n, classes, background int, t tflite.TensorType, options map[string]any) opCase {
	opts := map[string]any{
		"max_detections": 4, "max_classes_per_detection": 1, "num_classes": classes, "nms_score_threshold": float32(0.3), "nms_iou_threshold": float32(0.4),
		"y_scale": float32(10), "x_scale": float32(10), "h_scale": float32(5), "w_scale": float32(5),
	}
	maps.Copy(opts, options)
	anchors := make([]float32, 0, 4*n)
	for i := range n {
		anchors = append(anchors, float32(i%4)*0.2, float32(i/4)*0.2, 0.4, 0.3+0.01*float32(i))
	}
	var q []modeltest.TensorOption
	if t != typeF32 {
		q = []modeltest.TensorOption{modeltest.Quant{Scale: []float32{1. / 64}, Zero: []int64{3}}}
	}
	c := opCase{op: "TFLite_Detection_PostProcess", name: name, model: func(m *modeltest.Model) {
		boxes := m.Input("boxes", t, []int{1, n, 4}, q...)
		scores := m.Input("scores", t, []int{1, n, classes + background}, q...)
		priors := m.Const("anchors", typeF32, []int{n, 4}, anchors)
		all := opts["max_detections"].(int) * opts["max_classes_per_detection"].(int)
		out := []int{m.Tensor("b", typeF32, []int{1, all, 4}), m.Tensor("c", typeF32, []int{1, all}), m.Tensor("s", typeF32, []int{1, all}), m.Tensor("n", typeF32, []int{1})}
		m.Custom("TFLite_Detection_PostProcess", modeltest.Flex(opts), []int{boxes, scores, priors}, out)
		m.Outputs(out...)
	}}
	if t == typeF32 {
		c.fill = func(_, i int, t tensor.Type) []byte {
			x := make([]float32, t.Len())
			for k := range x {
				x[k] = float32(math.Mod(float64(k*k+3*k+7*i)*0.137, 1)) // 0 to 1
				if i == 1 {
					x[k] = float32(math.Floor(float64(x[k])*16)) / 16 // some are equal
				}
			}
			return tensor.Bytes(x)
		}
	}
	return c
}

var detectionCases = []opCase{
	detect("fast", 12, 3, 1, typeF32, nil),
	detect("fast, no background", 12, 3, 0, typeF32, map[string]any{"max_detections": 6}),
	detect("fast, many boxes", 60, 5, 1, typeF32, map[string]any{"max_detections": 20, "nms_iou_threshold": float32(0.7)}),
	detect("fast, nothing is good enough", 12, 3, 1, typeF32, map[string]any{"nms_score_threshold": float32(2)}),
	detect("regular", 12, 3, 1, typeF32, map[string]any{"use_regular_nms": true, "detections_per_class": 2}),
	detect("regular, many boxes", 60, 5, 0, typeF32, map[string]any{"use_regular_nms": true, "max_detections": 25}),
	failing(detect("overlap of 0", 4, 1, 0, typeF32, map[string]any{"nms_iou_threshold": float32(0)}), "overlap threshold 0"),
	failing(detect("too many classes", 4, 3, -1, typeF32, nil), "3 classes in scores of shape [1 4 2]"),
	failing(detect("endless", 4, 1, 0, typeF32, map[string]any{"max_detections": 1 << 30}), "detections of 1 classes at most: not valid"),
	failing(detect("none of a class", 4, 1, 0, typeF32, map[string]any{"use_regular_nms": true, "detections_per_class": 0}), "0 detections of a class"),
	failing(detect("boxes of no size", 4, 1, 0, typeF32, map[string]any{"h_scale": float32(-0.001)}), "box 0 is empty"),
	failing(detect("options of the wrong kind", 4, 1, 0, typeF32, map[string]any{"num_classes": "one"}), "options: "),
	uint8Detection(),
}

// uint8Detection has two boxes, one upon the other, and one beside them, of the
// anchors' size; LiteRT takes uint8, TensorFlow Lite Micro doesn't.
func uint8Detection() opCase {
	q := func(scale float32, zero int64) modeltest.Quant {
		return modeltest.Quant{Scale: []float32{scale}, Zero: []int64{zero}}
	}
	return opCase{op: "TFLite_Detection_PostProcess", name: "uint8",
		want: "float32[1 2 4] [0 0 1 1 1 0 2 1] | float32[1 2] [1 0] | float32[1 2] [0.75 0.671875] | float32[1] [2]",
		fill: func(_, i int, t tensor.Type) []byte {
			if i == 0 {
				return []byte{9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}
			}
			return []byte{80, 100, 90, 50, 90, 90} // less 4, of 128
		},
		model: func(m *modeltest.Model) {
			boxes := m.Input("boxes", tflite.Uint8, []int{1, 3, 4}, q(0.1, 9))
			scores := m.Input("scores", tflite.Uint8, []int{1, 3, 2}, q(1./128, 4))
			anchors := m.Const("anchors", tflite.Uint8, []int{3, 4}, []byte{2, 2, 4, 4, 2, 2, 4, 4, 6, 2, 4, 4}, q(0.25, 0))
			out := []int{m.Tensor("b", typeF32, []int{1, 2, 4}), m.Tensor("c", typeF32, []int{1, 2}), m.Tensor("s", typeF32, []int{1, 2}), m.Tensor("n", typeF32, []int{1})}
			opts := modeltest.Flex(map[string]any{
				"max_detections": 2, "max_classes_per_detection": 1, "num_classes": 2, "nms_score_threshold": float32(0.3), "nms_iou_threshold": float32(0.5),
				"y_scale": float32(10), "x_scale": float32(10), "h_scale": float32(5), "w_scale": float32(5),
			})
			m.Custom("TFLite_Detection_PostProcess", opts, []int{boxes, scores, anchors}, out)
			m.Outputs(out...)
		}}
}
