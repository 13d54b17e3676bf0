package onnx_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
)

// TestReductions runs models of one operator each: reductions, products and
// classical machine learning, beyond ONNX's own tests. What they give is what
// ONNX Runtime gives.
func TestReductions(t *testing.T) {
	const root = "testdata/reduction"
	dirs, err := os.ReadDir(root)
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	for _, d := range dirs {
		t.Run(d.Name(), func(t *testing.T) {
			dir := filepath.Join(root, d.Name())
			require.NoError(t, runNode(dir, 1e-6))
			if d.Name() != "sum_computed_axes" && d.Name() != "topk_computed_k" { // sizes depend on data
				requireNoAllocs(t, dir)
			}
		})
	}
}

// requireNoAllocs runs a model on the first set of its inputs.
func requireNoAllocs(t *testing.T, dir string) {
	data, err := os.ReadFile(filepath.Join(dir, "model.onnx"))
	require.NoError(t, err)
	m, err := onnx.Parse(data)
	require.NoError(t, err)
	g, err := m.Build()
	require.NoError(t, err)
	in, err := tensors(filepath.Join(dir, "test_data_set_0"), "input")
	require.NoError(t, err)
	kernels, err := host.Best()
	require.NoError(t, err)
	p, err := runtime.NewPlan(g, &kernels, runtime.Options{})
	require.NoError(t, err)
	s, err := p.NewSession(1)
	require.NoError(t, err)
	defer s.Close()
	for i, v := range in {
		copy(s.In(i).Data, v.Data)
	}
	require.Zero(t, testing.AllocsPerRun(2, func() { require.NoError(t, s.Run()) }))
}
