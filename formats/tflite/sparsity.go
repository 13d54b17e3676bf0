package tflite

import (
	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
)

// Sparsity says how a sparse tensor's Data are stored: only what is not zero, in
// an order of dimensions of its own, perhaps in blocks. A tensor of n dimensions
// with blocks of k has n+k dimensions here; the last k lie inside the block.
type Sparsity struct {
	TraversalOrder []int32             // a permutation of 0…n+k-1, outermost first
	BlockMap       []int32             // for each block dimension, the one that it divides
	Dims           []DimensionMetadata // in traversal order
}

// DimensionMetadata is one dimension of a sparse tensor: all Size indices of a
// dense one, or those that Segments and Indices list as rows of a CSR matrix:
// the i-th position of the dimensions before owns Indices[Segments[i]:Segments[i+1]].
type DimensionMetadata struct {
	Format            DimensionType
	Size              int32 // if DimDense
	Segments, Indices []int32
}

// sparsity reads and checks the structure; the indices are bounded by the shape
// only when the tensor is made dense.
func sparsity(t flatbuf.Table, rank int, where string) (*Sparsity, error) {
	if !t.Present() {
		return nil, nil
	}
	s := &Sparsity{TraversalOrder: t.Int32s(0), BlockMap: t.Int32s(1)}
	for i, d := range t.Tables(2).All() {
		m := DimensionMetadata{Format: DimensionType(d.Int8(0, 0)), Size: d.Int32(1, 0)}
		switch {
		case m.Format == DimSparseCSR:
			m.Segments, m.Indices = indexVector(d, 2), indexVector(d, 4)
			if err := m.checkCSR(); err != "" {
				return nil, wrong(where, "sparse dimension %d: %s", i, err)
			}
		case m.Format != DimDense:
			return nil, &UnsupportedError{Format: formatName, Where: where, What: "sparse dimension of format " + m.Format.String()}
		case m.Size < 0:
			return nil, wrong(where, "sparse dimension %d has size %d", i, m.Size)
		}
		s.Dims = append(s.Dims, m)
	}
	return s, s.check(rank, where)
}

// indexVector reads the union of vectors of int, ushort and ubyte at slot.
func indexVector(t flatbuf.Table, slot int) []int32 {
	const int32Vector, uint16Vector, uint8Vector = 1, 2, 3
	kind, v := t.Union(slot)
	switch kind {
	case int32Vector:
		return v.Int32s(0)
	case uint16Vector:
		return widen(v.Uint16s(0))
	case uint8Vector:
		return widen(v.Bytes(0))
	}
	return nil
}

func widen[T uint8 | uint16](v []T) []int32 {
	out := make([]int32, len(v))
	for i, x := range v {
		out[i] = int32(x)
	}
	return out
}

// checkCSR makes Indices[Segments[i]:Segments[i+1]] safe. It returns what is wrong.
func (m *DimensionMetadata) checkCSR() string {
	if len(m.Segments) == 0 || m.Segments[0] != 0 {
		return "its segments do not begin with 0"
	}
	last := int32(0)
	for _, s := range m.Segments {
		if s < last {
			return "its segments do not ascend"
		}
		last = s
	}
	if int64(last) != int64(len(m.Indices)) {
		return "its segments do not end where its indices do"
	}
	for _, i := range m.Indices {
		if i < 0 {
			return "it has a negative index"
		}
	}
	return ""
}

func (s *Sparsity) check(rank int, where string) error {
	n := len(s.TraversalOrder)
	if n != rank+len(s.BlockMap) || n != len(s.Dims) {
		return wrong(where, "sparsity of %d dimensions, %d of them described, for rank %d with %d block dimensions",
			n, len(s.Dims), rank, len(s.BlockMap))
	}
	seen := make([]bool, n)
	for _, d := range s.TraversalOrder {
		if d < 0 || int64(d) >= int64(n) || seen[d] {
			return wrong(where, "traversal order %v is no permutation", s.TraversalOrder)
		}
		seen[d] = true
	}
	for _, d := range s.BlockMap {
		if d < 0 || int64(d) >= int64(rank) {
			return wrong(where, "block map %v names dimension %d of %d", s.BlockMap, d, rank)
		}
	}
	return nil
}
