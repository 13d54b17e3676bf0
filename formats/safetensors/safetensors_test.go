package safetensors

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func small() *File {
	return &File{
		Tensors:  []Tensor{{"b", "F32", []int{2}, []byte{1, 2, 3, 4, 5, 6, 7, 8}}, {"a", "U8", []int{1, 3}, []byte{7, 8, 9}}, {"none", "I64", []int{0, 4}, []byte{}}, {"one", "I8", []int{}, []byte{5}}},
		Metadata: map[string]string{"step": "3"},
	}
}

func TestRoundTrip(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, Write(&b, small()))
	assert.Zero(t, (binary.LittleEndian.Uint64(b.Bytes())+8)%8)
	f, err := Parse(b.Bytes())
	require.NoError(t, err)
	assert.Equal(t, small(), f)
}

func TestWriteRefuses(t *testing.T) {
	for name, f := range map[string]*File{
		"twice":  {Tensors: []Tensor{{"a", "U8", nil, []byte{1}}, {"a", "U8", nil, []byte{1}}}},
		"length": {Tensors: []Tensor{{"a", "F32", []int{2}, []byte{1}}}},
		"type":   {Tensors: []Tensor{{"a", "F31", nil, []byte{1}}}},
		"name":   {Tensors: []Tensor{{metadataKey, "U8", nil, []byte{1}}}},
	} {
		assert.ErrorContains(t, Write(&bytes.Buffer{}, f), "safetensors: tensor", name)
	}
}

func TestParseRefuses(t *testing.T) {
	file := func(header string, data ...byte) []byte {
		b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
		return append(append(b, header...), data...)
	}
	for want, b := range map[string][]byte{
		"cut short":                      {1, 2},
		"a header of 9 bytes":            {9, 0, 0, 0, 0, 0, 0, 0, '{'},
		"header: ":                       file("{"),
		"bytes 0 to 4 of 3":              file(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, 1, 2, 3),
		"4 bytes for F32 [2], want 8":    file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, 1, 2, 3, 4),
		"is not valid":                   file(`{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}`, 1, 2, 3, 4),
		`"F4" is not known`:              file(`{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}`, 1),
		"follow the last tensor":         file(`{}`, 1),
		"starts at byte 1":               file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, 1, 2),
		"__metadata__: json: cannot unm": file(`{"__metadata__":{"a":1}}`),
	} {
		_, err := Parse(b)
		assert.ErrorContains(t, err, want)
	}
}

func FuzzParse(f *testing.F) {
	var b bytes.Buffer
	require.NoError(f, Write(&b, small()))
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Parse(b)
		if err != nil {
			return
		}
		var again bytes.Buffer
		require.NoError(t, Write(&again, file))
		same, err := Parse(again.Bytes())
		require.NoError(t, err)
		assert.Equal(t, len(file.Tensors), len(same.Tensors))
	})
}
