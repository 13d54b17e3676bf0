package onnx

import (
	"errors"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ifRow gives both branches all values that either takes from around it. If the
// condition is constant, it only adds the nodes of one branch.
func ifRow(n *node) (graph.Op, error) {
	then, err := n.graph("then_branch")
	if err != nil {
		return nil, err
	}
	otherwise, err := n.graph("else_branch")
	if err != nil {
		return nil, err
	}
	if len(n.in) != 1 {
		return nil, errorf("%d inputs, want 1", len(n.in))
	}
	if cond := n.view(0); cond.Known() && cond.DType == tensor.Bool && len(cond.Data) == 1 {
		taken := otherwise
		if cond.Data[0] != 0 {
			taken = then
		}
		return nil, n.inlineBranch(taken)
	}
	return n.branches(then, otherwise)
}

// branches builds both, twice: at first to see what they take. One that can't run
// on these shapes is an error only when it is taken, if the other can.
func (n *node) branches(then, otherwise *Graph) (graph.Op, error) {
	var names []string
	var failed [2]error
	before, graphs := len(n.missing), [2]*Graph{then, otherwise}
	for i, g := range graphs {
		_, captured, err := n.subgraph(g, nil, names)
		if failed[i] = err; err == nil {
			names = captured
		}
		var undecided *op.UndecidedError
		if errors.As(err, &undecided) {
			return nil, err
		}
	}
	if len(n.missing) > before {
		n.declareOutputs()
		return nil, nil
	}
	if failed[0] != nil && failed[1] != nil {
		return nil, failed[0]
	}
	var built [2]*graph.Graph
	for i, g := range graphs {
		if failed[i] != nil {
			continue
		}
		var err error
		if built[i], _, err = n.subgraph(g, nil, names); err != nil {
			return nil, err
		}
	}
	for i, err := range failed {
		if err == nil {
			continue
		}
		if built[i], err = n.invalidBranch(built[1-i], err); err != nil {
			return nil, err
		}
	}
	return &op.If{Then: built[0], Else: built[1]}, n.take(names)
}

// invalidBranch stands in for a branch that can't run. It has the other's inputs
// and outputs.
func (n *node) invalidBranch(other *graph.Graph, why error) (*graph.Graph, error) {
	b := graph.NewBuilder(other.Name)
	for _, v := range other.In {
		b.Input(other.Values[v].Name, other.Values[v].Type)
	}
	var types []tensor.Type
	for _, v := range other.Out {
		types = append(types, other.Values[v].Type)
	}
	out, err := b.Node(graph.Node{Label: n.label(), Source: graph.Source{Index: n.index, Op: n.kind()}, Op: &op.Invalid{Why: why.Error(), Types: types}})
	if err != nil {
		return nil, err
	}
	return b.Graph(out...)
}

// inlineBranch adds the nodes of a graph without inputs, whose outputs are n's.
func (n *node) inlineBranch(g *Graph) error {
	sub, err := n.inlineGraph(g, nil)
	if err != nil {
		return err
	}
	out := make([]graph.Value, len(g.Outputs))
	for i, o := range g.Outputs {
		if l := sub.sequenceNamed(o.Name); l != nil && i < len(n.Outputs) {
			err = n.share(n.Outputs[i], l, sub)
		} else {
			out[i], err = sub.lookup(o.Name)
		}
		if err != nil {
			return err
		}
	}
	return n.define(out...)
}

// take makes values that a sub-graph takes from around it inputs of the node.
func (n *node) take(names []string) error {
	for _, name := range names {
		v, err := n.lookup(name)
		if err != nil {
			return err
		}
		n.in = append(n.in, v)
	}
	return nil
}

// loopRow builds the body until the types that it makes of what is carried are
// those that it is given.
func loopRow(n *node) (graph.Op, error) {
	body, err := n.graph("body")
	if err != nil {
		return nil, err
	}
	if len(n.Inputs) < 2 || len(body.Inputs) != len(n.Inputs) || len(body.Outputs) < len(n.Inputs)-1 {
		return nil, errorf("%d inputs for a body of %d inputs and %d outputs", len(n.Inputs), len(body.Inputs), len(body.Outputs))
	}
	for len(n.in) < len(n.Inputs) {
		n.in = append(n.in, graph.None)
	}
	stacks, err := n.stacked(&body)
	if err != nil {
		return nil, err
	}
	o := op.Loop{Carried: len(body.Inputs) - 2}
	types := []tensor.Type{oneOf(tensor.I64, body.Inputs[0]), oneOf(tensor.Bool, body.Inputs[1])}
	for i := range o.Carried {
		if n.in[2+i] == graph.None {
			return nil, errorf("input %d is left out", 2+i)
		}
		types = append(types, n.typ(2+i))
	}
	captured, before := []string(nil), len(n.missing)
	for again := true; again; {
		if o.Body, captured, err = n.subgraph(body, slices.Clone(types), nil); err != nil {
			return nil, err
		}
		if len(n.missing) > before {
			n.declareOutputs()
			return nil, nil
		}
		if again, err = widen(types[2:], o.Body, 1); err != nil {
			return nil, err
		}
	}
	if err := n.take(captured); err != nil {
		return nil, err
	}
	if stacks == nil {
		return new(o), nil
	}
	return nil, n.defineStacks(o, stacks)
}

// oneOf is the type of a body's input of one element, which has one dimension
// if the file says so.
func oneOf(d tensor.DType, v *ValueInfo) tensor.Type {
	if v.Type != nil && v.Type.HasShape && len(v.Type.Shape) == 1 {
		return tensor.Of(d, 1)
	}
	return tensor.Of(d)
}

// widen makes dimensions Dynamic in which types and g's outputs from the given
// one on differ. It reports whether there are any.
func widen(types []tensor.Type, g *graph.Graph, from int) (changed bool, err error) {
	for i := range types {
		t, u := &types[i], g.View(g.Out[from+i]).Type
		if t.DType != u.DType {
			return false, errorf("what is carried, %d, is %s, and %s after a turn", i, *t, u)
		}
		if len(t.Shape) != len(u.Shape) {
			return false, op.Unsupported("what is carried, %d, of shape %v, and %v after a turn: a rank that changes", i, t.Shape, u.Shape)
		}
		t.Shape = slices.Clone(t.Shape)
		for d := range t.Shape {
			if t.Shape[d] != u.Shape[d] && t.Shape[d] != tensor.Dynamic {
				t.Shape[d], changed = tensor.Dynamic, true
			}
		}
	}
	return changed, nil
}

// scanRow moves the dimensions that are scanned and stacked to the front.
func scanRow(n *node) (graph.Op, error) {
	body, err := n.graph("body")
	if err != nil {
		return nil, err
	}
	o, err := n.scan(body)
	if err != nil {
		return nil, err
	}
	if err := n.scanInputs(&o, len(body.Outputs)); err != nil {
		return nil, err
	}
	var types []tensor.Type
	for i := range n.in {
		t, drop := n.typ(i), 0
		if o.Batch {
			drop++
		}
		if i >= o.States {
			drop++
		}
		if len(t.Shape) < drop {
			return nil, errorf("input %d is %s, want %d dimensions at least", i, t, drop)
		}
		types = append(types, t.WithShape(t.Shape[drop:]...))
	}
	before := len(n.missing)
	var captured []string
	if o.Body, captured, err = n.subgraph(body, types, nil); err != nil {
		return nil, err
	}
	if len(n.missing) > before {
		n.declareOutputs()
		return nil, nil
	}
	if err := n.take(captured); err != nil {
		return nil, err
	}
	out, err := n.then(new(o), n.in...)
	if err != nil {
		return nil, err
	}
	if err := n.scanOutputs(&o, out); err != nil {
		return nil, err
	}
	return nil, n.define(out...)
}

// scan reads what of the attributes doesn't depend on the inputs' ranks.
func (n *node) scan(body *Graph) (o op.Scan, err error) {
	if n.opset < 9 { // input 0 has the lengths of a batch's sequences
		if len(n.in) > 0 && n.in[0] != graph.None {
			return o, op.Unsupported("sequence_lens")
		}
		o.Batch, n.in = true, n.in[min(1, len(n.in)):]
	}
	if o.Scanned, err = n.int("num_scan_inputs", 0); err != nil {
		return o, err
	}
	o.States = len(n.in) - o.Scanned
	if o.Scanned < 1 || o.States < 0 || len(body.Outputs) < o.States || slices.Contains(n.in, graph.None) {
		return o, errorf("%d inputs, of which %d are scanned, and %d outputs of the body", len(n.in), o.Scanned, len(body.Outputs))
	}
	return o, nil
}

// scanInputs reads the directions, and moves each axis to the front.
func (n *node) scanInputs(o *op.Scan, outputs int) (err error) {
	from := "scan_input_directions"
	if o.Batch {
		from = "directions"
	}
	if o.FromEnd, err = n.scanDirections(from, o.Scanned); err != nil || o.Batch {
		return err
	}
	if o.ToEnd, err = n.scanDirections("scan_output_directions", outputs-o.States); err != nil {
		return err
	}
	axes, err := n.scanAxes("scan_input_axes", o.Scanned)
	if err != nil {
		return err
	}
	for i := range axes {
		at := o.States + i
		if n.in[at], err = n.moveAxis(n.in[at], axes[i], true); err != nil {
			return err
		}
	}
	return nil
}

func (n *node) scanOutputs(o *op.Scan, out []graph.Value) error {
	if o.Batch {
		return nil
	}
	axes, err := n.scanAxes("scan_output_axes", len(out)-o.States)
	if err != nil {
		return err
	}
	for i := range axes {
		at := o.States + i
		if out[at], err = n.moveAxis(out[at], axes[i], false); err != nil {
			return err
		}
	}
	return nil
}

func (n *node) scanDirections(name string, count int) ([]bool, error) {
	list, err := n.scanAxes(name, count)
	out := make([]bool, len(list))
	for i, d := range list {
		if d != 0 && d != 1 {
			return nil, errorf("attribute %q has %d, want 0 or 1", name, d)
		}
		out[i] = d == 1
	}
	return out, err
}

// scanAxes returns a list of as many integers, zeros if there is none.
func (n *node) scanAxes(name string, count int) ([]int, error) {
	list, err := n.ints(name)
	if err == nil && list == nil {
		return make([]int, count), nil
	}
	if err == nil && len(list) != count {
		return nil, errorf("attribute %q has %d elements, want %d", name, len(list), count)
	}
	return list, err
}

// moveAxis adds a Transpose that moves an axis to the front, or the front there.
func (n *node) moveAxis(v graph.Value, axis int, toFront bool) (graph.Value, error) {
	rank := len(n.b.Type(v).Shape)
	if axis < 0 {
		axis += rank
	}
	if axis < 0 || axis >= rank {
		return 0, errorf("axis %d of %s", axis, n.b.Type(v))
	}
	if axis == 0 {
		return v, nil
	}
	perm := make([]int, 0, rank)
	for d := range rank {
		if d != axis {
			perm = append(perm, d)
		}
	}
	if toFront {
		perm = slices.Insert(perm, 0, axis)
	} else { // the front lies first in perm: put dimension 0 at axis
		perm = perm[:0]
		for d := 1; d < rank; d++ {
			perm = append(perm, d)
		}
		perm = slices.Insert(perm, axis, 0)
	}
	return n.one(&op.Transpose{Perm: perm}, v)
}
