package graph

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Builder makes a graph one operator at a time, inferring types as it goes.
// The first error sticks; later calls do nothing, and Graph returns it.
type Builder struct {
	g   Graph
	err error
}

// NewBuilder returns a builder of an empty graph.
func NewBuilder(name string) *Builder { return &Builder{g: Graph{Name: name}} }

// Rebuild returns a builder of an empty graph that is to become g rewritten: its
// name is g's, and it has room for as much.
func Rebuild(g *Graph) *Builder {
	return &Builder{g: Graph{Name: g.Name, Values: make([]Info, 0, len(g.Values)), Nodes: make([]Node, 0, len(g.Nodes))}}
}

func (b *Builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// Err returns the first error.
func (b *Builder) Err() error { return b.err }

func (b *Builder) value(i Info) Value {
	if err := i.Type.Check(); err != nil {
		b.fail(fmt.Errorf("tensor %q: %w", i.Name, err))
	}
	b.g.Values = append(b.g.Values, i)
	return Value(len(b.g.Values) - 1)
}

// Input adds a value that the caller supplies on each run.
func (b *Builder) Input(name string, t tensor.Type) Value {
	v := b.value(Info{Name: name, Type: t})
	b.g.In = append(b.g.In, v)
	return v
}

// Const adds a constant. The builder keeps data, and nobody may change it.
func (b *Builder) Const(name string, t tensor.Type, data []byte) Value {
	if b.err == nil && !t.Static() {
		b.fail(fmt.Errorf("constant %q has an unknown dimension in %v", name, t.Shape))
	}
	v := b.value(Info{Name: name, Type: t, Const: data})
	if b.err == nil && len(data) != t.Bytes() {
		b.fail(fmt.Errorf("constant %q: %d bytes for %s, want %d", name, len(data), t, t.Bytes()))
	}
	if data == nil && b.err == nil {
		b.g.Values[v].Const = []byte{}
	}
	return v
}

// Var adds a use of a variable to the graph. Each graph has one Value for a
// variable at most: a second call with the same v returns the first's.
func (b *Builder) Var(v *Var) Value {
	for i := range b.g.Values {
		if b.g.Values[i].Var == v {
			return Value(i)
		}
	}
	if b.err == nil && !v.Type.Static() {
		b.fail(fmt.Errorf("variable %q has an unknown dimension in %v", v.Name, v.Type.Shape))
	}
	return b.value(Info{Name: v.Name, Type: v.Type, Var: v})
}

// Node appends n and returns its outputs' values, in a list that is the caller's;
// names names them, and may be shorter. n.Out is ignored.
func (b *Builder) Node(n Node, names ...string) ([]Value, error) {
	if b.err != nil {
		return nil, b.err
	}
	types, err := n.Op.Infer(b.g.Views(n.In))
	if err == nil {
		err = b.writable(&n)
	}
	if err != nil {
		b.fail(fmt.Errorf("%s: %w", &n, err))
		return nil, b.err
	}
	n.In, n.Out = slices.Clone(n.In), nil
	for i, t := range types {
		name := n.Label
		if i < len(names) {
			name = names[i]
		}
		n.Out = append(n.Out, b.value(Info{Name: name, Type: t}))
	}
	if b.err != nil {
		b.err = fmt.Errorf("%s: %w", &n, b.err)
		return nil, b.err
	}
	b.g.Nodes = append(b.g.Nodes, n)
	return slices.Clone(n.Out), nil
}

// writable checks that what an operator writes are variables: other inputs may
// lie in memory that cannot be written.
func (b *Builder) writable(n *Node) error {
	w, ok := n.Op.(interface{ Writes() []int })
	if !ok {
		return nil
	}
	for _, i := range w.Writes() {
		if i < len(n.In) && n.In[i] != None && b.g.Values[n.In[i]].Var == nil {
			return fmt.Errorf("input %d %q is written and must be a variable", i, b.g.Values[n.In[i]].Name)
		}
	}
	return nil
}

// Add appends an operator with one output.
func (b *Builder) Add(label string, op Op, in ...Value) Value {
	out, err := b.Node(Node{Label: label, Source: Source{Index: len(b.g.Nodes)}, Op: op, In: in})
	if err != nil || len(out) == 0 {
		return 0
	}
	return out[0]
}

// Rename gives a value another name. It is false, and does nothing, if the value is
// no node's output: inputs, constants and variables keep theirs.
func (b *Builder) Rename(v Value, name string) bool {
	i := &b.g.Values[v]
	if i.Const != nil || i.Var != nil || slices.Contains(b.g.In, v) {
		return i.Name == name
	}
	i.Name = name
	return true
}

// Name returns a value's name.
func (b *Builder) Name(v Value) string { return b.g.Values[v].Name }

// Type returns a value's type.
//
//go:noinline
func (b *Builder) Type(v Value) tensor.Type { return b.g.View(v).Type }

// View returns what is known of a value.
//
//go:noinline
func (b *Builder) View(v Value) tensor.View { return b.g.View(v) }

// Nodes returns the nodes so far. They are the builder's: nobody may change them.
func (b *Builder) Nodes() []Node { return b.g.Nodes }

// Graph returns the finished graph.
func (b *Builder) Graph(out ...Value) (*Graph, error) {
	if b.err != nil {
		return nil, b.err
	}
	b.g.Out = out
	return &b.g, nil
}
