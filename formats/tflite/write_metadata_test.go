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

// TestEncodeMetadata holds that what was read is written alike, each kind of field.
func TestEncodeMetadata(t *testing.T) {
	want, err := tflite.ParseMetadata(modeltest.Encode(tflite.MetadataIdentifier, metadataTable()))
	require.NoError(t, err)
	want.Subgraphs[0].Files = want.Files
	want.Subgraphs[0].OutputUnits, want.Subgraphs[0].OutputGroups = want.Subgraphs[0].InputUnits, want.Subgraphs[0].InputGroups
	data, err := want.Encode()
	require.NoError(t, err)
	got, err := tflite.ParseMetadata(data)
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

// TestWriteFiles holds that files lie behind the model as readers of zip archives
// find them: not packed, at offsets from the beginning.
func TestWriteFiles(t *testing.T) {
	g := writtenGraph(t, writtenCase(t, "mlp"))
	meta := tflite.ModelMetadata{Subgraphs: []tflite.SubgraphMetadata{{Outputs: []tflite.TensorMetadata{{
		Files: []tflite.AssociatedFile{{Name: "labels.txt", Type: tflite.FileTensorAxisLabels}}}}}}}
	text, err := meta.Encode()
	require.NoError(t, err)
	files := map[string][]byte{"labels.txt": []byte("ant\nbee\n"), "more.txt": []byte("x")}
	var plain, w bytes.Buffer
	o := tflite.WriteOptions{Metadata: map[string][]byte{tflite.MetadataName: text}}
	require.NoError(t, tflite.Write(&plain, g, o))
	o.Files = files
	require.NoError(t, tflite.Write(&w, g, o))
	assert.True(t, bytes.HasPrefix(w.Bytes(), plain.Bytes()))
	f, err := tflite.Parse(w.Bytes())
	require.NoError(t, err)
	got, err := f.AssociatedFiles()
	require.NoError(t, err)
	assert.Equal(t, files, got)
	m, err := f.ModelMetadata()
	require.NoError(t, err)
	assert.Equal(t, &meta, m)
	z, err := zip.NewReader(bytes.NewReader(w.Bytes()), int64(w.Len()))
	require.NoError(t, err)
	for _, e := range z.File {
		assert.Equal(t, zip.Store, e.Method)
		at, err := e.DataOffset()
		require.NoError(t, err)
		assert.Equal(t, files[e.Name], w.Bytes()[at:at+int64(e.UncompressedSize64)])
	}
}
