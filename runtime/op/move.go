package op

import (
	"fmt"
	"math"
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
	rows, by := m.dim[k], m.dst[k]/size
	for r0 := 0; r0 < rows; r0 += moveTile {
		for c0 := 0; c0 < n; c0 += moveTile {
			width := min(moveTile, n-c0)
			for r := r0; r < min(r0+moveTile, rows); r++ {
				at, x := d+r*by+c0, s+r+c0*step
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

// byteStrides returns how many bytes apart the elements along each dimension lie.
func byteStrides(t tensor.Type) (by [maxRank]int) {
	n := t.DType.Size()
	for i := t.Rank() - 1; i >= 0; i-- {
		by[i] = n
		n *= t.Shape[i]
	}
	return by
}

// wantMovable checks that input i has elements that can be moved about: whole
// bytes, in no more than maxRank dimensions, all of one scale.
func wantMovable(in []tensor.View, i int) error {
	switch t := in[i].Type; {
	case t.DType == tensor.I4 || t.DType == tensor.None:
		return Unsupported("%s as type of input %d", t.DType, i)
	case t.Rank() > maxRank:
		return Unsupported("input %d of %d dimensions (at most %d are)", i, t.Rank(), maxRank)
	case t.Quant.PerChannel():
		return Unsupported("input %d with %d scales", i, len(t.Quant.Scale))
	}
	return nil
}

// mulDims multiplies two dimensions, either of which may be Dynamic.
func mulDims(a, b int) (int, error) {
	if a == tensor.Dynamic || b == tensor.Dynamic {
		return tensor.Dynamic, nil
	}
	n := int64(a) * int64(b)
	if a < 0 || b < 0 || n > math.MaxInt32 {
		return 0, fmt.Errorf("a dimension of %d times %d is not possible", a, b)
	}
	return int(n), nil
}

// addDims adds two dimensions, either of which may be Dynamic.
func addDims(a, b int) (int, error) {
	if a == tensor.Dynamic || b == tensor.Dynamic {
		return tensor.Dynamic, nil
	}
	if n := int64(a) + int64(b); n <= math.MaxInt32 {
		return int(n), nil
	}
	return 0, fmt.Errorf("a dimension of %d plus %d is not possible", a, b)
}

// repeatInto repeats element over dst, whose length is a multiple of its.
func repeatInto(dst, element []byte) {
	for n := copy(dst, element); n > 0 && n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}

// scalarInt returns the only element of an int32 or int64 tensor.
func scalarInt(in []tensor.View, i int) (x int, known bool, err error) {
	xs, known, err := ints(in[i])
	switch {
	case err != nil:
		return 0, known, fmt.Errorf("input %d: %w", i, err)
	case !known && in[i].Static() && in[i].Len() != 1, known && len(xs) != 1:
		return 0, known, fmt.Errorf("input %d has shape %v, want one element", i, in[i].Shape)
	case !known:
		return 0, false, nil
	}
	return xs[0], true, nil
}

// dynamicShape returns a shape of n unknown dimensions.
func dynamicShape(n int) []int {
	shape := make([]int, n)
	for i := range shape {
		shape[i] = tensor.Dynamic
	}
	return shape
}

// listLen returns the number of elements of input i, a list that gives a
// result its rank: it must be known and small.
func listLen(in []tensor.View, i int) (int, error) {
	if !in[i].Static() {
		return 0, Unsupported("a list of unknown length as input %d", i)
	}
	if n := in[i].Len(); n <= maxRank {
		return n, nil
	}
	return 0, Unsupported("input %d of %d elements: a tensor of more than %d dimensions", i, in[i].Len(), maxRank)
}
