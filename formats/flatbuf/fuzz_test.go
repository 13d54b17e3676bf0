package flatbuf_test

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

func TestEveryTruncation(t *testing.T) {
	data := everything()
	_, err := wants(data)
	require.ErrorContains(t, err, "slot", "the greedy reader misreads a scalar as an offset")
	for n := range data {
		_, err := wants(data[:n:n])
		assert.Error(t, err, "of %d bytes", n)
	}
}

func TestEveryNumberReplaced(t *testing.T) {
	good := everything()
	for at := 0; at+4 <= len(good); at++ {
		for _, v := range []uint32{0, 1, 0x7fffffff, math.MaxUint32, uint32(len(good))} {
			data := append([]byte(nil), good...)
			binary.LittleEndian.PutUint32(data[at:], v)
			tables, _ := wants(data) // does not panic
			require.Less(t, tables, 16*len(data)+1<<16)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add(everything())
	f.Add(modeltest.Encode("TEST", modeltest.Table{}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if tables, err := wants(data); err == nil && tables > 16*len(data)+1<<16 {
			t.Fatalf("%d tables in %d bytes", tables, len(data))
		}
	})
}

// walk visits every value of a FlexBuffer and counts them.
func walk(v flatbuf.Flex) int {
	n := 1
	switch k := v.Kind(); {
	case k == flatbuf.FlexMap:
		for _, key := range v.Keys() {
			n += walk(v.Key(key))
		}
	case k >= flatbuf.FlexVector && k <= flatbuf.FlexFloats4 || k == flatbuf.FlexBools:
		for i := range v.Len() {
			if v.Err() != nil {
				break
			}
			n += walk(v.At(i))
		}
	case k == flatbuf.FlexString || k == flatbuf.FlexKey:
		v.Str("")
	case k == flatbuf.FlexBlob:
		v.Blob()
	default:
		v.Int(0)
		v.Float(0)
		v.Bool(false)
	}
	return n
}

func FuzzFlex(f *testing.F) {
	for _, v := range flexValues {
		f.Add(modeltest.Flex(v))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if n := walk(flatbuf.ReadFlex(data)); n > 32*len(data)+1<<17 {
			t.Fatalf("%d values in %d bytes", n, len(data))
		}
	})
}
