package onnx_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/writetest"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func graphOf(t *testing.T, c *writetest.Case) *graph.Graph {
	g, err := c.Graph()
	require.NoError(t, err)
	return g
}

func fileOf(t *testing.T, c *writetest.Case) []byte {
	var w bytes.Buffer
	require.NoError(t, onnx.Write(&w, graphOf(t, c), onnx.WriteOptions{PlanarInput: c.Planar, DynamicBatch: c.OpenBatch,
		Metadata: map[string]string{"names": "{0: 'ant', 1: \"it's\"}"}}))
	return w.Bytes()
}

// writeTolerance is what sums in another order, and folded scales, may change.
const writeTolerance = 1e-5

// planarInputs turns the inputs that the file wants as [n c h w].
func planarInputs(c *writetest.Case, in []tensor.View) []tensor.View {
	in = append([]tensor.View{}, in...)
	for i := range in {
		if x := &in[i]; c.Planar && x.Rank() == 4 {
			x.Data = tensor.Bytes(turnedPlanes(x.F32(), x.Shape))
			x.Shape = []int{x.Shape[0], x.Shape[3], x.Shape[1], x.Shape[2]}
		}
	}
	return in
}

func turnedPlanes(x []float32, s []int) []float32 {
	y := make([]float32, 0, len(x))
	for n := range s[0] {
		for c := range s[3] {
			for p := range s[1] * s[2] {
				y = append(y, x[(n*s[1]*s[2]+p)*s[3]+c])
			}
		}
	}
	return y
}

// TestWrite reads what was written, and compares what the two compute.
func TestWrite(t *testing.T) {
	for _, c := range writetest.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			g := graphOf(t, &c)
			in := writetest.Inputs(g)
			want, err := writetest.Run(g, in)
			require.NoError(t, err)
			m, err := onnx.Parse(fileOf(t, &c))
			require.NoError(t, err)
			back, err := m.Build()
			require.NoError(t, err)
			got, err := writetest.Run(back, planarInputs(&c, in))
			require.NoError(t, err)
			require.Len(t, got, len(want))
			for i := range want {
				d, err := writetest.Difference(&want[i], &got[i])
				require.NoError(t, err)
				if c.Exact {
					assert.Zero(t, d, "output %d", i)
				}
				assert.LessOrEqual(t, d, writeTolerance, "output %d", i)
			}
			for i, v := range g.In {
				assert.Equal(t, g.Values[v].Name, m.Graph.Inputs[i].Name)
			}
			for i, v := range g.Out {
				assert.Equal(t, g.Values[v].Name, m.Graph.Outputs[i].Name)
			}
		})
	}
}

// TestORTWritten runs what was written on ONNX Runtime itself.
func TestORTWritten(t *testing.T) {
	if os.Getenv("EDGEINFER_ORT") == "" {
		t.Skip("EDGEINFER_ORT is not set: the folder whose node_modules has onnxruntime-node")
	}
	dir, all := t.TempDir(), writetest.Cases()
	var cases []ortCase
	for n := range all {
		c := &all[n]
		g := graphOf(t, c)
		o := ortCase{Model: fmt.Sprint(n, ".onnx"), Inputs: []ortInput{}}
		require.NoError(t, os.WriteFile(filepath.Join(dir, o.Model), fileOf(t, c), 0o644))
		for i, x := range planarInputs(c, writetest.Inputs(g)) {
			in := ortInput{g.Values[g.In[i]].Name, x.DType.String(), append([]int{}, x.Shape...), fmt.Sprintf("%d.%d", n, i)}
			require.NoError(t, os.WriteFile(filepath.Join(dir, in.File), x.Data, 0o644))
			o.Inputs = append(o.Inputs, in)
		}
		cases = append(cases, o)
	}
	results, bin := ortRun(t, dir, cases)
	require.Len(t, results, len(cases))
	for n := range all {
		t.Run(all[n].Name, func(t *testing.T) {
			require.Empty(t, results[n].Error)
			g := graphOf(t, &all[n])
			want, err := writetest.Run(g, writetest.Inputs(g))
			require.NoError(t, err)
			got := results[n].views(bin)
			require.Len(t, got, len(want))
			for i := range want {
				d, err := writetest.Difference(&want[i], &got[i])
				require.NoError(t, err)
				assert.LessOrEqual(t, d, writeTolerance, "output %d", i)
			}
		})
	}
}

// operators returns the operators of a file, in order.
func operators(t *testing.T, file []byte) (all []string) {
	m, err := onnx.Parse(file)
	require.NoError(t, err)
	for _, n := range m.Graph.Nodes {
		all = append(all, n.OpType)
	}
	return all
}
