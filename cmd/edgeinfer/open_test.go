package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/formats/onnx"
	mt "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
)

// TestOpenDimensions has a model that can't run where sizes are 1: the message says
// which the open ones are, and with sizes the commands work.
func TestOpenDimensions(t *testing.T) {
	m := mt.New(17)
	m.Input("x", onnx.Float, "batch", 1, "time")
	m.Input("y", onnx.Float, 3, nil)
	m.Const("w", onnx.Float, []int64{1, 1, 3}, []float32{1, 2, 3})
	m.Node("Conv", []string{"x", "w"}, []string{"z0"})
	m.Node("Reshape", []string{"z0", "flat"}, []string{"z1"})
	m.Const("flat", onnx.Int64, []int64{2}, []int64{1, -1})
	m.Node("MatMul", []string{"z1", "y"}, []string{"z"})
	m.Output("z", onnx.Float, nil, nil)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "m.onnx"), m.Bytes(), 0o666))
	for _, args := range [][]string{{"inspect", "m.onnx"}, {"verify", "m.onnx"}, {"bench", "m.onnx", "--seconds", "0.01"}} {
		got := edgeinferIn(t, dir, "", args...)
		assert.Equal(t, codeInvalid, got.code, args)
		assert.Contains(t, got.stderr, `open dimensions were taken as 1, of the inputs "x" float32[batch 1 time], "y" float32[3 ?]: give sizes that fit with --shape x=N,N,N`)
		got = edgeinferIn(t, dir, "", append(args, "--shape", "x=1,1,5")...)
		assert.Equal(t, codeDone, got.code, got.stderr)
	}
	array(t, dir, "x.npy", npy.Float32, []int{1, 1, 5}, make([]byte, 20))
	array(t, dir, "y.npy", npy.Float32, []int{3, 2}, make([]byte, 24))
	got := edgeinferIn(t, dir, "", "run", "m.onnx", "x.npy", "y.npy")
	assert.Equal(t, codeDone, got.code, got.stderr)
}
