package flatbuf

import (
	"bytes"
	"encoding/binary"
	"math"
)

// FlexKind is the type of a FlexBuffer's value, with the format's numbers.
type FlexKind uint8

// The kinds. Those between FlexInts and FlexFloats4 are vectors of numbers or keys
// without a type for each element; the last nine of them have 2, 3 or 4 elements.
const (
	FlexNull FlexKind = iota
	FlexInt
	FlexUint
	FlexFloat
	FlexKey
	FlexString
	FlexIndirectInt
	FlexIndirectUint
	FlexIndirectFloat
	FlexMap
	FlexVector
	FlexInts
	FlexUints
	FlexFloats
	FlexKeys
	FlexStrings // deprecated
	FlexInts2
	FlexFloats4 FlexKind = 24
	FlexBlob    FlexKind = 25
	FlexBool    FlexKind = 26
	FlexBools   FlexKind = 36
)

// maxFlexDepth bounds nesting, for a hostile buffer can contain itself.
const maxFlexDepth = 64

// A Flex is a value in a FlexBuffer, the schema-less form that custom operators'
// options have. The zero Flex is an absent value, for which accessors return their
// default; a value of the wrong kind is an error, which sticks as in a Buffer.
//
//	opts := flatbuf.ReadFlex(op.CustomOptions)
//	n := opts.Key("frame_size").Int(0)
//	if err := opts.Err(); err != nil { … }
type Flex struct {
	b      *Buffer
	at     int64 // where the value or its offset lies
	parent int64 // bytes of that number
	kind   FlexKind
	width  int64 // bytes of the numbers to which an offset leads
	depth  int
}

// ReadFlex returns the root of a FlexBuffer.
func ReadFlex(data []byte) Flex {
	b := New(data)
	n := int64(len(data))
	root := Flex{b: b}
	if n < 3 {
		b.Fail(0, "%d bytes are too few for a flexbuffer", n)
		return root
	}
	root.parent = int64(data[n-1])
	if !root.widthOK(root.parent, n-1) || n-2 < root.parent {
		b.Fail(n-1, "the root does not fit")
		return root
	}
	root.at = n - 2 - root.parent
	return root.typed(data[n-2])
}

// typed sets kind and width from a packed type.
func (v Flex) typed(packed byte) Flex {
	v.kind, v.width = FlexKind(packed>>2), 1<<(packed&3)
	return v
}

func (v Flex) widthOK(w, at int64) bool {
	if w == 1 || w == 2 || w == 4 || w == 8 {
		return true
	}
	v.b.Fail(at, "a number cannot have %d bytes", w)
	return false
}

// Err returns the first error of reading from the FlexBuffer.
func (v Flex) Err() error {
	if v.b == nil {
		return nil
	}
	return v.b.Err()
}

// Present reports whether there is a value other than null.
func (v Flex) Present() bool { return v.b != nil && v.kind != FlexNull && v.b.err.Load() == nil }

// Kind returns the value's kind, FlexNull if it is absent.
func (v Flex) Kind() FlexKind { return v.kind }

// uint reads an unsigned number of w bytes.
func (v Flex) uint(at, w int64) (uint64, bool) {
	if !v.b.has(at, w, "a number") {
		return 0, false
	}
	p := v.b.data[int(at):]
	switch w {
	case 1:
		return uint64(p[0]), true
	case 2:
		return uint64(binary.LittleEndian.Uint16(p)), true
	case 4:
		return uint64(binary.LittleEndian.Uint32(p)), true
	}
	return binary.LittleEndian.Uint64(p), true
}

// back follows the offset of w bytes at position at; offsets lead backwards.
func (v Flex) back(at, w int64) (int64, bool) {
	n, ok := v.uint(at, w)
	if ok && n > uint64(at) {
		v.b.Fail(at, "an offset leads %d bytes back, before the buffer", n)
		return 0, false
	}
	return at - int64(n), ok
}

// number returns where a number lies, and its width and kind; an indirect one lies
// elsewhere.
func (v Flex) number() (at, w int64, kind FlexKind, ok bool) {
	if v.kind < FlexIndirectInt || v.kind > FlexIndirectFloat {
		return v.at, v.parent, v.kind, true
	}
	at, ok = v.back(v.at, v.parent)
	return at, v.width, v.kind - FlexIndirectInt + FlexInt, ok
}

func (v Flex) wrongKind(want string) { v.b.Fail(v.at, "a value of kind %d is not %s", v.kind, want) }

// Int returns an integer or bool, def if it is absent. A float loses its fraction.
func (v Flex) Int(def int64) int64 {
	if !v.Present() {
		return def
	}
	at, w, kind, ok := v.number()
	if !ok {
		return def
	}
	switch kind {
	case FlexInt, FlexUint, FlexBool:
		n, ok := v.uint(at, w)
		if !ok {
			return def
		}
		if kind == FlexInt {
			shift := 64 - 8*w
			return int64(n<<shift) >> shift
		}
		if n > math.MaxInt64 {
			v.b.Fail(at, "%d is more than an int64 holds", n)
			return def
		}
		return int64(n)
	case FlexFloat:
		f := v.float(at, w)
		if !(f >= -1<<63 && f < 1<<63) {
			v.b.Fail(at, "%v is no integer", f)
			return def
		}
		return int64(f)
	}
	v.wrongKind("a number")
	return def
}

// Float returns a number, def if it is absent.
func (v Flex) Float(def float64) float64 {
	if !v.Present() {
		return def
	}
	at, w, kind, ok := v.number()
	switch {
	case !ok:
		return def
	case kind == FlexFloat:
		return v.float(at, w)
	case kind == FlexUint:
		n, _ := v.uint(at, w)
		return float64(n)
	}
	return float64(v.Int(0))
}

func (v Flex) float(at, w int64) float64 {
	n, ok := v.uint(at, w)
	switch {
	case !ok:
	case w == 8:
		return math.Float64frombits(n)
	case w == 4:
		return float64(math.Float32frombits(uint32(n)))
	default:
		v.b.Fail(at, "a float of %d bytes", w)
	}
	return 0
}

// Bool returns a bool, or whether a number is not 0; def if it is absent.
func (v Flex) Bool(def bool) bool {
	if !v.Present() {
		return def
	}
	return v.Float(0) != 0
}

// Str returns a string or key, def if it is absent.
func (v Flex) Str(def string) string {
	if !v.Present() {
		return def
	}
	switch v.kind {
	case FlexString:
		if p := v.sized(); p != nil && v.b.spend(v.at, int64(len(p))) {
			return string(p)
		}
	case FlexKey:
		if at, ok := v.back(v.at, v.parent); ok {
			return v.key(at)
		}
	default:
		v.wrongKind("a string")
	}
	return def
}

// Blob returns the bytes of a blob, not copied, nil if it is absent.
func (v Flex) Blob() []byte {
	if !v.Present() {
		return nil
	}
	if v.kind != FlexBlob && v.kind != FlexString {
		v.wrongKind("a blob")
		return nil
	}
	return v.sized()
}

// sized returns the bytes of a string or blob, whose length lies before them.
func (v Flex) sized() []byte {
	at, ok := v.back(v.at, v.parent)
	if !ok {
		return nil
	}
	n, ok := v.uint(at-v.width, v.width)
	if !ok || !v.b.has(at, clamp(n), "a string") {
		return nil
	}
	return v.b.data[int(at) : int(at)+int(n) : int(at)+int(n)]
}

// key returns the bytes up to a zero byte.
func (v Flex) key(at int64) string {
	if !v.b.has(at, 1, "a key") {
		return ""
	}
	p := v.b.data[int(at):]
	n := bytes.IndexByte(p, 0)
	if n < 0 {
		v.b.Fail(at, "a key does not end")
		return ""
	}
	if !v.b.spend(at, int64(n)+1) {
		return ""
	}
	return string(p[:n])
}

// clamp turns a claimed length into an int64; what does not fit fails every check.
func clamp(n uint64) int64 { return int64(min(n, math.MaxInt64)) }
