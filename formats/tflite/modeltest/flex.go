package modeltest

import (
	"encoding/binary"
	"fmt"
	"math"
)

// The types of FlexBuffers that Flex writes.
const (
	flexNull, flexInt, flexFloat, flexKey, flexString = 0, 1, 3, 4, 5
	flexMap, flexVector, flexInts, flexFloats         = 9, 10, 11, 13
	flexBlob, flexBool                                = 25, 26
)

// Flex returns v as a FlexBuffer, the form of most custom operators' options, in
// the narrowest width that holds it. v is made of
//
//	nil bool int int32 int64 float32 float64 string []byte
//	[]int32 []float32 (typed vectors) []any map[string]any
func Flex(v any) []byte {
	for _, width := range []int{1, 2, 4} {
		if out, ok := FlexWidth(v, width); ok {
			return out
		}
	}
	out, _ := FlexWidth(v, 8)
	return out
}

// FlexWidth is Flex with every number of width 1, 2, 4 or 8 bytes; false if that
// is too narrow. (Flex's C++ counterpart chooses a width for each vector.)
func FlexWidth(v any, width int) ([]byte, bool) {
	w := flexWriter{width: width, fits: true}
	root := w.value(v)
	w.align()
	w.slot(root)
	w.out = append(w.out, w.tag(root), byte(width))
	return w.out, w.fits
}

type flexWriter struct {
	out   []byte
	width int
	fits  bool
}

// flexSlot is what a vector holds of an element: the number itself, or where it lies.
type flexSlot struct {
	kind   byte
	bits   uint64 // of a number
	target int    // position of what lies elsewhere
	inline bool
}

func (w *flexWriter) align() {
	for len(w.out)%w.width != 0 {
		w.out = append(w.out, 0)
	}
}

func (w *flexWriter) uint(x uint64) {
	if w.width < 8 && x >= 1<<(8*w.width) {
		w.fits = false
	}
	w.out = append(w.out, binary.LittleEndian.AppendUint64(nil, x)[:w.width]...)
}

// slot writes an element; offsets count back from where they lie.
func (w *flexWriter) slot(s flexSlot) {
	if s.inline {
		w.out = append(w.out, binary.LittleEndian.AppendUint64(nil, s.bits)[:w.width]...)
		return
	}
	w.uint(uint64(len(w.out) - s.target))
}

func (w *flexWriter) tag(s flexSlot) byte {
	log := map[int]byte{1: 0, 2: 1, 4: 2, 8: 3}[w.width]
	return s.kind<<2 | log
}

func (w *flexWriter) int(x int64) flexSlot {
	if shift := 64 - 8*w.width; x<<shift>>shift != x {
		w.fits = false
	}
	return flexSlot{kind: flexInt, bits: uint64(x), inline: true}
}

func (w *flexWriter) float(x float64) flexSlot {
	s := flexSlot{kind: flexFloat, inline: true}
	switch {
	case w.width == 8:
		s.bits = math.Float64bits(x)
	case w.width == 4 && (float64(float32(x)) == x || x != x):
		s.bits = uint64(math.Float32bits(float32(x)))
	default:
		w.fits = false
	}
	return s
}

// value writes what lies outside of its parent and returns the parent's element.
func (w *flexWriter) value(v any) flexSlot {
	switch v := v.(type) {
	case nil:
		return flexSlot{kind: flexNull, inline: true}
	case bool:
		s := flexSlot{kind: flexBool, inline: true}
		if v {
			s.bits = 1
		}
		return s
	case int:
		return w.int(int64(v))
	case int32:
		return w.int(int64(v))
	case int64:
		return w.int(v)
	case float32:
		return w.float(float64(v))
	case float64:
		return w.float(v)
	case string:
		return flexSlot{kind: flexString, target: w.sized([]byte(v), true)}
	case []byte:
		return flexSlot{kind: flexBlob, target: w.sized(v, false)}
	case []int32:
		return w.vector(flexInts, each(v, func(x int32) flexSlot { return w.int(int64(x)) }))
	case []float32:
		return w.vector(flexFloats, each(v, func(x float32) flexSlot { return w.float(float64(x)) }))
	case []any:
		return w.vector(flexVector, each(v, w.value))
	case map[string]any:
		return w.mapping(v)
	}
	panic(fmt.Sprintf("BUG: modeltest: a flexbuffer of Go type %T", v))
}

// sized writes bytes after their length and returns where they begin.
func (w *flexWriter) sized(v []byte, zero bool) int {
	w.align()
	w.uint(uint64(len(v)))
	at := len(w.out)
	w.out = append(w.out, v...)
	if zero {
		w.out = append(w.out, 0)
	}
	return at
}

func (w *flexWriter) vector(kind byte, elements []flexSlot) flexSlot {
	w.align()
	w.uint(uint64(len(elements)))
	return flexSlot{kind: kind, target: w.elements(kind, elements)}
}

// elements writes elements, and their types unless the vector's kind tells them.
func (w *flexWriter) elements(kind byte, elements []flexSlot) int {
	at := len(w.out)
	for _, s := range elements {
		w.slot(s)
	}
	if kind == flexVector || kind == flexMap {
		for _, s := range elements {
			w.out = append(w.out, w.tag(s))
		}
	}
	return at
}

// mapping writes a vector of keys, then the values in the keys' order.
func (w *flexWriter) mapping(m map[string]any) flexSlot {
	const flexKeys = 14
	names := sortedKeys(m)
	values := each(names, func(k string) flexSlot { return w.value(m[k]) })
	keys := each(names, func(k string) flexSlot {
		at := len(w.out)
		w.out = append(append(w.out, k...), 0)
		return flexSlot{kind: flexKey, target: at}
	})
	vec := w.vector(flexKeys, keys)
	w.align()
	w.slot(vec)
	w.uint(uint64(w.width))
	w.uint(uint64(len(values)))
	return flexSlot{kind: flexMap, target: w.elements(flexMap, values)}
}
