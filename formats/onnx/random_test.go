package onnx_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
)

// randomSession has two nodes with one seed and two with none, in a loop or not.
func randomSession(t *testing.T) *runtime.Session {
	t.Helper()
	m := modeltest.New(22)
	seed, shape := modeltest.Attr("seed", float32(7)), modeltest.Attr("shape", []int64{2, 3})
	m.Node("RandomNormal", nil, []string{"a"}, seed, shape)
	m.Node("RandomNormal", nil, []string{"b"}, seed, shape)
	m.Node("RandomUniform", nil, []string{"c"}, shape)
	m.Node("RandomUniformLike", []string{"c"}, []string{"d"})
	body := modeltest.NewGraph("body")
	body.Input("turn", onnx.Int64)
	body.Input("on", onnx.Bool)
	body.Node("RandomNormalLike", []string{"c"}, []string{"e"})
	body.Output("on", onnx.Bool)
	body.Output("e", onnx.Float, 2, 3)
	m.Const("two", onnx.Int64, nil, []int64{2})
	m.Node("Loop", []string{"two", ""}, []string{"turns"}, modeltest.Attr("body", body))
	for _, name := range []string{"a", "b", "c", "d", "turns"} {
		m.Output(name, onnx.Float)
	}
	file, err := onnx.Parse(m.Bytes())
	require.NoError(t, err)
	g, err := file.Build()
	require.NoError(t, err)
	set, err := host.Best()
	require.NoError(t, err)
	p, err := runtime.NewPlan(g, &set, runtime.Options{})
	require.NoError(t, err)
	s, err := p.NewSession(1)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func TestRandomStreams(t *testing.T) {
	run := func(s *runtime.Session) (out [][]float32) {
		require.NoError(t, s.Run())
		for i := range 5 {
			out = append(out, append([]float32{}, s.Out(i).F32()...))
		}
		return out
	}
	s := randomSession(t)
	first, second := run(s), run(s)
	assert.Equal(t, first[0], first[1], "one seed")
	assert.NotEqual(t, first[2], first[3], "no seed")
	assert.NotEqual(t, first[4][:6], first[4][6:], "turns of a loop")
	for i := range first {
		assert.NotEqual(t, first[i], second[i], "runs of a session, output %d", i)
	}
	s.Reset()
	assert.Equal(t, first, run(s), "after a reset")
	assert.Equal(t, first, run(randomSession(t)), "another session")
	assert.Equal(t, float32(-0.0823928), first[0][0], "on every machine")
}
