package train

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// shaping is a layer that only moves elements.
type shaping struct {
	layer
	build func(l *shaping, s *Scope, x graph.Value) graph.Value
	to    []int
}

// Build adds the layer.
func (l *shaping) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 1) {
		return 0
	}
	return l.build(l, s, in[0])
}

// Flatten makes one row of each sample.
func Flatten(opts ...Option) Layer {
	return &shaping{newLayer("flatten", opts, config{}), (*shaping).flatten, nil}
}

func (l *shaping) flatten(s *Scope, x graph.Value) graph.Value {
	return s.reshape(x, length(s.Shape(x)[1:]))
}

// Reshape gives each sample another shape. One dimension may be -1, which
// follows from the others.
func Reshape(shape []int, opts ...Option) Layer {
	l := &shaping{newLayer("reshape", opts, config{}), (*shaping).reshape, slices.Clone(shape)}
	return l
}

func (l *shaping) reshape(s *Scope, x graph.Value) graph.Value {
	to, n, open := slices.Clone(l.to), length(s.Shape(x)[1:]), -1
	rest := 1
	for i, d := range to {
		switch {
		case d == -1 && open < 0:
			open = i
		case d < 1:
			return s.Fail("shape %v is not valid", l.to)
		default:
			rest *= d
		}
	}
	if open >= 0 && n%rest == 0 {
		to[open] = n / rest
		rest = n
	}
	if rest != n {
		return s.Fail("samples of shape %v have %d elements, which do not fit %v", s.Shape(x)[1:], n, l.to)
	}
	return s.reshape(x, to...)
}

// Permute puts the dimensions of samples in another order: dims[i], counted from
// 1, becomes dimension i.
func Permute(dims []int, opts ...Option) Layer {
	return &shaping{newLayer("permute", opts, config{}), (*shaping).permute, slices.Clone(dims)}
}

func (l *shaping) permute(s *Scope, x graph.Value) graph.Value {
	perm := append([]int{0}, l.to...)
	sorted := slices.Sorted(slices.Values(perm))
	for i, d := range sorted {
		if d != i || len(perm) != len(s.Shape(x)) {
			return s.Fail("%v is not an order of the %d dimensions of samples, from 1", l.to, len(s.Shape(x))-1)
		}
	}
	return s.Add(&op.Transpose{Perm: perm}, x)
}

// merging is a layer of several inputs.
type merging struct {
	layer
	o func() graph.Op
	// chained operators take two inputs at a time.
	chained bool
}

// Build adds the operator.
func (l *merging) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 0) {
		return 0
	}
	if !l.chained {
		return s.Add(l.o(), in...)
	}
	y := in[0]
	for _, x := range in[1:] {
		y = s.Add(l.o(), y, x)
	}
	return y
}

func newMerging(kind string, o graph.Op, opts []Option) Layer {
	return &merging{newLayer(kind, opts, config{}), func() graph.Op { return o }, true}
}

// Add adds values: residual connections.
func Add(opts ...Option) Layer { return newMerging("add", &op.Add{To: float}, opts) }

// Subtract subtracts the second value from the first.
func Subtract(opts ...Option) Layer { return newMerging("subtract", &op.Sub{To: float}, opts) }

// Multiply multiplies values.
func Multiply(opts ...Option) Layer { return newMerging("multiply", &op.Mul{To: float}, opts) }

// Concatenate joins values along the last dimension.
func Concatenate(opts ...Option) Layer {
	return &merging{newLayer("concatenate", opts, config{}), func() graph.Op { return &op.Concatenation{Axis: -1} }, false}
}

// position is a layer that adds something to each step of a sequence.
type position struct {
	layer
	learned bool
}

// PositionalEncoding adds sines and cosines of each position to a sequence
// [steps features] (Vaswani et al., Attention is all you need, 2017, section
// 3.5).
func PositionalEncoding(opts ...Option) Layer {
	return &position{newLayer("positional_encoding", opts, config{}), false}
}

// PositionEmbedding adds a learnt vector to each position of a sequence.
func PositionEmbedding(opts ...Option) Layer {
	return &position{newLayer("position_embedding", opts, config{kernelInit: RandomUniform}, "KernelInitializer"), true}
}

// Build adds an Add.
func (l *position) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 1, 3) {
		return 0
	}
	shape := s.Shape(in[0])
	t, d := shape[1], shape[2]
	var table graph.Value
	if l.learned {
		table = s.Weight("embeddings", l.kernelInit, nil, t, d)
	} else {
		sines, err := op.PositionalEncoding(t, d)
		if err != nil {
			return s.Fail("%w", err)
		}
		table = s.Const("table", sines, t, d)
	}
	return s.Add(&op.Add{To: float}, in[0], table)
}
