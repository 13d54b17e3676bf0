package train_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train"
)

// TestExport writes each network in each format and reads it again: it predicts
// the same, for one sample at a time and for several.
func TestExport(t *testing.T) {
	writers := map[string]func(w io.Writer, g *graph.Graph) error{
		"onnx": func(w io.Writer, g *graph.Graph) error {
			return onnx.Write(w, g, onnx.WriteOptions{DynamicBatch: true})
		},
		"tflite": func(w io.Writer, g *graph.Graph) error {
			return tflite.Write(w, g, tflite.WriteOptions{DynamicBatch: true})
		},
	}
	for name, c := range networks {
		x, y := samples(24, c.in, c.whole)
		m := c.make()
		require.NoError(t, m.Compile(train.Adam(1e-2), train.CategoricalCrossentropy))
		_, err := m.Fit(x, y, train.Epochs(2), train.BatchSize(8))
		require.NoError(t, err)
		m.ResetStates()
		want, err := m.Predict(x, train.BatchSize(3))
		require.NoError(t, err)
		want = want[:3*3]
		g, err := m.ExportGraph(1)
		require.NoError(t, err)
		for format, write := range writers {
			t.Run(name+"/"+format, func(t *testing.T) {
				var b bytes.Buffer
				require.NoError(t, write(&b, g))
				loaded, err := edgeinfer.LoadBytes(b.Bytes())
				require.NoError(t, err)
				shapes := map[string][]int{}
				for _, in := range loaded.Inputs() {
					shapes[in.Name] = append([]int{3}, in.Shape[1:]...)
				}
				s, err := loaded.NewSession(edgeinfer.Options{Shapes: shapes})
				require.NoError(t, err)
				fill(t, s, c.in)
				require.NoError(t, s.Run())
				got := s.Output(0).Float32()
				require.Len(t, got, len(want))
				for i := range want {
					require.InDelta(t, want[i], got[i], 1e-5)
				}
			})
		}
	}
}

// fill gives a session the first three samples.
func fill(t *testing.T, s *edgeinfer.Session, shape []int) {
	x, _ := numbers(24, shape, len(shape) == 1 && shape[0] == 7)
	width := 1
	for _, d := range shape {
		width *= d
	}
	at := 0
	for i := range s.Inputs() {
		in := s.Input(i)
		n := tensor.Of(tensor.F32, in.Shape()[1:]...).Len()
		for k := range 3 {
			row := x[k*width+at : k*width+at+n]
			for j, v := range row {
				if in.DType() == tensor.I32 {
					in.Int32()[k*n+j] = int32(v)
				} else {
					in.Float32()[k*n+j] = v
				}
			}
		}
		at += n
	}
}
