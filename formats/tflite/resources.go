package tflite

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// resource is a variable that VAR_HANDLE names, shared by the sub-graphs. A
// handle has no value in the graph: the loader follows it from tensor to
// tensor and into the sub-graphs of IF and WHILE. The variable's type is that
// of the first READ_VARIABLE or ASSIGN_VARIABLE.
type resource struct {
	container, name string
	v               *graph.Var
	assigned        bool
}

// maxSubgraphs bounds how many graphs are built: one for each sub-graph and
// the resources that it is given.
const maxSubgraphs = 1 << 10

// maxExpanded bounds the operators of a graph, those of the sub-graphs that
// they call counted each time.
const maxExpanded = 1 << 20

// called is a finished sub-graph. Handles among its outputs are not those of
// the graph.
type called struct {
	g    *graph.Graph
	out  []*resource // for each output in the file, nil if it is no handle
	size int64       // operators, as maxExpanded counts them
}

// resourceOf finds or makes a resource. Files may leave out the container, and
// the name then suffices.
func (l *loader) resourceOf(container, name string, anywhere bool) *resource {
	for _, r := range l.vars {
		if r.name == name && (anywhere || r.container == container) {
			return r
		}
	}
	r := &resource{container: container, name: name}
	l.vars = append(l.vars, r)
	return r
}

// variable returns the resource's variable, which must hold t if it is known.
func (r *resource) variable(t tensor.Type, assign bool) (*graph.Var, error) {
	if r.v == nil {
		if !t.Static() {
			return nil, op.Unsupported("variable %q of unknown shape %v", r.name, t.Shape)
		}
		r.v = &graph.Var{Name: r.name, Type: t}
	}
	if v := r.v.Type; v.DType != t.DType || t.Static() && v.Len() != t.Len() {
		return nil, fmt.Errorf("variable %q is %s%v here, and %s%v elsewhere", r.name, t.DType, t.Shape, v.DType, v.Shape)
	}
	if assign && !r.assigned { // the first value assigned says what the variable holds before
		r.assigned = true
		r.v.Init = nil
		if t.Quant != nil && len(t.Quant.Zero) > 0 && byte(t.Quant.Zero[0]) != 0 {
			r.v.Init = slices.Repeat([]byte{byte(t.Quant.Zero[0])}, r.v.Type.Bytes())
		}
	}
	return r.v, nil
}

// handle returns the resource that input i is a handle of.
func (n *node) handle(i int) (*resource, error) {
	if i < len(n.Inputs) && n.Inputs[i] >= 0 {
		if r := n.resources[n.Inputs[i]]; r != nil {
			return r, nil
		}
	}
	return nil, fmt.Errorf("input %d is no handle of a variable", i)
}

// call builds sub-graph i for the operator's inputs from first on, of which
// handles are passed on by the loader.
func (n *node) call(i int32, first, weight int) (*called, error) {
	if first > len(n.Inputs) {
		return nil, fmt.Errorf("%d inputs, want %d or more", len(n.Inputs), first)
	}
	bound := make([]*resource, len(n.Inputs)-first)
	for k, t := range n.Inputs[first:] {
		if t >= 0 {
			bound[k] = n.resources[t]
		}
	}
	missing := len(n.missing)
	c, err := n.subgraph(int(i), n.depth+1, bound)
	if err != nil {
		return nil, err
	}
	if len(n.missing) > missing || n.lacking[c.g] {
		n.lacking[c.g] = true
		return nil, op.Unsupported("sub-graph %d, for the operators that it lacks", i)
	}
	if n.size += int64(weight) * c.size; n.size > maxExpanded {
		return nil, &UnsupportedError{Format: formatName, Where: n.where(), What: fmt.Sprintf("sub-graphs of more than %d operators in all", maxExpanded)}
	}
	return c, nil
}

// passed removes the handles from the operator's inputs and outputs, where the
// loader has followed them; the outputs are handles of out.
func (n *node) passed(out []*resource) error {
	if len(out) != len(n.Outputs) {
		return fmt.Errorf("%d outputs, and the sub-graph has %d", len(n.Outputs), len(out))
	}
	var in []graph.Value
	for k, v := range n.in {
		if n.Inputs[k] < 0 || n.resources[n.Inputs[k]] == nil {
			in = append(in, v)
		}
	}
	o := *n.Operator
	o.Outputs = nil
	for k, t := range n.Outputs {
		if out[k] == nil {
			o.Outputs = append(o.Outputs, t)
			continue
		}
		n.resources[t] = out[k]
	}
	n.in, n.Operator = in, &o
	return nil
}

// variableTensor returns the variable of a tensor that keeps its contents,
// which is the same in every graph built of the sub-graph.
func (s *scope) variableTensor(t int32, typ tensor.Type) *graph.Var {
	key := [2]int32{int32(s.index), t}
	v := s.tensorVars[key]
	if v == nil {
		v = &graph.Var{Name: s.sub.Tensors[t].Name, Type: typ, Init: firstState(typ)}
		s.tensorVars[key] = v
	}
	return v
}
