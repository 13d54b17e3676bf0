package tflite_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
)

// layer is the reference's output of one operator of a real model.
type layer struct {
	Index  int    `json:"op_index"`
	Tensor int32  `json:"tensor"`
	File   string `json:"file"`
}

// TestLayers runs convolutions and dense layers of real models one at a time,
// on the inputs that the reference gave them.
func TestLayers(t *testing.T) {
	root := filepath.Join(shareddata.Shared(t), "tflite")
	dirs, err := filepath.Glob(filepath.Join(root, "golden", "*", "layers"))
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	for _, dir := range dirs {
		name := filepath.Base(filepath.Dir(dir))
		t.Run(name, func(t *testing.T) {
			model, err := os.ReadFile(filepath.Join(root, "models", name, "model.tflite"))
			require.NoError(t, err)
			f, err := tflite.Parse(model)
			require.NoError(t, err)
			checkLayers(t, f, dir)
		})
	}
}

func checkLayers(t *testing.T, f *tflite.File, dir string) {
	b, err := os.ReadFile(filepath.Join(dir, "layers.json"))
	require.NoError(t, err)
	var said struct {
		Case   int
		Layers []layer
	}
	require.NoError(t, json.Unmarshal(b, &said))
	read := func(name string) []byte {
		a, err := npy.ReadFile(filepath.Join(dir, name), 1<<30)
		require.NoError(t, err)
		return a.Data
	}
	known := map[int32][]byte{f.Subgraphs[0].Inputs[0]: read(fmt.Sprintf("../input_%d.npy", said.Case))}
	for _, l := range said.Layers {
		known[l.Tensor] = read(l.File)
	}
	ran := 0
	for _, l := range said.Layers {
		o := f.Subgraphs[0].Operators[l.Index]
		if slices.Contains([]string{"CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "SOFTMAX", "AVERAGE_POOL_2D", "MAX_POOL_2D", "MEAN", "BATCH_MATMUL", "SUM", "ARG_MAX"}, o.Name()) {
			checkLayer(t, f, &o, known)
			ran++
		}
	}
	require.NotZero(t, ran)
}

// checkLayer runs a model of just the operator o on every set of kernels.
func checkLayer(t *testing.T, f *tflite.File, o *tflite.Operator, known map[int32][]byte) {
	only := *f
	sub := f.Subgraphs[0]
	sub.Operators, sub.Inputs, sub.Outputs = []tflite.Operator{*o}, nil, o.Outputs
	for _, i := range o.Inputs {
		if i >= 0 && sub.Tensors[i].Data == nil {
			sub.Inputs = append(sub.Inputs, i)
		}
	}
	only.Subgraphs = []tflite.Subgraph{sub}
	g, err := only.Graph()
	require.NoError(t, err)
	for _, set := range host.Sets() {
		for _, threads := range []int{1, 3} {
			p, err := runtime.NewPlan(g, &set, runtime.Options{})
			require.NoError(t, err)
			s, err := p.NewSession(threads)
			require.NoError(t, err)
			for i, tensor := range sub.Inputs {
				require.NotNil(t, known[tensor])
				copy(s.In(i).Data, known[tensor])
			}
			require.NoError(t, s.Run())
			require.Equal(t, known[o.Outputs[0]], s.Out(0).Data, "%s %q on %s", o.Name(), sub.Tensors[o.Outputs[0]].Name, set.Name)
			s.Close()
		}
	}
}
