package onnx_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	mt "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// operandOf is an input of a node under test: a constant, or an input of the
// model whose dimensions the file doesn't tell.
type operandOf struct {
	t     onnx.DataType
	shape []int
	data  []byte
	known bool
}

func operand[T tensor.Element](t onnx.DataType, shape []int, x ...T) *operandOf {
	return &operandOf{t: t, shape: shape, data: tensor.Bytes(x)}
}

func (o operandOf) constant() *operandOf {
	o.known = true
	return &o
}

// oneNode is a model of one node; its last output is the model's.
type oneNode struct {
	domain, op string
	opset      int64
	attrs      []mt.Attribute
	in         []*operandOf // nil for one that is left out
	outputs    int          // 0 means 1
}

// file writes the model.
func (c oneNode) file() []byte {
	m := mt.New(c.opset)
	if c.domain != "" {
		m.Opset(c.domain, 1)
	}
	var names []string
	for i, x := range c.in {
		if x == nil {
			names = append(names, "")
			continue
		}
		names = append(names, fmt.Sprint("x", i))
		if !x.known {
			m.Input(names[i], x.t, make([]any, len(x.shape))...)
			continue
		}
		dims := make([]int64, len(x.shape))
		for k, d := range x.shape {
			dims[k] = int64(d)
		}
		m.Const(names[i], x.t, dims, x.data)
	}
	outputs := []string{"y0"}
	for i := 1; i < c.outputs; i++ {
		outputs = append(outputs, fmt.Sprint("y", i))
	}
	m.NodeOf(c.domain, c.op, names, outputs, c.attrs...)
	m.Output(outputs[len(outputs)-1], onnx.Float)
	return m.Bytes()
}

// run builds the model, plans it for the operands' shapes, and runs it.
func (c oneNode) run() (out tensor.View, err error) {
	m, err := onnx.Parse(c.file())
	if err != nil {
		return out, err
	}
	g, err := m.Build()
	if err != nil {
		return out, err
	}
	in := slices.DeleteFunc(slices.Clone(c.in), func(x *operandOf) bool { return x == nil || x.known })
	var shapes [][]int
	for _, x := range in {
		shapes = append(shapes, x.shape)
	}
	kernels, err := host.Best()
	if err != nil {
		return out, err
	}
	p, err := runtime.NewPlan(g, &kernels, runtime.Options{Shapes: shapes})
	if err != nil {
		return out, err
	}
	s, err := p.NewSession(1)
	if err != nil {
		return out, err
	}
	defer s.Close()
	for i, x := range in {
		copy(s.In(i).Data, x.data)
	}
	err = s.Run()
	out = *s.Out(0)
	out.Data = slices.Clone(out.Data)
	return out, err
}

var (
	elementwiseX = operand(onnx.Float, []int{2, 2}, -2, -0.5, float32(math.NaN()), 3)
	inf          = float32(math.Inf(1))
	nan          = float32(math.NaN())
)

func TestElementwise(t *testing.T) {
	one := operand(onnx.Float, nil, float32(1))
	two := operand(onnx.Float, nil, float32(2))
	for name, c := range map[string]struct {
		oneNode
		want any
	}{
		"max propagates NaN": {oneNode{op: "Max", opset: 13, in: []*operandOf{elementwiseX, one}}, []float32{1, 1, nan, 3}},
		"min propagates NaN": {oneNode{op: "Min", opset: 13, in: []*operandOf{one, elementwiseX}}, []float32{-2, -0.5, nan, 1}},
		"relu keeps NaN":     {oneNode{op: "Relu", opset: 14, in: []*operandOf{elementwiseX}}, []float32{0, 0, nan, 3}},
		"sign keeps NaN":     {oneNode{op: "Sign", opset: 13, in: []*operandOf{elementwiseX}}, []float32{-1, -1, nan, 1}},
		"clip by constants":  {oneNode{op: "Clip", opset: 13, in: []*operandOf{elementwiseX, one.constant(), two.constant()}}, []float32{1, 1, nan, 2}},
		"clip by inputs":     {oneNode{op: "Clip", opset: 13, in: []*operandOf{elementwiseX, one, two}}, []float32{1, 1, nan, 2}},
		"clip whose bounds cross": {oneNode{op: "Clip", opset: 13,
			in: []*operandOf{elementwiseX, two.constant(), one.constant()}}, []float32{1, 1, nan, 1}},
		"clip of opset 6": {oneNode{op: "Clip", opset: 6, in: []*operandOf{elementwiseX}, attrs: []mt.Attribute{mt.Attr("max", float32(0))}},
			[]float32{-2, -0.5, nan, 0}},
		"squared": {oneNode{op: "Pow", opset: 15, in: []*operandOf{elementwiseX, two.constant()}}, []float32{4, 0.25, nan, 9}},
		"squared integers": {oneNode{op: "Pow", opset: 15, in: []*operandOf{operand[int32](onnx.Int32, []int{2}, -3, 5),
			operand[int64](onnx.Int64, []int{1}, 2).constant()}}, []int32{9, 25}},
		"integers to the power of floats": {oneNode{op: "Pow", opset: 15,
			in: []*operandOf{operand[int32](onnx.Int32, []int{3}, 2, 3, -4), operand[float32](onnx.Float, []int{3}, 0.5, -1, 3)}}, []int32{1, 0, -64}},
		"integers to negative powers": {oneNode{op: "Pow", opset: 15,
			in: []*operandOf{operand[int64](onnx.Int64, []int{4}, 2, 1, -1, -1), operand[int64](onnx.Int64, []int{4}, -1, -3, -3, -2)}}, []int64{0, 1, -1, 1}},
		"mod has the divisor's sign": {oneNode{op: "Mod", opset: 13,
			in: []*operandOf{operand[int8](onnx.Int8, []int{4}, 7, -7, 7, -7), operand[int8](onnx.Int8, []int{4}, 3, 3, -3, -3)}}, []int8{1, 2, -2, -1}},
		"shifts by the width": {oneNode{op: "BitShift", opset: 11, attrs: []mt.Attribute{mt.Attr("direction", "LEFT")},
			in: []*operandOf{operand[uint8](onnx.Uint8, []int{2}, 255, 255), operand[uint8](onnx.Uint8, []int{2}, 7, 8)}}, []uint8{128, 0}},
		"axis of opset 6": {oneNode{op: "Add", opset: 6, attrs: []mt.Attribute{mt.Attr("broadcast", 1), mt.Attr("axis", 0)},
			in: []*operandOf{operand[float32](onnx.Float, []int{2, 2}, 1, 2, 3, 4), operand[float32](onnx.Float, []int{2}, 10, 20)}}, []float32{11, 12, 23, 24}},
		"cast by name":   {oneNode{op: "Cast", opset: 1, attrs: []mt.Attribute{mt.Attr("to", "INT32")}, in: []*operandOf{operand[float32](onnx.Float, []int{2}, 1.9, -1.9)}}, []int32{1, -1}},
		"mask":           {oneNode{op: "Dropout", opset: 13, outputs: 2, in: []*operandOf{elementwiseX}}, []uint8{1, 1, 1, 1}},
		"mask of floats": {oneNode{op: "Dropout", opset: 7, outputs: 2, in: []*operandOf{elementwiseX}}, []float32{1, 1, 1, 1}},
		"infinities": {oneNode{op: "IsInf", opset: 20, attrs: []mt.Attribute{mt.Attr("detect_positive", 0)},
			in: []*operandOf{operand(onnx.Float, []int{3}, inf, -inf, nan)}}, []uint8{0, 1, 0}},
		"large softplus": {oneNode{op: "Softplus", opset: 1, in: []*operandOf{operand[float32](onnx.Float, []int{2}, 1000, -1000)}}, []float32{1000, 0}},
		"empty":          {oneNode{op: "Mean", opset: 13, in: []*operandOf{operand[float32](onnx.Float, []int{0, 2}), one}}, []float32{}},
		"bias":           {oneNode{domain: "com.microsoft", op: "FastGelu", opset: 17, in: []*operandOf{operand[float32](onnx.Float, []int{1}, 99), one}}, []float32{100}},
	} {
		got, err := c.run()
		require.NoError(t, err, name)
		switch want := c.want.(type) {
		case []float32:
			assert.Equal(t, fmt.Sprint(want), fmt.Sprint(got.F32()), name) // NaN as well
		case []int8:
			assert.Equal(t, want, got.I8(), name)
		case []uint8:
			assert.Equal(t, want, got.U8(), name)
		case []int32:
			assert.Equal(t, want, got.I32(), name)
		case []int64:
			assert.Equal(t, want, got.I64(), name)
		}
	}
}

func TestElementwiseErrors(t *testing.T) {
	zero := operand[int16](onnx.Int16, []int{1}, 0)
	bools := operand[uint8](onnx.Bool, []int{1}, 1)
	for name, c := range map[string]struct {
		oneNode
		want string
	}{
		"shapes":     {oneNode{op: "Add", opset: 14, in: []*operandOf{operand[int8](onnx.Int8, []int{2}, 1, 2), operand[int8](onnx.Int8, []int{3}, 1, 2, 3)}}, "do not broadcast"},
		"types":      {oneNode{op: "Add", opset: 14, in: []*operandOf{zero, bools}}, "want the same type"},
		"bools":      {oneNode{op: "Mul", opset: 14, in: []*operandOf{bools, bools}}, "bool as type of input 0"},
		"by zero":    {oneNode{op: "Div", opset: 14, in: []*operandOf{zero, zero}}, "division by 0"},
		"modulo":     {oneNode{op: "Mod", opset: 13, in: []*operandOf{zero, zero}}, "division by 0"},
		"nothing":    {oneNode{op: "Sum", opset: 13}, "0 inputs"},
		"direction":  {oneNode{op: "BitShift", opset: 11, in: []*operandOf{zero, zero}}, "direction"},
		"signed":     {oneNode{op: "BitShift", opset: 11, attrs: []mt.Attribute{mt.Attr("direction", "LEFT")}, in: []*operandOf{zero, zero}}, "int16"},
		"float8":     {oneNode{op: "Cast", opset: 19, attrs: []mt.Attribute{mt.Attr("to", int(onnx.Float8E5M2))}, in: []*operandOf{zero}}, "FLOAT8E5M2"},
		"no type":    {oneNode{op: "Cast", opset: 19, in: []*operandOf{zero}}, `"to"`},
		"sizes":      {oneNode{op: "BitCast", opset: 26, attrs: []mt.Attribute{mt.Attr("to", int(onnx.Int8))}, in: []*operandOf{zero}}, "sizes must be equal"},
		"celu":       {oneNode{op: "Celu", opset: 12, attrs: []mt.Attribute{mt.Attr("alpha", float32(0))}, in: []*operandOf{elementwiseX}}, "alpha is 0"},
		"gelu":       {oneNode{op: "Gelu", opset: 20, attrs: []mt.Attribute{mt.Attr("approximate", "erf")}, in: []*operandOf{elementwiseX}}, `"erf"`},
		"axis":       {oneNode{op: "Add", opset: 6, attrs: []mt.Attribute{mt.Attr("axis", -20)}, in: []*operandOf{elementwiseX, elementwiseX}}, "at this axis"},
		"axis type":  {oneNode{op: "Add", opset: 6, attrs: []mt.Attribute{mt.Attr("axis", "x")}, in: []*operandOf{elementwiseX, elementwiseX}}, "want an integer"},
		"xor":        {oneNode{op: "Xor", opset: 7, in: []*operandOf{zero, zero}}, "bool is"},
		"four clips": {oneNode{op: "Clip", opset: 13, in: []*operandOf{elementwiseX, nil, nil, zero}}, "input"},
	} {
		_, err := c.run()
		assert.ErrorContains(t, err, c.want, name)
	}
}

// TestElementwiseStrange gives every operator operands that it doesn't expect:
// it may refuse them, but not panic.
func TestElementwiseStrange(t *testing.T) {
	x := []*operandOf{nil, operand[float32](onnx.Float, nil, 2), operand[uint8](onnx.Bool, []int{2}, 1, 0), elementwiseX,
		operand[int64](onnx.Int64, []int{0}), operand[uint16](onnx.Float16, []int{1, 1, 1, 1, 1, 1, 1, 1, 1}, 7), operand[uint8](onnx.Uint8, []int{2}, 1, 0).constant()}
	attrs := []mt.Attribute{mt.Attr("alpha", nan), mt.Attr("axis", 1), mt.Attr("to", 7), mt.Attr("direction", "RIGHT"), mt.Attr("min", inf), mt.Attr("lambd", -inf)}
	ran := map[string]bool{}
	names := []string{"Add", "Sub", "Mul", "Div", "Mod", "Pow", "Sum", "Max", "Min", "Mean", "And", "Or", "Xor", "BitwiseAnd",
		"BitShift", "Equal", "Less", "Where", "Abs", "Neg", "BitwiseNot", "Not", "Exp", "Erf", "IsNaN", "IsInf", "Relu", "LeakyRelu", "PRelu",
		"Sigmoid", "Gelu", "Celu", "Shrink", "Clip", "Cast", "CastLike", "BitCast", "Dropout", "HardSigmoid", "ThresholdedRelu"}
	for _, name := range names {
		for _, opset := range []int64{6, 13} {
			for i := range len(x) * len(x) * 4 {
				a, b := x[i%len(x)], x[i/len(x)%len(x)]
				in := []*operandOf{a, b, b}[:i/len(x)/len(x)]
				_, err := oneNode{op: name, opset: opset, attrs: attrs, in: in, outputs: 1 + i%2}.run()
				if err == nil {
					ran[name] = true
				}
			}
		}
	}
	assert.Len(t, ran, len(names), "each runs on some of them")
}
