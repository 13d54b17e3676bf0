package edgeinfer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// TestWithState sums its inputs over runs: sum = x + before.
func TestWithState(t *testing.T) {
	b := modeltest.New()
	x := b.Input("x", tflite.Float32, []int{2})
	before := b.Input("before", tflite.Float32, []int{2})
	sum := b.Tensor("sum", tflite.Float32, []int{2})
	b.Op("ADD", 1, modeltest.Options{Type: tflite.AddOptions}, []int{x, before}, []int{sum})
	b.Outputs(sum)
	m, err := edgeinfer.LoadBytes(b.Bytes())
	require.NoError(t, err)
	stateful, err := m.WithState(map[string]string{"sum": "before"}, nil)
	require.NoError(t, err)
	require.Len(t, stateful.Inputs(), 1)
	require.Len(t, m.Inputs(), 2, "the model itself stays as it was")
	s, err := stateful.NewSession(edgeinfer.Options{})
	require.NoError(t, err)
	defer s.Close()
	step := func() []float32 {
		copy(s.Input(0).Float32(), []float32{1, 10})
		require.NoError(t, s.Run())
		return s.Output(0).Float32()
	}
	require.Equal(t, []float32{1, 10}, step())
	saved := s.Save()
	require.Equal(t, []float32{2, 20}, step())
	s.Reset()
	require.Equal(t, []float32{1, 10}, step())
	s.Restore(saved)
	require.Equal(t, []float32{2, 20}, step())

	_, err = m.WithState(map[string]string{"sum": "nothing"}, nil)
	require.ErrorContains(t, err, `want an output and an input, each once, of outputs "sum" and inputs "x", "before"`)
}
