package modeltest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// Data of each Go type are stored little-endian.
func TestConstData(t *testing.T) {
	for _, c := range []struct {
		typ  tflite.TensorType
		data any
		want []byte
	}{
		{tflite.Uint8, []byte{1, 2}, []byte{1, 2}},
		{tflite.Int8, []int8{-1, 2}, []byte{0xff, 2}},
		{tflite.Int16, []int16{-2, 258}, []byte{0xfe, 0xff, 2, 1}},
		{tflite.Float32, []float32{1, -2}, []byte{0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0}},
		{tflite.Int64, []int64{-1, 1}, []byte{255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0, 0, 0, 0, 0, 0}},
		{tflite.Bool, []bool{true, false}, []byte{1, 0}},
	} {
		m := modeltest.New()
		i := m.Const("c", c.typ, []int{2}, c.data)
		f, err := tflite.Parse(m.Bytes())
		require.NoError(t, err)
		assert.Equal(t, c.want, f.Subgraphs[0].Tensors[i].Data, "%v", c.typ)
	}
}

func TestSameModelSameBytes(t *testing.T) {
	build := func() []byte {
		m := modeltest.New()
		x := m.Input("x", tflite.Float32, []int{1})
		m.Op("ADD", 1, modeltest.Options{}, []int{x, x}, []int{x})
		m.Signature("s", m.Subgraph, map[string]int{"a": x, "b": x, "c": x}, map[string]int{"d": x, "e": x})
		return m.Bytes()
	}
	first := build()
	for range 10 {
		require.Equal(t, first, build())
	}
}

func TestOperatorCodesAreShared(t *testing.T) {
	m := modeltest.New()
	m.Op("ADD", 1, modeltest.Options{}, nil, nil)
	m.Op("ADD", 2, modeltest.Options{}, nil, nil)
	m.Op("ADD", 1, modeltest.Options{}, nil, nil)
	m.Custom("A", nil, nil, nil)
	m.Custom("B", nil, nil, nil)
	assert.Len(t, m.Root()[1], 4)
}

// Sparse indices take the narrowest vector, and read back alike from each.
func TestSparseIndices(t *testing.T) {
	for _, last := range []int32{3, 300, 70000} {
		m := modeltest.New()
		m.Const("c", tflite.Int8, []int{1, int(last) + 1}, []int8{1}, modeltest.Sparse{
			TraversalOrder: []int32{0, 1},
			Dims:           []modeltest.Dim{{Size: 1}, {Segments: []int32{0, 1}, Indices: []int32{last}}},
		})
		f, err := tflite.Parse(m.Bytes())
		require.NoError(t, err)
		assert.Equal(t, []int32{last}, f.Subgraphs[0].Tensors[0].Sparsity.Dims[1].Indices)
	}
}

func TestFlexWidthRefusesWhatDoesNotFit(t *testing.T) {
	for _, c := range []struct {
		v     any
		width int
		ok    bool
	}{
		{127, 1, true}, {128, 1, false}, {-129, 1, false}, {-129, 2, true}, {int64(1) << 40, 4, false},
		{0.5, 2, false}, {0.5, 4, true}, {0.1, 4, false}, {0.1, 8, true}, {make([]byte, 300), 1, false},
	} {
		_, ok := modeltest.FlexWidth(c.v, c.width)
		assert.Equal(t, c.ok, ok, "%T %v in %d bytes", c.v, c.v, c.width)
	}
	assert.Equal(t, 0.1, flatbuf.ReadFlex(modeltest.Flex(0.1)).Float(0))
}

func TestMisuseIsABug(t *testing.T) {
	m := modeltest.New()
	assert.PanicsWithValue(t, "BUG: modeltest: no operator is called NOPE", func() {
		m.Op("NOPE", 1, modeltest.Options{}, nil, nil)
	})
	assert.PanicsWithValue(t, "BUG: modeltest: data of Go type string", func() {
		m.Const("c", tflite.Int8, nil, "text")
	})
	assert.Panics(t, func() { modeltest.Encode("TEST", modeltest.Table{0: 1}) }, "an int has no width")
	assert.Panics(t, func() { modeltest.Flex(struct{}{}) })
}
