package modeltest

import (
	"fmt"
	"maps"
	"slices"

	flatbuffers "github.com/google/flatbuffers/go"
)

// A Table is a flatbuffer's table by slot. A field is stored as what it is in Go:
//
//	bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float32 float64
//	string []string []bool []byte Aligned []uint16 []int32 []uint32 []int64 []float32
//	Table []Table Union (at the slot of its type; its value takes the next)
//
// and fields that are not named are absent. A field that equals the schema's
// default is stored all the same.
type Table map[int]any

// A Union is a field of one of several tables; Type is the schema's number.
type Union struct {
	Type  uint8
	Value Table
}

// Aligned is a vector of bytes that begins at a multiple of 16.
type Aligned []byte

// Encode returns the flatbuffer with a root table and a file identifier of four
// bytes. It panics on a field of a kind that Table does not list.
func Encode(identifier string, root Table) []byte {
	b := flatbuffers.NewBuilder(1024)
	b.FinishWithFileIdentifier(root.write(b), []byte(identifier))
	return b.FinishedBytes()
}

// write appends what the fields refer to, then the table.
func (t Table) write(b *flatbuffers.Builder) flatbuffers.UOffsetT {
	slots := slices.Sorted(maps.Keys(t))
	refs := make(map[int]flatbuffers.UOffsetT)
	size := 0
	for _, s := range slots {
		if v, ok := reference(b, t[s]); ok {
			refs[s] = v
		}
		size = s + 2 // a union's value comes after
	}
	b.StartObject(size)
	for _, s := range slots {
		if u, ok := t[s].(Union); ok {
			b.PrependUint8(u.Type)
			b.Slot(s)
			b.PrependUOffsetT(refs[s])
			b.Slot(s + 1)
			continue
		}
		if ref, ok := refs[s]; ok {
			b.PrependUOffsetT(ref)
		} else {
			scalar(b, t[s])
		}
		b.Slot(s)
	}
	return b.EndObject()
}

// reference writes what a field holds by reference; false for scalars.
func reference(b *flatbuffers.Builder, v any) (flatbuffers.UOffsetT, bool) {
	switch v := v.(type) {
	case string:
		return b.CreateString(v), true
	case []byte:
		return b.CreateByteVector(v), true
	case Aligned:
		return vector(b, v, 1, 16, b.PrependByte), true
	case []bool:
		return vector(b, v, 1, 1, b.PrependBool), true
	case []uint16:
		return vector(b, v, 2, 4, b.PrependUint16), true
	case []int32:
		return vector(b, v, 4, 4, b.PrependInt32), true
	case []uint32:
		return vector(b, v, 4, 4, b.PrependUint32), true
	case []int64:
		return vector(b, v, 8, 8, b.PrependInt64), true
	case []float32:
		return vector(b, v, 4, 4, b.PrependFloat32), true
	case Table:
		return v.write(b), true
	case Union:
		return v.Value.write(b), true
	case []Table:
		return b.CreateVectorOfTables(each(v, func(t Table) flatbuffers.UOffsetT { return t.write(b) })), true
	case []string:
		return b.CreateVectorOfTables(each(v, b.CreateString)), true
	}
	return 0, false
}

// each maps f over v.
func each[T, U any](v []T, f func(T) U) []U {
	out := make([]U, len(v))
	for i, x := range v {
		out[i] = f(x)
	}
	return out
}

// vector writes elements back to front, as the builder wants them.
func vector[T any](b *flatbuffers.Builder, v []T, size, align int, prepend func(T)) flatbuffers.UOffsetT {
	b.StartVector(size, len(v), align)
	for _, x := range slices.Backward(v) {
		prepend(x)
	}
	return b.EndVector(len(v))
}

func scalar(b *flatbuffers.Builder, v any) {
	switch v := v.(type) {
	case bool:
		b.PrependBool(v)
	case int8:
		b.PrependInt8(v)
	case uint8:
		b.PrependUint8(v)
	case int16:
		b.PrependInt16(v)
	case uint16:
		b.PrependUint16(v)
	case int32:
		b.PrependInt32(v)
	case uint32:
		b.PrependUint32(v)
	case int64:
		b.PrependInt64(v)
	case uint64:
		b.PrependUint64(v)
	case float32:
		b.PrependFloat32(v)
	case float64:
		b.PrependFloat64(v)
	default:
		panic(fmt.Sprintf("BUG: modeltest: a field of Go type %T", v))
	}
}
