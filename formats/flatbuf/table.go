package flatbuf

import (
	"encoding/binary"
	"math"
)

// A Table is a view of one table. The zero Table stands for an absent one: all
// of its fields are absent.
type Table struct {
	b     *Buffer
	pos   int64 // of the table in the buffer
	vt    int64 // of its vtable
	slots int   // fields that the vtable knows
	size  int64 // bytes of the table, inline fields only
}

// Present reports whether there is a table.
func (t Table) Present() bool { return t.b != nil }

// Offset returns the table's position in the buffer, for messages.
func (t Table) Offset() int64 { return t.pos }

// Err returns the first error of the table's Buffer.
func (t Table) Err() error {
	if t.b == nil {
		return nil
	}
	return t.b.Err()
}

// Fail records an error at the table in its Buffer, unless there is one already.
func (t Table) Fail(format string, args ...any) {
	if t.b != nil {
		t.b.Fail(t.pos, format, args...)
	}
}

// Detach returns the same table over a Buffer with an error of its own and no
// budget, for a part of a file that is read after the rest and perhaps often. The
// caller bounds the work: nothing in a detached table should be walked by recursion.
func (t Table) Detach() Table {
	if t.b != nil {
		t.b = New(t.b.data)
		t.b.budget.Store(math.MaxInt64)
	}
	return t
}

// Has reports whether a slot's field is stored.
func (t Table) Has(slot int) bool { return t.entry(slot) != 0 }

// entry returns the vtable's entry: the field's offset in the table, 0 if absent.
func (t Table) entry(slot int) int64 {
	if t.b == nil || slot < 0 || slot >= t.slots {
		return 0
	}
	return int64(t.b.u16(t.vt + 4 + 2*int64(slot)))
}

// field returns the stored bytes of a scalar field, nil if it is absent or wrong.
func (t Table) field(slot int, width int64) []byte {
	at := t.at(slot, width)
	if at < 0 {
		return nil
	}
	return t.b.data[int(at):int(at+width)]
}

// at returns the position of a field's inline bytes, -1 if there are none.
func (t Table) at(slot int, width int64) int64 {
	off := t.entry(slot)
	if off == 0 || t.b.err.Load() != nil {
		return -1
	}
	if off < 4 || off+width > t.size {
		t.b.Fail(t.vt+4+2*int64(slot), "slot %d lies at %d, outside its table of %d bytes", slot, off, t.size)
		return -1
	}
	return t.pos + off
}

// Uint8 returns a ubyte field, def if it is absent. The other scalars are alike.
func (t Table) Uint8(slot int, def uint8) uint8 {
	if f := t.field(slot, 1); f != nil {
		return f[0]
	}
	return def
}

// Int8 returns a byte field; enumerations are stored so too.
func (t Table) Int8(slot int, def int8) int8 { return int8(t.Uint8(slot, uint8(def))) }

// Bool returns a bool field; any byte but 0 is true.
func (t Table) Bool(slot int, def bool) bool {
	if f := t.field(slot, 1); f != nil {
		return f[0] != 0
	}
	return def
}

// Uint16 returns a ushort field.
func (t Table) Uint16(slot int, def uint16) uint16 {
	if f := t.field(slot, 2); f != nil {
		return binary.LittleEndian.Uint16(f)
	}
	return def
}

// Int16 returns a short field.
func (t Table) Int16(slot int, def int16) int16 { return int16(t.Uint16(slot, uint16(def))) }

// Uint32 returns a uint field.
func (t Table) Uint32(slot int, def uint32) uint32 {
	if f := t.field(slot, 4); f != nil {
		return binary.LittleEndian.Uint32(f)
	}
	return def
}

// Int32 returns an int field.
func (t Table) Int32(slot int, def int32) int32 { return int32(t.Uint32(slot, uint32(def))) }

// Uint64 returns a ulong field.
func (t Table) Uint64(slot int, def uint64) uint64 {
	if f := t.field(slot, 8); f != nil {
		return binary.LittleEndian.Uint64(f)
	}
	return def
}

// Int64 returns a long field.
func (t Table) Int64(slot int, def int64) int64 { return int64(t.Uint64(slot, uint64(def))) }

// Float32 returns a float field.
func (t Table) Float32(slot int, def float32) float32 {
	if f := t.field(slot, 4); f != nil {
		return math.Float32frombits(binary.LittleEndian.Uint32(f))
	}
	return def
}

// Float64 returns a double field.
func (t Table) Float64(slot int, def float64) float64 {
	if f := t.field(slot, 8); f != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(f))
	}
	return def
}

// Table returns a field that is a table, the zero Table if it is absent.
func (t Table) Table(slot int) Table {
	if at := t.at(slot, offsetSize); at >= 0 {
		return t.b.table(at)
	}
	return Table{}
}

// Union returns a union's type, stored in slot, and its table, in slot+1. Type 0
// is NONE, and its table absent.
func (t Table) Union(slot int) (kind uint8, value Table) {
	if kind = t.Uint8(slot, 0); kind == 0 {
		return 0, Table{}
	}
	return kind, t.Table(slot + 1)
}
