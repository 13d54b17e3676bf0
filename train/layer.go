package train

import (
	"fmt"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Layer is a part of a network. A layer that is applied twice shares its
// weights.
type Layer interface {
	// Kind returns Keras' name for the layer, in snake case: "dense". Layers
	// without a name of their own are called after it: "dense", "dense_1", ….
	Kind() string
	// Build adds the layer to a graph. The first dimension of values is the
	// batch.
	Build(s *Scope, in ...graph.Value) graph.Value
}

// Node is a layer applied to values: a value of the functional form.
type Node struct {
	layer Layer // nil for an input
	in    []*Node
	shape []int // of an input, without the batch
	dtype tensor.DType
	name  string
}

// Apply applies a layer to values.
func Apply(l Layer, in ...*Node) *Node { return &Node{layer: l, in: slices.Clone(in)} }

// Input is where a network's samples, of the given shape, come in.
func Input(shape ...int) *Node {
	return &Node{shape: slices.Clone(shape), dtype: tensor.F32}
}

// Tokens is an Input of whole numbers, for Embedding: sequences of the given
// length.
func Tokens(shape ...int) *Node {
	return &Node{shape: slices.Clone(shape), dtype: tensor.I32}
}

// Named gives an input a name, and returns it.
func (n *Node) Named(name string) *Node {
	n.name = name
	return n
}

// Kind makes an input the first layer of a Sequential.
func (n *Node) Kind() string { return "input" }

// Build is of no use on an input: Sequential takes it as what it is.
func (n *Node) Build(s *Scope, in ...graph.Value) graph.Value {
	return s.Fail("an Input can only be the first layer")
}

// named is implemented by layers that may have a name of their own.
type named interface{ layerName() string }

// names gives each layer of a model a name of its own.
type names struct {
	of   map[Layer]string
	used map[string]bool
}

func (n *names) name(l Layer) (string, error) {
	if s, ok := n.of[l]; ok {
		return s, nil
	}
	base := l.Kind()
	if l, ok := l.(named); ok && l.layerName() != "" {
		base = l.layerName()
		if n.used[base] {
			return "", fmt.Errorf("train: two layers are called %q: give one another Name", base)
		}
		if strings.ContainsAny(base, "/\x00") {
			return "", fmt.Errorf("train: layer name %q has a slash", base)
		}
	}
	s := base
	for i := 1; n.used[s]; i++ {
		s = fmt.Sprintf("%s_%d", base, i)
	}
	n.of[l], n.used[s] = s, true
	return s, nil
}
