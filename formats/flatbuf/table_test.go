package flatbuf_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// everything has a field of each kind, at slots 0 to 21.
func everything() []byte {
	return modeltest.Encode("TEST", modeltest.Table{
		0: true, 1: int8(-5), 2: uint8(250), 3: int16(-300), 4: uint16(60000),
		5: int32(-1 << 31), 6: uint32(math.MaxUint32), 7: int64(math.MinInt64), 8: uint64(math.MaxUint64),
		9: float32(1.5), 10: 2.25, 11: "Zürich", 12: []byte{1, 2, 3}, 13: []bool{true, false},
		14: []uint16{1, 65535}, 15: []int32{-1, 7}, 16: []int64{-1, 1 << 40}, 17: []float32{0.5, -2},
		18: []string{"a", "", "bc"}, 19: modeltest.Table{0: int32(42)},
		20: []modeltest.Table{{0: int32(1)}, {}, {0: int32(3)}},
		21: modeltest.Union{Type: 3, Value: modeltest.Table{1: int8(9)}},
		23: []uint32{math.MaxUint32},
	})
}

func TestEachKindOfField(t *testing.T) {
	buf := flatbuf.New(everything())
	require.Equal(t, "TEST", buf.Identifier())
	r := buf.Root()
	assert.True(t, r.Bool(0, false))
	assert.Equal(t, int8(-5), r.Int8(1, 0))
	assert.Equal(t, uint8(250), r.Uint8(2, 0))
	assert.Equal(t, int16(-300), r.Int16(3, 0))
	assert.Equal(t, uint16(60000), r.Uint16(4, 0))
	assert.Equal(t, int32(-1<<31), r.Int32(5, 0))
	assert.Equal(t, uint32(math.MaxUint32), r.Uint32(6, 0))
	assert.Equal(t, int64(math.MinInt64), r.Int64(7, 0))
	assert.Equal(t, uint64(math.MaxUint64), r.Uint64(8, 0))
	assert.Equal(t, float32(1.5), r.Float32(9, 0))
	assert.Equal(t, 2.25, r.Float64(10, 0))
	assert.Equal(t, "Zürich", r.String(11))
	assert.Equal(t, []byte{1, 2, 3}, r.Bytes(12))
	assert.Equal(t, []bool{true, false}, r.Bools(13))
	assert.Equal(t, []uint16{1, 65535}, r.Uint16s(14))
	assert.Equal(t, []int32{-1, 7}, r.Int32s(15))
	assert.Equal(t, []int64{-1, 1 << 40}, r.Int64s(16))
	assert.Equal(t, []float32{0.5, -2}, r.Float32s(17))
	assert.Equal(t, []string{"a", "", "bc"}, r.Strings(18))
	assert.Equal(t, int32(42), r.Table(19).Int32(0, 0))
	kind, u := r.Union(21)
	assert.Equal(t, uint8(3), kind)
	assert.Equal(t, int8(9), u.Int8(1, 0))
	assert.Equal(t, []uint32{math.MaxUint32}, r.Uint32s(23))
	var got []int32
	for _, e := range r.Tables(20).All() {
		got = append(got, e.Int32(0, -7))
	}
	assert.Equal(t, []int32{1, -7, 3}, got)
	assert.Equal(t, int64(2), r.VectorLen(15))
	require.NoError(t, buf.Err())
}

func TestAbsentFieldsHaveDefaults(t *testing.T) {
	buf := flatbuf.New(modeltest.Encode("TEST", modeltest.Table{3: int8(0)}))
	for _, r := range []flatbuf.Table{buf.Root(), {}} {
		for _, slot := range []int{-1, 0, 2, 4, 1 << 20} {
			assert.False(t, r.Has(slot))
			assert.Equal(t, int32(7), r.Int32(slot, 7))
			assert.Equal(t, float32(-1), r.Float32(slot, -1))
			assert.Equal(t, "", r.String(slot))
			assert.Nil(t, r.Bytes(slot))
			assert.Nil(t, r.Strings(slot))
			assert.False(t, r.Table(slot).Present())
			assert.Zero(t, r.Tables(slot).Len())
		}
	}
	assert.True(t, buf.Root().Has(3))
	require.NoError(t, buf.Err())
}

// wants is a reader of everything; it returns how many tables it saw.
func wants(data []byte) (tables int, err error) {
	buf := flatbuf.New(data)
	r := buf.Root()
	for slot := range 25 {
		r.Uint64(slot, 0)
		r.Bytes(slot)
		r.Int64s(slot)
		r.Strings(slot)
		for _, e := range r.Tables(slot).All() {
			tables++
			e.Int32s(0)
		}
		_, u := r.Union(slot)
		u.Int8(1, 0)
	}
	return tables, buf.Err()
}

func TestErrorSaysWhere(t *testing.T) {
	data := everything()
	binary.LittleEndian.PutUint32(data, uint32(len(data)))
	buf := flatbuf.New(data)
	buf.Root()
	var e *flatbuf.Error
	require.True(t, errors.As(buf.Err(), &e))
	assert.Equal(t, int64(len(data)), e.Offset)
	assert.ErrorContains(t, e, "a table of 4 bytes lies outside")
	buf.Fail(0, "later")
	assert.NotContains(t, buf.Err().Error(), "later", "the first error stays")
}

func TestTooShort(t *testing.T) {
	for n := range 8 {
		buf := flatbuf.New(make([]byte, n))
		assert.False(t, buf.Root().Present())
		assert.ErrorContains(t, buf.Err(), "too few")
		assert.Equal(t, "", buf.Identifier())
	}
}

// A vector whose many entries all are the same table, which again has such a
// vector, makes a small file into endless work.
func TestSharedTablesAreBounded(t *testing.T) {
	const n = 1 << 17
	data := []byte{16, 0, 0, 0, 'B', 'O', 'M', 'B', 6, 0, 8, 0, 4, 0, 0, 0} // root at 16; a vtable at 8
	table := func() {
		data = binary.LittleEndian.AppendUint32(data, uint32(len(data)-8)) // back to the vtable
		data = binary.LittleEndian.AppendUint32(data, 4)                   // slot 0: the vector that follows
	}
	for range 3 {
		table()
		data = binary.LittleEndian.AppendUint32(data, n)
		for i := range uint32(n) {
			data = binary.LittleEndian.AppendUint32(data, 4*(n-i)) // each the table that follows
		}
	}
	table()
	buf := flatbuf.New(append(data, 0, 0, 0, 0))
	visits := 0
	for _, a := range buf.Root().Tables(0).All() {
		for _, b := range a.Tables(0).All() {
			visits += b.Tables(0).Len() / n
		}
	}
	require.ErrorContains(t, buf.Err(), "too often")
	assert.Positive(t, visits, "the bomb has to have gone off")
	assert.Less(t, visits, len(data))
}

func TestDetachHasItsOwnError(t *testing.T) {
	buf := flatbuf.New(everything())
	d := buf.Root().Detach()
	d.Fail("mine")
	assert.Error(t, d.Err())
	assert.NoError(t, buf.Err())
	long := modeltest.Encode("LONG", modeltest.Table{0: make([]int32, 1000)})
	d = flatbuf.New(long).Root().Detach()
	for range 1000 { // reads far beyond a budget
		require.Len(t, d.Int32s(0), 1000)
	}
	assert.NoError(t, d.Err())
}
