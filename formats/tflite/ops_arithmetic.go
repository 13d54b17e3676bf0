package tflite

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// arithmeticRows are the operators that combine elements of several inputs.
func arithmeticRows() map[string]row {
	return map[string]row{
		"ADD": func(n *node) (graph.Op, error) {
			b, err := n.bounds(AddOptions)
			if n.inputType(0).DType == tensor.I32 {
				b = op.Bounds{} // the reference ignores the activation there, and only there
			}
			return &op.Add{Clamp: b, To: n.to(0)}, err
		},
		"SUB": func(n *node) (graph.Op, error) {
			b, err := n.bounds(SubOptions)
			return &op.Sub{Clamp: b, To: n.to(0)}, err
		},
		"MUL": func(n *node) (graph.Op, error) {
			b, err := n.bounds(MulOptions)
			return &op.Mul{Clamp: b, To: n.to(0)}, err
		},
		"DIV": func(n *node) (graph.Op, error) {
			b, err := n.bounds(DivOptions)
			return &op.Div{Clamp: b, To: n.to(0)}, err
		},
		"ADD_N":              func(n *node) (graph.Op, error) { return &op.AddN{To: n.to(0)}, nil },
		"SQUARED_DIFFERENCE": func(n *node) (graph.Op, error) { return &op.SquaredDifference{To: n.to(0)}, nil },
		"PRELU":              func(n *node) (graph.Op, error) { return &op.PRelu{To: n.to(0)}, nil },
		"FLOOR_DIV":          plain(&op.FloorDiv{}),
		"FLOOR_MOD":          plain(&op.FloorMod{}),
		"POW":                plain(&op.Pow{}),
		"MAXIMUM":            plain(&op.Maximum{}),
		"MINIMUM":            plain(&op.Minimum{}),
		"EQUAL":              plain(&op.Compare{Is: op.Equal}),
		"NOT_EQUAL":          plain(&op.Compare{Is: op.NotEqual}),
		"LESS":               plain(&op.Compare{Is: op.Less}),
		"LESS_EQUAL":         plain(&op.Compare{Is: op.LessEqual}),
		"GREATER":            plain(&op.Compare{Is: op.Greater}),
		"GREATER_EQUAL":      plain(&op.Compare{Is: op.GreaterEqual}),
		"LOGICAL_AND":        plain(&op.And{}),
		"LOGICAL_OR":         plain(&op.Or{}),
		"SELECT":             plain(&op.Select{Rows: true}),
		"SELECT_V2":          plain(&op.Select{}),
	}
}

// bounds reads the fused activation in the first field of options of type t.
func (n *node) bounds(t OptionsType) (op.Bounds, error) {
	o, err := n.options(t)
	if err != nil {
		return op.Bounds{}, err
	}
	code := o.Activation(0)
	a, err := activation(code)
	if err == nil && code > ActivationRelu6 {
		err = op.Unsupported("fused activation %v", code)
	}
	return op.Activated(a), err
}
