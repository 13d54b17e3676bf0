package onnx

import (
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// MaxDepth is how deep graphs, types and sequences may nest in one another.
const MaxDepth = 32

// A cursor goes through the fields of one message:
//
//	for c.next() {
//		switch c.num {
//		case 1:
//			x.Name = c.string()
//		}
//	}
//	return c.err
//
// Fields that the switch does not name are skipped; of a single field given twice
// the last counts, as in protobuf. The first error stays and ends the loop. Nothing
// is copied except what string returns.
type cursor struct {
	data  []byte
	base  int64 // of data[0] in the file
	pos   int   // of the next field in data
	depth int   // of this message
	err   error

	num   protowire.Number // of the current field
	typ   protowire.Type
	start int    // of the field's value in data
	bits  uint64 // of a number
	bytes []byte // of what has a length
}

// next reads a field, and is false at the end or after an error.
func (c *cursor) next() bool {
	if c.err != nil || c.pos == len(c.data) {
		return false
	}
	num, typ, n := protowire.ConsumeTag(c.data[c.pos:])
	if n < 0 {
		c.broken(c.pos, "no field starts here")
		return false
	}
	c.num, c.typ, c.start = num, typ, c.pos+n
	rest := c.data[c.start:]
	switch typ {
	case protowire.VarintType:
		c.bits, n = protowire.ConsumeVarint(rest)
	case protowire.Fixed32Type:
		var v uint32
		v, n = protowire.ConsumeFixed32(rest)
		c.bits = uint64(v)
	case protowire.Fixed64Type:
		c.bits, n = protowire.ConsumeFixed64(rest)
	case protowire.BytesType:
		c.bytes, n = protowire.ConsumeBytes(rest)
	default:
		n = protowire.ConsumeFieldValue(num, typ, rest)
	}
	if n < 0 {
		c.cut(rest)
		return false
	}
	c.pos = c.start + n
	if typ == protowire.BytesType {
		c.bytes = c.bytes[:len(c.bytes):len(c.bytes)]
		c.start = c.pos - len(c.bytes)
	}
	return true
}

// cut reports a value that does not fit into its message.
func (c *cursor) cut(rest []byte) {
	if c.typ == protowire.BytesType {
		if size, n := protowire.ConsumeVarint(rest); n > 0 {
			c.broken(c.start, fmt.Sprintf("field %d has %d bytes where %d are left; the file may be truncated",
				c.num, size, len(rest)-n))
			return
		}
	}
	c.broken(c.start, fmt.Sprintf("field %d has no valid value; the file may be truncated", c.num))
}

func (c *cursor) broken(at int, what string) {
	c.fail(&FormatError{Format: formatName, Offset: c.base + int64(at), What: what})
}

// fail keeps the first error.
func (c *cursor) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// is reports whether the field has the type that its number demands.
func (c *cursor) is(want protowire.Type) bool {
	if c.typ != want && c.err == nil {
		c.broken(c.start, fmt.Sprintf("field %d has wire type %d where %d belongs", c.num, c.typ, want))
	}
	return c.err == nil
}

func (c *cursor) int64() int64 {
	if !c.is(protowire.VarintType) {
		return 0
	}
	return int64(c.bits)
}

// int32 cuts as protobuf does, which writes negative numbers with 64 bits.
func (c *cursor) int32() int32 { return int32(c.int64()) }

func (c *cursor) float32() float32 {
	if !c.is(protowire.Fixed32Type) {
		return 0
	}
	return math.Float32frombits(uint32(c.bits))
}

// raw returns the bytes of the field, a part of the file.
func (c *cursor) raw() []byte {
	if !c.is(protowire.BytesType) {
		return nil
	}
	return c.bytes
}

func (c *cursor) string() string { return string(c.raw()) }

// message opens the field as a message of the same depth.
func (c *cursor) message() *cursor {
	return &cursor{data: c.raw(), base: c.base + int64(c.start), depth: c.depth}
}

// nested opens the field as a message of a kind that can hold itself.
func (c *cursor) nested() *cursor {
	m := c.message()
	if m.depth++; m.depth > MaxDepth && c.err == nil {
		c.fail(unsupported("", "graphs, types or sequences nest more than %d deep", MaxDepth))
	}
	if c.err != nil {
		return &cursor{err: c.err}
	}
	return m
}
