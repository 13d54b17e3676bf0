package edgeinfer_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// addExternal returns a model that adds numbers of another file to its input.
func addExternal() []byte {
	m := modeltest.New(16)
	m.Input("x", onnx.Float, "n")
	m.Initializer(modeltest.ExternalTensor("w", onnx.Float, []int64{2}, "location", "w.bin"))
	m.Node("Add", []string{"x", "w"}, []string{"y"})
	m.Output("y", onnx.Float, "n")
	return m.Bytes()
}

func TestONNXWithDataBesideIt(t *testing.T) {
	weights := tensor.Bytes([]float32{10, 20})
	dir := t.TempDir()
	path := filepath.Join(dir, "model.bin") // the name says nothing
	require.NoError(t, os.WriteFile(path, addExternal(), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "w.bin"), weights, 0o644))
	fromDisk, err := edgeinfer.Load(path)
	require.NoError(t, err)
	defer fromDisk.Close()
	fromFS, err := edgeinfer.LoadFS(fstest.MapFS{"a/m": {Data: addExternal()}, "a/w.bin": {Data: weights}}, "a/m")
	require.NoError(t, err)
	for _, m := range []*edgeinfer.Model{fromDisk, fromFS} {
		assert.Equal(t, edgeinfer.FormatONNX, m.Format())
		assert.Nil(t, m.File())
		assert.EqualValues(t, 8, m.Info().WeightBytes)
		assert.Equal(t, []edgeinfer.OperatorCount{{Name: "Add", Version: 16, Count: 1}}, m.Info().Operators)
		s, err := m.NewSession(edgeinfer.Options{Shapes: map[string][]int{"x": {2}}})
		require.NoError(t, err)
		copy(s.Input(0).Float32(), []float32{1, 2})
		require.NoError(t, s.Run())
		assert.Equal(t, []float32{11, 22}, s.Output(0).Float32())
		s.Close()
	}
	_, err = edgeinfer.LoadBytes(addExternal())
	var unsupported *edgeinfer.UnsupportedError
	require.ErrorAs(t, err, &unsupported)
	require.ErrorContains(t, err, "use Load or LoadFS")
}

// TestOutputsKeepTheirNames has an output that is an input, one of two names, and
// one that ends a pattern.
func TestOutputsKeepTheirNames(t *testing.T) {
	b := modeltest.New(16)
	b.Input("x", onnx.Float, 2)
	b.Node("Identity", []string{"x"}, []string{"same"})
	b.Node("Sigmoid", []string{"x"}, []string{"gate"})
	b.Node("Mul", []string{"x", "gate"}, []string{"swish"})
	b.Node("Identity", []string{"swish"}, []string{"again"})
	for _, name := range []string{"same", "swish", "again"} {
		b.Output(name, onnx.Float, 2)
	}
	m, err := edgeinfer.LoadBytes(b.Bytes())
	require.NoError(t, err)
	s, err := m.NewSession(edgeinfer.Options{})
	require.NoError(t, err)
	defer s.Close()
	for i, info := range m.Outputs() {
		require.Equal(t, info.Name, s.Output(i).Name())
		require.NotNil(t, s.Tensor(info.Name))
	}
}

// TestKeepOfOperatorsThatAreSeveral keeps outputs of operators that the graph has
// transposes before and after, by all their names.
func TestKeepOfOperatorsThatAreSeveral(t *testing.T) {
	b := modeltest.New(16)
	b.Input("x", onnx.Float, 1, 1, 2, 3)
	b.Initializer(modeltest.Tensor("w", onnx.Float, []int64{2, 1, 1, 1}, []float32{1, 10}))
	b.Initializer(modeltest.Tensor("m", onnx.Float, []int64{3, 1}, []float32{1, 1, 1}))
	b.Node("Conv", []string{"x", "w"}, []string{"conv"})
	b.Node("Identity", []string{"conv"}, []string{"copy"})
	b.Node("MatMul", []string{"conv", "m"}, []string{"sums"})
	b.Node("Relu", []string{"sums"}, []string{"y"})
	b.Output("y", onnx.Float, 1, 2, 2, 1)
	b.Output("copy", onnx.Float, 1, 2, 2, 3)
	m, err := edgeinfer.LoadBytes(b.Bytes())
	require.NoError(t, err)
	s, err := m.NewSession(edgeinfer.Options{Keep: []string{"conv", "#0", "sums", "#2"}})
	require.NoError(t, err)
	defer s.Close()
	copy(s.Input(0).Float32(), []float32{1, 2, 3, 4, 5, 6})
	require.NoError(t, s.Run())
	for _, name := range []string{"conv", "#0"} {
		require.Equal(t, []int{1, 2, 2, 3}, s.Tensor(name).Shape(), name)
		require.Equal(t, []float32{1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60}, s.Tensor(name).Float32(), name)
	}
	for _, name := range []string{"sums", "#2"} {
		require.Equal(t, []float32{6, 15, 60, 150}, s.Tensor(name).Float32(), name)
	}
}

func TestONNXErrors(t *testing.T) {
	m := modeltest.New(16)
	m.Input("x", onnx.Float, 2)
	m.Node("NoSuchThing", []string{"x"}, []string{"y"})
	m.NodeOf("com.example", "NorThis", []string{"y"}, []string{"z"})
	m.Output("z", onnx.Float, 2)
	_, err := edgeinfer.LoadBytes(m.Bytes())
	var missing *edgeinfer.MissingError
	require.ErrorAs(t, err, &missing)
	require.Len(t, missing.Missing, 2)
	assert.Equal(t, "com.example.NorThis", missing.Missing[1].Name)
	assert.Equal(t, []string{"float32"}, missing.Missing[0].Types)
	var format *edgeinfer.FormatError
	_, err = edgeinfer.LoadBytes(m.Bytes()[:len(m.Bytes())-3])
	require.ErrorAs(t, err, &format)
	assert.Equal(t, edgeinfer.FormatONNX, format.Format)
}

// shapeIf returns a model with an If whose branches have different ranks, and
// whose condition is constant.
func shapeIf() *modeltest.Model {
	branch := func(op string, in ...string) *modeltest.Graph {
		g := modeltest.NewGraph(op)
		g.Node("Add", in, []string{"o" + op})
		g.Output("o"+op, onnx.Float)
		return g
	}
	m := modeltest.New(16)
	m.Input("x", onnx.Float, "n")
	m.Const("flat", onnx.Float, []int64{1}, []float32{1})
	m.Const("deep", onnx.Float, []int64{1, 1}, []float32{2})
	m.Const("yes", onnx.Bool, nil, []bool{true})
	m.Node("If", []string{"yes"}, []string{"y"},
		modeltest.Attr("then_branch", branch("a", "x", "flat")), modeltest.Attr("else_branch", branch("b", "x", "deep")))
	m.Output("y", onnx.Float)
	return m
}

func TestONNXBranchOfAnotherRank(t *testing.T) {
	m, err := edgeinfer.LoadBytes(shapeIf().Bytes())
	require.NoError(t, err)
	s, err := m.NewSession(edgeinfer.Options{Shapes: map[string][]int{"x": {2}}})
	require.NoError(t, err)
	defer s.Close()
	copy(s.Input(0).Float32(), []float32{1, 2})
	require.NoError(t, s.Run())
	assert.Equal(t, []int{2}, s.Output(0).Shape())
	assert.Equal(t, []float32{2, 3}, s.Output(0).Float32())
}
