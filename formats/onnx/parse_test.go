package onnx_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	mt "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
)

func parse(t *testing.T, data []byte) *onnx.Model {
	t.Helper()
	m, err := onnx.Parse(data)
	require.NoError(t, err)
	return m
}

func TestParseModel(t *testing.T) {
	data := everything()
	m := parse(t, data)
	assert.EqualValues(t, 8, m.IRVersion)
	assert.Equal(t, "modeltest", m.Producer)
	assert.EqualValues(t, len(data), m.Size)
	assert.Equal(t, map[string]int64{"": 17, "com.example": 2}, m.Opsets)
	assert.Equal(t, map[string]string{"author": "nobody"}, m.Metadata)
	require.Len(t, m.Functions, 1)
	f := m.Functions[0]
	assert.Equal(t, []string{"com.example", "Twice", "float"}, []string{f.Domain, f.Name, f.Overload})
	assert.Equal(t, [][]string{{"a"}, {"b"}, {"i"}}, [][]string{f.Inputs, f.Outputs, f.AttributeNames})
	assert.Equal(t, float32(2), f.AttributeDefaults[0].Float)
	assert.Equal(t, map[string]int64{"": 17}, f.Opsets)
	ref := f.Nodes[0].Attributes[0]
	assert.Equal(t, onnx.Attribute{Name: "alpha", RefAttrName: "f", Type: onnx.AttrFloat}, *ref)
}

func TestParseTypes(t *testing.T) {
	g := parse(t, everything()).Graph
	x := &onnx.TypeProto{Kind: onnx.KindTensor, DataType: onnx.Float, HasShape: true,
		Shape: []onnx.Dim{{Value: 1, Known: true}, {Param: "batch"}, {}}}
	assert.Equal(t, &onnx.ValueInfo{Name: "x", Type: x}, g.Inputs[0])
	s := g.Inputs[1].Type
	assert.Equal(t, []onnx.TypeKind{onnx.KindSequence, onnx.KindOptional, onnx.KindTensor},
		[]onnx.TypeKind{s.Kind, s.Elem.Kind, s.Elem.Elem.Kind})
	m := g.Inputs[2].Type
	assert.Equal(t, onnx.KindMap, m.Kind)
	assert.Equal(t, onnx.String, m.Key)
	assert.Equal(t, onnx.Int64, m.Elem.DataType)
	assert.Equal(t, []onnx.Dim{{}}, g.ValueInfo[0].Type.Shape, "-1 is how some exporters spell unknown")
	assert.Empty(t, g.Outputs[0].Type.Shape)
	assert.True(t, g.Outputs[0].Type.HasShape)
}

func TestParseNodes(t *testing.T) {
	g := parse(t, everything()).Graph
	require.Len(t, g.Nodes, 2)
	branch := g.Nodes[0]
	assert.Equal(t, []string{"x", "", "w"}, branch.Inputs)
	then := branch.Attributes[0].Graph
	value, err := then.Nodes[0].Attributes[0].Tensor.Bytes()
	require.NoError(t, err)
	assert.Equal(t, []byte{0, 0, 0x80, 0x3f}, value)

	twice := g.Nodes[1]
	assert.Equal(t, "com.example", twice.Domain)
	a := map[string]*onnx.Attribute{}
	for _, x := range twice.Attributes {
		a[x.Name] = x
	}
	assert.Equal(t, float32(0.5), a["f"].Float)
	assert.EqualValues(t, -3, a["i"].Int)
	assert.Equal(t, "text", string(a["s"].String))
	assert.Equal(t, []float32{1, 2}, a["fs"].Floats)
	assert.Equal(t, []int64{4, -5}, a["is"].Ints)
	assert.Equal(t, [][]byte{[]byte("p"), []byte("q")}, a["ss"].Strings)
	assert.Equal(t, "then", a["gs"].Graphs[0].Name)
	assert.Equal(t, onnx.Bool, a["tp"].TypeProto.DataType)
	assert.Equal(t, []int64{2, 3}, a["sp"].SparseTensor.Dims)
	assert.Equal(t, onnx.Uint8, a["ts"].Tensors[0].Type)
}

// ONNX's own domain has two spellings.
func TestDomainSpelling(t *testing.T) {
	m := mt.New(0)
	m.Opset("ai.onnx", 12)
	m.NodeOf("ai.onnx", "Relu", []string{"x"}, []string{"y"})
	got := parse(t, m.Bytes())
	assert.Equal(t, map[string]int64{"": 12}, got.Opsets)
	assert.Empty(t, got.Graph.Nodes[0].Domain)
}

func TestParseErrors(t *testing.T) {
	model := func(make func(m *mt.Model)) []byte {
		m := mt.New(17)
		make(m)
		return m.Bytes()
	}
	deep := mt.NewGraph("g")
	for range onnx.MaxDepth + 1 {
		g := mt.NewGraph("g")
		g.Node("If", nil, nil, mt.Attr("then_branch", deep))
		deep = g
	}
	nested := mt.TensorType(onnx.Float)
	for range onnx.MaxDepth + 1 {
		nested = mt.SequenceType(nested)
	}
	for _, c := range []struct {
		data []byte
		want string
	}{
		{nil, "onnx: not an ONNX model (the file is empty)"},
		{[]byte("\x1c\x00\x00\x00TFL3...."), "onnx: not an ONNX model (it looks like TensorFlow Lite)"},
		{[]byte("PK\x03\x04"), "zip archive"},
		{[]byte("<html>"), "text such as HTML"},
		{[]byte("\xff\xff\xff"), "onnx: not an ONNX model, or a damaged one: byte 0: no field starts here"},
		{[]byte("\x12\x01x"), "onnx: not an ONNX model (it has no ir_version)"},
		{[]byte("\x08\x08"), "onnx: not an ONNX model (it has no graph)"},
		{model(func(m *mt.Model) { m.IRVersion = 2 }), "onnx: IR version 2; versions 3 to 13 are read"},
		{model(func(m *mt.Model) { m.IRVersion = 14 }), "onnx: IR version 14; "},
		{mt.New(0).Bytes(), "onnx: the model names no opset"},
		{model(func(m *mt.Model) { m.Opset("", 18) }), `onnx: opset_import: domain "" has versions 17 and 18`},
		{model(func(m *mt.Model) { m.Opset("a", -1) }), `domain "a" has version -1`},
		{model(func(m *mt.Model) { m.Node("", nil, nil) }), `onnx: graph "main": node 0: byte 23: has no op_type`},
		{model(func(m *mt.Model) { m.Node("If", nil, nil, mt.Attr("g", deep)) }), "nest more than 32 deep"},
		{model(func(m *mt.Model) { m.InputOf("x", nested) }), `onnx: graph "main": input 0 "x": graphs, types or sequences nest`},
		{model(func(m *mt.Model) { m.Input("x", onnx.Float, -2) }), "a negative dimension"},
		{model(func(m *mt.Model) { m.Input("x", 99) }), "element type 99"},
		{model(func(m *mt.Model) { m.Node("A", nil, []string{"y"}, mt.Ref("a", "", onnx.AttrTensor)) }),
			`onnx: graph "main": node 0 A "A_y": attribute 0 "a": has type TENSOR and no value`},
		{model(func(m *mt.Model) { m.Node("A", nil, nil, mt.Ref("a", "", 0)) }), "has no type"},
		{model(func(m *mt.Model) { m.Node("A", nil, nil, mt.Ref("a", "", 77)) }), "attribute type 77"},
		{model(func(m *mt.Model) {
			m.Node("A", nil, nil, append(mt.Attr("a", 1), mt.Attr("a", []int{1})...))
		}), "has type INTS and a value of another type"},
		{append(mt.New(17).Bytes(), "\x3a\x00"...), "a second graph"},
		{[]byte("\x08\x08\x3a\x02\x08\x01"), "onnx: graph: byte 5: field 1 has wire type 0 where 2 belongs"},
	} {
		_, err := onnx.Parse(c.data)
		if assert.ErrorContains(t, err, c.want) {
			assertOurs(t, err)
		}
	}
}

// assertOurs checks that an error is of one of the two types.
func assertOurs(t *testing.T, err error) {
	t.Helper()
	switch err.(type) {
	case *onnx.FormatError, *onnx.UnsupportedError:
	default:
		t.Errorf("an error of type %T: %v", err, err)
	}
}
