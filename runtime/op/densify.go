package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// maxSparseLevels bounds how many dimensions a sparse tensor is stored in.
const maxSparseLevels = 16

// Densify spreads the stored elements of a sparse tensor over its dense shape;
// the others are 0. Input 0 has the stored elements, a vector.
//
// The storage is a tree with a level for each dimension, outermost first: the
// nodes of the last level are the stored elements, in order.
type Densify struct {
	Shape []int         // of the dense tensor
	Quant *quant.Params // of the dense tensor
	// Order has the dimension of each level: of the n dimensions of Shape, or,
	// from n on, of a block. A dimension that blocks divide counts blocks.
	Order []int
	// Blocks has for each dimension of a block the one that it divides.
	Blocks []int
	Levels []SparseLevel
}

// SparseLevel says which indices the children of a node have: all below Size,
// or, if Segments is not nil, Indices[Segments[i]:Segments[i+1]] for node i.
type SparseLevel struct {
	Size              int
	Segments, Indices []int32
}

// Infer checks the whole structure, so that Ref may trust it.
func (o *Densify) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 1); err != nil {
		return nil, err
	}
	t := tensor.Type{DType: in[0].DType, Shape: o.Shape, Quant: o.Quant}
	switch {
	case t.DType == tensor.I4:
		return nil, Unsupported("sparse int4")
	case !t.Static():
		return nil, errorf("dense shape %v is not known", o.Shape)
	}
	if err := t.Check(); err != nil {
		return nil, err
	}
	sizes, err := o.sizes()
	if err != nil {
		return nil, err
	}
	nodes := int64(1) // of the level above
	for l, level := range o.Levels {
		if nodes, err = level.check(nodes, sizes[o.Order[l]]); err != nil {
			return nil, errorf("sparse level %d: %w", l, err)
		}
	}
	if n := in[0].Shape[0]; n != tensor.Dynamic && int64(n) != nodes {
		return nil, errorf("%d sparse elements are stored, want %d", n, nodes)
	}
	return []tensor.Type{t}, nil
}

// sizes returns the size of each dimension that Order can name.
func (o *Densify) sizes() ([]int, error) {
	n := len(o.Shape)
	if len(o.Levels) > maxSparseLevels {
		return nil, Unsupported("sparse data of %d dimensions", len(o.Levels))
	}
	if len(o.Order) != n+len(o.Blocks) || len(o.Levels) != len(o.Order) {
		return nil, errorf("sparse data of %d levels in an order of %d, want %d", len(o.Levels), len(o.Order), n+len(o.Blocks))
	}
	sizes := make([]int, len(o.Order))
	copy(sizes, o.Shape)
	seen := make([]bool, len(o.Order))
	for l, d := range o.Order {
		if d < 0 || d >= len(seen) || seen[d] {
			return nil, errorf("traversal order %v is no permutation", o.Order)
		}
		if seen[d] = true; d >= n {
			if sizes[d] = o.Levels[l].Size; sizes[d] < 1 || o.Levels[l].Segments != nil {
				return nil, errorf("sparse level %d: a block's dimension must be dense and not empty", l)
			}
		}
	}
	for j, d := range o.Blocks {
		if d < 0 || d >= n {
			return nil, errorf("block map %v names dimension %d of %d", o.Blocks, d, n)
		}
		if sizes[d]%sizes[n+j] != 0 {
			return nil, errorf("blocks of %d do not divide dimension %d of %v", sizes[n+j], d, o.Shape)
		}
		sizes[d] /= sizes[n+j]
	}
	return sizes, nil
}

// check holds a level against the number of nodes above it and its
// dimension's size, and returns the number of its nodes.
func (s *SparseLevel) check(above int64, size int) (int64, error) {
	if s.Segments == nil {
		if s.Size != size {
			return 0, errorf("has size %d, want %d", s.Size, size)
		}
		if above*int64(size) > 1<<31 { // above is at most that, size too
			return 0, errorf("has more than 2^31 nodes")
		}
		return above * int64(size), nil
	}
	if int64(len(s.Segments)) != above+1 || s.Segments[0] != 0 {
		return 0, errorf("has %d segments, want %d, from 0 on", len(s.Segments), above+1)
	}
	for i, end := range s.Segments[1:] {
		if end < s.Segments[i] || int(end) > len(s.Indices) {
			return 0, errorf("segment %d ends at %d: want %d to %d", i, end, s.Segments[i], len(s.Indices))
		}
	}
	for _, i := range s.Indices {
		if i < 0 || int(i) >= size {
			return 0, errorf("has index %d, want 0 to %d", i, size-1)
		}
	}
	return int64(s.Segments[above]), nil
}

// Ref walks the tree.
func (o *Densify) Ref(in, out []tensor.View) error {
	clear(out[0].Data)
	if len(in[0].Data) == 0 { // a level may be large for all that
		return nil
	}
	w := sparseWalk{o: o, src: in[0].Data, dst: out[0].Data, size: in[0].DType.Size()}
	step := 1 // of dimension d, in elements
	for d := len(o.Shape) - 1; d >= 0; d-- {
		block := 1
		for j := len(o.Blocks) - 1; j >= 0; j-- { // the last block is the innermost
			if o.Blocks[j] == d {
				w.steps[o.levelOf(len(o.Shape)+j)] = step * block
				block *= o.Levels[o.levelOf(len(o.Shape)+j)].Size
			}
		}
		w.steps[o.levelOf(d)] = step * block
		step *= o.Shape[d]
	}
	w.level(0, 0, 0)
	return nil
}

// levelOf returns the level of dimension d.
func (o *Densify) levelOf(d int) int {
	for l, x := range o.Order {
		if x == d {
			return l
		}
	}
	panic("BUG: dimension without a level")
}

type sparseWalk struct {
	o        *Densify
	src, dst []byte
	size     int                  // of an element
	steps    [maxSparseLevels]int // between indices of a level, in elements
}

// level visits the children of a node of level l-1 whose dense position, so
// far, is at.
func (w *sparseWalk) level(l, node, at int) {
	if l == len(w.o.Levels) {
		copy(w.dst[at*w.size:(at+1)*w.size], w.src[node*w.size:])
		return
	}
	s := &w.o.Levels[l]
	if s.Segments == nil {
		for i := range s.Size {
			w.level(l+1, node*s.Size+i, at+i*w.steps[l])
		}
		return
	}
	for k := int(s.Segments[node]); k < int(s.Segments[node+1]); k++ {
		w.level(l+1, k, at+int(s.Indices[k])*w.steps[l])
	}
}
