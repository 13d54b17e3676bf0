package onnx_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestBFloat16 adds a weight of bfloat16, and rounds.
func TestBFloat16(t *testing.T) {
	m := modeltest.New(21)
	m.Input("x", onnx.Float, 6)
	m.Const("w", onnx.BFloat16, []int64{1}, []uint16{0x3f80}) // 1
	m.Node("Cast", []string{"x"}, []string{"a"}, modeltest.Attr("to", int64(onnx.BFloat16)))
	m.Node("Mul", []string{"a", "w"}, []string{"y"})
	m.Output("y", onnx.BFloat16, 6)
	inf, nan := float32(math.Inf(-1)), float32(math.NaN())
	// The steps between 1 and 2 are 2^-7.
	x := []float32{1, 1 + 0x1p-8, 1 + 0x3p-8, -1 - 0x1.01p-8, inf, nan}
	got := halvesOut(t, m, tensor.Bytes(x)).F32()
	assert.Equal(t, []float32{1, 1, 1 + 0x1p-6, -1 - 0x1p-7, inf}, got[:5])
	assert.True(t, got[5] != got[5])
}

// TestNarrowIntegers dequantises weights of 4 and 2 bits, and quantises to them.
func TestNarrowIntegers(t *testing.T) {
	for _, c := range []struct {
		d    onnx.DataType
		data []byte
		want []float32
		back []byte
	}{
		{onnx.Uint4, []byte{0xF0, 0x01}, []float32{0, 15, 1}, []byte{0, 15, 9}},
		{onnx.Uint2, []byte{0b10_01_00 | 3<<6}, []float32{0, 1, 2}, []byte{0, 3, 3}},
		{onnx.Int2, []byte{0b10_01_00}, []float32{0, 1, -2}, []byte{0xfe, 1, 1}},
	} {
		m := modeltest.New(25)
		m.Input("x", onnx.Float, 3)
		m.Const("w", c.d, []int64{3}, c.data)
		m.Const("scale", onnx.Float, []int64{}, []float32{1})
		m.Const("zero", c.d, []int64{}, []byte{0})
		m.Node("DequantizeLinear", []string{"w", "scale"}, []string{"f"})
		m.Node("Mul", []string{"f", "x"}, []string{"y"})
		m.Output("y", onnx.Float, 3)
		assert.Equal(t, c.want, halvesOut(t, m, tensor.Bytes([]float32{1, 1, 1})).F32(), c.d)

		for _, in := range [][]string{{"x", "scale", "zero"}, {"x", "scale"}} {
			m = modeltest.New(25)
			m.Input("x", onnx.Float, 3)
			m.Const("scale", onnx.Float, []int64{}, []float32{1})
			m.Const("zero", c.d, []int64{}, []byte{0})
			m.Node("QuantizeLinear", in, []string{"y"}, modeltest.Attr("output_dtype", int64(c.d)))
			m.Output("y", c.d, 3)
			assert.Equal(t, c.back, halvesOut(t, m, tensor.Bytes([]float32{-7, 70, 9})).Data, c.d)
		}
	}
}

// TestTypesThatLack are told all at once, with the names of their tensors.
func TestTypesThatLack(t *testing.T) {
	m := modeltest.New(21)
	m.Input("text", onnx.String, 2)
	m.Input("wave", onnx.Complex64, 2)
	m.InputOf("table", modeltest.MapType(onnx.Int64, modeltest.TensorType(onnx.Float)))
	m.Input("x", onnx.Float, 2)
	m.Const("w8", onnx.Float8E4M3FN, []int64{2}, []byte{1, 2})
	m.Node("Cast", []string{"x"}, []string{"c"}, modeltest.Attr("to", int64(onnx.Float8E5M2)))
	m.Node("StringNormalizer", []string{"text"}, []string{"s"})
	m.Node("Add", []string{"x", "w8"}, []string{"y"})
	m.Output("y", onnx.Float, 2)
	file, err := onnx.Parse(m.Bytes())
	require.NoError(t, err)
	_, err = file.Build()
	var missing *onnx.MissingError
	require.ErrorAs(t, err, &missing)
	var names []string
	for _, x := range missing.Missing {
		names = append(names, x.Name+" "+x.Label)
	}
	assert.Equal(t, []string{"initializer w8", "input text", "input wave", "input table", "Cast Cast_c", "StringNormalizer StringNormalizer_s"}, names)
	assert.ErrorContains(t, err, `initializer "w8": element type FLOAT8E4M3FN is not supported`)
}
