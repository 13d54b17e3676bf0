package onnx_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// halvesOut runs a model with one input on data and returns its first output.
func halvesOut(t *testing.T, m *modeltest.Model, data []byte) *tensor.View {
	t.Helper()
	file, err := onnx.Parse(m.Bytes())
	require.NoError(t, err)
	g, err := file.Build()
	require.NoError(t, err)
	set, err := host.Best()
	require.NoError(t, err)
	p, err := runtime.NewPlan(g, &set, runtime.Options{})
	require.NoError(t, err)
	s, err := p.NewSession(1)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	copy(s.In(0).Data, data)
	require.NoError(t, s.Run())
	return s.Out(0)
}

// TestHalves computes operators of float16 that go by way of float32: the nodes
// that convert the result are added after the operator's own.
func TestHalves(t *testing.T) {
	const one, two, three, four = 0x3C00, 0x4000, 0x4200, 0x4400
	for name, attrs := range map[string][]modeltest.Attribute{
		"MaxPool": {modeltest.Attr("kernel_shape", []int64{1, 1})}, "AveragePool": {modeltest.Attr("kernel_shape", []int64{1, 1})},
		"LpPool":       {modeltest.Attr("kernel_shape", []int64{1, 1})},
		"GlobalLpPool": nil, "GlobalMaxPool": nil, "GlobalAveragePool": nil,
	} {
		m := modeltest.New(22)
		m.Input("x", onnx.Float16, 1, 4, 1, 1)
		m.Node(name, []string{"x"}, []string{"y"}, attrs...)
		m.Output("y", onnx.Float16, 1, 4, 1, 1)
		x := tensor.Bytes([]uint16{one, two, three, four})
		assert.Equal(t, x, halvesOut(t, m, x).Data, name)
	}
}

// TestGemmFloat64 has factors other than 1.
func TestGemmFloat64(t *testing.T) {
	m := modeltest.New(13)
	m.Input("x", onnx.Double, 1, 2)
	m.Const("w", onnx.Double, []int64{2, 1}, []float64{3, 4})
	m.Const("c", onnx.Double, []int64{1}, []float64{10})
	m.Node("Gemm", []string{"x", "w", "c"}, []string{"y"}, modeltest.Attr("alpha", float32(0.5)), modeltest.Attr("beta", float32(2)))
	m.Output("y", onnx.Double, 1, 1)
	assert.Equal(t, []float64{25.5}, halvesOut(t, m, tensor.Bytes([]float64{1, 2})).F64())
}
