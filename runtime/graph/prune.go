package graph

import "slices"

// Prune returns g without the nodes of which nobody reads an output: none that
// writes a variable, runs sub-graphs, or leads to what does or to g.Out.
func Prune(g *Graph) *Graph {
	read := make([]bool, len(g.Values))
	mark := func(vs []Value) {
		for _, v := range vs {
			if v != None {
				read[v] = true
			}
		}
	}
	mark(g.Out)
	out := *g
	out.Nodes = nil
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		n := &g.Nodes[i]
		if lasting(n.Op) || slices.ContainsFunc(n.Out, func(v Value) bool { return read[v] }) {
			mark(n.In)
			out.Nodes = append(out.Nodes, *n)
		}
	}
	slices.Reverse(out.Nodes)
	return &out
}

// lasting reports whether running o may do more than to compute its outputs.
func lasting(o Op) bool {
	if _, ok := o.(interface{ Subgraphs() []*Graph }); ok {
		return true
	}
	w, ok := o.(interface{ Writes() []int })
	return ok && len(w.Writes()) > 0
}
