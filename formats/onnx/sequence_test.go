package onnx_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	mt "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
)

func TestSequenceAndOptional(t *testing.T) {
	x := mt.Tensor("x", onnx.Uint8, []int64{1}, []byte{9})
	s, err := onnx.ParseSequence(mt.Sequence("s", x, x))
	require.NoError(t, err)
	assert.Equal(t, onnx.KindTensor, s.Kind)
	assert.Len(t, s.Tensors, 2)

	o, err := onnx.ParseOptional(mt.Optional("o", x))
	require.NoError(t, err)
	assert.Equal(t, "x", o.Tensor.Name)
	o, err = onnx.ParseOptional(mt.Optional("o", nil))
	require.NoError(t, err)
	assert.Equal(t, onnx.Optional{Name: "o"}, *o)

	_, err = onnx.ParseSequence([]byte("\x10\x03\x1a\x02\x10\x01"))
	assert.ErrorContains(t, err, "tensor")
	_, err = onnx.ParseOptional([]byte("\x10\x09"))
	assert.ErrorContains(t, err, "an element of kind 9")
}

// container returns a SequenceProto or OptionalProto of elements that are messages
// in the given field.
func container(kind uint64, field protowire.Number, elements ...[]byte) []byte {
	w := protowire.AppendVarint([]byte{0x10}, kind)
	for _, e := range elements {
		w = protowire.AppendBytes(protowire.AppendTag(w, field, protowire.BytesType), e)
	}
	return w
}

func TestContainersNest(t *testing.T) {
	x := mt.Tensor("x", onnx.Uint8, []int64{1}, []byte{9})
	sparse := mt.SparseTensor(x, mt.Tensor("", onnx.Int64, []int64{1}, []int64{1}), []int64{3})
	mapping := append([]byte("\x0a\x01m\x10\x07\x18\x05\x22\x01k\x2a"), protowire.AppendBytes(nil, mt.Sequence("", x))...)

	s, err := onnx.ParseSequence(container(3, 5, mt.Sequence("in", x), mt.Sequence("", x)))
	require.NoError(t, err)
	assert.Equal(t, "in", s.Sequences[0].Name)
	s, err = onnx.ParseSequence(container(2, 4, sparse))
	require.NoError(t, err)
	assert.Equal(t, []int64{3}, s.Sparse[0].Dims)
	s, err = onnx.ParseSequence(container(5, 7, mt.Optional("", x), mt.Optional("", nil)))
	require.NoError(t, err)
	assert.Nil(t, s.Optionals[1].Tensor)
	s, err = onnx.ParseSequence(container(4, 6, mapping))
	require.NoError(t, err)
	m := s.Maps[0]
	assert.Equal(t, []any{"m", onnx.Int64, []int64{5}, "k", "x"},
		[]any{m.Name, m.KeyType, m.Keys, string(m.StringKeys[0]), m.Values.Tensors[0].Name})

	for field, kind := range map[protowire.Number]uint64{4: 2, 5: 3, 6: 4, 7: 5} {
		element := map[protowire.Number][]byte{4: sparse, 5: mt.Sequence("", x), 6: mapping, 7: mt.Optional("", x)}[field]
		o, err := onnx.ParseOptional(container(kind, field, element))
		require.NoError(t, err)
		held := []bool{o.Sparse != nil, o.Sequence != nil, o.Map != nil, o.Optional != nil}
		want := make([]bool, 4)
		want[field-4] = true
		assert.Equal(t, want, held)
		_, err = onnx.ParseOptional(container(1, field, element))
		assert.ErrorContains(t, err, "has an element of another kind")
		_, err = onnx.ParseSequence(container(1, field, element))
		assert.ErrorContains(t, err, "has elements of another kind")
	}
}

func TestContainersTooDeep(t *testing.T) {
	s := mt.Sequence("s")
	for range onnx.MaxDepth + 1 {
		s = container(3, 5, s)
	}
	_, err := onnx.ParseSequence(s)
	assert.ErrorContains(t, err, "nest more than 32 deep")
	assertOurs(t, err)
}
