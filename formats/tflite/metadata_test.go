package tflite_test

import (
	"archive/zip"
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// metadataTable has each kind of content and process unit.
func metadataTable() modeltest.Table {
	type table = modeltest.Table
	type tables = []table
	union := func(kind uint8, v table) modeltest.Union { return modeltest.Union{Type: kind, Value: v} }
	labels := table{0: "labels.txt", 1: "a description", 2: int8(2), 3: "en"}
	units := tables{
		{0: union(1, table{0: []float32{1, 2}, 1: []float32{3}})},
		{0: union(2, table{0: int8(1), 1: float32(0.5)})},
		{0: union(3, table{0: float32(0.25)})},
		{0: union(4, table{0: tables{labels}})},
		{0: union(5, table{0: tables{labels}, 1: tables{labels}})},
		{0: union(6, table{0: `\W+`, 1: tables{labels}})},
		{0: union(77, table{})},
	}
	contents := tables{
		{0: union(1, table{})},
		{0: union(2, table{0: int8(2), 1: table{0: uint32(8), 1: uint32(6)}}), 2: table{0: int32(1), 1: int32(2)}},
		{0: union(3, table{0: []uint32{1, 0, 3, 2}, 1: int8(1), 2: int8(1)})},
		{0: union(4, table{0: uint32(16000), 1: uint32(1)})},
	}
	var inputs tables
	for _, c := range contents {
		inputs = append(inputs, table{0: "in", 1: "what", 2: []string{"batch", "time"}, 3: c,
			4: units, 5: table{0: []float32{9}, 1: []float32{-9}}, 6: tables{labels}})
	}
	sub := table{0: "sub", 2: inputs, 3: tables{{0: "out"}}, 5: units[:1],
		7: tables{{0: "group", 1: []string{"in"}}}}
	return table{0: "name", 1: "description", 2: "v2", 3: tables{sub}, 4: "me", 5: "Apache-2.0", 6: tables{labels}, 7: "1.2.1"}
}

func described() *modeltest.Model {
	m := modeltest.New()
	m.Metadata(tflite.MetadataName, modeltest.Encode(tflite.MetadataIdentifier, metadataTable()))
	return m
}

func TestMetadata(t *testing.T) {
	f, err := tflite.Parse(described().Bytes())
	require.NoError(t, err)
	m, err := f.ModelMetadata()
	require.NoError(t, err)
	labels := []tflite.AssociatedFile{{Name: "labels.txt", Description: "a description", Locale: "en", Type: tflite.FileTensorAxisLabels}}
	assert.Equal(t, []string{"name", "description", "v2", "me", "Apache-2.0", "1.2.1"},
		[]string{m.Name, m.Description, m.Version, m.Author, m.License, m.MinParserVersion})
	assert.Equal(t, labels, m.Files)
	require.Len(t, m.Subgraphs, 1)
	s := m.Subgraphs[0]
	require.Len(t, s.Inputs, 4)
	assert.Equal(t, tflite.Content{Kind: tflite.ContentFeature}, s.Inputs[0].Content)
	assert.Equal(t, tflite.Content{Kind: tflite.ContentImage, Range: &[2]int32{1, 2},
		Image: &tflite.ImageProperties{ColorSpace: tflite.ColorGrayscale, Width: 8, Height: 6}}, s.Inputs[1].Content)
	assert.Equal(t, &tflite.BoundingBoxProperties{Index: []uint32{1, 0, 3, 2}, Type: tflite.BoxBoundaries,
		Coordinate: tflite.CoordinatePixel}, s.Inputs[2].Content.BoundingBox)
	assert.Equal(t, &tflite.AudioProperties{SampleRate: 16000, Channels: 1}, s.Inputs[3].Content.Audio)
	in := s.Inputs[0]
	assert.Equal(t, []tflite.ProcessUnit{
		{Kind: tflite.UnitNormalization, Mean: []float32{1, 2}, Std: []float32{3}},
		{Kind: tflite.UnitScoreCalibration, Transformation: tflite.ScoreLog, DefaultScore: 0.5},
		{Kind: tflite.UnitScoreThresholding, Threshold: 0.25},
		{Kind: tflite.UnitBertTokenizer, Vocabulary: labels},
		{Kind: tflite.UnitSentencePieceTokenizer, Models: labels, Vocabulary: labels},
		{Kind: tflite.UnitRegexTokenizer, Pattern: `\W+`, Vocabulary: labels},
		{Kind: 77},
	}, in.Units)
	assert.Equal(t, "ProcessUnitKind(77)", in.Units[6].Kind.String())
	assert.Equal(t, []string{"batch", "time"}, in.DimensionNames)
	assert.Equal(t, []float32{-9}, in.Min)
	assert.Equal(t, []float32{9}, in.Max)
	assert.Equal(t, labels, in.Files)
	assert.Equal(t, in.Units[:1], s.InputUnits)
	assert.Equal(t, []tflite.TensorGroup{{Name: "group", Tensors: []string{"in"}}}, s.InputGroups)
	assert.Equal(t, "out", s.Outputs[0].Name)
}

func TestWrongMetadata(t *testing.T) {
	_, err := tflite.ParseMetadata([]byte("abcdefghijkl"))
	assert.EqualError(t, err, `tflite: metadata: the identifier is "efgh" where "M001" belongs`)
	good := modeltest.Encode(tflite.MetadataIdentifier, metadataTable())
	for n := range len(good) - 4 { // the last string's zero and padding are not read
		_, err := tflite.ParseMetadata(good[:n:n])
		assert.ErrorContains(t, err, "tflite: metadata: ")
	}
}

// archive returns a zip of files, each of n bytes.
func archive(t *testing.T, n int, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write(bytes.Repeat([]byte("a"), n))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func filesOf(t *testing.T, appended []byte) (map[string][]byte, error) {
	t.Helper()
	f, err := tflite.Parse(append(small().Bytes(), appended...))
	require.NoError(t, err)
	return f.AssociatedFiles()
}

func TestAssociatedFiles(t *testing.T) {
	files, err := filesOf(t, archive(t, 2, "labels.txt", "dir/vocab.txt"))
	require.NoError(t, err)
	assert.Equal(t, map[string][]byte{"labels.txt": []byte("aa"), "dir/vocab.txt": []byte("aa")}, files)

	files, err = filesOf(t, nil)
	assert.NoError(t, err)
	assert.Nil(t, files)

	_, err = filesOf(t, archive(t, 40<<20, "a", "b"))
	assert.ErrorContains(t, err, `associated file "b": the files unpack to more than`)

	bad := archive(t, 100, "labels.txt")
	bad[40] ^= 0xff
	_, err = filesOf(t, bad)
	assert.ErrorContains(t, err, `associated file "labels.txt": `)
	cut := archive(t, 100, "labels.txt")
	_, err = filesOf(t, cut[60:])
	assert.ErrorContains(t, err, "associated file")
}
