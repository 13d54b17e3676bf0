package onnx

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// row says how files spell an operator: it reads the attributes and returns
// the operator that they mean at the node's opset. It may change n.in, the
// operator's inputs, and may add nodes of its own with n.then. A row that
// returns no operator has defined the outputs itself, by n.define.
type row func(n *node) (graph.Op, error)

// node is a node of the file on its way into the graph.
type node struct {
	*scope
	*Node
	index  int
	domain string // "" is ai.onnx
	opset  int64  // of the domain
	in     []graph.Value
}

// where names the node in messages.
func (n *node) where() string {
	return fmt.Sprintf("node %d %s (opset %d) %q", n.index, n.kind(), n.opset, n.label())
}

// kind is the operator's name, with its domain unless that is ai.onnx.
func (n *node) kind() string {
	if n.domain == "" {
		return n.OpType
	}
	return n.domain + "." + n.OpType
}

func (n *node) label() string {
	if n.Name != "" || len(n.Outputs) == 0 {
		return n.Name
	}
	return n.Outputs[0]
}

// add reads the node and adds it, with its outputs, to the graph.
func (n *node) add() error {
	if f, ok := n.functions[n.Domain+"\x00"+n.OpType+"\x00"+n.Overload]; ok {
		return n.inline(f)
	}
	r, ok := n.rows[n.kind()]
	if !ok {
		return op.Unsupported("the operator")
	}
	for i, name := range n.Inputs {
		if n.sequenceNamed(name) != nil {
			if !takesSequences[n.kind()] {
				return op.Unsupported("a sequence as input %d, %q", i, name)
			}
			n.in = append(n.in, graph.None)
			continue
		}
		v, err := n.lookup(name)
		if err != nil {
			return err
		}
		n.in = append(n.in, v)
	}
	for len(n.in) > 0 && n.in[len(n.in)-1] == graph.None {
		n.in = n.in[:len(n.in)-1]
	}
	o, err := r(n)
	if err != nil || o == nil {
		return err
	}
	out, err := n.then(o, n.in...)
	if err != nil {
		return err
	}
	return n.define(out...)
}

// then adds an operator to the graph and returns its outputs.
func (n *node) then(o graph.Op, in ...graph.Value) ([]graph.Value, error) {
	views := make([]tensor.View, len(in))
	for i, v := range in {
		views[i] = n.b.View(v)
	}
	if _, err := o.Infer(views); err != nil { // the builder's errors stick; these may be only a lack
		return nil, err
	}
	if out, err := n.foldSmall(o, views); err != nil || out != nil {
		return out, err
	}
	return n.b.Node(graph.Node{Label: n.label(), Source: graph.Source{Index: n.index, Op: n.kind()}, Op: o, In: in}, n.Outputs...)
}

// one is then for operators with one output.
//
//go:noinline
func (n *node) one(o graph.Op, in ...graph.Value) (graph.Value, error) {
	out, err := n.then(o, in...)
	if err != nil {
		return 0, err
	}
	return out[0], nil
}

// define makes vs the node's outputs. Further ones that the file doesn't name
// are dropped.
func (n *node) define(vs ...graph.Value) error {
	for i, name := range n.Outputs {
		if name == "" || n.lists[name] != nil {
			continue
		}
		if i >= len(vs) {
			return op.Unsupported("output %d, %q", i, name)
		}
		if _, twice := n.values[name]; twice {
			return errorf("%q is computed twice", name)
		}
		n.values[name] = vs[i]
	}
	return nil
}

// typ returns the type of input i, absent if there is none.
//
//go:noinline
func (n *node) typ(i int) tensor.Type {
	if i >= len(n.in) {
		return tensor.Type{}
	}
	return n.b.Type(n.in[i])
}

// view returns input i as far as it is known.
func (n *node) view(i int) tensor.View {
	if i >= len(n.in) {
		return tensor.View{}
	}
	return n.b.View(n.in[i])
}

// lacks notes that the node can't be run; what follows is examined too.
func (n *node) lacks(why string) {
	n.missing = append(n.missing, n.missed(why))
	n.declareOutputs()
}

// missed describes a node that can't be run.
func (n *node) missed(why string) Missing {
	m := Missing{Subgraph: n.depth, Operator: n.index, Name: n.kind(), Version: int32(min(n.opset, math.MaxInt32)), Label: n.label(), Types: []string{}, Why: why}
	for _, name := range n.Inputs {
		if v, ok := n.values[name]; ok && v != graph.None {
			m.Types = append(m.Types, n.b.Type(v).DType.String())
		}
	}
	return m
}

// declareOutputs stands in for a node that is missing: what follows is only
// examined, never run.
func (n *node) declareOutputs() {
	for _, name := range n.Outputs {
		if _, ok := n.values[name]; !ok && name != "" {
			t := tensor.Of(tensor.F32)
			if len(n.in) > 0 && n.in[0] != graph.None {
				t = n.typ(0)
			}
			n.values[name] = n.b.Input(name, t)
		}
	}
}

// inline adds the nodes of a function. Its names live in a scope of their own,
// in the same graph.
func (n *node) inline(f *Function) error {
	if n.depth >= maxDepth {
		return op.Unsupported("a function that calls functions more than %d deep", maxDepth)
	}
	body := &scope{loader: n.loader, b: n.b, values: map[string]graph.Value{}, lists: map[string]*sequence{}, opsets: n.opsets, depth: n.depth + 1, attrs: map[string]*Attribute{}}
	if len(f.Opsets) > 0 {
		body.opsets = f.Opsets
	}
	for _, a := range f.AttributeDefaults {
		body.attrs[a.Name] = a
	}
	for _, a := range n.Attributes {
		body.attrs[a.Name] = a
	}
	for i, name := range f.Inputs {
		body.values[name] = graph.None
		if i < len(n.Inputs) {
			if l := n.sequenceNamed(n.Inputs[i]); l != nil {
				delete(body.values, name)
				if err := body.share(name, l, n.scope); err != nil {
					return err
				}
				continue
			}
			v, err := n.lookup(n.Inputs[i])
			if err != nil {
				return err
			}
			body.values[name] = v
		}
	}
	for i, p := range f.Nodes {
		if err := body.node(i, p); err != nil {
			return err
		}
	}
	var out []graph.Value
	for i, name := range f.Outputs {
		if l := body.sequenceNamed(name); l != nil && i < len(n.Outputs) {
			if err := n.share(n.Outputs[i], l, body); err != nil {
				return err
			}
			out = append(out, graph.None)
			continue
		}
		v, err := body.lookup(name)
		if err != nil {
			return err
		}
		out = append(out, v)
	}
	return n.define(out...)
}
