package onnx_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	mt "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
)

// A file that ends early is an error, except where a field of the model ends and
// only what is optional is missing.
func TestEveryTruncation(t *testing.T) {
	data := everything()
	good := 0
	for n := range data {
		_, err := onnx.Parse(data[:n:n])
		if err == nil {
			good++
			continue
		}
		assertOurs(t, err)
	}
	assert.Equal(t, 3, good, "behind an opset, behind the next, behind the metadata")
}

func TestEveryByteReplaced(t *testing.T) {
	good := everything()
	for at := range good {
		for _, v := range []byte{0, 1, 0x7f, 0x80, 0xff, good[at] + 1, good[at] ^ 8} {
			data := append([]byte(nil), good...)
			data[at] = v
			touch(t, data)
		}
	}
}

// A varint in place of a byte makes lengths and numbers as large as they can be.
func TestEveryByteHuge(t *testing.T) {
	good := everything()
	for at := range good {
		for _, v := range []string{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\xff\xff\xff\xff\x07", "\x80\x80\x80\x80\x80\x80\x80\x80\x40"} {
			data := append([]byte(nil), good[:at]...)
			data = append(data, v...)
			touch(t, append(data, good[at+1:]...))
		}
	}
}

// The densest messages that are let through do not take much more than the file.
func TestMemory(t *testing.T) {
	for name, field := range map[string]string{
		"nodes":        "\x0a\x03\x22\x01A",
		"attributes":   "\x0a\x0a\x22\x01A\x2a\x05\x0a\x00\xa0\x01\x01",
		"initializers": "\x2a\x04\x10\x01\x08\x00",
		"inputs":       "\x5a\x00",
	} {
		graph := "\x12\x01g"
		for len(graph) < 1<<16 {
			graph += field
		}
		graph = "\x3a" + string([]byte{byte(len(graph)) | 0x80, byte(len(graph)>>7) | 0x80, byte(len(graph) >> 14)}) + graph
		data := []byte("\x08\x08\x42\x04\x0a\x00\x10\x11" + graph)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := onnx.Parse(data)
		runtime.ReadMemStats(&after)
		require.NoError(t, err, name)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(128*len(data)), name)
	}
}

// touch parses data and uses all that comes of it.
func touch(t *testing.T, data []byte) {
	m, err := onnx.Parse(data)
	if err != nil {
		assertOurs(t, err)
		return
	}
	touchGraph(t, m.Graph)
}

func touchGraph(t *testing.T, g *onnx.Graph) {
	for _, x := range g.Initializers {
		touchTensor(t, x)
	}
	for _, n := range g.Nodes {
		for _, a := range n.Attributes {
			if a.Tensor != nil {
				touchTensor(t, a.Tensor)
			}
			if a.Graph != nil {
				touchGraph(t, a.Graph)
			}
		}
	}
}

// touchTensor checks that the bytes are as many as the shape says.
func touchTensor(t *testing.T, x *onnx.Tensor) {
	b, err := x.Bytes()
	if err != nil {
		assertOurs(t, err)
		return
	}
	require.Equal(t, (x.Elements()*int64(x.Type.Bits())+7)/8, int64(len(b)))
}

func FuzzParse(f *testing.F) {
	f.Add(everything())
	f.Add(mt.New(13).Bytes())
	f.Fuzz(touch)
}

func FuzzParseTensor(f *testing.F) {
	x := mt.TypedTensor("x", onnx.Int64, []int64{2}, []int64{-1, 300})
	f.Add(x)
	f.Add(mt.Tensor("x", onnx.Float16, []int64{1}, []uint16{1}))
	f.Add(mt.TypedTensor("x", onnx.Double, []int64{1}, []float64{1}))
	f.Add(mt.ExternalTensor("x", onnx.Int4, []int64{3}, "location", "a", "length", "2"))
	f.Add(mt.Sequence("s", x))
	f.Add(mt.Optional("o", x))
	f.Fuzz(func(t *testing.T, data []byte) {
		if x, err := onnx.ParseTensor(data); err == nil {
			touchTensor(t, x)
		} else {
			assertOurs(t, err)
		}
		if _, err := onnx.ParseSequence(data); err != nil {
			assertOurs(t, err)
		}
		if _, err := onnx.ParseOptional(data); err != nil {
			assertOurs(t, err)
		}
	})
}
