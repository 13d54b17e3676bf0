package onnx

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// conversionRows are the operators that change elements' types, and Dropout,
// which changes nothing.
func conversionRows() map[string]row {
	return map[string]row{
		"Cast":     castRow,
		"CastLike": castLikeRow,
		"BitCast":  bitCastRow,
		"Dropout":  dropoutRow,
	}
}

// to returns the element type that the attribute to asks for.
func (n *node) to() (tensor.DType, error) {
	if n.attr("to") == nil {
		return 0, op.Unsupported("the operator without the attribute \"to\"")
	}
	if n.opset < 6 { // a name
		name, err := n.str("to", "")
		if err != nil {
			return 0, err
		}
		for d := range DataType(len(dataTypes)) {
			if d.String() == name {
				return dtypeOf(d)
			}
		}
		return 0, op.Unsupported("element type %q", name)
	}
	to, err := n.int("to", 0)
	if err != nil {
		return 0, err
	}
	return dtypeOf(DataType(to))
}

// castRow: the attributes saturate and round_mode are about types of 8 bits
// that the runtime hasn't.
// castRow rounds to bfloat16 what is held as float32.
func castRow(n *node) (graph.Op, error) {
	if a := n.attr("to"); n.opset >= 6 && a != nil && a.Type == AttrInt && DataType(a.Int) == BFloat16 && len(n.in) == 1 {
		x, err := n.one(&op.Cast{DType: tensor.F32}, n.in[0])
		n.in = []graph.Value{x}
		return &op.RoundBFloat16{}, err
	}
	d, err := n.to()
	return &op.Cast{DType: d}, err
}

func castLikeRow(n *node) (graph.Op, error) {
	if len(n.in) != 2 {
		return nil, op.Unsupported("%d inputs (2 are)", len(n.in))
	}
	d := n.typ(1).DType
	n.in = n.in[:1]
	return &op.Cast{DType: d}, nil
}

func bitCastRow(n *node) (graph.Op, error) {
	d, err := n.to()
	return &op.BitCast{DType: d}, err
}

// dropoutRow passes the input on, and says so in the mask, unless the node is, or
// may be, in training.
func dropoutRow(n *node) (graph.Op, error) {
	if len(n.in) == 0 {
		return nil, op.Unsupported("0 inputs (1 to 3 are)")
	}
	keeps, err := n.keeps()
	if err != nil {
		return nil, err
	}
	if !keeps { // or not before it runs is it known
		return nil, n.drop()
	}
	x := n.in[0]
	if len(n.Outputs) < 2 || n.Outputs[1] == "" {
		return nil, n.define(x)
	}
	mask, err := n.ones(x)
	if err != nil {
		return nil, err
	}
	if n.opset < 10 { // a mask of x's type
		if mask, err = n.one(&op.Cast{DType: n.typ(0).DType}, mask); err != nil {
			return nil, err
		}
	}
	return nil, n.define(x, mask)
}

// keeps reports whether it is known that no element is dropped.
func (n *node) keeps() (bool, error) {
	switch {
	case n.opset < 7:
		test, err := n.bool("is_test", false)
		if err != nil || test {
			return true, err
		}
		ratio, err := n.float("ratio", 0.5)
		return ratio == 0, err
	case n.opset < 12:
		return true, nil
	}
	training := n.view(2)
	return training.Absent() || training.Known() && len(training.Data) == 1 && training.Data[0] == 0, nil
}

// drop adds the operator that drops at random. Before opset 7 the ratio is an
// attribute, and so is the mode.
func (n *node) drop() error {
	in := append(slices.Clone(n.in), graph.None, graph.None)[:3]
	if n.opset < 7 {
		ratio, err := n.float("ratio", 0.5)
		if err != nil {
			return err
		}
		if in[1], err = n.number(tensor.F32, float64(ratio)); err != nil {
			return err
		}
		in[2] = n.b.Const(n.label(), tensor.Of(tensor.Bool), []byte{1})
	} else if in[1] == graph.None {
		half, err := n.number(tensor.F32, 0.5)
		if err != nil {
			return err
		}
		in[1] = half
	}
	d, state, err := n.draws()
	if err != nil {
		return err
	}
	out, err := n.then(&op.Dropout{Draws: d}, append([]graph.Value{state}, in...)...)
	if err != nil {
		return err
	}
	if n.opset < 7 {
		if out[1], err = n.one(&op.Cast{DType: n.typ(0).DType}, out[1]); err != nil {
			return err
		}
	}
	return n.define(out...)
}

// ones returns trues of x's shape.
func (n *node) ones(x graph.Value) (graph.Value, error) {
	b, err := n.one(&op.Cast{DType: tensor.Bool}, x)
	if err != nil {
		return 0, err
	}
	not, err := n.one(&op.Not{}, b)
	if err != nil {
		return 0, err
	}
	return n.one(&op.Or{}, b, not)
}
