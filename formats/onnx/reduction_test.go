package onnx_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReductions runs models of one operator each: reductions, products and
// classical machine learning, beyond ONNX's own tests. What they give is what
// ONNX Runtime gives.
func TestReductions(t *testing.T) {
	dirs, err := os.ReadDir("testdata/reduction")
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	for _, d := range dirs {
		t.Run(d.Name(), func(t *testing.T) {
			require.NoError(t, runNode(filepath.Join("testdata/reduction", d.Name()), 1e-6))
		})
	}
}
