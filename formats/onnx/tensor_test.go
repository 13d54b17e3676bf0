package onnx_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	mt "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
)

// Every field of elements gives the bytes that raw_data would have.
func TestTensorBytes(t *testing.T) {
	for _, c := range []struct {
		t    onnx.DataType
		dims []int64
		data any
		want []byte
	}{
		{onnx.Float, []int64{2}, []float32{1, -2}, []byte{0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0}},
		{onnx.Complex64, nil, []float32{1, -2}, []byte{0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0}},
		{onnx.Double, nil, []float64{1}, []byte{0, 0, 0, 0, 0, 0, 0xf0, 0x3f}},
		{onnx.Int8, []int64{2}, []int32{-1, 127}, []byte{0xff, 127}},
		{onnx.Uint8, []int64{2}, []int32{255, 1}, []byte{255, 1}},
		{onnx.Bool, []int64{2}, []int32{1, 0}, []byte{1, 0}},
		{onnx.Int16, []int64{2}, []int32{-2, 258}, []byte{0xfe, 0xff, 2, 1}},
		{onnx.Uint16, []int64{1}, []int32{65535}, []byte{0xff, 0xff}},
		{onnx.Float16, []int64{1}, []int32{0x3c00}, []byte{0, 0x3c}},
		{onnx.BFloat16, []int64{1}, []int32{0x3f80}, []byte{0x80, 0x3f}},
		{onnx.Float8E5M2, []int64{1}, []int32{0x80}, []byte{0x80}},
		{onnx.Int32, []int64{2}, []int32{-1, 1}, []byte{255, 255, 255, 255, 1, 0, 0, 0}},
		{onnx.Int64, []int64{1}, []int64{-2}, []byte{0xfe, 255, 255, 255, 255, 255, 255, 255}},
		{onnx.Uint32, []int64{1}, []uint64{math.MaxUint32}, []byte{255, 255, 255, 255}},
		{onnx.Uint64, []int64{1}, []uint64{1 << 63}, []byte{0, 0, 0, 0, 0, 0, 0, 128}},
		{onnx.Uint4, []int64{3}, []int32{0x21, 0x03}, []byte{0x21, 0x03}},
		{onnx.Int2, []int64{5}, []int32{0xe4, 0x01}, []byte{0xe4, 0x01}},
		{onnx.Int32, []int64{0, 7}, []int32{}, nil},
	} {
		typed, err := onnx.ParseTensor(mt.TypedTensor("x", c.t, c.dims, c.data))
		require.NoError(t, err, "%v", c.t)
		got, err := typed.Bytes()
		require.NoError(t, err)
		assert.Equal(t, c.want, got, "%v", c.t)

		raw, err := onnx.ParseTensor(mt.Tensor("x", c.t, c.dims, c.want))
		require.NoError(t, err, "%v", c.t)
		got, err = raw.Bytes()
		require.NoError(t, err)
		assert.Equal(t, len(c.want), len(got), "%v", c.t)
		assert.Equal(t, append([]byte{}, c.want...), append([]byte{}, got...), "%v", c.t)
	}
}

// Fields need not be packed, nor in one piece.
func TestUnpackedNumbers(t *testing.T) {
	for _, data := range []string{
		"\x08\x03\x10\x06" + "\x28\x01\x28\x02\x28\x83\x01", // dims, type, int32_data three times
		"\x0a\x01\x03\x10\x06" + "\x2a\x02\x01\x02\x28\x83\x01",
	} {
		x, err := onnx.ParseTensor([]byte(data))
		require.NoError(t, err)
		got, err := x.Bytes()
		require.NoError(t, err)
		assert.Equal(t, []byte{1, 0, 0, 0, 2, 0, 0, 0, 131, 0, 0, 0}, got)
	}
}

func TestRawDataNotCopied(t *testing.T) {
	file := mt.Tensor("x", onnx.Uint8, []int64{3}, []byte{7, 8, 9})
	x, err := onnx.ParseTensor(file)
	require.NoError(t, err)
	got, err := x.Bytes()
	require.NoError(t, err)
	assert.Same(t, &file[len(file)-3], &got[0])
	assert.Equal(t, 3, cap(got), "appending must not reach the file")
}

func TestTensorErrors(t *testing.T) {
	float := func(data any, dims ...int64) []byte { return mt.Tensor("x", onnx.Float, dims, data) }
	for _, c := range []struct {
		data []byte
		want string
	}{
		{nil, "not a tensor (the file is empty)"},
		{float([]float32{1}, 2), `onnx: tensor "x": 4 bytes of data do not make FLOAT [2]; it takes 8`},
		{float(nil, 2), "0 bytes of data"},
		{float([]float32{1}, -1), "dims [-1] have a negative one"},
		{float(nil, 1<<31, 1<<31), "than can be counted"},
		{float(nil, 1<<40, 1<<40, 0), "than can be counted"},
		{mt.Tensor("x", onnx.Uint8, []int64{1 << 62}, nil), "than can be counted"},
		{mt.Tensor("x", onnx.Undefined, nil, nil), "has no data_type"},
		{mt.Tensor("x", 27, nil, nil), "element data type 27"},
		{mt.TypedTensor("x", onnx.Float, []int64{1}, []int32{1}), "FLOAT do not belong in int32_data"},
		{mt.Tensor("x", onnx.Float, []int64{1}, []string{"a"}), "FLOAT do not belong in string_data"},
		{mt.Tensor("x", onnx.String, []int64{2}, []string{"a"}), "1 strings do not make [2]"},
		{mt.Tensor("x", onnx.String, []int64{1}, []byte{1}), "strings in raw_data"},
		{append(float([]float32{1}, 1), "\x22\x04abcd"...), "has both raw_data and float_data"},
		{append(float(nil, 1), "\x22\x03abc"...), "ends inside a number"},
		{[]byte("\x10\x06\x2a\x01\x80"), "a packed field holds a broken varint"},
		{append(float([]float32{1}, 1), "\x1a\x00"...), "a segment of a tensor"},
		{[]byte("\x10\x01\x4a\x7fabc"), "byte 3: field 9 has 127 bytes where 3 are left; the file may be truncated"},
		{mt.ExternalTensor("x", onnx.Float, nil), "gives no location"},
		{mt.ExternalTensor("x", onnx.Float, nil, "location", "a", "offset", "-1"), `the offset "-1"`},
		{mt.ExternalTensor("x", onnx.Float, nil, "location", "a", "length", "5"), "5 bytes of data do not make FLOAT []"},
		{mt.ExternalTensor("x", onnx.String, nil, "location", "a"), "strings in another file"},
		{append(float([]float32{1}), mt.ExternalTensor("x", onnx.Float, nil, "location", "a")...), "data of its own"},
	} {
		_, err := onnx.ParseTensor(c.data)
		if assert.ErrorContains(t, err, c.want) {
			assertOurs(t, err)
		}
	}
}

func TestStrings(t *testing.T) {
	x, err := onnx.ParseTensor(mt.Tensor("x", onnx.String, []int64{2}, []string{"a", ""}))
	require.NoError(t, err)
	assert.Equal(t, [][]byte{[]byte("a"), {}}, x.Strings)
	_, err = x.Bytes()
	assert.ErrorContains(t, err, "strings have no fixed size")
}

func TestSparseInitializer(t *testing.T) {
	g := parse(t, everything()).Graph
	x := g.Initializers[len(g.Initializers)-1]
	assert.Equal(t, "sp", x.Name)
	want, err := onnx.ParseTensor(mt.Tensor("", onnx.Float, []int64{2, 3}, []float32{0, 5, 0, 0, 0, 6}))
	require.NoError(t, err)
	wantBytes, err := want.Bytes()
	require.NoError(t, err)
	got, err := x.Bytes()
	require.NoError(t, err)
	assert.Equal(t, wantBytes, got)

	for _, c := range []struct {
		indices, dims []int64
		want          string
	}{
		{[]int64{0, 6}, []int64{2, 3}, "index of value 1 lies outside [2 3]"},
		{[]int64{-1, 0}, []int64{2, 3}, "index of value 0 lies outside"},
		{[]int64{0, 1, 2}, []int64{2, 3}, "indices INT64 [3] do not fit 2 values"},
		{[]int64{0, 1}, []int64{1 << 40}, "much more memory than the file"},
		{[]int64{0, 1}, []int64{-3}, "negative"},
	} {
		m := mt.New(17)
		m.SparseInitializer(mt.SparseTensor(mt.Tensor("sp", onnx.Float, []int64{2}, []float32{5, 6}),
			mt.Tensor("", onnx.Int64, []int64{int64(len(c.indices))}, c.indices), c.dims))
		_, err := onnx.Parse(m.Bytes())
		if assert.ErrorContains(t, err, c.want) {
			assertOurs(t, err)
		}
	}
}
