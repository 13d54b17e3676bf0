package runtime

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// Boundary is a place of a quantised model where numbers pass between integers
// and float32 while it runs: a QuantizeLinear or DequantizeLinear that was not
// folded into operators on integers.
type Boundary struct {
	Node int    // in the file
	Op   string // QuantizeLinear or DequantizeLinear
	Name string
	Why  string
}

// Boundaries returns what passes between integers and float32, in the order of
// a run. Sub-graphs' are not among them.
func (p *Plan) Boundaries() []Boundary { return p.boundaries }

// Transposes counts the nodes that only change the order of dimensions.
func (p *Plan) Transposes() int {
	count := 0
	for _, n := range p.g.Nodes {
		if _, ok := n.Op.(*op.Transpose); ok {
			count++
		}
	}
	return count
}

// nodeKey tells nodes apart, whatever graph they are in.
func nodeKey(n *graph.Node) string {
	return fmt.Sprint(n.Source.Index, n.Source.Op, n.Label, graph.Name(n.Op))
}

// nodeName is how people know a node.
func nodeName(n *graph.Node) string {
	if n.Label == "" {
		return graph.Name(n.Op)
	}
	return fmt.Sprintf("%s %q", graph.Name(n.Op), n.Label)
}

// boundaries lists those of a folded graph, with the reasons that were given
// for its nodes. Constants are dequantised once, and are no boundary.
func boundaries(g *graph.Graph, why map[string]string) []Boundary {
	var list []Boundary
	for i := range g.Nodes {
		n := &g.Nodes[i]
		b := Boundary{Node: n.Source.Index, Op: graph.Name(n.Op), Name: n.Label}
		switch n.Op.(type) {
		case *op.QuantizeLinear:
			b.Why = why[nodeKey(n)]
		case *op.DequantizeLinear:
			if x := g.View(n.In[0]); x.Known() {
				continue
			}
			b.Why = reader(g, n.Out[0], why)
		default:
			continue
		}
		list = append(list, b)
	}
	return list
}

// reader says who reads v in float, and why.
func reader(g *graph.Graph, v graph.Value, why map[string]string) string {
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if !slices.Contains(n.In, v) {
			continue
		}
		reason, ok := why[nodeKey(n)]
		if !ok {
			reason = "its result is not quantised"
		}
		return fmt.Sprintf("%s reads it in float: %s", nodeName(n), reason)
	}
	return fmt.Sprintf("it is %q, an output of the model", g.Values[v].Name)
}
