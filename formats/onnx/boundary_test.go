package onnx_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// boundaryRun runs a model whose inputs have the shapes given, and returns its
// outputs by name.
func boundaryRun(t *testing.T, m *modeltest.Model, shapes [][]int, in ...[]byte) map[string][]float32 {
	t.Helper()
	file, err := onnx.Parse(m.Bytes())
	require.NoError(t, err)
	g, err := file.Build(shapes...)
	require.NoError(t, err)
	set, err := host.Best()
	require.NoError(t, err)
	p, err := runtime.NewPlan(g, &set, runtime.Options{Shapes: shapes})
	require.NoError(t, err)
	s, err := p.NewSession(1)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	for i, b := range in {
		require.Len(t, s.In(i).Data, len(b))
		copy(s.In(i).Data, b)
	}
	require.NoError(t, s.Run())
	out := map[string][]float32{}
	for i, v := range p.Graph().Out {
		out[p.Graph().Values[v].Name] = s.Out(i).F32()
	}
	return out
}

// TestSequencesAtTheBoundary takes a sequence, adds to it, and gives it back.
func TestSequencesAtTheBoundary(t *testing.T) {
	list := modeltest.SequenceType(modeltest.TensorType(onnx.Float, 2))
	m := modeltest.New(18)
	m.InputOf("s", modeltest.OptionalType(list))
	m.InputOf("o", modeltest.OptionalType(modeltest.TensorType(onnx.Float, 1)))
	m.Node("OptionalGetElement", []string{"s"}, []string{"l"})
	m.Node("OptionalGetElement", []string{"o"}, []string{"e"})
	m.Node("OptionalHasElement", []string{"o"}, []string{"has"})
	m.Node("Cast", []string{"has"}, []string{"there"}, modeltest.Attr("to", int64(onnx.Float)))
	m.Node("SequenceInsert", []string{"l", "e"}, []string{"longer"})
	m.OutputOf("longer", list)
	m.Output("there", onnx.Float)
	out := boundaryRun(t, m, [][]int{{2, 2}, nil}, tensor.Bytes([]float32{1, 2, 3, 4}), tensor.Bytes([]float32{5}))
	assert.Equal(t, map[string][]float32{"longer[0]": {1, 2}, "longer[1]": {3, 4}, "longer[2]": {5}, "there": {1}}, out)
}

// TestSequenceOfAnyLength leaves the number of elements to the run.
func TestSequenceOfAnyLength(t *testing.T) {
	list := modeltest.SequenceType(modeltest.TensorType(onnx.Float, 2))
	m := modeltest.New(18)
	m.InputOf("s", list)
	m.Const("one", onnx.Int64, nil, []int64{1})
	m.Node("SequenceAt", []string{"s", "one"}, []string{"y"})
	m.Output("y", onnx.Float, 2)
	m.OutputOf("s", list)
	file, err := onnx.Parse(m.Bytes())
	require.NoError(t, err)
	g, err := file.Build()
	require.NoError(t, err)
	assert.Equal(t, []int{-1, 2}, g.Values[g.In[0]].Type.Shape)
	require.Len(t, g.Out, 2, "the sequence is stacked")
	out := boundaryRun(t, m, [][]int{{3, 2}}, tensor.Bytes([]float32{1, 2, 3, 4, 5, 6}))
	assert.Equal(t, map[string][]float32{"y": {3, 4}, "s[0]": {1, 2}, "s[1]": {3, 4}, "s[2]": {5, 6}}, out)
}

// TestOutputNames has outputs that are names for the same value, for an input and
// for a constant.
func TestOutputNames(t *testing.T) {
	m := modeltest.New(17)
	m.Input("x", onnx.Float, 1)
	m.Const("c", onnx.Float, []int64{1}, []float32{7})
	m.Node("Neg", []string{"x"}, []string{"r"})
	for name, of := range map[string]string{"a": "r", "b": "r", "d": "x", "e": "c"} {
		m.Node("Identity", []string{of}, []string{name})
	}
	for _, name := range []string{"a", "b", "d", "e", "x"} {
		m.Output(name, onnx.Float, 1)
	}
	out := boundaryRun(t, m, nil, tensor.Bytes([]float32{2}))
	assert.Equal(t, map[string][]float32{"a": {-2}, "b": {-2}, "d": {2}, "e": {7}, "x": {2}}, out)
}

// TestSequenceFromABranch is of the branch that data choose.
func TestSequenceFromABranch(t *testing.T) {
	m := modeltest.New(17)
	m.Input("x", onnx.Float, 2)
	m.Input("flag", onnx.Bool)
	branch := func(in ...string) *modeltest.Graph {
		g := modeltest.NewGraph("g")
		g.Node("SequenceConstruct", in, []string{"l"})
		g.OutputOf("l", modeltest.SequenceType(modeltest.TensorType(onnx.Float)))
		return g
	}
	m.Node("If", []string{"flag"}, []string{"s"}, modeltest.Attr("then_branch", branch("x")), modeltest.Attr("else_branch", branch("x", "x")))
	m.Node("ConcatFromSequence", []string{"s"}, []string{"y"}, modeltest.Attr("axis", int64(0)))
	m.Output("y", onnx.Float, nil)
	x := tensor.Bytes([]float32{1, 2})
	assert.Equal(t, []float32{1, 2}, boundaryRun(t, m, nil, x, []byte{1})["y"])
	assert.Equal(t, []float32{1, 2, 1, 2}, boundaryRun(t, m, nil, x, []byte{0})["y"])
}
