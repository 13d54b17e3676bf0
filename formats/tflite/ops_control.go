package tflite

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// controlRows are variables, and the operators that run other sub-graphs.
func controlRows() map[string]row {
	return map[string]row{
		"VAR_HANDLE":      varHandle,
		"READ_VARIABLE":   readVariable,
		"ASSIGN_VARIABLE": assignVariable,
		"CALL_ONCE":       callOnce,
		"IF":              ifRow,
		"WHILE":           whileRow,
	}
}

func varHandle(n *node) (graph.Op, error) {
	o, err := n.options(VarHandleOptions)
	if err != nil {
		return nil, err
	}
	if len(n.Outputs) != 1 {
		return nil, fmt.Errorf("%d outputs, want 1", len(n.Outputs))
	}
	n.resources[n.Outputs[0]] = n.resourceOf(o.String(0), o.String(1), !o.Has(0))
	return nil, o.Err()
}

func readVariable(n *node) (graph.Op, error) {
	r, err := n.handle(0)
	if err != nil {
		return nil, err
	}
	if len(n.Outputs) != 1 {
		return nil, fmt.Errorf("%d outputs, want 1", len(n.Outputs))
	}
	t, err := n.declared(n.Outputs[0])
	if err != nil {
		return nil, err
	}
	v, err := r.variable(t, false)
	if err != nil {
		return nil, err
	}
	n.in = []graph.Value{n.b.Var(v)}
	return &op.ReadVariable{Shape: t.Shape}, nil
}

func assignVariable(n *node) (graph.Op, error) {
	r, err := n.handle(0)
	if err != nil {
		return nil, err
	}
	if len(n.in) != 2 || n.in[1] == graph.None {
		return nil, fmt.Errorf("no value to assign: %d inputs, want 2", len(n.in))
	}
	v, err := r.variable(n.b.Type(n.in[1]), true)
	if err != nil {
		return nil, err
	}
	n.in[0] = n.b.Var(v)
	return &op.AssignVariable{}, nil
}

func callOnce(n *node) (graph.Op, error) {
	o, err := n.options(CallOnceOptions)
	if err != nil {
		return nil, err
	}
	c, err := n.call(o.Int32(0, 0), len(n.Inputs), 1)
	if err != nil {
		return nil, err
	}
	ran := &graph.Var{Name: n.where() + " has run", Type: tensor.Of(tensor.Bool, 1)}
	n.in = append(n.in, n.b.Var(ran))
	return &op.CallOnce{Init: c.g}, nil
}

func ifRow(n *node) (graph.Op, error) {
	o, err := n.options(IfOptions)
	if err != nil {
		return nil, err
	}
	then, err := n.call(o.Int32(0, 0), 1, 1)
	if err != nil {
		return nil, err
	}
	other, err := n.call(o.Int32(1, 0), 1, 1)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(then.out, other.out) {
		return nil, op.Unsupported("branches with different numbers of outputs or different variables as outputs")
	}
	return &op.If{Then: then.g, Else: other.g}, n.passed(then.out)
}

// whileWeight is how often planning may look at a loop's sub-graphs.
const whileWeight = 4

func whileRow(n *node) (graph.Op, error) {
	o, err := n.options(WhileOptions)
	if err != nil {
		return nil, err
	}
	cond, err := n.call(o.Int32(0, 0), 0, whileWeight)
	if err != nil {
		return nil, err
	}
	body, err := n.call(o.Int32(1, 0), 0, whileWeight)
	if err != nil {
		return nil, err
	}
	if len(body.out) != len(n.Inputs) {
		return nil, fmt.Errorf("%d inputs, and the body has %d outputs", len(n.Inputs), len(body.out))
	}
	for i, r := range body.out {
		if n.Inputs[i] < 0 {
			return nil, fmt.Errorf("input %d is left out, and must be there", i)
		}
		if n.resources[n.Inputs[i]] != r {
			return nil, op.Unsupported("a loop that changes which variable input %d is", i)
		}
	}
	return &op.While{Cond: cond.g, Body: body.g}, n.passed(body.out)
}
