package tflite_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/writetest"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func writtenCase(t *testing.T, name string) *writetest.Case {
	for _, c := range writetest.Cases() {
		if c.Name == name {
			return &c
		}
	}
	t.Fatalf("there is no case %q", name)
	return nil
}

// operatorsOf returns a file's operators.
func operatorsOf(t *testing.T, file []byte) (names []string) {
	f, err := tflite.Parse(file)
	require.NoError(t, err)
	for i := range f.Subgraphs[0].Operators {
		names = append(names, f.Subgraphs[0].Operators[i].Name())
	}
	return names
}

// Operators are TensorFlow Lite's own where it has them: activations within, batch
// normalisations folded, padding by PAD only where it must be.
func TestWriteOperators(t *testing.T) {
	for name, want := range map[string][]string{
		"cnn":                 {"CONV_2D", "MAX_POOL_2D", "CONV_2D", "LOGISTIC", "MUL", "MUL", "ADD", "RESHAPE", "FULLY_CONNECTED", "SOFTMAX"},
		"mlp":                 {"FULLY_CONNECTED", "FULLY_CONNECTED"},
		"conv same stride 2":  {"CONV_2D"},
		"conv same lower":     {"PAD", "CONV_2D"},
		"lstm":                {"UNIDIRECTIONAL_SEQUENCE_LSTM"},
		"rnn":                 {"UNIDIRECTIONAL_SEQUENCE_RNN"},
		"average pool counts": {"PAD", "AVERAGE_POOL_2D"},
		"gelu":                {"GELU"},
		"softmax beta":        {"TRANSPOSE", "SOFTMAX", "TRANSPOSE"},
	} {
		assert.Equal(t, want, operatorsOf(t, writtenFile(t, writtenCase(t, name))), name)
	}
}

// An LSTM that is unrolled starts from 0 on each run; the operator goes on from
// where it was.
func TestWriteUnroll(t *testing.T) {
	g := writtenGraph(t, writtenCase(t, "lstm"))
	for _, unroll := range []bool{false, true} {
		var w bytes.Buffer
		require.NoError(t, tflite.Write(&w, g, tflite.WriteOptions{Unroll: unroll}))
		f, err := tflite.Parse(w.Bytes())
		require.NoError(t, err)
		variables := 0
		for _, x := range f.Subgraphs[0].Tensors {
			if x.Variable {
				variables++
			}
		}
		if unroll {
			assert.Zero(t, variables)
			assert.NotContains(t, operatorsOf(t, w.Bytes()), "UNIDIRECTIONAL_SEQUENCE_LSTM")
			continue
		}
		assert.Equal(t, 2, variables)
	}
}

// With an open batch, shapes are those of one sample, and signatures say so; any
// number of samples runs.
func TestWriteOpenBatch(t *testing.T) {
	for _, name := range []string{"cnn of any batch", "attention of any batch", "lstm of any batch", "transposed conv shaped"} {
		c := writtenCase(t, name)
		c.OpenBatch = name != "transposed conv shaped"
		f, err := tflite.Parse(writtenFile(t, c))
		require.NoError(t, err)
		sub := &f.Subgraphs[0]
		x, y := sub.Tensors[sub.Inputs[0]], sub.Tensors[sub.Outputs[0]]
		if !c.OpenBatch {
			assert.Nil(t, x.ShapeSignature, name)
			continue
		}
		assert.Equal(t, int32(1), x.Shape[0], name)
		assert.Equal(t, int32(1), y.Shape[0], name)
		assert.Equal(t, int32(-1), x.ShapeSignature[0], name)
		assert.Equal(t, int32(-1), y.ShapeSignature[0], name)

		g := writtenGraph(t, c)
		in := writetest.Inputs(g)
		want, err := writetest.Run(g, in)
		require.NoError(t, err)
		back, err := f.Graph()
		require.NoError(t, err)
		got, err := writetest.Run(back, in) // as many samples as the graph was made for
		require.NoError(t, err, name)
		d, err := writetest.Difference(&want[0], &got[0])
		require.NoError(t, err, name)
		assert.LessOrEqual(t, d, writeTolerance, name)
	}
}

// The head of the file, metadata and a signature read back.
func TestWriteHead(t *testing.T) {
	g := writtenGraph(t, writtenCase(t, "mlp"))
	write := func() []byte {
		var w bytes.Buffer
		require.NoError(t, tflite.Write(&w, g, tflite.WriteOptions{
			Description: "a test", Signature: "serve", Metadata: map[string][]byte{"m": {1, 2}},
		}))
		return w.Bytes()
	}
	file := write()
	assert.Equal(t, file, write(), "the same graph gives the same bytes")
	f, err := tflite.Parse(file)
	require.NoError(t, err)
	assert.Equal(t, "a test", f.Description)
	assert.Equal(t, map[string][]byte{"m": {1, 2}}, f.Metadata)
	require.Len(t, f.Signatures, 1)
	assert.Equal(t, "serve", f.Signatures[0].Key)
	assert.Equal(t, map[string]int32{"x1": f.Subgraphs[0].Inputs[0]}, f.Signatures[0].Inputs)
	names := map[string]bool{}
	for _, x := range f.Subgraphs[0].Tensors {
		names[x.Name] = true
	}
	for _, w := range []string{"w2", "w3", "w4", "w5"} {
		assert.True(t, names[w], w)
	}
}

// What the format can't say is told before anything is written, all of it.
func TestWriteUnsupported(t *testing.T) {
	b := graph.NewBuilder("g")
	y := b.Add("first", &op.Det{}, b.Input("x", tensor.Of(tensor.F32, 3, 3)))
	y = b.Add("second", &op.Det{}, b.Add("fine", &op.Reshape{Shape: []int{1, 1}}, y))
	g, err := b.Graph(y)
	require.NoError(t, err)
	var w bytes.Buffer
	err = tflite.Write(&w, g, tflite.WriteOptions{})
	var lacks *tflite.UnsupportedError
	require.ErrorAs(t, err, &lacks)
	assert.Equal(t, "tflite", lacks.Format)
	assert.Equal(t, `operator 0 Det "first"`, lacks.Where)
	assert.ErrorContains(t, err, `"second"`)
	assert.Empty(t, w.Bytes())
}

// TestWriteModels writes real models, quantised ones too, reads them again, and
// compares outputs byte for byte. Those that have what can't be written say so.
func TestWriteModels(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shareddata.Shared(t), "tflite", "models", "*", "*.tflite"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	written := 0
	for _, file := range files {
		info, err := os.Stat(file)
		require.NoError(t, err)
		if info.Size() > 1<<19 {
			continue // the small ones have every operator
		}
		g, err := parseFile(t, file).Graph()
		if err != nil {
			continue
		}
		var w bytes.Buffer
		if err := tflite.Write(&w, g, tflite.WriteOptions{}); err != nil {
			var lacks *tflite.UnsupportedError
			assert.True(t, errors.As(err, &lacks), "%s: %v", file, err)
			t.Logf("%s: %v", filepath.Base(file), err)
			continue
		}
		f, err := tflite.Parse(w.Bytes())
		require.NoError(t, err, file)
		back, err := f.Graph()
		require.NoError(t, err, file)
		in := writetest.Inputs(g)
		want, err := writetest.Run(g, in)
		require.NoError(t, err, file)
		got, err := writetest.Run(back, in)
		require.NoError(t, err, file)
		for i := range want {
			assert.Equal(t, want[i].DType, got[i].DType, file)
			if !bytes.Equal(want[i].Data, got[i].Data) {
				d, err := writetest.Difference(&want[i], &got[i])
				t.Errorf("%s output %d: off by %v, %v", filepath.Base(file), i, d, err)
			}
		}
		written++
	}
	assert.Greater(t, written, 20)
}
