package tflite_test

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// options writes a model of one operator with these fields and reads them back.
func options(t *testing.T, fields modeltest.Table) tflite.Options {
	t.Helper()
	m := modeltest.New()
	m.Op("VAR_HANDLE", 1, modeltest.Options{Type: tflite.VarHandleOptions, Fields: fields}, nil, nil)
	f, err := tflite.Parse(m.Bytes())
	require.NoError(t, err)
	return f.Subgraphs[0].Operators[0].Options
}

func TestOptions(t *testing.T) {
	o := options(t, modeltest.Table{0: true, 1: int8(-2), 2: int32(-3), 3: uint32(4), 4: int64(-5), 5: float32(0.5),
		6: "shared", 7: []byte{1, 2}, 8: []int32{3}, 9: []int64{4}, 10: []float32{5}})
	assert.True(t, o.Present())
	assert.True(t, o.Has(0))
	assert.False(t, o.Has(11))
	assert.True(t, o.Bool(0, false))
	assert.Equal(t, int8(-2), o.Int8(1, 0))
	assert.Equal(t, int32(-3), o.Int32(2, 0))
	assert.Equal(t, uint32(4), o.Uint32(3, 0))
	assert.Equal(t, int64(-5), o.Int64(4, 0))
	assert.Equal(t, float32(0.5), o.Float32(5, 0))
	assert.Equal(t, "shared", o.String(6))
	assert.Equal(t, []byte{1, 2}, o.Bytes(7))
	assert.Equal(t, []int32{3}, o.Ints(8))
	assert.Equal(t, []int64{4}, o.Longs(9))
	assert.Equal(t, []float32{5}, o.Floats(10))
	assert.Equal(t, tflite.Int64, o.TensorType(11, tflite.Int64))
	require.NoError(t, o.Err())

	assert.Equal(t, int32(7), tflite.Options{}.Int32(0, 7))
	assert.False(t, tflite.Options{}.Present())
	require.NoError(t, tflite.Options{}.Err())
}

func TestOptionsRefuseLongVectors(t *testing.T) {
	o := options(t, modeltest.Table{0: make([]int32, 1<<16), 1: make([]int32, 1<<16+1)})
	assert.Len(t, o.Ints(0), 1<<16)
	require.NoError(t, o.Err())
	assert.Nil(t, o.Ints(1))
	assert.ErrorContains(t, o.Err(), "tflite: options VarHandleOptions: byte ")
	assert.ErrorContains(t, o.Err(), "a vector of 65537 elements is longer")
}

// Options that are wrong do not spoil the file, but the operator that reads them.
func TestOptionsError(t *testing.T) {
	m := modeltest.New()
	m.Op("VAR_HANDLE", 1, modeltest.Options{Type: tflite.VarHandleOptions,
		Fields: modeltest.Table{0: []int32{0x5eed5eed}}}, nil, nil)
	data := m.Bytes()
	found := 0
	for at := 4; at+4 <= len(data); at++ {
		if binary.LittleEndian.Uint32(data[at:]) == 0x5eed5eed {
			binary.LittleEndian.PutUint32(data[at-4:], 1<<10) // the vector's length
			found++
		}
	}
	require.Equal(t, 1, found)
	f, err := tflite.Parse(data)
	require.NoError(t, err)
	o := f.Subgraphs[0].Operators[0].Options
	assert.Nil(t, o.Ints(0))
	var format *tflite.FormatError
	require.True(t, errors.As(o.Err(), &format))
	assert.Positive(t, format.Offset)
}

// Names of the smaller enumerations, of the first, the last and what lies beyond.
func TestEnumNames(t *testing.T) {
	assert.Equal(t, "SYMMETRIC", tflite.MirrorPadSymmetric.String())
	assert.Equal(t, "SHUFFLED4x16INT8", tflite.WeightsShuffled4x16Int8.String())
	assert.Equal(t, "BASIC", tflite.LSTMBasic.String())
	assert.Equal(t, "DENSE", tflite.LSHDense.String())
	assert.Equal(t, "SQRTN", tflite.CombinerSqrtN.String())
	assert.Equal(t, "SPARSE_CSR", tflite.DimSparseCSR.String())
	assert.Equal(t, "BOUNDING_BOX", tflite.ContentBoundingBox.String())
	assert.Equal(t, "GRAYSCALE", tflite.ColorGrayscale.String())
	assert.Equal(t, "CENTER", tflite.BoxCenter.String())
	assert.Equal(t, "PIXEL", tflite.CoordinatePixel.String())
	assert.Equal(t, "INVERSE_LOGISTIC", tflite.ScoreInverseLogistic.String())
	assert.Equal(t, "TENSOR_VALUE_LABELS", tflite.FileTensorValueLabels.String())
	assert.Equal(t, "CoordinateType(2)", tflite.CoordinateType(2).String())
}
