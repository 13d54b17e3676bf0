package onnx_test

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/internal/testdata"
)

var _ = bufio.NewReader
var _ = strings.Fields

func TestSharedModels(t *testing.T) {
	dir := testdata.Shared(t)
	for _, sub := range []string{"onnx-node", "onnx-models"} {
		models := 0
		err := filepath.WalkDir(filepath.Join(dir, sub), func(path string, _ fs.DirEntry, err error) error {
			require.NoError(t, err)
			if filepath.Ext(path) != ".onnx" {
				return nil
			}
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			m, err := onnx.Parse(data)
			if assert.NoError(t, err, path) {
				models++
				_ = m
			}
			return nil
		})
		require.NoError(t, err)
		require.NotZero(t, models)
	}
}
