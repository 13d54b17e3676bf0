package onnx_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

// counts is what a folder of models holds, graphs within graphs included.
type counts struct{ models, graphs, nodes, initializers int }

// sharedCounts were taken with the Python package onnx, whose tensors' bytes,
// names and attributes were the same as ours as well.
var sharedCounts = map[string]counts{
	"onnx-models/keras_mlp":               {1, 1, 6, 4},
	"onnx-models/mlperf":                  {3, 3, 149, 252},
	"onnx-models/mnist_8":                 {1, 1, 12, 8},
	"onnx-models/mnist_integer_q":         {1, 1, 25, 20},
	"onnx-models/silero_vad_16k_op15":     {1, 25, 350, 15},
	"onnx-models/silero_vad_op16_if":      {1, 51, 689, 0},
	"onnx-models/tract_bidi_lstm_nnsplit": {1, 1, 27, 13},
	"onnx-models/tract_qtdnn":             {1, 1, 10, 10},
	"onnx-models/ultraface_RFB-320":       {1, 1, 242, 244},
	"onnx-models/yunet_n_320":             {1, 1, 115, 124},
	"onnx-node/light":                     {5, 5, 2794, 1489},
	"onnx-node/node":                      {1125, 1182, 7886, 0},
	"onnx-node/pytorch-converted":         {58, 58, 77, 63},
	"onnx-node/pytorch-operator":          {25, 25, 42, 3},
	"onnx-node/simple":                    {7, 7, 7, 0},
}

func TestSharedModels(t *testing.T) {
	got := map[string]counts{}
	walkShared(t, ".onnx", func(folder string, data []byte) error {
		m, err := onnx.Parse(data)
		if err != nil {
			return err
		}
		c := got[folder]
		c.models++
		c.graph(m.Graph)
		got[folder] = c
		return readable(m.Graph)
	})
	assert.Equal(t, sharedCounts, got)
}

// The data of the models' tests are tensors.
func TestSharedTensors(t *testing.T) {
	n := 0
	walkShared(t, ".pb", func(_ string, data []byte) error {
		x, err := onnx.ParseTensor(data)
		if err != nil || x.Type == onnx.String {
			return err
		}
		n++
		raw, err := x.Bytes()
		if err == nil {
			assert.EqualValues(t, (x.Elements()*int64(x.Type.Bits())+7)/8, len(raw))
		}
		return err
	})
	assert.Greater(t, n, 4000)
}

// walkShared reads the ONNX files of the shared data, with the folders that hold
// them: two levels of the path.
func walkShared(t *testing.T, ext string, read func(folder string, data []byte) error) {
	dir := shareddata.Shared(t)
	for _, top := range []string{"onnx-node", "onnx-models"} {
		err := filepath.WalkDir(filepath.Join(dir, top), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ext {
				return err
			}
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			rel, err := filepath.Rel(dir, path)
			require.NoError(t, err)
			parts := strings.Split(filepath.ToSlash(rel), "/")
			assert.NoError(t, read(parts[0]+"/"+parts[1], data), rel)
			return nil
		})
		require.NoError(t, err)
	}
}

func (c *counts) graph(g *onnx.Graph) {
	c.graphs++
	c.nodes += len(g.Nodes)
	c.initializers += len(g.Initializers)
	for _, n := range g.Nodes {
		for _, a := range n.Attributes {
			if a.Graph != nil {
				c.graph(a.Graph)
			}
		}
	}
}

// readable fetches every constant.
func readable(g *onnx.Graph) error {
	for _, x := range g.Initializers {
		if _, err := x.Bytes(); err != nil {
			return err
		}
	}
	return nil
}
