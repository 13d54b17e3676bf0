package tflite_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// small is a model with a bit of everything: a convolution with an optional input
// left out, a custom operator, a second sub-graph, state, sparsity, a signature.
func small() *modeltest.Model {
	m := modeltest.New()
	q := modeltest.Quant{Scale: []float32{0.5}, Zero: []int64{-3}}
	x := m.Input("x", tflite.Int8, []int{1, 5, 5, 3}, q, modeltest.Signature{-1, 5, 5, 3})
	w := m.Const("w", tflite.Int8, []int{2, 3, 3, 3}, make([]int8, 54),
		modeltest.Quant{Scale: []float32{0.25, 0.75}, Zero: []int64{0, 0}, Min: []float32{-1}, Max: []float32{1}})
	y := m.Tensor("y", tflite.Int8, []int{1, 3, 3, 2}, q)
	state := m.Variable("state", tflite.Int16, []int{1, 4})
	s := m.Const("s", tflite.Float32, []int{2, 2}, []float32{1, 2}, modeltest.Sparse{
		TraversalOrder: []int32{0, 1},
		Dims:           []modeltest.Dim{{Size: 2}, {Segments: []int32{0, 1, 2}, Indices: []int32{1, 0}}},
	})
	z := m.Tensor("z", tflite.Float32, []int{2, 2})
	m.Op("CONV_2D", 3, modeltest.Options{
		Type:   tflite.Conv2DOptions,
		Fields: modeltest.Table{0: int8(tflite.PaddingValid), 1: int32(1), 2: int32(2), 3: int8(tflite.ActivationRelu6)},
	}, []int{x, w, -1}, []int{y})
	m.Op("DENSIFY", 1, modeltest.Options{Type: tflite.DensifyOptions}, []int{s}, []int{z})
	op := m.Custom("SignalFftAutoScale", modeltest.Flex(map[string]any{"n": 3}), []int{y, state}, []int{y})
	op[7], op[8] = []bool{false, true}, []int32{int32(state)}
	m.Op("STABLEHLO_PAD", 1, modeltest.Options{
		Type:   tflite.StableHLOPadOptions,
		Fields: modeltest.Table{0: []int64{1, 2}},
	}, []int{y}, []int{y})
	m.Outputs(y, z)
	then := m.NewSubgraph("then")
	then.Outputs(then.Input("a", tflite.Float32, nil))
	m.Signature("serve", m.Subgraph, map[string]int{"in": x}, map[string]int{"out": y, "dense": z})
	m.Metadata("min_runtime_version", []byte("1.14.0"))
	return m
}

func TestParseSmall(t *testing.T) {
	for _, after := range []bool{false, true} {
		m := small()
		m.DataAfter = after
		f, err := tflite.Parse(m.Bytes())
		require.NoError(t, err)
		checkSmall(t, f)
	}
}

func checkSmall(t *testing.T, f *tflite.File) {
	t.Helper()
	require.Len(t, f.Subgraphs, 2)
	s := f.Subgraphs[0]
	assert.Equal(t, "main", s.Name)
	x, w, state, sparse := s.Tensors[0], s.Tensors[1], s.Tensors[3], s.Tensors[4]
	assert.Equal(t, []int32{-1, 5, 5, 3}, x.ShapeSignature)
	assert.Equal(t, &tflite.Quantization{Scale: []float32{0.5}, Zero: []int64{-3}}, x.Quant)
	assert.Nil(t, x.Data)
	assert.Equal(t, make([]byte, 54), w.Data)
	assert.Equal(t, []float32{0.25, 0.75}, w.Quant.Scale)
	assert.True(t, state.Variable)
	assert.Equal(t, &tflite.Sparsity{
		TraversalOrder: []int32{0, 1},
		BlockMap:       []int32{},
		Dims: []tflite.DimensionMetadata{
			{Format: tflite.DimDense, Size: 2},
			{Format: tflite.DimSparseCSR, Segments: []int32{0, 1, 2}, Indices: []int32{1, 0}},
		},
	}, sparse.Sparsity)

	conv, custom, pad := s.Operators[0], s.Operators[2], s.Operators[3]
	assert.Equal(t, tflite.OpConv2D, conv.Builtin)
	assert.Equal(t, int32(3), conv.Version)
	assert.Equal(t, []int32{0, 1, -1}, conv.Inputs)
	o, err := conv.OptionsAs(tflite.Conv2DOptions)
	require.NoError(t, err)
	assert.Equal(t, tflite.PaddingValid, o.Padding(0))
	assert.Equal(t, tflite.ActivationRelu6, o.Activation(3))
	assert.Equal(t, "SignalFftAutoScale", custom.Name())
	assert.Equal(t, int64(3), flatbuf.ReadFlex(custom.CustomOptions).Key("n").Int(0))
	assert.Equal(t, []bool{false, true}, custom.MutatingInputs)
	assert.Equal(t, []int32{3}, custom.Intermediates)
	assert.Equal(t, "STABLEHLO_PAD", pad.Name())
	o, err = pad.OptionsAs(tflite.StableHLOPadOptions)
	require.NoError(t, err)
	assert.Equal(t, []int64{1, 2}, o.Longs(0))

	assert.Equal(t, []tflite.Signature{{Key: "serve", Inputs: map[string]int32{"in": 0},
		Outputs: map[string]int32{"out": 2, "dense": 5}}}, f.Signatures)
	assert.Equal(t, "1.14.0", string(f.Metadata["min_runtime_version"]))
}

func TestLargeCustomOptions(t *testing.T) {
	m := modeltest.New()
	op := m.Custom("Big", nil, nil, nil)
	op[9], op[10] = uint64(1<<20), uint64(3)
	begin := len(m.Bytes())
	op[9] = uint64(begin)
	f, err := tflite.Parse(append(m.Bytes(), 7, 8, 9))
	require.NoError(t, err)
	assert.Equal(t, []byte{7, 8, 9}, f.Subgraphs[0].Operators[0].CustomOptions)
	_, err = tflite.Parse(m.Bytes())
	assert.EqualError(t, err, "tflite: operator 0 Big: custom options: "+
		"3 bytes at "+itoa(begin)+" lie outside the file of "+itoa(begin)+" bytes")
}

// An operator's code is the larger of the old byte and the new int.
func TestOldOperatorCode(t *testing.T) {
	m := modeltest.New()
	m.Op("SOFTMAX", 2, modeltest.Options{}, nil, nil)
	root := m.Root()
	delete(root[1].([]modeltest.Table)[0], 3)
	f, err := tflite.Parse(modeltest.Encode(tflite.Identifier, root))
	require.NoError(t, err)
	assert.Equal(t, tflite.OpSoftmax, f.Subgraphs[0].Operators[0].Builtin)
}

func TestNames(t *testing.T) {
	assert.Equal(t, "STABLEHLO_CASE", tflite.BuiltinOperator(209).String())
	assert.Equal(t, tflite.OpStableHLOCase, tflite.BuiltinOperator(209))
	assert.Equal(t, tflite.OpGelu, tflite.BuiltinOperator(150))
	assert.Equal(t, "BuiltinOperator(210)", tflite.BuiltinOperator(210).String())
	for i := range tflite.BuiltinOperator(210) {
		op, ok := tflite.ParseBuiltinOperator(i.String())
		assert.True(t, ok)
		assert.Equal(t, i, op)
	}
	assert.Equal(t, "RightShiftOptions", tflite.OptionsType(126).String())
	assert.Equal(t, tflite.RightShiftOptions, tflite.OptionsType(126))
	assert.Equal(t, "StableHLOPadOptions", tflite.StableHLOPadOptions.String())
	assert.Equal(t, "StableHLOCaseOptions", tflite.StableHLOCaseOptions.String())
	assert.Equal(t, "OptionsType(127)", tflite.OptionsType(127).String())
	assert.Equal(t, "FLOAT8_E5M2", tflite.TensorType(22).String())
	assert.Equal(t, "TensorType(-1)", tflite.TensorType(-1).String())
	assert.Equal(t, 4, tflite.Int4.Bits())
	assert.Equal(t, "SIGN_BIT", tflite.ActivationSignBit.String())
	assert.Equal(t, "Padding(2)", tflite.Padding(2).String())
}
