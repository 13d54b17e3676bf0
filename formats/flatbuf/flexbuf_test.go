package flatbuf_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

var flexValues = []any{
	nil, true, 5, -7, int64(1 << 40), 1.5, "text", []byte{1, 2},
	[]int32{1, -2, 3}, []float32{0.5}, []any{1, "two", []any{3.0}},
	map[string]any{"window_size": 480, "shift": -3, "name": "x", "on": true, "gain": 0.25,
		"list": []int32{1, 2}, "sub": map[string]any{"a": 1}},
}

func TestFlexMapInEveryWidth(t *testing.T) {
	m := map[string]any{"frame": 100, "minus": -100, "name": "Zürich", "off": false, "on": true, "none": nil,
		"list": []int32{1, -2, 3}, "mixed": []any{1, "two", true}, "blob": []byte{9, 8}, "sub": map[string]any{"a": 1}}
	for _, width := range []int{1, 2, 4, 8} {
		data, ok := modeltest.FlexWidth(m, width)
		require.True(t, ok, "width %d", width)
		r := flatbuf.ReadFlex(data)
		assert.Equal(t, flatbuf.FlexMap, r.Kind())
		assert.Equal(t, []string{"blob", "frame", "list", "minus", "mixed", "name", "none", "off", "on", "sub"}, r.Keys())
		assert.Equal(t, int64(100), r.Key("frame").Int(0))
		assert.Equal(t, -100.0, r.Key("minus").Float(0))
		assert.Equal(t, "Zürich", r.Key("name").Str(""))
		assert.False(t, r.Key("off").Bool(true))
		assert.True(t, r.Key("on").Bool(false))
		assert.Equal(t, int64(8), r.Key("none").Int(8), "null is absent")
		assert.Equal(t, int64(9), r.Key("nam").Int(9), "a prefix is another key")
		assert.Equal(t, int64(-2), r.Key("list").At(1).Int(0))
		assert.Equal(t, 3, r.Key("list").Len())
		assert.Equal(t, "two", r.Key("mixed").At(1).Str(""))
		assert.False(t, r.Key("mixed").At(3).Present())
		assert.Equal(t, []byte{9, 8}, r.Key("blob").Blob())
		assert.Equal(t, int64(1), r.Key("sub").Key("a").Int(0))
		require.NoError(t, r.Err(), "width %d", width)
	}
}

func TestFlexNumbers(t *testing.T) {
	for _, x := range []float64{0, -2.5, math.MaxFloat32, math.Pi, math.Inf(-1)} {
		r := flatbuf.ReadFlex(modeltest.Flex(x))
		assert.Equal(t, x, r.Float(1))
		assert.NoError(t, r.Err())
	}
	for _, x := range []int64{0, 127, -128, 128, 1 << 20, math.MinInt64, math.MaxInt64} {
		assert.Equal(t, x, flatbuf.ReadFlex(modeltest.Flex(x)).Int(1))
	}
	assert.Equal(t, int64(-2), flatbuf.ReadFlex(modeltest.Flex(-2.75)).Int(0))
	nan := flatbuf.ReadFlex(modeltest.Flex(math.NaN()))
	assert.Equal(t, int64(4), nan.Int(4))
	assert.Error(t, nan.Err())
}

// The example in the format's description, byte for byte, and as a root.
func TestFlexKnownBytes(t *testing.T) {
	data := []byte{'b', 'a', 'r', 0, 'f', 'o', 'o', 0, 2, 9, 6, 2, 1, 2, 14, 13, 4, 4, 4, 9 << 2, 1}
	r := flatbuf.ReadFlex(data)
	assert.Equal(t, int64(13), r.Key("foo").Int(0))
	assert.Equal(t, int64(14), r.Key("bar").Int(0))
	require.NoError(t, r.Err())

	pair := flatbuf.ReadFlex([]byte{7, 9, 2, 16 << 2, 1}) // two ints with no length
	assert.Equal(t, 2, pair.Len())
	assert.Equal(t, int64(9), pair.At(1).Int(0))
	far := flatbuf.ReadFlex([]byte{0, 1, 2, 6<<2 | 1, 1}) // an int of 2 bytes, by offset
	assert.Equal(t, int64(256), far.Int(0))
	require.NoError(t, far.Err())
}

func TestFlexWrongKind(t *testing.T) {
	m := map[string]any{"s": "text", "n": 1}
	for _, use := range []func(flatbuf.Flex){
		func(r flatbuf.Flex) { r.Int(0) },
		func(r flatbuf.Flex) { r.Key("s").Int(0) },
		func(r flatbuf.Flex) { r.Key("n").Str("") },
		func(r flatbuf.Flex) { r.Key("n").Len() },
		func(r flatbuf.Flex) { r.Key("n").Key("x") },
		func(r flatbuf.Flex) { r.Key("n").Blob() },
	} {
		r := flatbuf.ReadFlex(modeltest.Flex(m))
		use(r)
		assert.ErrorContains(t, r.Err(), "is not")
	}
}

// An untyped vector whose element is the vector itself.
func TestFlexCycleIsBounded(t *testing.T) {
	r := flatbuf.ReadFlex([]byte{1, 0, 10 << 2, 2, 10 << 2, 1})
	assert.Positive(t, walk(r))
	require.ErrorContains(t, r.Err(), "nested")
}

func TestFlexBadBytes(t *testing.T) {
	for _, v := range flexValues {
		good := modeltest.Flex(v)
		for n := range good {
			walk(flatbuf.ReadFlex(good[:n:n]))
		}
		for at := range good {
			for _, x := range []byte{0, 1, 0x7f, 0xff, 0x28, 0x24, 0x33} {
				data := append([]byte(nil), good...)
				data[at] = x
				assert.Less(t, walk(flatbuf.ReadFlex(data)), 1<<17)
			}
		}
	}
	assert.ErrorContains(t, flatbuf.ReadFlex(nil).Err(), "too few")
}
