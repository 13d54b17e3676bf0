package flatbuf_test

import (
	"strings"
	"testing"

	flatbuffers "github.com/google/flatbuffers/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
)

// everyField has a field of each Go type that there is.
func everyField() flatbuf.Object {
	return flatbuf.Object{
		0: true, 1: int8(-2), 2: uint8(3), 3: int16(-4), 4: uint16(5), 5: int32(-6), 6: uint32(7),
		7: int64(-8), 8: uint64(9), 9: float32(1.5), 10: 2.5, 11: "text", 12: []byte{1, 2, 3},
		13: []int32{-1, 2}, 14: []int64{-3, 4}, 15: []float32{0.5, 0.25}, 16: []string{"a", "", "bc"},
		17: flatbuf.Object{2: int32(11)}, 18: []flatbuf.Object{{0: "x"}, {}, {0: "y", 1: int64(5)}},
		19: flatbuf.Union{Kind: 4, Value: flatbuf.Object{0: uint8(1)}},
		21: flatbuf.Aligned{Data: []byte{9, 8}, To: 64}, 23: nil, 24: []bool{true, false}, 25: []int8{-1},
		26: []uint16{1, 65535}, 27: []uint32{1}, 28: []uint64{1 << 40}, 29: []float64{0.125},
	}
}

// What was built reads back, field by field.
func TestBuild(t *testing.T) {
	data, err := flatbuf.Build("TEST", everyField())
	require.NoError(t, err)
	buf := flatbuf.New(data)
	assert.Equal(t, "TEST", buf.Identifier())
	r := buf.Root()
	assert.True(t, r.Bool(0, false))
	assert.Equal(t, int8(-2), r.Int8(1, 0))
	assert.Equal(t, uint8(3), r.Uint8(2, 0))
	assert.Equal(t, int16(-4), r.Int16(3, 0))
	assert.Equal(t, uint16(5), r.Uint16(4, 0))
	assert.Equal(t, int32(-6), r.Int32(5, 0))
	assert.Equal(t, uint32(7), r.Uint32(6, 0))
	assert.Equal(t, int64(-8), r.Int64(7, 0))
	assert.Equal(t, uint64(9), r.Uint64(8, 0))
	assert.Equal(t, float32(1.5), r.Float32(9, 0))
	assert.Equal(t, 2.5, r.Float64(10, 0))
	assert.Equal(t, "text", r.String(11))
	assert.Equal(t, []byte{1, 2, 3}, r.Bytes(12))
	assert.Equal(t, []int32{-1, 2}, r.Int32s(13))
	assert.Equal(t, []int64{-3, 4}, r.Int64s(14))
	assert.Equal(t, []float32{0.5, 0.25}, r.Float32s(15))
	assert.Equal(t, int32(11), r.Table(17).Int32(2, 0))
	var names []string
	for _, sub := range r.Tables(18).All() {
		names = append(names, sub.String(0))
	}
	assert.Equal(t, []string{"x", "", "y"}, names)
	kind, value := r.Union(19)
	assert.Equal(t, uint8(4), kind)
	assert.Equal(t, uint8(1), value.Uint8(0, 0))
	assert.Equal(t, []byte{9, 8}, r.Bytes(21))
	assert.False(t, r.Has(22))
	assert.False(t, r.Has(23))
	require.NoError(t, buf.Err())
}

// Google's library reads it alike, which shows that offsets and alignment are
// what the format wants: its accessors take numbers where they lie.
func TestBuildForOthers(t *testing.T) {
	data, err := flatbuf.Build("TEST", everyField())
	require.NoError(t, err)
	tab := flatbuffers.Table{Bytes: data, Pos: flatbuffers.GetUOffsetT(data)}
	at := func(slot int) flatbuffers.UOffsetT {
		o := flatbuffers.UOffsetT(tab.Offset(flatbuffers.VOffsetT(4 + 2*slot)))
		require.NotZero(t, o, "slot %d", slot)
		return tab.Pos + o
	}
	for slot, size := range map[int]flatbuffers.UOffsetT{3: 2, 4: 2, 5: 4, 6: 4, 7: 8, 8: 8, 9: 4, 10: 8, 11: 4, 20: 4} {
		assert.Zero(t, at(slot)%size, "slot %d", slot)
	}
	assert.Equal(t, int64(-8), tab.GetInt64(at(7)))
	assert.Equal(t, 2.5, tab.GetFloat64(at(10)))
	assert.Equal(t, "text", string(tab.ByteVector(at(11))))
	for slot, size := range map[int]flatbuffers.UOffsetT{13: 4, 14: 8, 15: 4, 21: 64, 26: 2, 28: 8, 29: 8} {
		v := tab.Vector(at(slot) - tab.Pos)
		assert.Zero(t, v%size, "elements of slot %d", slot)
	}
	v := tab.Vector(at(26) - tab.Pos)
	assert.Equal(t, []uint16{1, 65535}, []uint16{tab.GetUint16(v), tab.GetUint16(v + 2)})
	assert.Equal(t, uint64(1<<40), tab.GetUint64(tab.Vector(at(28)-tab.Pos)))
	assert.Equal(t, 0.125, tab.GetFloat64(tab.Vector(at(29)-tab.Pos)))
	assert.Equal(t, 3, tab.VectorLen(at(16)-tab.Pos))
	s := tab.Vector(at(16) - tab.Pos)
	assert.Equal(t, "bc", string(tab.ByteVector(s+8)))
	assert.Equal(t, byte(0), data[tab.Indirect(s)+4+1], "strings end with a zero")
}

// Tables of one form share a vtable, and the same objects give the same bytes.
func TestBuildShares(t *testing.T) {
	size := func(n int) int {
		all := make([]flatbuf.Object, n)
		for i := range all {
			all[i] = flatbuf.Object{0: int32(i), 9: int32(i)}
		}
		data, err := flatbuf.Build("", flatbuf.Object{0: all})
		require.NoError(t, err)
		again, err := flatbuf.Build("", flatbuf.Object{0: all})
		require.NoError(t, err)
		require.Equal(t, data, again)
		return len(data)
	}
	assert.Equal(t, 16, size(101)-size(100), "an offset, and a table of 12 bytes")
}

// The smallest buffers are right too.
func TestBuildEmpty(t *testing.T) {
	data, err := flatbuf.Build("", flatbuf.Object{})
	require.NoError(t, err)
	buf := flatbuf.New(data)
	assert.True(t, buf.Root().Present())
	require.NoError(t, buf.Err())

	data, err = flatbuf.Build("", flatbuf.Object{0: "", 1: []int64{}, 2: []flatbuf.Object{}, 3: strings.Repeat("z", 1000)})
	require.NoError(t, err)
	buf = flatbuf.New(data)
	assert.Empty(t, buf.Root().Int64s(1))
	assert.Len(t, buf.Root().String(3), 1000)
	require.NoError(t, buf.Err())
}

// What can't be stored is a mistake of the program's.
func TestBuildMisuse(t *testing.T) {
	for name, f := range map[string]func() ([]byte, error){
		"an int":     func() ([]byte, error) { return flatbuf.Build("", flatbuf.Object{0: 1}) },
		"identifier": func() ([]byte, error) { return flatbuf.Build("TOO LONG", flatbuf.Object{}) },
		"alignment":  func() ([]byte, error) { return flatbuf.Build("", flatbuf.Object{0: flatbuf.Aligned{To: 3}}) },
	} {
		assert.Panics(t, func() { _, _ = f() }, name)
	}
}
