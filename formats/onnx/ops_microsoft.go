package onnx

import (
	"slices"
	"strconv"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// microsoftQuantisedRows are ONNX Runtime's operators on quantised numbers that have
// no like in ai.onnx.
func microsoftQuantisedRows() map[string]row {
	return map[string]row{
		"QLinearAdd":               plain(&op.LinearPair{}),
		"QLinearMul":               plain(&op.LinearPair{Product: true}),
		"QLinearSigmoid":           linearTableRow(op.CurveSigmoid),
		"QLinearLeakyRelu":         linearTableRow(op.CurveLeaky),
		"QLinearConcat":            qLinearConcatRow,
		"QLinearWhere":             qLinearWhereRow,
		"QLinearGlobalAveragePool": inFloatRow("GlobalAveragePool", false),
		"QLinearAveragePool":       qLinearAveragePoolRow,
		"QLinearReduceMean":        inFloatRow("ReduceMean", false),
		"QLinearSoftmax":           inFloatRow("Softmax", false),
	}
}

// linearTableRow is a function of one number.
//
//go:noinline
func linearTableRow(c op.Curve) row {
	return func(n *node) (graph.Op, error) {
		alpha, err := n.float("alpha", 0.01)
		return &op.LinearTable{Curve: c, Alpha: alpha, DType: n.typ(0).DType}, err
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
		return nil, errorf("%d inputs, want 2 and 3 for each tensor", len(n.in))
	}
	var parts []graph.Value
	for i := 2; i < len(n.in); i += 3 {
		v, err := n.one(&op.LinearTable{DType: n.typ(1).DType}, n.in[i], n.in[i+1], n.in[i+2], n.in[0], n.in[1])
		if err != nil {
			return nil, err
		}
		parts = append(parts, v)
	}
	n.in = parts
	return &op.Concatenation{Axis: axis}, nil
}

// qLinearWhereRow has a condition, two tensors with scale and zero point each, and
// those of the output.
func qLinearWhereRow(n *node) (graph.Op, error) {
	if len(n.in) != 9 {
		return nil, errorf("%d inputs, want 9", len(n.in))
	}
	parts := []graph.Value{n.in[0]}
	for i := 1; i < 7; i += 3 {
		v, err := n.one(&op.LinearTable{DType: n.typ(8).DType}, n.in[i], n.in[i+1], n.in[i+2], n.in[7], n.in[8])
		if err != nil {
			return nil, err
		}
		parts = append(parts, v)
	}
	n.in = parts
	return &op.Select{}, nil
}

// qLinearAveragePoolRow: what of a window hangs over the end when the number of
// outputs is rounded up counts as padding here.
func qLinearAveragePoolRow(n *node) (graph.Op, error) {
	average := inFloatRow("AveragePool", true)
	count, err := n.bool("count_include_pad", false)
	if err != nil || !count || len(n.in) == 0 {
		return average(n)
	}
	image := n.typ(0).Shape
	if last, err := n.bool("channels_last", false); err == nil && last && len(image) > 2 {
		image = slices.Concat(image[:1], image[len(image)-1:], image[1:len(image)-1])
	}
	window, s, err := n.window()
	if err != nil || !s.Ceil || s.Mode != op.PadExplicit || slices.Contains(image, tensor.Dynamic) {
		return average(n)
	}
	pads, err := s.Overhanging(image[2:], window)
	if err != nil {
		return nil, err
	}
	list := []*Attribute{{Name: "pads", Type: AttrInts, Ints: pads}}
	for _, a := range n.Attributes {
		if a.Name != "pads" && a.Name != "ceil_mode" {
			list = append(list, a)
		}
	}
	changed := *n.Node
	changed.Attributes, n.Node = list, &changed
	return average(n)
}

// inFloatRow is an operator of ai.onnx between two changes to and from float32:
// inputs x with scale and zero point, the output's scale and zero point.
//
//go:noinline
func inFloatRow(kind string, zeroFirst bool) row {
	return func(n *node) (graph.Op, error) {
		if len(n.in) < 4 {
			return nil, errorf("%d inputs, want 4 or 5", len(n.in))
		}
		last, err := n.bool("channels_last", false)
		if err != nil {
			return nil, err
		}
		x, err := n.one(&op.DequantizeLinear{DType: tensor.F32}, trimmed(n.in[:3])...)
		if err != nil {
			return nil, err
		}
		if last {
			if x, err = n.channels(x, -1, 1); err != nil {
				return nil, err
			}
		}
		y, err := n.another(kind, x)
		if err != nil {
			return nil, err
		}
		if last {
			if y, err = n.channels(y, 1, -1); err != nil {
				return nil, err
			}
		}
		if y, err = n.one(&op.QuantizeLinear{DType: n.typ(0).DType, ZeroFirst: zeroFirst}, trimmed([]graph.Value{y, n.in[3], n.arg(4)})...); err != nil {
			return nil, err
		}
		return nil, n.define(y)
	}
}

// channels moves a dimension of an image: of channels.
func (n *node) channels(v graph.Value, from, to int) (graph.Value, error) {
	rank := n.b.Type(v).Rank()
	if rank < 3 {
		return 0, errorf("an image of shape %v, want [n … c]", n.b.Type(v).Shape)
	}
	from, to = (from+rank)%rank, (to+rank)%rank
	perm := make([]int, rank)
	for i := range perm {
		perm[i] = i
	}
	perm = slices.Insert(slices.Delete(perm, from, from+1), to, from)
	return n.one(&op.Transpose{Perm: perm}, v)
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
	return n.as(kind, int64(opset), n.Attributes, in...)
}

// as adds an operator of ai.onnx and returns its output.
func (n *node) as(kind string, opset int64, attributes []*Attribute, in ...graph.Value) (graph.Value, error) {
	r, ok := n.rows[kind]
	if !ok {
		return 0, op.Unsupported("%s", kind)
	}
	name := kind + "\x00" + strconv.Itoa(n.index)
	sub := &node{scope: n.scope, Node: &Node{OpType: kind, Attributes: attributes, Outputs: []string{name}}, index: n.index, opset: opset, in: in}
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
