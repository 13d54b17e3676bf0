package tflite_test

import (
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// pooled is a model of one of MediaPipe's pools.
func pooled(op string, options []byte, inputs, outputs int, shape []int) func(m *modeltest.Model) {
	return func(m *modeltest.Model) {
		var in, out []int
		for i := range inputs {
			in = append(in, m.Input(string(rune('a'+i)), typeF32, shape))
		}
		for i := range outputs {
			out = append(out, m.Tensor(string(rune('p'+i)), typeF32, shape))
		}
		m.Custom(op, options, in, out)
		m.Outputs(out...)
	}
}

// given returns a fill that gives each input its values.
func given(inputs ...[]float32) func(int, int, tensor.Type) []byte {
	return func(_, i int, _ tensor.Type) []byte { return tensor.Bytes(inputs[i]) }
}

func pooling(op, name string, options []byte, n int, shape []int, want, err string, inputs ...[]float32) opCase {
	return opCase{op: op, name: name, fill: given(inputs...), want: want, err: err, model: pooled(op, options, len(inputs), n, shape)}
}

var poolingCases = []opCase{
	pooling("MaxPoolingWithArgmax2D", "valid", cStruct(2, 2, 2, 2, 2, 0), 2, []int{1, 2, 4, 1},
		"float32[1 1 2 1] [6 8] | float32[1 1 2 1] [3.1 1.1]", "", []float32{1, 2, 7, 8, 5, 6, 3, 8}),
	pooling("MaxPoolingWithArgmax2D", "same, relu6, all below 0", cStruct(1, 2, 2, 3, 3, 3), 2, []int{1, 2, 2, 2},
		"float32[1 1 1 2] [0 6] | float32[1 1 1 2] [1.1 4.1]", "", []float32{-4, 1, -1, 2, -3, 3, -2, 9}),
	pooling("MaxPoolingWithArgmax2D", "short options", cStruct(1, 2, 2, 3, 3), 2, []int{1, 1, 1, 1}, "", "options of 20 bytes, want at least 24", []float32{1}),
	pooling("MaxPoolingWithArgmax2D", "no window", cStruct(1, 2, 2, 0, 3, 0), 2, []int{1, 1, 1, 1}, "", "a window of 0 taps", []float32{1}),
	pooling("MaxUnpooling2D", "two channels", cStruct(1, 2, 2, 2, 2, 0), 1, []int{1, 1, 2, 2},
		"float32[1 2 4 2] [0 0 0 6 0 0 7 8 5 0 0 0 0 0 0 0]", "", []float32{5, 6, 7, 8}, []float32{2.1, 1.1, 1.1, 1.1}),
	pooling("MaxUnpooling2D", "stride above window", cStruct(1, 3, 3, 2, 2, 0), 1, []int{1, 1, 3, 1},
		"float32[1 2 6 1] [1 0 0 2 0 3 0 0 0 0 0 0]", "", []float32{1, 2, 3}, []float32{1.1, 1.1, 0.1}),
	pooling("MaxUnpooling2D", "beside the image", cStruct(1, 2, 2, 2, 2, 0), 1, []int{1, 1, 1, 1}, "", "leads to pixel 2, 0 of 2 by 2", []float32{5}, []float32{4.1}),
	pooling("MaxUnpooling2D", "position below 0", cStruct(1, 2, 2, 2, 2, 0), 1, []int{1, 1, 1, 1}, "", "position -1.5 in a window", []float32{5}, []float32{-1.5}),
	pooling("MaxUnpooling2D", "no window", cStruct(1, 2, 2, 2, -2, 0), 1, []int{1, 1, 1, 1}, "", "windows of [-2 2]", []float32{5}, []float32{1}),
}
