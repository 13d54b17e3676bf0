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

// ctlFloats runs a model on inputs, given as bytes, and returns its outputs of float32.
func ctlFloats(t *testing.T, m *modeltest.Model, in ...[]byte) (out [][]float32, shapes [][]int, err error) {
	t.Helper()
	file, err := onnx.Parse(m.Bytes())
	require.NoError(t, err)
	g, err := file.Build()
	if err != nil {
		return nil, nil, err
	}
	set, err := host.Best()
	require.NoError(t, err)
	p, err := runtime.NewPlan(g, &set, runtime.Options{Limits: op.Limits{MaxSteps: 1000}})
	if err != nil {
		return nil, nil, err
	}
	s, err := p.NewSession(1)
	require.NoError(t, err)
	defer s.Close()
	for range 2 { // what a run leaves behind must not change the next
		for i, b := range in {
			require.Len(t, s.In(i).Data, len(b))
			copy(s.In(i).Data, b)
		}
		if err := s.Run(); err != nil {
			return nil, nil, err
		}
	}
	for i := range g.Out {
		out = append(out, append([]float32{}, s.Out(i).F32()...))
		shapes = append(shapes, append([]int{}, s.Out(i).Shape...))
	}
	return out, shapes, nil
}

// ctlLoopBody returns a body that adds x, from around it, to what it carries, and
// stacks that.
func ctlLoopBody() *modeltest.Graph {
	g := modeltest.NewGraph("body")
	g.Input("turn", onnx.Int64)
	g.Input("on", onnx.Bool)
	g.Input("sum", onnx.Float, 2)
	g.Node("Add", []string{"sum", "x"}, []string{"next"})
	g.Output("on", onnx.Bool)
	g.Output("next", onnx.Float, 2)
	g.Output("next", onnx.Float, 2)
	return g
}

func ctlLoop(trip []string) *modeltest.Model {
	m := modeltest.New(16)
	m.Input("x", onnx.Float, 2)
	m.Input("n", onnx.Int64)
	m.Const("three", onnx.Int64, nil, []int64{3})
	m.Const("zero", onnx.Float, []int64{2}, []float32{0, 0})
	m.Node("Loop", append(trip, "zero"), []string{"sum", "stack"}, modeltest.Attr("body", ctlLoopBody()))
	m.Output("sum", onnx.Float, 2)
	m.Output("stack", onnx.Float, nil, 2)
	return m
}

func TestLoop(t *testing.T) {
	x := tensor.Bytes([]float32{1, 2})
	for trip, n := range map[string]int64{"three": 0, "n": 3} { // known when planned, and not
		out, shapes, err := ctlFloats(t, ctlLoop([]string{trip, ""}), x, tensor.Bytes([]int64{n}))
		require.NoError(t, err)
		assert.Equal(t, []float32{3, 6}, out[0], trip)
		assert.Equal(t, []float32{1, 2, 2, 4, 3, 6}, out[1], trip)
		assert.Equal(t, []int{3, 2}, shapes[1], trip)
	}
	out, shapes, err := ctlFloats(t, ctlLoop([]string{"n", ""}), x, tensor.Bytes([]int64{0}))
	require.NoError(t, err)
	assert.Equal(t, []float32{0, 0}, out[0])
	assert.Equal(t, []int{0, 2}, shapes[1])
	_, _, err = ctlFloats(t, ctlLoop([]string{"n", ""}), x, tensor.Bytes([]int64{5000}))
	var limit *op.LimitError
	require.ErrorAs(t, err, &limit)
}

// TestLoopAppends makes a sequence in a loop, as PyTorch exports lists.
func TestLoopAppends(t *testing.T) {
	g := modeltest.NewGraph("body")
	g.Input("turn", onnx.Int64)
	g.Input("on", onnx.Bool)
	g.InputOf("list", modeltest.SequenceType(modeltest.TensorType(onnx.Float, 2)))
	g.Input("sum", onnx.Float, 2)
	g.Node("Add", []string{"sum", "x"}, []string{"next"})
	g.Node("SequenceInsert", []string{"list", "next"}, []string{"longer"})
	g.Output("on", onnx.Bool)
	g.OutputOf("longer", modeltest.SequenceType(modeltest.TensorType(onnx.Float, 2)))
	g.Output("next", onnx.Float, 2)
	m := modeltest.New(16)
	m.Input("x", onnx.Float, 2)
	m.Input("n", onnx.Int64)
	m.Node("SequenceEmpty", nil, []string{"empty"})
	m.Node("Loop", []string{"n", "", "empty", "x"}, []string{"all", "last"}, modeltest.Attr("body", g))
	m.Node("ConcatFromSequence", []string{"all"}, []string{"flat"}, modeltest.Attr("axis", int64(0)))
	m.Node("ConcatFromSequence", []string{"all"}, []string{"columns"}, modeltest.Attr("axis", int64(-1)), modeltest.Attr("new_axis", int64(1)))
	m.Node("SequenceAt", []string{"all", "n1"}, []string{"second"})
	m.Const("n1", onnx.Int64, nil, []int64{1})
	for _, name := range []string{"flat", "columns", "second", "last"} {
		m.Output(name, onnx.Float)
	}
	out, shapes, err := ctlFloats(t, m, tensor.Bytes([]float32{1, 10}), tensor.Bytes([]int64{3}))
	require.NoError(t, err)
	assert.Equal(t, []float32{2, 20, 3, 30, 4, 40}, out[0])
	assert.Equal(t, []float32{2, 3, 4, 20, 30, 40}, out[1])
	assert.Equal(t, []int{2, 3}, shapes[1])
	assert.Equal(t, []float32{3, 30}, out[2])
	assert.Equal(t, []float32{4, 40}, out[3])
}

func TestSequences(t *testing.T) {
	m := modeltest.New(16)
	m.Input("x", onnx.Float, 5)
	m.Const("two", onnx.Int64, nil, []int64{2})
	m.Const("last", onnx.Int64, nil, []int64{-1})
	m.Node("SplitToSequence", []string{"x", "two"}, []string{"s"})
	m.Node("SequenceErase", []string{"s", "last"}, []string{"e"})
	m.Node("SequenceInsert", []string{"e", "x", "two"}, []string{"i"})
	m.Node("ConcatFromSequence", []string{"i"}, []string{"y"}, modeltest.Attr("axis", int64(0)))
	m.Node("SequenceAt", []string{"s", "last"}, []string{"z"})
	body := modeltest.NewGraph("double")
	body.Input("a", onnx.Float, nil)
	body.Node("Add", []string{"a", "a"}, []string{"b"})
	body.Output("b", onnx.Float, nil)
	m.Node("SequenceMap", []string{"s"}, []string{"d"}, modeltest.Attr("body", body))
	m.Node("ConcatFromSequence", []string{"d"}, []string{"w"}, modeltest.Attr("axis", int64(0)))
	for _, name := range []string{"y", "z", "w"} {
		m.Output(name, onnx.Float)
	}
	out, _, err := ctlFloats(t, m, tensor.Bytes([]float32{1, 2, 3, 4, 5}))
	require.NoError(t, err)
	assert.Equal(t, []float32{1, 2, 3, 4, 1, 2, 3, 4, 5}, out[0])
	assert.Equal(t, []float32{5}, out[1])
	assert.Equal(t, []float32{2, 4, 6, 8, 10}, out[2])
}

// TestScan scans the second axis from its end, and opset 8's batches.
func TestScan(t *testing.T) {
	body := modeltest.NewGraph("body")
	body.Input("sum", onnx.Float, 2)
	body.Input("next", onnx.Float, 2)
	body.Node("Add", []string{"sum", "next"}, []string{"out"})
	body.Output("out", onnx.Float, 2)
	body.Output("out", onnx.Float, 2)
	model := func(opset int64, shape []any, first []int64, elements int, in []string, attrs ...modeltest.Attribute) *modeltest.Model {
		m := modeltest.New(opset)
		m.Input("x", onnx.Float, shape...)
		m.Const("zero", onnx.Float, first, make([]float32, elements))
		m.Node("Scan", in, []string{"sum", "stack"}, append(attrs, modeltest.Attr("body", body), modeltest.Attr("num_scan_inputs", int64(1)))...)
		m.Output("sum", onnx.Float)
		m.Output("stack", onnx.Float)
		return m
	}
	x := tensor.Bytes([]float32{1, 2, 3, 4, 5, 6})
	out, shapes, err := ctlFloats(t, model(9, []any{2, 3}, []int64{2}, 2, []string{"zero", "x"},
		modeltest.Attr("scan_input_axes", []int64{1}), modeltest.Attr("scan_input_directions", []int64{1}),
		modeltest.Attr("scan_output_axes", []int64{1})), x)
	require.NoError(t, err)
	assert.Equal(t, []float32{6, 15}, out[0])
	assert.Equal(t, []float32{3, 5, 6, 6, 11, 15}, out[1])
	assert.Equal(t, []int{2, 3}, shapes[1])

	x = tensor.Bytes([]float32{1, 2, 3, 4, 10, 20, 30, 40})
	out, shapes, err = ctlFloats(t, model(8, []any{2, 2, 2}, []int64{2, 2}, 4, []string{"", "zero", "x"}), x)
	require.NoError(t, err)
	assert.Equal(t, []float32{4, 6, 40, 60}, out[0])
	assert.Equal(t, []float32{1, 2, 4, 6, 10, 20, 40, 60}, out[1])
	assert.Equal(t, []int{2, 2, 2}, shapes[1])
}

// TestControlErrors checks that what can't be built says why.
func TestControlErrors(t *testing.T) {
	for want, m := range map[string]*modeltest.Model{
		"sequence_lens is not supported":   ctlNode(8, "Scan", []string{"x", "x", "x"}, modeltest.Attr("body", ctlLoopBody()), modeltest.Attr("num_scan_inputs", int64(1))),
		"for a body of 3 inputs":           ctlNode(16, "Loop", []string{"", "", "x", "x"}, modeltest.Attr("body", ctlLoopBody())),
		"of which 9 are scanned":           ctlNode(16, "Scan", []string{"x"}, modeltest.Attr("body", ctlLoopBody()), modeltest.Attr("num_scan_inputs", int64(9))),
		"input 0 is no sequence":           ctlNode(16, "SequenceAt", []string{"x", "x"}),
		"parts whose sizes depend on data": ctlNode(16, "SplitToSequence", []string{"x", "x"}),
		`mode "", want TF`:                 ctlNode(16, "TfIdfVectorizer", []string{"x"}),
		"is missing":                       ctlNode(16, "If", []string{"x"}),
	} {
		_, _, err := ctlFloats(t, m)
		require.ErrorContains(t, err, want)
	}
}

func ctlNode(opset int64, name string, in []string, attrs ...modeltest.Attribute) *modeltest.Model {
	m := modeltest.New(opset)
	m.Input("x", onnx.Float, 2)
	m.Node(name, in, []string{"y"}, attrs...)
	m.Output("y", onnx.Float, 2)
	return m
}

// TestScanGrows stacks sums that are repeated as often as an input says.
func TestScanGrows(t *testing.T) {
	body := modeltest.NewGraph("body")
	body.Input("sum", onnx.Float, 3)
	body.Input("next", onnx.Float, 3)
	body.Node("Add", []string{"sum", "next"}, []string{"out"})
	body.Node("Expand", []string{"out", "n"}, []string{"part"})
	body.Output("out", onnx.Float, 3)
	body.Output("part", onnx.Float, nil, 3)
	x := tensor.Bytes([]float32{1, 2, 3, 10, 20, 30})
	model := func(opset int64, shape []any, first []int64, in []string, attrs ...modeltest.Attribute) *modeltest.Model {
		m := modeltest.New(opset)
		m.Input("x", onnx.Float, shape...)
		m.Input("n", onnx.Int64, 2)
		m.Const("start", onnx.Float, first, make([]float32, 3))
		m.Node("Scan", in, []string{"sum", "parts"}, append(attrs, modeltest.Attr("body", body), modeltest.Attr("num_scan_inputs", int64(1)))...)
		m.Output("sum", onnx.Float)
		m.Output("parts", onnx.Float)
		return m
	}
	for n, want := range map[int64][][]float32{
		0: {{}, {}}, 1: {{1, 2, 3, 11, 22, 33}, {11, 22, 33, 10, 20, 30}},
		2: {{1, 2, 3, 1, 2, 3, 11, 22, 33, 11, 22, 33}, {11, 22, 33, 11, 22, 33, 10, 20, 30, 10, 20, 30}},
	} {
		shape := tensor.Bytes([]int64{n, 1})
		m := model(9, []any{2, 3}, []int64{3}, []string{"start", "x"})
		out, shapes, err := ctlFloats(t, m, x, shape)
		require.NoError(t, err)
		assert.Equal(t, []float32{11, 22, 33}, out[0])
		assert.Equal(t, want[0], out[1], n)
		assert.Equal(t, []int{2, int(n), 3}, shapes[1])

		m = model(9, []any{2, 3}, []int64{3}, []string{"start", "x"}, modeltest.Attr("scan_input_directions", []int64{1}), modeltest.Attr("scan_output_directions", []int64{1}))
		out, _, err = ctlFloats(t, m, x, shape)
		require.NoError(t, err)
		assert.Equal(t, want[1], out[1])

		m = model(8, []any{1, 2, 3}, []int64{1, 3}, []string{"", "start", "x"})
		out, shapes, err = ctlFloats(t, m, x, shape)
		require.NoError(t, err)
		assert.Equal(t, want[0], out[1], n)
		assert.Equal(t, []int{1, 3}, shapes[0])
		assert.Equal(t, []int{1, 2, int(n), 3}, shapes[1])
	}
}
