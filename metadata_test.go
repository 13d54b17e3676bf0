package edgeinfer_test

import (
	"archive/zip"
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/onnx"
	onnxtest "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// withMetadata returns a model whose metadata says how its input is normalised
// and where its labels are, and that has files behind it.
func withMetadata(t *testing.T, files map[string]string) []byte {
	t.Helper()
	m := through(tflite.Float32, 3)
	type table = modeltest.Table
	m.Metadata(tflite.MetadataName, modeltest.Encode(tflite.MetadataIdentifier, table{3: []table{{
		2: []table{{0: "picture", 4: []table{{0: modeltest.Union{Type: uint8(tflite.UnitNormalization), Value: table{0: []float32{127.5}, 1: []float32{2}}}}}}},
		3: []table{{0: "class", 6: []table{{0: "labels.txt", 2: int8(tflite.FileTensorAxisLabels)}}}},
	}}}))
	var zipped bytes.Buffer
	w := zip.NewWriter(&zipped)
	for name, text := range files {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return append(m.Bytes(), zipped.Bytes()...)
}

func TestMetadata(t *testing.T) {
	m, err := edgeinfer.LoadBytes(withMetadata(t, map[string]string{"labels.txt": "a\nb\n", "other.txt": "x"}))
	require.NoError(t, err)
	in, err := m.InputMetadata(0)
	require.NoError(t, err)
	mean, std := edgeinfer.Normalisation(in)
	assert.Equal(t, []float32{127.5}, mean)
	assert.Equal(t, []float32{2}, std)
	in, err = m.InputMetadata(1)
	require.NoError(t, err)
	assert.Nil(t, in)
	labels, err := m.LabelFile(0)
	require.NoError(t, err)
	assert.Equal(t, "a\nb\n", string(labels))
}

func TestMetadataNamesAMissingFile(t *testing.T) {
	m, err := edgeinfer.LoadBytes(withMetadata(t, map[string]string{"other.txt": "x"}))
	require.NoError(t, err)
	_, err = m.LabelFile(0)
	require.ErrorContains(t, err, `names the labels "labels.txt", which the file does not have`)
}

// A text file that is an input's is no file of labels.
func TestVocabularyIsNoLabels(t *testing.T) {
	m := through(tflite.Float32, 3)
	type table = modeltest.Table
	m.Metadata(tflite.MetadataName, modeltest.Encode(tflite.MetadataIdentifier, table{3: []table{{
		2: []table{{6: []table{{0: "words.txt", 2: int8(tflite.FileVocabulary)}}}}}}}))
	var zipped bytes.Buffer
	w := zip.NewWriter(&zipped)
	_, err := w.Create("words.txt")
	require.NoError(t, err)
	require.NoError(t, w.Close())
	loaded, err := edgeinfer.LoadBytes(append(m.Bytes(), zipped.Bytes()...))
	require.NoError(t, err)
	labels, err := loaded.LabelFile(0)
	require.NoError(t, err)
	assert.Nil(t, labels)
}

func TestNoMetadata(t *testing.T) {
	m, err := edgeinfer.LoadBytes(through(tflite.Float32, 3).Bytes())
	require.NoError(t, err)
	in, err := m.InputMetadata(0)
	require.NoError(t, err)
	assert.Nil(t, in)
	mean, std := edgeinfer.Normalisation(in)
	assert.Nil(t, mean)
	assert.Nil(t, std)
	labels, err := m.LabelFile(0)
	require.NoError(t, err)
	assert.Nil(t, labels)
}

func TestProperty(t *testing.T) {
	m := through(tflite.Float32, 3)
	m.Metadata("edgeinfer.task", []byte("task: embed"))
	o := onnxtest.New(16)
	o.Metadata("edgeinfer.task", "task: embed")
	o.Input("x", onnx.Float, 3)
	o.Node("Relu", []string{"x"}, []string{"y"})
	o.Output("y", onnx.Float, 3)
	for _, data := range [][]byte{m.Bytes(), o.Bytes()} {
		m, err := edgeinfer.LoadBytes(data)
		require.NoError(t, err)
		got, ok := m.Property("edgeinfer.task")
		assert.True(t, ok)
		assert.Equal(t, "task: embed", got)
		_, ok = m.Property("other")
		assert.False(t, ok)
	}
}
