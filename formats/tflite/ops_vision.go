package tflite

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// visionRows are operators of image models: resizing, transposed convolution,
// detections, and the storage of sparse weights.
func visionRows() map[string]row {
	return map[string]row{
		"RESIZE_BILINEAR": func(n *node) (graph.Op, error) {
			o, err := n.options(ResizeBilinearOptions) // slots 0 and 1 held the size
			return &op.ResizeBilinear{AlignCorners: o.Bool(2, false), HalfPixelCenters: o.Bool(3, false)}, err
		},
		"RESIZE_NEAREST_NEIGHBOR": func(n *node) (graph.Op, error) {
			o, err := n.options(ResizeNearestNeighborOptions)
			return &op.ResizeNearestNeighbor{AlignCorners: o.Bool(0, false), HalfPixelCenters: o.Bool(1, false)}, err
		},
		"TRANSPOSE_CONV":             transposeConv,
		"Convolution2DTransposeBias": transposeConvBias,
		"MaxPoolingWithArgmax2D": func(n *node) (graph.Op, error) {
			window, stride, o, err := n.cPool()
			if err != nil {
				return nil, err
			}
			act, err := activation(ActivationFunctionType(min(uint(o[5]), 127)))
			p := op.Pool{Window: window, Stride: stride, Dilation: [2]int{1, 1}, Padding: cPadding(o[0]), Act: act}
			return &op.MaxPoolArgmax{Pool: p}, err
		},
		"MaxUnpooling2D": func(n *node) (graph.Op, error) {
			window, stride, _, err := n.cPool()
			return &op.MaxUnpool{Window: window, Stride: stride}, err
		},
		"TFLite_Detection_PostProcess": detectionPostProcess,
		"TFLM_DECODE": func(n *node) (graph.Op, error) {
			var o op.Decode
			for _, t := range n.Outputs {
				typ, err := n.declared(t)
				if err != nil {
					return nil, err
				}
				o.Out = append(o.Out, typ)
			}
			return new(o), nil
		},
		"DENSIFY": densify,
	}
}

// transposeConv is the row of TRANSPOSE_CONV: output shape, filters, image and
// perhaps a bias.
func transposeConv(n *node) (graph.Op, error) {
	o, err := n.options(TransposeConvOptions)
	if err != nil {
		return nil, err
	}
	if len(n.in) < 3 || len(n.in) > 4 {
		return nil, fmt.Errorf("%d inputs, want 3 or 4", len(n.in))
	}
	bias := graph.None
	if len(n.in) == 4 {
		bias = n.in[3]
	}
	n.in = []graph.Value{n.in[2], n.in[1], bias, n.declaredShape()}
	e, err := n.epilogue(o, 3)
	e.Sum32 = e.DType == tensor.I16 && o.TensorType(4, Float32) == Int32
	return &op.TransposeConv{
		Stride: [2]int{int(o.Int32(2, 0)), int(o.Int32(1, 0))}, Dilation: [2]int{1, 1},
		Padding: padding(o.Padding(0)), Epilogue: e,
	}, err
}

// declaredShape returns the value that holds the output's shape, input 0. The
// reference never reads it, but goes by the shape that the file declares; so
// that shape is taken where the model is fed another, which can't be planned for.
func (n *node) declaredShape() graph.Value {
	if len(n.Outputs) != 1 || !slices.Contains(n.sub.Inputs, n.Inputs[0]) {
		return n.in[0]
	}
	y := &n.sub.Tensors[n.Outputs[0]]
	if len(y.Shape) != 4 || slices.Contains(y.ShapeSignature, -1) {
		return n.in[0]
	}
	return n.b.Const(n.label()+"/shape", tensor.Of(tensor.I32, 4), tensor.Bytes(slices.Clone(y.Shape)))
}

// transposeConvBias is the row of MediaPipe's Convolution2DTransposeBias: image,
// filters, bias. Its options are a C struct.
func transposeConvBias(n *node) (graph.Op, error) {
	o, err := n.cStruct(3) // padding, strides; what may follow has no effect
	if err != nil {
		return nil, err
	}
	if len(n.in) != 3 || n.in[2] == graph.None || n.inputType(0).DType != tensor.F32 {
		return nil, fmt.Errorf("%d inputs, the first %s: want 3, float32", len(n.in), n.inputType(0).DType)
	}
	return &op.TransposeConv{
		Stride: [2]int{o[2], o[1]}, Dilation: [2]int{1, 1}, Padding: cPadding(o[0]), Remainder: true, Epilogue: op.Epilogue{To: n.to(0), Bounds: op.Activated(quant.None)},
	}, nil
}

// cPool reads TfLitePoolParams: padding, stride_width, stride_height,
// filter_width, filter_height, activation, and what the interpreter computed.
func (n *node) cPool() (window, stride [2]int, fields []int, err error) {
	if fields, err = n.cStruct(6); err != nil {
		return window, stride, nil, err
	}
	return [2]int{fields[4], fields[3]}, [2]int{fields[2], fields[1]}, fields, nil
}

// cPadding returns the padding that TfLitePadding numbers p: 1 is SAME, and
// what isn't leaves the image as it is.
func cPadding(p int) op.Padding {
	if p == 1 {
		return op.Padding{Mode: op.PadSameUpper}
	}
	return op.Padding{Mode: op.PadValid}
}

// cStruct returns the int32 fields of a custom operator's options that were
// stored as the C struct they had in memory: at least want.
func (n *node) cStruct(want int) ([]int, error) {
	b := n.CustomOptions
	if len(b) < 4*want {
		return nil, fmt.Errorf("options of %d bytes, want at least %d", len(b), 4*want)
	}
	fields := make([]int, len(b)/4)
	for i := range fields {
		fields[i] = int(int32(binary.LittleEndian.Uint32(b[4*i:])))
	}
	return fields, nil
}

// detectionPostProcess reads a FlexBuffer.
func detectionPostProcess(n *node) (graph.Op, error) {
	f := flatbuf.ReadFlex(n.CustomOptions)
	integer := func(key string, def int64) int { return int(min(max(f.Key(key).Int(def), -1), math.MaxInt32)) }
	number := func(key string) float32 { return float32(f.Key(key).Float(0)) }
	o := &op.DetectionPostProcess{
		MaxDetections: integer("max_detections", 0), MaxClasses: integer("max_classes_per_detection", 0),
		PerClass: integer("detections_per_class", 100), Classes: integer("num_classes", 0),
		Regular:        f.Key("use_regular_nms").Bool(false),
		ScoreThreshold: number("nms_score_threshold"), IoUThreshold: number("nms_iou_threshold"),
		Scale: [4]float32{number("y_scale"), number("x_scale"), number("h_scale"), number("w_scale")},
	}
	if err := f.Err(); err != nil {
		return nil, fmt.Errorf("options: %w", err)
	}
	return o, nil
}
