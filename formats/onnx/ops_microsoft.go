package onnx

import (
	"fmt"
	"strconv"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func init() {
	for name, r := range map[string]row{
		"QLinearAdd":               plain(op.LinearPair{}),
		"QLinearMul":               plain(op.LinearPair{Product: true}),
		"QLinearSigmoid":           linearTableRow(op.CurveSigmoid),
		"QLinearLeakyRelu":         linearTableRow(op.CurveLeaky),
		"QLinearConcat":            qLinearConcatRow,
		"QLinearGlobalAveragePool": inFloatRow("GlobalAveragePool", false),
		"QLinearAveragePool":       inFloatRow("AveragePool", true),
		"QLinearReduceMean":        inFloatRow("ReduceMean", false),
		"QLinearSoftmax":           inFloatRow("Softmax", false),
	} {
		quantisedRows["com.microsoft."+name] = r
	}
}

// linearTableRow is a function of one number.
func linearTableRow(c op.Curve) row {
	return func(n *node) (graph.Op, error) {
		alpha, err := n.float("alpha", 0.01)
		return op.LinearTable{Curve: c, Alpha: alpha, DType: n.typ(0).DType}, err
	}
}

// qLinearConcatRow has the output's scale and zero point, then those of each
// input after it.
func qLinearConcatRow(n *node) (graph.Op, error) {
	axis, err := n.int("axis", 0)
	if err != nil {
		return nil, err
	}
	if len(n.in) < 5 || (len(n.in)-2)%3 != 0 {
		return nil, fmt.Errorf("%d inputs, want 2 and 3 for each tensor", len(n.in))
	}
	var parts []graph.Value
	for i := 2; i < len(n.in); i += 3 {
		v, err := n.one(op.LinearTable{DType: n.typ(1).DType}, n.in[i], n.in[i+1], n.in[i+2], n.in[0], n.in[1])
		if err != nil {
			return nil, err
		}
		parts = append(parts, v)
	}
	n.in = parts
	return op.Concatenation{Axis: axis}, nil
}

// inFloatRow is an operator of ai.onnx between two changes to and from float32:
// inputs x with scale and zero point, the output's scale and zero point.
func inFloatRow(kind string, zeroFirst bool) row {
	return func(n *node) (graph.Op, error) {
		if len(n.in) < 4 {
			return nil, fmt.Errorf("%d inputs, want 4 or 5", len(n.in))
		}
		last, err := n.bool("channels_last", false)
		if err != nil {
			return nil, err
		}
		if last {
			return nil, op.Unsupported("channels_last")
		}
		x, err := n.one(op.DequantizeLinear{DType: tensor.F32}, trimmed(n.in[:3])...)
		if err != nil {
			return nil, err
		}
		y, err := n.another(kind, x)
		if err != nil {
			return nil, err
		}
		if y, err = n.one(op.QuantizeLinear{DType: n.typ(0).DType, ZeroFirst: zeroFirst}, trimmed([]graph.Value{y, n.in[3], n.arg(4)})...); err != nil {
			return nil, err
		}
		return nil, n.define(y)
	}
}

// trimmed leaves out values at the end that are not there.
func trimmed(vs []graph.Value) []graph.Value {
	for len(vs) > 0 && vs[len(vs)-1] == graph.None {
		vs = vs[:len(vs)-1]
	}
	return vs
}

// another adds an operator of ai.onnx that has this node's attributes, of the
// opset that the attribute opset names or else the model's, and returns its
// output.
func (n *node) another(kind string, in ...graph.Value) (graph.Value, error) {
	opset, err := n.int("opset", int(n.opsets[""]))
	if err != nil {
		return 0, err
	}
	r, ok := n.rows[kind]
	if !ok {
		return 0, op.Unsupported("%s", kind)
	}
	name := kind + "\x00" + strconv.Itoa(n.index)
	sub := &node{scope: n.scope, Node: &Node{OpType: kind, Attributes: n.Attributes, Outputs: []string{name}}, index: n.index, opset: int64(opset), in: in}
	defer delete(n.values, name)
	o, err := r(sub)
	if err != nil {
		return 0, err
	}
	if o != nil {
		return sub.one(o, sub.in...)
	}
	return n.values[name], nil
}
