package train

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Seed says what the gradient with respect to a value is, from which others
// follow: 1 for a loss.
type Seed struct{ Of, Grad graph.Value }

// Backward adds to b the gradients with respect to each value in wrt, by
// reverse-mode differentiation: it walks back from the seeds, asks each operator
// for its gradients, and adds up what comes from several readers. Only operators
// between wrt and the seeds are visited. A value that changes nothing gets
// None.
func Backward(b *graph.Builder, seeds []Seed, wrt []graph.Value) ([]graph.Value, error) {
	return backward(b, seeds, wrt, nil)
}

// backward is Backward that, if keep is not nil, lets gradients read no result of
// an operator but those in keep: others are computed again (Chen et al.,
// Training deep nets with sublinear memory cost, 2016).
func backward(b *graph.Builder, seeds []Seed, wrt, keep []graph.Value) ([]graph.Value, error) {
	w := walk{b: b, grad: map[graph.Value]graph.Value{}, need: map[graph.Value]bool{}}
	if keep != nil {
		w.again = newAgain(b, seeds, keep)
	}
	for _, v := range wrt {
		w.need[v] = true
	}
	nodes := slices.Clone(b.Nodes())
	for i := range nodes { // in order, so that one pass finds all that depends
		w.spread(&nodes[i])
	}
	for _, s := range seeds {
		w.add("seed", s.Of, s.Grad)
	}
	for i := len(nodes) - 1; i >= 0; i-- {
		if err := w.visit(&nodes[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", &nodes[i], err)
		}
	}
	out := make([]graph.Value, len(wrt))
	for i, v := range wrt {
		out[i] = graph.None
		if g, ok := w.grad[v]; ok {
			out[i] = g
		}
	}
	return out, b.Err()
}

// walk is one run of Backward.
type walk struct {
	b    *graph.Builder
	need map[graph.Value]bool        // values between wrt and the seeds
	grad map[graph.Value]graph.Value // found so far
	// again computes results again, if it is there.
	again *again
}

// spread marks the outputs of n if a marked value is among its inputs.
func (w *walk) spread(n *graph.Node) {
	for _, v := range n.In {
		if v == graph.None || !w.need[v] {
			continue
		}
		for _, y := range n.Out {
			w.need[y] = w.need[y] || w.b.Type(y).DType == tensor.F32
		}
	}
}

// visit asks n for gradients, if its outputs have any.
func (w *walk) visit(n *graph.Node) error {
	dy, want, use := make([]graph.Value, len(n.Out)), make([]bool, len(n.In)), false
	for i, y := range n.Out {
		g, ok := w.grad[y]
		if !ok || !w.need[y] {
			g = graph.None
		}
		dy[i], use = g, use || g != graph.None
	}
	for i, v := range n.In {
		want[i] = v != graph.None && w.need[v]
	}
	if !use {
		return nil
	}
	o, ok := n.Op.(op.Differentiable)
	if !ok {
		return op.Unsupported("training through %s", graph.Name(n.Op))
	}
	from := n
	if w.again != nil {
		from = w.again.node(n)
	}
	ds, err := o.Grad(w.b, from, dy, want)
	if err == nil {
		err = w.b.Err()
	}
	if err != nil {
		return err
	}
	for i, v := range n.In {
		if want[i] && ds[i] != graph.None {
			w.add(n.Label, v, ds[i])
		}
	}
	return nil
}

// add adds g to the gradient of v.
func (w *walk) add(label string, v, g graph.Value) {
	if old, ok := w.grad[v]; ok {
		g = w.b.Add(label+"/sum", &op.Add{}, old, g)
	}
	w.grad[v] = g
}
