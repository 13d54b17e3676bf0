package flatbuf

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
)

// An Object is a table to be written: what is in its fields, by slot. What a
// field is in Go says how it is stored:
//
//	bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float32 float64
//	string []string []bool []byte []int8 []uint16 []int32 []uint32 []int64 []uint64 []float32 []float64
//	Aligned Object []Object Union (at the slot of its type; its table takes the next)
//
// Fields that are missing or nil are absent. One that equals the schema's default
// is stored all the same. Any other Go type is a mistake of the caller's, and
// panics.
type Object map[int]any

// Aligned are bytes that begin at a multiple of To, a power of two from 4 to 64,
// so that wider elements can be read where they lie.
type Aligned struct {
	Data []byte
	To   int
}

// Union is a table whose type, not 0, is stored beside it.
type Union struct {
	Kind  uint8
	Value Object
}

// maxBuilt is the longest buffer: offsets are signed in places.
const maxBuilt = math.MaxInt32

// Build returns a buffer with the root table and four bytes of identifier, or
// none if it is "". The same objects give the same bytes. It fails if there are
// 2 GiB or more.
func Build(identifier string, root Object) ([]byte, error) {
	if identifier != "" && len(identifier) != offsetSize {
		panic(fmt.Sprintf("BUG: %q is no file identifier", identifier))
	}
	b := &builder{vtables: map[string]int{}, out: make([]byte, offsetSize, 1024)}
	b.out = append(b.out, identifier...)
	at := b.table(root)
	if b.size > maxBuilt || len(b.out) > maxBuilt {
		return nil, fmt.Errorf("a flatbuffer of %d bytes: it must have less than 2 GiB", max(b.size, int64(len(b.out))))
	}
	b.point(0, at)
	return b.out, nil
}

// builder writes parents before their children, so that every offset leads
// forward; it is filled in when the child's place is known.
type builder struct {
	out     []byte
	vtables map[string]int // where each is, by its bytes: tables of one form share it
	size    int64          // bytes, also those that were not written since there are too many
}

// point makes the offset at a place lead to target.
func (b *builder) point(at, target int) {
	binary.LittleEndian.PutUint32(b.out[at:], uint32(target-at))
}

// align pads so that what comes skip bytes later begins at a multiple of to.
func (b *builder) align(to, skip int) {
	for (len(b.out)+skip)%to != 0 {
		b.out = append(b.out, 0)
	}
}

// cell is a field's place in its table.
type cell struct {
	slot, size int
	value      any
	offset     bool // what is stored is where the value lies
}

// cells returns the fields of o, widest first, so that none needs padding.
func (o Object) cells() (all []cell) {
	for _, slot := range slices.Sorted(maps.Keys(o)) {
		switch v := o[slot].(type) {
		case nil:
		case Union:
			all = append(all, cell{slot, 1, v.Kind, false}, cell{slot + 1, offsetSize, v.Value, true})
		default:
			size, inline := widthOf(v)
			all = append(all, cell{slot, size, v, !inline})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].size > all[j].size })
	return all
}

// widthOf returns the bytes that a field takes in its table, and whether they are
// the value itself.
func widthOf(v any) (size int, inline bool) {
	switch v.(type) {
	case bool, int8, uint8:
		return 1, true
	case int16, uint16:
		return 2, true
	case int32, uint32, float32:
		return 4, true
	case int64, uint64, float64:
		return 8, true
	}
	return offsetSize, false
}

// table writes a table with all that it leads to, and returns where it is.
func (b *builder) table(o Object) int {
	cells := o.cells()
	slots, size := 0, 4
	for _, c := range cells {
		slots, size = max(slots, c.slot+1), size+c.size
	}
	vt := binary.LittleEndian.AppendUint16(nil, uint16(4+2*slots))
	vt = binary.LittleEndian.AppendUint16(vt, uint16(size))
	vt = append(vt, make([]byte, 2*slots)...)
	at := 4
	for _, c := range cells {
		binary.LittleEndian.PutUint16(vt[4+2*c.slot:], uint16(at))
		at += c.size
	}
	where, have := b.vtables[string(vt)]
	if !have {
		b.align(2, 0)
		where = len(b.out)
		b.vtables[string(vt)] = where
		b.out = append(b.out, vt...)
	}
	b.align(4, 0)
	if len(cells) > 0 && cells[0].size == 8 {
		b.align(8, 4)
	}
	pos := len(b.out)
	b.out = binary.LittleEndian.AppendUint32(b.out, uint32(int32(pos-where)))
	for _, c := range cells {
		if c.offset {
			b.out = append(b.out, make([]byte, offsetSize)...)
			continue
		}
		b.out = appendScalar(b.out, c.value)
	}
	at = pos + 4
	for _, c := range cells {
		if c.offset {
			b.point(at, b.child(c.value))
		}
		at += c.size
	}
	return pos
}

// appendScalar appends a number or bool, little-endian.
func appendScalar(out []byte, v any) []byte {
	out, err := binary.Append(out, binary.LittleEndian, v)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return out
}

// child writes what lies outside of its parent, and returns where it is.
func (b *builder) child(v any) int {
	switch v := v.(type) {
	case Object:
		return b.table(v)
	case string:
		at := b.vector(len(v), 1, 4)
		b.append([]byte(v))
		b.out = append(b.out, 0)
		return at
	case []byte:
		at := b.vector(len(v), 1, 4)
		b.append(v)
		return at
	case Aligned:
		if v.To < 4 || v.To > 64 || v.To&(v.To-1) != 0 {
			panic(fmt.Sprintf("BUG: aligned to %d", v.To))
		}
		at := b.vector(len(v.Data), 1, v.To)
		b.append(v.Data)
		return at
	case []Object:
		return children(b, v, b.table)
	case []string:
		return children(b, v, func(s string) int { return b.child(s) })
	case []bool, []int8, []uint16, []int32, []uint32, []int64, []uint64, []float32, []float64:
		size := binary.Size(v)
		n, width := elementsOf(v)
		at := b.vector(n, width, width)
		if b.fits(size) {
			b.out = appendScalar(b.out, v)
		}
		return at
	}
	panic(fmt.Sprintf("BUG: a flatbuffer's field of Go type %T", v))
}

// elementsOf returns the length of a slice of numbers, and the bytes of each.
func elementsOf(v any) (n, width int) {
	switch v := v.(type) {
	case []bool:
		return len(v), 1
	case []int8:
		return len(v), 1
	case []uint16:
		return len(v), 2
	case []int32:
		return len(v), 4
	case []uint32:
		return len(v), 4
	case []float32:
		return len(v), 4
	case []int64:
		return len(v), 8
	case []uint64:
		return len(v), 8
	case []float64:
		return len(v), 8
	}
	panic(fmt.Sprintf("BUG: a vector of Go type %T", v))
}

// vector begins a vector whose elements are aligned, and returns where it is.
func (b *builder) vector(n, width, align int) int {
	b.align(4, 0)
	b.align(max(align, width), offsetSize)
	at := len(b.out)
	b.out = binary.LittleEndian.AppendUint32(b.out, uint32(n))
	return at
}

// fits counts n more bytes, and reports whether they may be written.
func (b *builder) fits(n int) bool {
	b.size = max(b.size, int64(len(b.out))) + int64(n)
	return b.size <= maxBuilt
}

func (b *builder) append(data []byte) {
	if b.fits(len(data)) {
		b.out = append(b.out, data...)
	}
}

// children writes a vector of offsets, and what they lead to.
func children[T any](b *builder, all []T, write func(T) int) int {
	at := b.vector(len(all), offsetSize, offsetSize)
	b.out = append(b.out, make([]byte, offsetSize*len(all))...)
	for i, v := range all {
		b.point(at+offsetSize*(i+1), write(v))
	}
	return at
}
