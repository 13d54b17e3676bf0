package tflite_test

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// reductionCases are the cases of the operators that combine elements.
var reductionCases = slices.Concat(poolCases, softmaxCases, reduceCases, matmulCases, argMaxCases, cumSumCases, topKCases, normalizeCases)

// side is an input or output of a model around one operator. With data it is
// a constant.
type side struct {
	typ   tflite.TensorType
	shape []int
	scale float32
	zero  int64
	data  any
}

func sideF32(shape ...int) side { return side{typ: tflite.Float32, shape: shape} }

func sideS8(scale float32, zero int64, shape ...int) side {
	return side{typ: tflite.Int8, shape: shape, scale: scale, zero: zero}
}

func sideU8(scale float32, zero int64, shape ...int) side {
	return side{typ: tflite.Uint8, shape: shape, scale: scale, zero: zero}
}

func sideS16(scale float32, shape ...int) side {
	return side{typ: tflite.Int16, shape: shape, scale: scale}
}

func sideOf(typ tflite.TensorType, shape ...int) side { return side{typ: typ, shape: shape} }

// sideAxes is a constant list of int32.
func sideAxes(x ...int32) side { return side{typ: tflite.Int32, shape: []int{len(x)}, data: x} }

// aroundOp returns the model of one operator with one output.
func aroundOp(op string, options modeltest.Options, out side, in ...side) func(*modeltest.Model) {
	return aroundOps(op, options, []side{out}, in...)
}

func aroundOps(op string, options modeltest.Options, out []side, in ...side) func(*modeltest.Model) {
	return func(m *modeltest.Model) {
		var ins, outs []int
		for i, s := range in {
			name := string(rune('a' + i))
			if s.data != nil {
				ins = append(ins, m.Const(name, s.typ, s.shape, s.data, s.options()...))
			} else {
				ins = append(ins, m.Input(name, s.typ, s.shape, s.options()...))
			}
		}
		for i, s := range out {
			outs = append(outs, m.Tensor(string(rune('y'+i)), s.typ, s.shape, s.options()...))
		}
		m.Op(op, 1, options, ins, outs)
		m.Outputs(outs...)
	}
}

func (s side) options() []modeltest.TensorOption {
	if s.scale == 0 {
		return nil
	}
	return []modeltest.TensorOption{modeltest.Quant{Scale: []float32{s.scale}, Zero: []int64{s.zero}}}
}
