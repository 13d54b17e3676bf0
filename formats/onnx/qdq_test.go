package onnx_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// TestQDQModels holds quantised models, whose operators all fold to integers,
// against ONNX Runtime's outputs on labelled data. Softmax takes numbers of a
// known scale, so that the logarithm of its outputs tells their steps.
func TestQDQModels(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of runs")
	}
	root := shareddata.Shared(t)
	for _, c := range []struct {
		model, data, x, out string
		real                func(b byte) float32
		step                float64 // of the numbers that Softmax takes
		size, right, differ int
		integers            map[string]int // of nodes
	}{
		{"kws_qdq", "kws01", "x_int8.npy", "kws_qdq_out_kws01.npy", func(b byte) float32 { return float32(int(int8(b))-83) * 0.5847029 },
			0.1714370846748352, 490, 902, 0, map[string]int{"IntegerConv": 9, "IntegerMatMul": 1, "QuantizeLinear": 1, "LinearPool": 1, "Conv2D": 0, "BatchMatMul": 0}},
		{"ic_qdq", "cifar10_test500", "x_uint8.npy", "ic_qdq_out_cifar500.npy", func(b byte) float32 { return float32(b) },
			0.16863396763801575, 3072, 441, 39, map[string]int{"IntegerConv": 9, "IntegerMatMul": 1, "LinearPair": 3, "QuantizeLinear": 1, "LinearPool": 1, "Conv2D": 0, "Add": 0}},
	} {
		t.Run(c.model, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(root, "onnx-models", "mlperf", c.model+".onnx"))
			require.NoError(t, err)
			m, err := onnx.Parse(data)
			require.NoError(t, err)
			g, err := m.Build()
			require.NoError(t, err)
			set, err := host.Best()
			require.NoError(t, err)
			p, err := runtime.NewPlan(g, &set, runtime.Options{})
			require.NoError(t, err)
			ops := map[string]int{}
			for _, n := range p.Graph().Nodes {
				ops[graph.Name(n.Op)]++
			}
			for name, n := range c.integers {
				require.Equal(t, n, ops[name], "%s in %v", name, ops)
			}
			s, err := p.NewSession(1)
			require.NoError(t, err)
			defer s.Close()
			dir := filepath.Join(root, "tflite", "labelled", c.data)
			x, y := readArray(t, filepath.Join(dir, c.x)), readArray(t, filepath.Join(dir, "y.npy"))
			want, err := readArray(t, filepath.Join(root, "onnx-models", "mlperf", c.out)).Float32s()
			require.NoError(t, err)
			labels, err := y.Int64s()
			require.NoError(t, err)
			right, worst, other := 0, 0.0, 0
			for i, label := range labels {
				in := s.In(0).F32()
				for j := range in {
					in[j] = c.real(x.Data[i*c.size+j])
				}
				require.NoError(t, s.Run())
				out := s.Out(0).F32()
				best := 0
				lo, hi := math.Inf(1), math.Inf(-1)
				for j, v := range out {
					if v > out[best] {
						best = j
					}
					d := math.Log(float64(v)) - math.Log(float64(want[i*len(out)+j]))
					lo, hi = min(lo, d), max(hi, d)
				}
				worst = max(worst, (hi-lo)/c.step)
				if hi-lo > c.step/2 {
					other++
				}
				if best == int(label) {
					right++
				}
			}
			require.Equal(t, c.right, right)
			require.LessOrEqual(t, other, c.differ, "samples that differ")
			require.LessOrEqual(t, worst, 2.01, "steps: one up, another down")
		})
	}
}

func readArray(t *testing.T, path string) *npy.Array {
	a, err := npy.ReadFile(path, 1<<30)
	require.NoError(t, err)
	return a
}

// TestQuantisedModels runs models of integer operators.
func TestQuantisedModels(t *testing.T) {
	for _, m := range []string{"mnist_integer_q", "tract_qtdnn"} {
		require.NoError(t, runNode(filepath.Join(shareddata.Shared(t), "onnx-models", m), 1e-5), m)
	}
}

// TestMicrosoft holds the operators of com.microsoft, and integer convolutions,
// against what ONNX Runtime 1.30 made of random inputs.
func TestMicrosoft(t *testing.T) {
	dirs, err := filepath.Glob("testdata/microsoft/*")
	require.NoError(t, err)
	require.Len(t, dirs, 32)
	for _, dir := range dirs {
		require.NoError(t, runNode(dir, 1e-5), dir)
	}
}
