package tflite_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// TestMissing checks that all that is missing is listed at once, and that what
// only follows from it is not.
func TestMissing(t *testing.T) {
	m := modeltest.New()
	x := m.Input("x", tflite.Float32, []int{2, 3})
	a := m.Tensor("a", tflite.Float32, []int{1})
	m.Custom("Unheard", nil, []int{x}, []int{a})
	b := m.Tensor("b", tflite.Float32, []int{2, 3})
	shape := m.Const("shape", tflite.Int32, []int{2}, []int32{2, 3})
	m.Op("RESHAPE", 1, modeltest.Options{}, []int{a, shape}, []int{b}) // wrong only if a is as declared
	c := m.Tensor("c", tflite.Float32, []int{2, 3})
	m.Op("HASHTABLE_FIND", 2, modeltest.Options{}, []int{b}, []int{c})
	m.Outputs(c)
	f, err := tflite.Parse(m.Bytes())
	require.NoError(t, err)
	_, err = f.Graph()
	var missing *tflite.MissingError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, []tflite.Missing{
		{Operator: 0, Name: "Unheard", Version: 1, Label: "a", Types: []string{"FLOAT32"}, Why: "the operator is not supported"},
		{Operator: 2, Name: "HASHTABLE_FIND", Version: 2, Label: "c", Types: []string{"FLOAT32"}, Why: "the operator is not supported"},
	}, missing.Missing)
}
