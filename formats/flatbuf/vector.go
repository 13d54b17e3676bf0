package flatbuf

import (
	"encoding/binary"
	"iter"
	"math"
)

// vector returns the bytes of a vector's elements, subslicing the buffer; nil if
// the field is absent, not nil if it is there and empty.
func (t Table) vector(slot int, width int64) ([]byte, int64) {
	at := t.at(slot, offsetSize)
	if at < 0 {
		return nil, 0
	}
	pos, ok := t.b.follow(at)
	if !ok || !t.b.has(pos, offsetSize, "a vector's length") {
		return nil, 0
	}
	n, first := int64(t.b.u32(pos)), pos+offsetSize
	if !t.b.has(first, n*width, "a vector") || !t.b.spend(pos, offsetSize) {
		return nil, 0
	}
	end := int(first + n*width)
	return t.b.data[int(first):end:end], first
}

// Bytes returns a vector of bytes: a subslice of the buffer, not a copy. It is nil
// if the field is absent and not nil if it is there and empty.
func (t Table) Bytes(slot int) []byte {
	v, _ := t.vector(slot, 1)
	return v
}

// String returns a string field, "" if it is absent. It need not be UTF-8.
func (t Table) String(slot int) string {
	v, at := t.vector(slot, 1)
	if v == nil || !t.b.spend(at, int64(len(v))) {
		return ""
	}
	return string(v)
}

// numbers copies out a vector of fixed-width elements.
func numbers[T any](t Table, slot int, width int64, get func([]byte) T) []T {
	v, at := t.vector(slot, width)
	if v == nil || !t.b.spend(at, int64(len(v))) {
		return nil
	}
	out := make([]T, len(v)/int(width))
	for i := range out {
		out[i] = get(v[i*int(width):])
	}
	return out
}

// Bools returns a copy of a vector of bools, nil if absent. The others are alike.
func (t Table) Bools(slot int) []bool {
	return numbers(t, slot, 1, func(p []byte) bool { return p[0] != 0 })
}

// Uint16s returns a copy of a vector of ushort.
func (t Table) Uint16s(slot int) []uint16 { return numbers(t, slot, 2, binary.LittleEndian.Uint16) }

// Int32s returns a copy of a vector of int.
func (t Table) Int32s(slot int) []int32 {
	return numbers(t, slot, 4, func(p []byte) int32 { return int32(binary.LittleEndian.Uint32(p)) })
}

// Uint32s returns a copy of a vector of uint.
func (t Table) Uint32s(slot int) []uint32 { return numbers(t, slot, 4, binary.LittleEndian.Uint32) }

// Int64s returns a copy of a vector of long.
func (t Table) Int64s(slot int) []int64 {
	return numbers(t, slot, 8, func(p []byte) int64 { return int64(binary.LittleEndian.Uint64(p)) })
}

// Float32s returns a copy of a vector of float.
func (t Table) Float32s(slot int) []float32 {
	return numbers(t, slot, 4, func(p []byte) float32 {
		return math.Float32frombits(binary.LittleEndian.Uint32(p))
	})
}

// Tables is a vector of tables. The zero Tables is empty.
type Tables struct {
	b     *Buffer
	first int64 // position of the first offset
	n     int
}

// Tables returns a vector of tables, an empty one if the field is absent.
func (t Table) Tables(slot int) Tables {
	v, first := t.vector(slot, offsetSize)
	if v == nil || !t.b.spend(first, int64(len(v))) {
		return Tables{}
	}
	return Tables{b: t.b, first: first, n: len(v) / offsetSize}
}

// Len returns the number of tables; their offsets are in the file, so it may be
// allocated for.
func (v Tables) Len() int { return v.n }

// At returns table i, the zero Table if there is none or after an error.
func (v Tables) At(i int) Table {
	if i < 0 || i >= v.n {
		return Table{}
	}
	return v.b.table(v.first + int64(i)*offsetSize)
}

// All yields the tables in order. It ends early at an error.
func (v Tables) All() iter.Seq2[int, Table] {
	return func(yield func(int, Table) bool) {
		for i := range v.n {
			t := v.At(i)
			if !t.Present() || !yield(i, t) {
				return
			}
		}
	}
}

// Strings returns a vector of strings, nil if absent.
func (t Table) Strings(slot int) []string {
	v := t.Tables(slot) // an offset each, as tables have
	if v.n == 0 {
		return nil
	}
	out := make([]string, 0, v.n)
	for i := range v.n {
		s, ok := v.stringAt(i)
		if !ok {
			return nil
		}
		out = append(out, s)
	}
	return out
}

func (v Tables) stringAt(i int) (string, bool) {
	pos, ok := v.b.follow(v.first + int64(i)*offsetSize)
	if !ok || !v.b.has(pos, offsetSize, "a string's length") {
		return "", false
	}
	n := int64(v.b.u32(pos))
	if !v.b.has(pos+offsetSize, n, "a string") || !v.b.spend(pos, n+offsetSize) {
		return "", false
	}
	at := int(pos + offsetSize)
	return string(v.b.data[at : at+int(n)]), true
}

// VectorLen returns the length that a vector or string claims, 0 if it is absent
// or its length lies outside the buffer. Whether so many elements are there is not
// asked.
func (t Table) VectorLen(slot int) int64 {
	at := t.at(slot, offsetSize)
	if at < 0 {
		return 0
	}
	pos, ok := t.b.follow(at)
	if !ok || !t.b.has(pos, offsetSize, "a vector's length") {
		return 0
	}
	return int64(t.b.u32(pos))
}
