package onnx_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/writetest"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func writeCaseNamed(t *testing.T, name string) *writetest.Case {
	for _, c := range writetest.Cases() {
		if c.Name == name {
			return &c
		}
	}
	t.Fatalf("there is no case %q", name)
	return nil
}

// A convolutional network turns its images once, and once more before it
// flattens them; of planes only the second is left.
func TestWriteTransposes(t *testing.T) {
	body := []string{"Conv", "Relu", "MaxPool", "Conv", "Sigmoid", "Mul", "Mul", "Add", "Transpose", "Reshape", "Gemm", "Softmax"}
	assert.Equal(t, body, operators(t, fileOf(t, writeCaseNamed(t, "planar cnn"))))
	assert.Equal(t, append([]string{"Transpose"}, body...), operators(t, fileOf(t, writeCaseNamed(t, "cnn"))))
	assert.Equal(t, []string{"Transpose", "Conv", "Relu", "Transpose"}, operators(t, fileOf(t, writeCaseNamed(t, "batch norm of a conv"))))
}

// The head of the file says who wrote it and what a reader must know; weights and
// the batch have names.
func TestWriteHead(t *testing.T) {
	c := writeCaseNamed(t, "mlp")
	write := func() []byte {
		var w bytes.Buffer
		require.NoError(t, onnx.Write(&w, graphOf(t, c), onnx.WriteOptions{Metadata: map[string]string{"labels": "a b c"}}))
		return w.Bytes()
	}
	file := write()
	m, err := onnx.Parse(file)
	require.NoError(t, err)
	assert.Equal(t, "edgeinfer", m.Producer)
	assert.Equal(t, int64(8), m.IRVersion)
	assert.Equal(t, map[string]int64{"": 17}, m.Opsets)
	assert.Equal(t, map[string]string{"labels": "a b c"}, m.Metadata)
	assert.Equal(t, []onnx.Dim{{Param: "batch"}, {Value: 6, Known: true}}, m.Graph.Inputs[0].Type.Shape)
	assert.Equal(t, []onnx.Dim{{Param: "batch"}, {Value: 3, Known: true}}, m.Graph.Outputs[0].Type.Shape)
	var names []string
	for _, w := range m.Graph.Initializers {
		names = append(names, w.Name)
	}
	assert.Equal(t, []string{"w2", "w3", "w4", "w5"}, names)
	assert.Equal(t, file, write(), "the same graph gives the same bytes")
}

// A batch that was left open holds any number of samples, each with the result
// that it has alone.
func TestWriteOpenBatch(t *testing.T) {
	for _, name := range []string{"cnn of any batch", "attention of any batch"} {
		c := writeCaseNamed(t, name)
		m, err := onnx.Parse(fileOf(t, c))
		require.NoError(t, err)
		back, err := m.Build()
		require.NoError(t, err)
		g := graphOf(t, c)
		one := writetest.Inputs(g)[0]
		want, err := writetest.Run(g, []tensor.View{one})
		require.NoError(t, err)
		three := one
		three.Shape = append([]int{3 * one.Shape[0]}, one.Shape[1:]...)
		three.Data = bytes.Repeat(one.Data, 3)
		got, err := writetest.Run(back, []tensor.View{three})
		require.NoError(t, err)
		want[0].Shape = append([]int{3 * want[0].Shape[0]}, want[0].Shape[1:]...)
		want[0].Data = bytes.Repeat(want[0].Data, 3)
		d, err := writetest.Difference(&want[0], &got[0])
		require.NoError(t, err, name)
		assert.LessOrEqual(t, d, writeTolerance, name)
	}
}

// What ONNX can't say is told before anything is written, all of it.
func TestWriteUnsupported(t *testing.T) {
	b := graph.NewBuilder("g")
	x := b.Input("x", tensor.Of(tensor.F32, 2, 3))
	y := b.Add("first", &op.L2Normalization{Axis: -1}, x)
	y = b.Add("second", &op.L2Normalization{Axis: -1}, b.Add("fine", &op.Abs{}, y))
	g, err := b.Graph(y)
	require.NoError(t, err)
	var w bytes.Buffer
	err = onnx.Write(&w, g, onnx.WriteOptions{})
	var lacks *onnx.UnsupportedError
	require.ErrorAs(t, err, &lacks)
	assert.Equal(t, "onnx", lacks.Format)
	assert.Equal(t, `operator 0 L2Normalization "first"`, lacks.Where)
	assert.ErrorContains(t, err, `"second"`)
	assert.NotContains(t, err.Error(), `"fine"`)
	assert.Empty(t, w.Bytes())

	for name, build := range map[string]func(b *graph.Builder) graph.Value{
		"the variable": func(b *graph.Builder) graph.Value {
			return b.Add("n", &op.Abs{}, b.Var(&graph.Var{Name: "v", Type: tensor.Of(tensor.F32, 2)}))
		},
		"the quantised tensor": func(b *graph.Builder) graph.Value {
			return b.Add("n", &op.Dequantize{}, b.Input("q", tensor.Type{DType: tensor.I8, Shape: []int{2}, Quant: quant.PerTensor(1, 0)}))
		},
	} {
		b := graph.NewBuilder("g")
		g, err := b.Graph(build(b))
		require.NoError(t, err)
		assert.ErrorContains(t, onnx.Write(&w, g, onnx.WriteOptions{}), name)
	}
}

// Inputs that are outputs as well, and outputs that are constant or come twice,
// have names too.
func TestWriteOutputs(t *testing.T) {
	b := writetest.NewBuilder("g")
	x := b.X(2)
	y := b.Relu(x)
	g, err := b.Graph(y, x, y, b.Floats([]int{1}, 3))
	require.NoError(t, err)
	var w bytes.Buffer
	require.NoError(t, onnx.Write(&w, g, onnx.WriteOptions{}))
	m, err := onnx.Parse(w.Bytes())
	require.NoError(t, err)
	back, err := m.Build()
	require.NoError(t, err)
	in := writetest.Inputs(g)
	want, err := writetest.Run(g, in)
	require.NoError(t, err)
	got, err := writetest.Run(back, in)
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

// TestWriteModels writes real models, reads them again, and compares. Those that
// have what can't be written say so.
func TestWriteModels(t *testing.T) {
	cannot := map[string]string{
		"mnist_integer_q":     "IntegerConv",
		"silero_vad_16k_op15": "Deferred",
		"silero_vad_op16_if":  "If",
		"tract_qtdnn":         "IntegerConv",
	}
	files, err := filepath.Glob(filepath.Join(shareddata.Shared(t), "onnx-models", "*", "model.onnx"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file))
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			m, err := onnx.Parse(data)
			require.NoError(t, err)
			g, err := m.Build()
			require.NoError(t, err)
			var w bytes.Buffer
			err = onnx.Write(&w, g, onnx.WriteOptions{})
			if why := cannot[name]; why != "" {
				var lacks *onnx.UnsupportedError
				require.True(t, errors.As(err, &lacks), "%v", err)
				assert.ErrorContains(t, err, why)
				return
			}
			require.NoError(t, err)
			m, err = onnx.Parse(w.Bytes())
			require.NoError(t, err)
			back, err := m.Build()
			require.NoError(t, err)
			in := writetest.Inputs(g)
			want, err := writetest.Run(g, in)
			require.NoError(t, err)
			got, err := writetest.Run(back, in)
			require.NoError(t, err)
			for i := range want {
				d, err := writetest.Difference(&want[i], &got[i])
				require.NoError(t, err)
				assert.LessOrEqual(t, d, writeTolerance, "output %d", i)
			}
		})
	}
}
