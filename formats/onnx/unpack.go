package onnx

import (
	"encoding/binary"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// unpacked returns n elements of a type as held says: a copy if they are stored
// otherwise. The bytes are those that the file has: fewer are an error.
func unpacked(d DataType, data []byte, n int) ([]byte, error) {
	bits := d.Bits()
	switch d {
	case BFloat16, Uint4, Uint2, Int2:
	default:
		return data, nil
	}
	if want := (int64(n)*int64(bits) + 7) / 8; int64(len(data)) != want {
		return nil, errorf("%d bytes for %d elements of type %v, want %d", len(data), n, d, want)
	}
	if d == BFloat16 {
		words := make([]uint32, n)
		for i := range words {
			words[i] = uint32(binary.LittleEndian.Uint16(data[2*i:])) << 16
		}
		return tensor.Bytes(words), nil
	}
	out := make([]byte, n)
	each := 8 / bits
	for i := range out {
		x := data[i/each] >> (i % each * bits) & (1<<bits - 1)
		if d == Int2 {
			x = byte(int8(x<<6) >> 6)
		}
		out[i] = x
	}
	return out, nil
}

// narrowRange has the values of types that a tensor in memory has a wider one for.
var narrowRange = map[DataType][2]int8{Uint4: {0, 15}, Uint2: {0, 3}, Int2: {-2, 1}}

// note remembers that a name has a narrow type: what is quantised to it saturates.
func (l *loader) note(name string, d DataType) {
	if _, ok := narrowRange[d]; ok {
		if l.narrow == nil {
			l.narrow = map[string]DataType{}
		}
		l.narrow[name] = d
	}
}

// saturate limits a quantised value to a narrow type.
func (n *node) saturate(v graph.Value, d DataType) (graph.Value, error) {
	var err error
	for i, f := range []op.ArithmeticFn{op.ArithMax, op.ArithMin} {
		limit := n.b.Const(n.label(), tensor.Of(n.b.Type(v).DType), []byte{byte(narrowRange[d][i])})
		if v, err = n.one(&op.Arithmetic{F: f}, v, limit); err != nil {
			return 0, err
		}
	}
	return v, nil
}
