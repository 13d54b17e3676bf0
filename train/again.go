package train

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// again copies operators, so that what they computed need not be kept until
// gradients read it.
type again struct {
	b    *graph.Builder
	by   map[graph.Value]int         // the node that computes a value
	kept map[graph.Value]bool        // not computed again
	copy map[graph.Value]graph.Value // values computed again
}

func newAgain(b *graph.Builder, seeds []Seed, keep []graph.Value) *again {
	a := &again{b: b, by: map[graph.Value]int{}, kept: map[graph.Value]bool{}, copy: map[graph.Value]graph.Value{}}
	for i := range b.Nodes() {
		for _, y := range b.Nodes()[i].Out {
			a.by[y] = i
		}
	}
	for _, v := range keep {
		a.kept[v] = true
	}
	for _, s := range seeds { // with what else their operators compute
		if i, ok := a.by[s.Of]; ok {
			for _, v := range b.Nodes()[i].Out {
				a.kept[v] = true
			}
		}
	}
	return a
}

// node returns n on values computed again.
func (a *again) node(n *graph.Node) *graph.Node {
	c := *n
	c.In, c.Out = a.values(n.In), a.values(n.Out)
	return &c
}

func (a *again) values(vs []graph.Value) []graph.Value {
	out := slices.Clone(vs)
	for i, v := range out {
		out[i] = a.value(v)
	}
	return out
}

// value returns a copy of v, computed from what is kept.
func (a *again) value(v graph.Value) graph.Value {
	i, computed := a.by[v]
	if !computed || a.kept[v] || a.b.Err() != nil {
		return v
	}
	if c, ok := a.copy[v]; ok {
		return c
	}
	n := a.b.Nodes()[i]
	if _, ok := n.Op.(*op.ReadVariable); ok { // it may have changed since
		return v
	}
	if w, ok := n.Op.(interface{ Writes() []int }); ok && len(w.Writes()) > 0 {
		return v
	}
	in := a.values(n.In)
	out, err := a.b.Node(graph.Node{Label: n.Label + "/again", Source: n.Source, Op: n.Op, In: in})
	if err != nil {
		return v
	}
	for k, y := range n.Out {
		a.copy[y] = out[k]
	}
	return a.copy[v]
}

// boundaries returns the values that are kept when the rest is computed again:
// those of about √layers layers, evenly spread.
func (m *Model) boundaries(at map[*Node]graph.Value) []graph.Value {
	every := int(math.Ceil(math.Sqrt(float64(len(m.order)))))
	keep := []graph.Value{}
	for i, n := range m.order {
		if (i+1)%every == 0 {
			keep = append(keep, at[n])
		}
	}
	return keep
}
