//go:build !arm

// An emulator of 32-bit ARM copies files instead of mapping them.

package edgeinfer_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestSessionLeavesTheFile holds that a session whose weights are packed keeps
// nothing of the file in memory but what its runs read.
func TestSessionLeavesTheFile(t *testing.T) {
	const n = 512
	b := graph.NewBuilder("dense")
	x := b.Input("x", tensor.Of(tensor.F32, 1, n))
	w := b.Const("w", tensor.Of(tensor.F32, n, n), tensor.Bytes(make([]float32, n*n)))
	bias := b.Const("bias", tensor.Of(tensor.F32, n), tensor.Bytes(make([]float32, n)))
	g, err := b.Graph(b.Add("y", &op.FullyConnected{KeepDims: true, Epilogue: op.Epilogue{To: op.To{DType: tensor.F32}}}, x, w, bias))
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, onnx.Write(&file, g, onnx.WriteOptions{}))
	path := filepath.Join(t.TempDir(), "dense.onnx")
	require.NoError(t, os.WriteFile(path, file.Bytes(), 0o644))

	m, err := edgeinfer.Load(path)
	require.NoError(t, err)
	defer m.Close()
	for range 2 { // the second time nothing is left to pack
		sum := byte(0)
		for _, v := range m.Graph().Values {
			for _, c := range v.Const {
				sum |= c
			}
		}
		require.Zero(t, sum)
		require.GreaterOrEqual(t, resident(t, path), 4*n*n)
		s, err := m.NewSession(edgeinfer.Options{Threads: 1})
		require.NoError(t, err)
		defer s.Close()
		require.LessOrEqual(t, resident(t, path), 64<<10)
		require.NoError(t, s.Run(), "though what it reads may be gone")
	}
}

// resident returns the bytes of a mapped file that are in the process's memory.
func resident(t *testing.T, path string) int {
	maps, err := os.ReadFile("/proc/self/smaps")
	require.NoError(t, err)
	_, of, ok := strings.Cut(string(maps), path+"\n")
	require.True(t, ok, "the file is mapped")
	_, rss, _ := strings.Cut(of, "\nRss:")
	var kib int
	_, err = fmt.Sscan(rss, &kib)
	require.NoError(t, err)
	return kib << 10
}
