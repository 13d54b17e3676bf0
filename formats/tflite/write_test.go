package tflite_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/writetest"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// writeTolerance is what products that are rounded, composed functions and folded
// scales may change.
const writeTolerance = 1e-5

// writeCannot are cases that TensorFlow Lite can't say, with the reason.
var writeCannot = map[string]string{
	"conv open size": "only the first dimension may be open",
	"erf":            "Erf",
}

func writtenGraph(t *testing.T, c *writetest.Case) *graph.Graph {
	g, err := c.Graph()
	require.NoError(t, err)
	return g
}

func writtenFile(t *testing.T, c *writetest.Case) []byte {
	var w bytes.Buffer
	require.NoError(t, tflite.Write(&w, writtenGraph(t, c), tflite.WriteOptions{DynamicBatch: c.OpenBatch}))
	return w.Bytes()
}

// TestWrite reads what was written, and compares what the two compute.
func TestWrite(t *testing.T) {
	for _, c := range writetest.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			g := writtenGraph(t, &c)
			if why := writeCannot[c.Name]; why != "" {
				var w bytes.Buffer
				err := tflite.Write(&w, g, tflite.WriteOptions{})
				var lacks *tflite.UnsupportedError
				require.ErrorAs(t, err, &lacks)
				assert.ErrorContains(t, err, why)
				assert.Empty(t, w.Bytes())
				return
			}
			f, err := tflite.Parse(writtenFile(t, &c))
			require.NoError(t, err)
			back, err := f.Graph()
			require.NoError(t, err)
			in := writetest.Inputs(g)
			want, err := writetest.Run(g, in)
			require.NoError(t, err)
			got, err := writetest.Run(back, in)
			require.NoError(t, err)
			require.Len(t, got, len(want))
			for i := range want {
				d, err := writetest.Difference(&want[i], &got[i])
				require.NoError(t, err)
				assert.LessOrEqual(t, d, writeTolerance, "output %d", i)
			}
			for i, v := range g.In {
				assert.Equal(t, g.Values[v].Name, back.Values[back.In[i]].Name)
			}
			for i, v := range g.Out {
				assert.Equal(t, g.Values[v].Name, back.Values[back.Out[i]].Name)
			}
		})
	}
}
