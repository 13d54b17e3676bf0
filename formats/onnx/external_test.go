package onnx_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	mt "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
)

// external returns a model with one tensor of four bytes in another file.
func external(t *testing.T, entries ...string) (*onnx.Model, *onnx.Tensor) {
	t.Helper()
	m := mt.New(17)
	m.Initializer(mt.ExternalTensor("e", onnx.Uint8, []int64{4}, entries...))
	got := parse(t, m.Bytes())
	require.True(t, got.HasExternal())
	return got, got.Graph.Initializers[0]
}

func TestLoadExternal(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "sub"), 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "sub", "w.bin"), []byte("0123456789"), 0o666))
	for _, c := range []struct {
		entries []string
		want    string
	}{
		{[]string{"location", "sub/w.bin", "length", "4"}, "0123"},
		{[]string{"location", "./sub/w.bin", "offset", "3", "length", "4", "checksum", "ignored"}, "3456"},
		{[]string{"location", "sub/w.bin", "offset", "6"}, "6789"},
	} {
		m, x := external(t, c.entries...)
		_, err := x.Bytes()
		require.ErrorContains(t, err, `which is not loaded`)
		require.NoError(t, m.LoadExternal(dir, 4))
		got, err := x.Bytes()
		require.NoError(t, err)
		assert.Equal(t, c.want, string(got))
		require.NoError(t, m.LoadExternal(dir, 0), "everything is there already")
	}
}

// Tensors of attributes, in graphs within graphs, are loaded too.
func TestLoadExternalNested(t *testing.T) {
	then := mt.NewGraph("then")
	then.Node("Constant", nil, []string{"c"},
		mt.Attr("value", mt.TensorValue(mt.ExternalTensor("e", onnx.Uint8, []int64{2}, "location", "w"))))
	m := mt.New(17)
	m.Node("If", []string{"x"}, []string{"y"}, mt.Attr("then_branch", then))
	got := parse(t, m.Bytes())
	require.NoError(t, got.LoadExternalFS(fstest.MapFS{"w": {Data: []byte("ab")}}, 2))
	x, err := got.Graph.Nodes[0].Attributes[0].Graph.Nodes[0].Attributes[0].Tensor.Bytes()
	require.NoError(t, err)
	assert.Equal(t, "ab", string(x))
}

func TestLoadExternalErrors(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "model")
	require.NoError(t, os.Mkdir(dir, 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(top, "secret"), []byte("0123"), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "w"), []byte("0123"), 0o666))
	require.NoError(t, os.Symlink("../secret", filepath.Join(dir, "link")))
	for _, c := range []struct {
		entries []string
		limit   int64
		want    string
	}{
		{[]string{"location", "../secret"}, 4, `onnx: tensor "e": file "../secret": the path does not stay in the model's folder`},
		{[]string{"location", "a/../w"}, 4, "does not stay"},
		{[]string{"location", filepath.Join(top, "secret")}, 4, "does not stay"},
		{[]string{"location", "link"}, 4, "escapes"},
		{[]string{"location", "missing"}, 4, "no such file"},
		{[]string{"location", "."}, 4, "is not a regular file"},
		{[]string{"location", "w", "offset", "1"}, 4, "3 bytes of data do not make UINT8 [4]"},
		{[]string{"location", "w", "offset", "1", "length", "4"}, 4, "4 bytes at 1 lie outside the file of 4 bytes"},
		{[]string{"location", "w", "offset", "9223372036854775807"}, 4, "lie outside"},
		{[]string{"location", "w"}, 3, "4 bytes are more than what is left of the limit, 3"},
	} {
		m, _ := external(t, c.entries...)
		assert.ErrorContains(t, m.LoadExternal(dir, c.limit), c.want)
	}
	m, _ := external(t, "location", "missing")
	assert.ErrorIs(t, m.LoadExternal(dir, 4), fs.ErrNotExist)
}

// A file that can neither seek nor be read at an offset is read through.
func TestLoadExternalStream(t *testing.T) {
	m, x := external(t, "location", "w", "offset", "2")
	require.NoError(t, m.LoadExternalFS(streams{fstest.MapFS{"w": {Data: []byte("xx0123")}}}, 4))
	got, err := x.Bytes()
	require.NoError(t, err)
	assert.Equal(t, "0123", string(got))
}

type streams struct{ fs.FS }

func (s streams) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	return struct{ fs.File }{f}, err
}
