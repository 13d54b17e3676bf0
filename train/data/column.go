package data

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/quant"
)

// column holds rows of numbers in the type that they are stored in, in memory or
// on disk.
type column struct {
	name  string // for errors: a file, and the array in it
	dtype npy.DType
	rows  int
	width int // numbers of a row
	bytes store
	big   bool    // the byte order of what lies on disk; memory has little-endian
	scale float32 // numbers are divided by it

	table *[256]float32 // quotients of uint8
	room  sync.Pool     // of *[]byte, a row from disk
}

// newColumn returns a column of rows over bytes, which must have the right length.
func newColumn(name string, d npy.DType, rows, width int, bytes store, big bool, scale float32) *column {
	c := &column{name: name, dtype: d, rows: rows, width: width, bytes: bytes, big: big && d.Size() > 1, scale: scale}
	if d == npy.Uint8 {
		c.table = new([256]float32)
		for i := range c.table {
			c.table[i] = float32(i) / scale
		}
	}
	if c.big && bytes.file == nil {
		reverseWords(bytes.mem, d.Size())
		c.big = false
	}
	n := width * d.Size()
	c.room.New = func() any { b := make([]byte, n); return &b }
	return c
}

func reverseWords(b []byte, size int) {
	for i := 0; i < len(b); i += size {
		slices.Reverse(b[i : i+size])
	}
}

// read fills dst with row i, or, if it is shorter, with the row's beginning.
func (c *column) read(i int, dst []float32) error {
	size := c.dtype.Size()
	row := c.width * size
	if c.bytes.file == nil {
		c.decode(dst, c.bytes.mem[i*row:(i+1)*row])
		return nil
	}
	room := c.room.Get().(*[]byte)
	defer c.room.Put(room)
	if _, err := c.bytes.file.ReadAt(*room, c.bytes.offset+int64(i)*int64(row)); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("%s: row %d: %w", c.name, i, err)
	}
	if c.big {
		reverseWords(*room, size)
	}
	c.decode(dst, *room)
	return nil
}

// decode turns stored numbers into float32, rounding to the nearest.
func (c *column) decode(dst []float32, src []byte) {
	le := binary.LittleEndian
	switch c.dtype {
	case npy.Uint8, npy.Bool:
		c.decodeBytes(dst, src)
		return
	case npy.Float32:
		for i := range dst {
			dst[i] = math.Float32frombits(le.Uint32(src[4*i:]))
		}
	case npy.Float16:
		for i := range dst {
			dst[i] = quant.Float16(le.Uint16(src[2*i:]))
		}
	case npy.Float64:
		for i := range dst {
			dst[i] = float32(math.Float64frombits(le.Uint64(src[8*i:])))
		}
	case npy.Int8:
		for i := range dst {
			dst[i] = float32(int8(src[i]))
		}
	case npy.Int16:
		for i := range dst {
			dst[i] = float32(int16(le.Uint16(src[2*i:])))
		}
	case npy.Uint16:
		for i := range dst {
			dst[i] = float32(le.Uint16(src[2*i:]))
		}
	case npy.Int32:
		for i := range dst {
			dst[i] = float32(int32(le.Uint32(src[4*i:])))
		}
	case npy.Uint32:
		for i := range dst {
			dst[i] = float32(le.Uint32(src[4*i:]))
		}
	case npy.Int64:
		for i := range dst {
			dst[i] = float32(int64(le.Uint64(src[8*i:])))
		}
	case npy.Uint64:
		for i := range dst {
			dst[i] = float32(le.Uint64(src[8*i:]))
		}
	default:
		panic("BUG: data: column of " + string(c.dtype))
	}
	if c.scale != 1 {
		for i := range dst {
			dst[i] /= c.scale
		}
	}
}

func (c *column) decodeBytes(dst []float32, src []byte) {
	if c.dtype == npy.Bool {
		for i := range dst {
			dst[i] = float32(min(src[i], 1))
		}
		return
	}
	for i := range dst {
		dst[i] = c.table[src[i]]
	}
}

// numeric says whether a column can be of type d.
func numeric(d npy.DType) error {
	if d == npy.Complex64 || d == npy.Complex128 {
		return fmt.Errorf("numbers of type %s are not supported: give real and imaginary parts as channels", d)
	}
	return nil
}

func integer(d npy.DType) bool {
	switch d {
	case npy.Float16, npy.Float32, npy.Float64:
		return false
	}
	return true
}
