package main

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/demo"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

func logOf(p float64) float64 { return math.Log(max(p, 1e-12)) }

// scale is the quantisation of an activation.
type scale struct {
	s    float64
	zero int64
}

func (q scale) quant() modeltest.Quant {
	return modeltest.Quant{Scale: []float32{float32(q.s)}, Zero: []int64{q.zero}}
}

// ranged returns the int8 quantisation of values from lo to hi, which is made
// to hold 0.
func ranged(lo, hi float64) scale {
	lo, hi = min(lo, 0), max(hi, 0)
	s := (hi - lo) / 255
	return scale{s, int64(math.Round(-128 - lo/s))}
}

// export quantises the network as TensorFlow Lite does (int8 weights by output
// channel, symmetric; activations by the range seen on samples) and returns
// the .tflite file.
func export(net []*layer, samples []demo.Sample) []byte {
	acts := []scale{ranged(0, 1)}
	lo, hi := make([]float64, len(net)), make([]float64, len(net))
	for i := range samples {
		forward(net, shifted(&samples[i], 0, 0))
		for k, l := range net {
			for _, v := range l.y {
				lo[k], hi[k] = min(lo[k], v), max(hi[k], v)
			}
		}
	}
	for k := range net {
		acts = append(acts, ranged(lo[k], hi[k]))
	}

	m := modeltest.New()
	m.Description = "handwritten digits, 8x8"
	x := m.Input("image", tflite.Int8, []int{1, 8, 8, 1}, acts[0].quant())
	for k, l := range net[:2] {
		name := fmt.Sprintf("conv%d", k+1)
		w, b := constants(m, name, l, acts[k], []int{l.out, l.kernel, l.kernel, l.in})
		y := m.Tensor(name, tflite.Int8, []int{1, l.outSide(), l.outSide(), l.out}, acts[k+1].quant())
		m.Op("CONV_2D", 3, modeltest.Options{Type: tflite.Conv2DOptions, Fields: modeltest.Table{
			0: int8(tflite.PaddingSame), 1: int32(l.stride), 2: int32(l.stride), 3: int8(tflite.ActivationRelu)}}, []int{x, w, b}, []int{y})
		x = y
	}
	dense := net[2]
	flat := m.Tensor("flat", tflite.Int8, []int{1, dense.in}, acts[2].quant())
	shape := m.Const("flat/shape", tflite.Int32, []int{2}, []int32{1, int32(dense.in)})
	m.Op("RESHAPE", 1, modeltest.Options{}, []int{x, shape}, []int{flat})
	w, b := constants(m, "dense", dense, acts[2], []int{dense.out, dense.in})
	logits := m.Tensor("logits", tflite.Int8, []int{1, dense.out}, acts[3].quant())
	m.Op("FULLY_CONNECTED", 4, modeltest.Options{Type: tflite.FullyConnectedOptions, Fields: modeltest.Table{}}, []int{flat, w, b}, []int{logits})
	y := m.Tensor("digit", tflite.Int8, []int{1, dense.out}, scale{1.0 / 256, -128}.quant())
	m.Op("SOFTMAX", 2, modeltest.Options{Type: tflite.SoftmaxOptions, Fields: modeltest.Table{0: float32(1)}}, []int{logits}, []int{y})
	m.Outputs(y)
	return m.Bytes()
}

// constants adds a layer's weights and bias. The dense layer has one scale for
// all weights, convolutions one for each output channel.
func constants(m *modeltest.Model, name string, l *layer, in scale, shape []int) (w, b int) {
	k := len(l.w.v) / l.out
	scales := make([]float32, l.out)
	most := 0.0
	for c := range l.out {
		s := 0.0
		for _, v := range l.w.v[c*k : (c+1)*k] {
			s = max(s, math.Abs(v))
		}
		most = max(most, s)
		scales[c] = float32(s / 127)
	}
	if len(shape) == 2 {
		for c := range scales {
			scales[c] = float32(most / 127)
		}
	}
	qw, qb := make([]int8, len(l.w.v)), make([]int32, l.out)
	bias := make([]float32, l.out)
	for i, v := range l.w.v {
		qw[i] = int8(max(-127, min(127, math.Round(v/float64(scales[i/k])))))
	}
	for c, v := range l.b.v {
		bias[c] = float32(float64(scales[c]) * in.s)
		qb[c] = int32(math.Round(v / (float64(scales[c]) * in.s)))
	}
	if len(shape) == 2 {
		scales, bias = scales[:1], bias[:1]
	}
	zeros := make([]int64, len(scales))
	w = m.Const(name+"/weights", tflite.Int8, shape, qw, modeltest.Quant{Scale: scales, Zero: zeros})
	b = m.Const(name+"/bias", tflite.Int32, []int{l.out}, qb, modeltest.Quant{Scale: bias, Zero: zeros})
	return w, b
}
