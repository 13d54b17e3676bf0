package tflite_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

func TestSignatureGraph(t *testing.T) {
	m := modeltest.New()
	m.Outputs(m.Input("unused", tflite.Float32, []int{1}))
	s := m.NewSubgraph("second")
	x := s.Input("x", tflite.Float32, []int{2, 3})
	z := s.Input("z", tflite.Float32, []int{7})
	y := s.Tensor("y", tflite.Float32, []int{6})
	shape := s.Const("shape", tflite.Int32, []int{1}, []int32{6})
	s.Op("RESHAPE", 1, modeltest.Options{}, []int{x, shape}, []int{y})
	s.Outputs(y, z)
	m.Signature("flatten", s, map[string]int{"picture": x, "extra": z}, map[string]int{"flat": y})
	m.Signature("wrong", s, map[string]int{"picture": y, "extra": z}, map[string]int{"flat": y})
	f, err := tflite.Parse(m.Bytes())
	require.NoError(t, err)

	g, err := f.SignatureGraph("flatten")
	require.NoError(t, err)
	require.Len(t, g.In, 2)
	require.Equal(t, "extra", g.Values[g.In[0]].Name)
	require.Equal(t, "picture", g.Values[g.In[1]].Name)
	require.Len(t, g.Out, 1)
	require.Equal(t, "flat", g.Values[g.Out[0]].Name)

	_, err = f.SignatureGraph("wrong")
	require.ErrorContains(t, err, `input "picture" is not one of the sub-graph's`)
	_, err = f.SignatureGraph("other")
	require.ErrorContains(t, err, `there is no signature "other"; the model has ["flatten" "wrong"]`)
}
