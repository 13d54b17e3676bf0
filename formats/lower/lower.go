// Package lower rewrites a graph for those who write it into a file: constants
// are computed, batch normalisations folded into the layers before them, and
// the batch may be left open. What it returns means the same as what it took,
// but for roundings that folding changes.
package lower

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Options say what else is done to a graph.
type Options struct {
	// OpenBatch makes the first dimension of every input Dynamic, and lets
	// reshapes work it out.
	OpenBatch bool
	// Fuse says which clamps the operators before them take over.
	Fuse func(c op.Clamp) bool
	// Compose returns what computes the outputs of an operator that can't be
	// written, made of others by c, or nil to leave it as it is. It is asked of the
	// operators that it adds as well.
	Compose func(c *Composer, o graph.Op, in []graph.Value) ([]graph.Value, error)
}

// Graph returns g rewritten. Names of inputs, outputs and constants stay; so do
// those of other values that are still there.
func Graph(g *graph.Graph, o Options) (*graph.Graph, error) {
	r := &rewriter{g: g, o: o, b: graph.Rebuild(g), at: make([]graph.Value, len(g.Values)), names: map[graph.Value]string{}}
	r.uses()
	r.findFolds()
	r.findClamps()
	for i := range r.at {
		r.at[i] = graph.None
	}
	for _, v := range g.In {
		r.at[v] = r.b.Input(g.Values[v].Name, r.open(g.Values[v].Type))
	}
	for i := range g.Nodes {
		if err := r.node(i); err != nil {
			return nil, err
		}
	}
	out, err := r.values(g.Out)
	if err != nil {
		return nil, err
	}
	built, err := r.b.Graph(out...)
	if err != nil {
		return nil, err
	}
	return graph.Prune(built), nil
}

// rewriter copies a graph, node by node.
type rewriter struct {
	g     *graph.Graph
	o     Options
	b     *graph.Builder
	at    []graph.Value // the new value of each old one, None if there is none yet
	names map[graph.Value]string
	maker []int         // the node that computes each value, -1 if none does
	count []int         // how often each value is read, outputs included
	folds map[int]scale // by node: what its weights and bias are multiplied by
	drops map[int]bool  // nodes whose work another does: their output is input 0
	fused map[int]graph.Op
}

// uses finds who computes and who reads each value.
func (r *rewriter) uses() {
	r.maker, r.count = make([]int, len(r.g.Values)), make([]int, len(r.g.Values))
	for i := range r.maker {
		r.maker[i] = -1
	}
	read := func(vs []graph.Value) {
		for _, v := range vs {
			if v != graph.None {
				r.count[v]++
			}
		}
	}
	for i := range r.g.Nodes {
		n := &r.g.Nodes[i]
		read(n.In)
		for _, v := range n.Out {
			r.maker[v] = i
		}
	}
	read(r.g.Out)
}

// open returns the type of an input with its batch left open, if that is wanted.
func (r *rewriter) open(t tensor.Type) tensor.Type {
	if !r.o.OpenBatch || t.Rank() == 0 {
		return t
	}
	shape := slices.Clone(t.Shape)
	shape[0] = tensor.Dynamic
	return t.WithShape(shape...)
}

// values returns the new values of old ones; constants and variables are added
// when they are first needed.
func (r *rewriter) values(vs []graph.Value) ([]graph.Value, error) {
	out := make([]graph.Value, len(vs))
	for i, v := range vs {
		if out[i] = graph.None; v == graph.None {
			continue
		}
		if r.at[v] == graph.None {
			switch info := &r.g.Values[v]; {
			case info.Const != nil:
				r.at[v] = r.b.Const(info.Name, info.Type, info.Const)
			case info.Var != nil:
				r.at[v] = r.b.Var(info.Var)
			default:
				return nil, fmt.Errorf("%q is used before it is computed", info.Name)
			}
		}
		out[i] = r.at[v]
	}
	return out, r.b.Err()
}

// node copies node i, or what takes its place.
func (r *rewriter) node(i int) error {
	n := &r.g.Nodes[i]
	in, err := r.values(n.In)
	if err != nil {
		return err
	}
	if r.drops[i] {
		r.at[n.Out[0]] = in[0]
		return nil
	}
	o := n.Op
	if f, ok := r.fused[i]; ok {
		o = f
	}
	switch x := o.(type) {
	case *op.BatchNormalization:
		if y, ok := r.affine(n, *x, in); ok {
			r.at[n.Out[0]] = y
			return r.b.Err()
		}
	case *op.Reshape:
		o, in = r.reshape(n, x, in)
	}
	if s, ok := r.folds[i]; ok {
		in = r.scaled(o, in, s)
	}
	c := &Composer{b: r.b, o: &r.o, Label: n.Label, source: n.Source}
	names := make([]string, len(n.Out))
	for k, v := range n.Out {
		names[k], c.reads = r.name(v), append(c.reads, r.count[v] > 0)
	}
	out, err := c.add(o, in, names)
	if err != nil {
		return err
	}
	for k, v := range n.Out {
		if r.at[v] = graph.None; k < len(out) {
			r.at[v] = out[k]
		}
	}
	return nil
}

// name returns the name that old value v has in the new graph.
func (r *rewriter) name(v graph.Value) string {
	if name, ok := r.names[v]; ok {
		return name
	}
	return r.g.Values[v].Name
}
