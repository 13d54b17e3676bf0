package onnx_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// restModel has a value whose number of dimensions depends on the input flag.
func restModel(operator string) *modeltest.Model {
	m := modeltest.New(16)
	m.Input("flag", onnx.Bool)
	m.Input("x", onnx.Float, 2, 3)
	column := modeltest.NewGraph("column")
	column.Node("Neg", []string{"x"}, []string{"a"})
	column.Output("a", onnx.Float)
	flat := modeltest.NewGraph("flat")
	flat.Node("Flatten", []string{"x"}, []string{"b0"}, modeltest.Attr("axis", int64(0)))
	flat.Node("Squeeze", []string{"b0"}, []string{"b"})
	flat.Output("b", onnx.Float)
	m.Node("If", []string{"flag"}, []string{"r"}, modeltest.Attr("then_branch", column), modeltest.Attr("else_branch", flat))
	m.Const("last", onnx.Int64, []int64{1}, []int64{-1})
	m.Node("Shape", []string{"r"}, []string{"s"})
	m.Node("Gather", []string{"s", "last"}, []string{"width"})
	m.Node(operator, []string{"r"}, []string{"y"})
	m.Node("ConstantOfShape", []string{"width"}, []string{"z"})
	m.Output("y", onnx.Float, nil)
	m.Output("z", onnx.Float, nil)
	return m
}

// TestRankDependsOnData runs one session on data that lead to different ranks.
func TestRankDependsOnData(t *testing.T) {
	file, err := onnx.Parse(restModel("Abs").Bytes())
	require.NoError(t, err)
	g, err := file.Build()
	require.NoError(t, err)
	set, err := host.Best()
	require.NoError(t, err)
	p, err := runtime.NewPlan(g, &set, runtime.Options{})
	require.NoError(t, err)
	s, err := p.NewSession(1)
	require.NoError(t, err)
	defer s.Close()
	for _, c := range []struct {
		flag  byte
		shape []int
		width int
	}{{1, []int{2, 3}, 3}, {0, []int{6}, 6}, {0, []int{6}, 6}, {1, []int{2, 3}, 3}} {
		s.In(0).Data[0] = c.flag
		copy(s.In(1).F32(), []float32{1, -2, 3, -4, 5, -6})
		require.NoError(t, s.Run())
		assert.Equal(t, c.shape, s.Out(0).Shape)
		assert.Equal(t, []float32{1, 2, 3, 4, 5, 6}, s.Out(0).F32())
		assert.Equal(t, make([]float32, c.width), s.Out(1).F32())
	}
}

// TestRestIsExamined checks that what the deferred nodes lack is told before a run,
// and what they turn out to lack names the node.
func TestRestIsExamined(t *testing.T) {
	_, _, err := ctlFloats(t, restModel("StringNormalizer"))
	var missing *onnx.MissingError
	require.ErrorAs(t, err, &missing)
	assert.Len(t, missing.Missing, 1)
	assert.Equal(t, "StringNormalizer", missing.Missing[0].Name)

	m := restModel("Abs") // an output whose type nobody declares
	m.Node("Neg", []string{"y"}, []string{"w"})
	m.OutputOf("w", modeltest.SequenceType(modeltest.TensorType(onnx.Float)))
	_, _, err = ctlFloats(t, m)
	require.ErrorAs(t, err, &missing)
	assert.Equal(t, "If", missing.Missing[0].Name)
	assert.Contains(t, missing.Missing[0].Why, "a rank that changes")
}

// TestSequencePositionDependsOnData takes elements of different shapes.
func TestSequencePositionDependsOnData(t *testing.T) {
	m := modeltest.New(16)
	m.Input("x", onnx.Float, 3)
	m.Input("at", onnx.Int64)
	m.Const("sizes", onnx.Int64, []int64{2}, []int64{1, 2})
	m.Node("SplitToSequence", []string{"x", "sizes"}, []string{"list"})
	m.Node("SequenceInsert", []string{"list", "x", "at"}, []string{"longer"})
	m.Node("SequenceAt", []string{"longer", "at"}, []string{"y"})
	m.Node("SequenceErase", []string{"longer", "at"}, []string{"shorter"})
	m.Node("ConcatFromSequence", []string{"shorter"}, []string{"z"}, modeltest.Attr("axis", int64(0)))
	m.Output("y", onnx.Float, nil)
	m.Output("z", onnx.Float, nil)
	x := tensor.Bytes([]float32{1, 2, 3})
	for at := range int64(3) {
		out, _, err := ctlFloats(t, m, x, tensor.Bytes([]int64{at}))
		require.NoError(t, err)
		assert.Equal(t, [][]float32{{1, 2, 3}, {1, 2, 3}}, out)
	}
	_, _, err := ctlFloats(t, m, x, tensor.Bytes([]int64{3}))
	require.ErrorContains(t, err, "position 3 in a sequence of 2")
}

// TestDeferredMemory builds parts anew in each run, without end: what they took is
// given back, or the limit of memory would be passed.
func TestDeferredMemory(t *testing.T) {
	m := modeltest.New(16)
	m.Input("flag", onnx.Bool)
	m.Input("x", onnx.Float, 2, 3000)
	wide := modeltest.NewGraph("wide")
	wide.Node("Relu", []string{"x"}, []string{"r"})
	wide.Output("r", onnx.Float)
	m.Node("If", []string{"flag"}, []string{"y"}, modeltest.Attr("then_branch", wide), modeltest.Attr("else_branch", restFlat()))
	m.Node("NonZero", []string{"y"}, []string{"i"})
	m.Node("Cast", []string{"i"}, []string{"c"}, modeltest.Attr("to", int64(onnx.Float)))
	m.Output("c", onnx.Float, nil, nil)
	file, err := onnx.Parse(m.Bytes())
	require.NoError(t, err)
	g, err := file.Build()
	require.NoError(t, err)
	set, err := host.Best()
	require.NoError(t, err)
	p, err := runtime.NewPlan(g, &set, runtime.Options{Limits: op.Limits{MaxMemory: 1 << 20}})
	require.NoError(t, err)
	s, err := p.NewSession(1)
	require.NoError(t, err)
	defer s.Close()
	for i := range s.In(1).F32() {
		s.In(1).F32()[i] = 1
	}
	for run := range 100 {
		s.In(0).Data[0] = byte(run & 1)
		require.NoError(t, s.Run(), "run %d", run)
		assert.Equal(t, 2-(run&1^1), s.Out(0).Shape[0])
	}
}

func restFlat() *modeltest.Graph {
	g := modeltest.NewGraph("flat")
	g.Node("Flatten", []string{"x"}, []string{"f"}, modeltest.Attr("axis", int64(0)))
	g.Node("Squeeze", []string{"f"}, []string{"r"})
	g.Output("r", onnx.Float)
	return g
}
