package onnx

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// packed adds the numbers of a repeated field to those before, in the form that
// packed fields have: varints or fixed numbers in a row. A field that comes in one
// piece, as writers do it, remains a part of the file.
func (c *cursor) packed(before []byte, typ protowire.Type) []byte {
	add := c.bytes
	if c.typ != protowire.BytesType {
		if !c.is(typ) {
			return nil
		}
		add = c.data[c.start:c.pos:c.pos]
	}
	size := 1
	switch typ {
	case protowire.VarintType:
		if _, ok := varints(add); !ok {
			c.broken(c.start, "a packed field holds a broken varint")
			return nil
		}
	case protowire.Fixed32Type:
		size = 4
	case protowire.Fixed64Type:
		size = 8
	}
	if len(add)%size != 0 {
		c.broken(c.start, "a packed field ends inside a number")
		return nil
	}
	if before == nil {
		return add
	}
	return append(before, add...)
}

// varints counts the numbers in a row of varints; false if one is broken.
func varints(b []byte) (n int, ok bool) {
	for len(b) > 0 {
		if b[0] < 0x80 {
			b = b[1:]
		} else {
			_, size := protowire.ConsumeVarint(b)
			if size < 0 {
				return 0, false
			}
			b = b[size:]
		}
		n++
	}
	return n, true
}

// int64s adds the field's numbers to x.
func (c *cursor) int64s(x []int64) []int64 {
	b := c.packed(nil, protowire.VarintType)
	n, _ := varints(b)
	x = grow(x, n)
	for len(b) > 0 {
		v, size := protowire.ConsumeVarint(b)
		x = append(x, int64(v))
		b = b[size:]
	}
	return x
}

// float32s adds the field's numbers to x.
func (c *cursor) float32s(x []float32) []float32 {
	b := c.packed(nil, protowire.Fixed32Type)
	x = grow(x, len(b)/4)
	for ; len(b) > 0; b = b[4:] {
		x = append(x, math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return x
}

// grow makes room for n numbers in a new slice; later pieces grow as append does.
func grow[T any](x []T, n int) []T {
	if x == nil && n > 0 {
		return make([]T, 0, n)
	}
	return x
}

// narrow turns varints into little-endian numbers of size bytes each.
func narrow(b []byte, size int) []byte {
	n, _ := varints(b)
	out := make([]byte, 0, n*size)
	var word [8]byte
	for len(b) > 0 {
		v, used := protowire.ConsumeVarint(b)
		binary.LittleEndian.PutUint64(word[:], v)
		out = append(out, word[:size]...)
		b = b[used:]
	}
	return out
}
