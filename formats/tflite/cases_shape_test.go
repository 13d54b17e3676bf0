package tflite_test

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

var shapeCases = slices.Concat(
	reshapeCases, concatenationCases(), padCases(), mirrorPadCases(), stridedSliceCases(), transposeCases(), sliceCases(), packCases(),
	shapeOpCases, splitCases(), squeezeCases(), blockCases(), broadcastToCases(), gatherCases(), scatterCases(), rangeCases(),
)

// shapeArg is a tensor of a model around one operator of this family.
type shapeArg struct {
	typ   tflite.TensorType
	shape []int
	data  any // of a constant
	quant []modeltest.TensorOption
}

// sx is an input, or an output.
func sx(typ tflite.TensorType, shape ...int) shapeArg { return shapeArg{typ: typ, shape: shape} }

// si is a constant list of int32.
func si(x ...int32) shapeArg { return shapeArg{typ: tflite.Int32, shape: []int{len(x)}, data: x} }

// s0 is a constant int32 scalar.
func s0(x int32) shapeArg { return shapeArg{typ: tflite.Int32, data: []int32{x}} }

// of is a constant.
func (a shapeArg) of(data any) shapeArg { a.data = data; return a }

// q quantises the tensor.
func (a shapeArg) q(scale float32, zero int64) shapeArg {
	a.quant = []modeltest.TensorOption{modeltest.Quant{Scale: []float32{scale}, Zero: []int64{zero}}}
	return a
}

// shapeModel returns a model of one operator.
func shapeModel(op string, opts modeltest.Options, in []shapeArg, out ...shapeArg) func(m *modeltest.Model) {
	return func(m *modeltest.Model) {
		var ins, outs []int
		for i, a := range in {
			name := fmt.Sprint("in", i)
			switch {
			case a.typ == tflite.TensorType(-1):
				ins = append(ins, -1)
			case a.data != nil:
				ins = append(ins, m.Const(name, a.typ, a.shape, a.data, a.quant...))
			default:
				ins = append(ins, m.Input(name, a.typ, a.shape, a.quant...))
			}
		}
		for i, a := range out {
			outs = append(outs, m.Tensor(fmt.Sprint("out", i), a.typ, a.shape, a.quant...))
		}
		m.Op(op, 1, opts, ins, outs)
		m.Outputs(outs...)
	}
}

// movedTypes are the types that the reference moves in most operators.
var movedTypes = []tflite.TensorType{tflite.Float32, tflite.Int8, tflite.Int16}

// feed returns inputs for a case: data[i] for input i, random where it is nil.
func feed(data ...any) func(step, i int, t tensor.Type) []byte {
	return func(_, i int, _ tensor.Type) []byte {
		if i >= len(data) {
			return nil
		}
		switch x := data[i].(type) {
		case []int32:
			return tensor.Bytes(x)
		case []int64:
			return tensor.Bytes(x)
		case []float32:
			return tensor.Bytes(x)
		case []int8:
			return tensor.Bytes(x)
		case []byte:
			return x
		}
		return nil
	}
}

var noOptions modeltest.Options

var reshapeCases = []opCase{
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
