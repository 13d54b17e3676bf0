package op

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// maxRank is the most dimensions of a tensor whose elements are moved about.
const maxRank = 8

// move copies elements from one tensor to another. For every index within
// dim, the element at from + Σ index·src goes to at + Σ index·dst. All but
// dim count bytes. A stride of src may be zero or negative.
type move struct {
	rank     int
	dim      [2 * maxRank]int
	src, dst [2 * maxRank]int
	from, at int
	size     int // of an element
}

// add appends a dimension, inside of those that are there.
func (m *move) add(dim, src, dst int) {
	m.dim[m.rank], m.src[m.rank], m.dst[m.rank] = dim, src, dst
	m.rank++
}

// simplify drops dimensions of one, merges those that are contiguous in both
// tensors, and makes an innermost contiguous run one larger element. It
// reports whether there is anything to move.
func (m *move) simplify() bool {
	kept := 0
	for i := range m.rank {
		d, s, t := m.dim[i], m.src[i], m.dst[i]
		if d == 0 {
			return false
		}
		if k := kept - 1; d > 1 && k >= 0 && m.src[k] == d*s && m.dst[k] == d*t {
			m.dim[k], m.src[k], m.dst[k] = m.dim[k]*d, s, t
		} else if d > 1 {
			m.dim[kept], m.src[kept], m.dst[kept] = d, s, t
			kept++
		}
	}
	m.rank = kept
	if k := kept - 1; k >= 0 && m.src[k] == m.size && m.dst[k] == m.size {
		m.size *= m.dim[k]
		m.rank--
	}
	return true
}

// inner moves the dimension along which src is contiguous next to the
// innermost, along which dst is: the two are then walked in tiles.
func (m *move) inner() (tiled bool) {
	last := m.rank - 1
	if m.dst[last] != m.size || m.src[last] == m.size {
		return false
	}
	for i := range last {
		if m.src[i] == m.size {
			d, s, t := m.dim[i], m.src[i], m.dst[i]
			for ; i < last-1; i++ {
				m.dim[i], m.src[i], m.dst[i] = m.dim[i+1], m.src[i+1], m.dst[i+1]
			}
			m.dim[i], m.src[i], m.dst[i] = d, s, t
			return true
		}
	}
	return false
}

// run carries out the move. It doesn't allocate.
func (m move) run(dst, src []byte) {
	if !m.simplify() {
		return
	}
	if m.rank == 0 {
		copy(dst[m.at:m.at+m.size], src[m.from:])
		return
	}
	outer := m.rank - 1
	if m.inner() {
		outer--
	}
	size := m.size
	if !m.aligned(dst, src) {
		size = 0
	}
	var index [2 * maxRank]int
	for s, d := m.from, m.at; ; {
		m.innermost(size, outer, dst, src, d, s)
		k := outer - 1
		for ; k >= 0; k-- {
			index[k]++
			s, d = s+m.src[k], d+m.dst[k]
			if index[k] < m.dim[k] {
				break
			}
			s, d, index[k] = s-m.src[k]*m.dim[k], d-m.dst[k]*m.dim[k], 0
		}
		if k < 0 {
			return
		}
	}
}

// innermost walks the dimensions from k on, one or two, with elements of Go
// types where the size allows.
func (m *move) innermost(size, k int, dst, src []byte, d, s int) {
	switch size {
	case 1:
		walkElements[uint8](m, k, dst, src, d, s)
	case 2:
		walkElements[uint16](m, k, dst, src, d, s)
	case 4:
		walkElements[uint32](m, k, dst, src, d, s)
	case 8:
		walkElements[uint64](m, k, dst, src, d, s)
	case 16:
		walkElements[[2]uint64](m, k, dst, src, d, s)
	default:
		walkBytes(m, k, dst, src, d, s)
	}
}

// aligned reports whether every element begins at a multiple of its size, or
// of 8 if that is less.
func (m *move) aligned(dst, src []byte) bool {
	switch m.size {
	case 1, 2, 4, 8, 16:
	default:
		return false
	}
	offsets := m.from | m.at
	for i := range m.rank {
		offsets |= m.src[i] | m.dst[i]
	}
	address := uintptr(unsafe.Pointer(unsafe.SliceData(dst))) | uintptr(unsafe.Pointer(unsafe.SliceData(src)))
	return offsets&(m.size-1) == 0 && address&uintptr(min(m.size, 8)-1) == 0
}

// moveTile is the side of the square that a transposition finishes before it goes
// on: its lines stay in the first-level cache.
const moveTile = 32

// walkElements copies elements of type T along the last one or two dimensions.
func walkElements[T uint8 | uint16 | uint32 | uint64 | [2]uint64](m *move, k int, dst, src []byte, d, s int) {
	size := int(unsafe.Sizeof(*new(T)))
	to := unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(dst))), len(dst)/size)
	from := unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(src))), len(src)/size)
	d, s = d/size, s/size
	last := m.rank - 1
	n, step := m.dim[last], m.src[last]/size
	if k == last {
		if by := m.dst[last] / size; by != 1 {
			for range n {
				to[d] = from[s]
				d, s = d+by, s+step
			}
			return
		}
		line := to[d : d+n]
		for i := range line {
			line[i] = from[s]
			s += step
		}
		return
	}
	tiles(to[d:], from, s, m.dim[k], n, m.dst[k]/size, step)
}

// tiles transposes: element [r, c] of to, by apart from row to row, is element
// s + r + c·step of from. Within a tile, lines are followed in the tensor
// whose lines are further apart: they are the likelier to meet in the cache.
func tiles[T any](to, from []T, s, rows, columns, by, step int) {
	for r0 := 0; r0 < rows; r0 += moveTile {
		for c0 := 0; c0 < columns; c0 += moveTile {
			height, width := min(moveTile, rows-r0), min(moveTile, columns-c0)
			if by < step {
				for c := c0; c < c0+width; c++ {
					x, at := s+r0+c*step, r0*by+c
					for _, v := range from[x : x+height] {
						to[at] = v
						at += by
					}
				}
				continue
			}
			for r := r0; r < r0+height; r++ {
				at, x := r*by+c0, s+r+c0*step
				line := to[at : at+width]
				for i := range line {
					line[i] = from[x]
					x += step
				}
			}
		}
	}
}

// walkBytes is walkElements for elements of any size.
func walkBytes(m *move, k int, dst, src []byte, d, s int) {
	last := m.rank - 1
	if k < last {
		for r := range m.dim[k] {
			walkBytes(m, last, dst, src, d+r*m.dst[k], s+r*m.src[k])
		}
		return
	}
	for range m.dim[last] {
		copy(dst[d:d+m.size], src[s:s+m.size])
		d, s = d+m.dst[last], s+m.src[last]
	}
}

// alongAxis returns the move of a tensor of n indices along axis into the
// beginning of a larger one of type t. Its dimension 1 is that axis.
func alongAxis(t tensor.Type, axis, n int) move {
	m := move{size: t.DType.Size()}
	inner := m.size * product(t.Shape[axis+1:])
	m.add(product(t.Shape[:axis]), inner*n, inner*t.Shape[axis])
	m.add(n, inner, inner)
	m.add(inner/m.size, m.size, m.size)
	return m
}

// reversed returns the move that takes m's elements back.
func (m move) reversed() move {
	m.src, m.dst = m.dst, m.src
	m.from, m.at = m.at, m.from
	return m
}
