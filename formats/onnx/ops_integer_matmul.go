package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// integerMatMulRows are products of matrices of quantised numbers.
func integerMatMulRows() map[string]row {
	return map[string]row{
		"MatMulInteger": func(n *node) (graph.Op, error) {
			return n.integerMatMul(op.IntegerMatMul{DType: tensor.I32}, n.arg(0), n.arg(1), n.arg(2), n.arg(3))
		},
		"QLinearMatMul": qLinearMatMulRow,
		"com.microsoft.MatMulIntegerToFloat": func(n *node) (graph.Op, error) {
			return n.integerMatMul(op.IntegerMatMul{DType: tensor.F32}, n.arg(0), n.arg(1), n.arg(4), n.arg(5), n.arg(2), n.arg(3),
				graph.None, graph.None, graph.None, n.arg(6))
		},
		"com.microsoft.DynamicQuantizeMatMul": dynamicQuantizeMatMulRow,
		"com.microsoft.QGemm":                 qGemmRow,
	}
}

// qLinearMatMulRow has a, b and y, each with scale and zero point.
func qLinearMatMulRow(n *node) (graph.Op, error) {
	if len(n.in) != 8 {
		return nil, errorf("%d inputs, want 8", len(n.in))
	}
	return n.integerMatMul(op.IntegerMatMul{DType: n.typ(7).DType}, n.in[0], n.in[3], n.in[2], n.in[5], n.in[1], n.in[4], n.in[6], n.in[7])
}

// integerMatMul adds a product of inputs in the operator's order, and defines
// the node's output. Vectors are rows and columns, as for numpy.matmul.
func (n *node) integerMatMul(o op.IntegerMatMul, in ...graph.Value) (graph.Op, error) {
	var drop []int
	for i, axis := range []int{0, 1} {
		if in[i] == graph.None {
			return nil, errorf("input %d is left out, and must be there", i)
		}
		if n.b.Type(in[i]).Rank() != 1 {
			continue
		}
		at := n.b.Const("", tensor.Of(tensor.I32), tensor.Bytes([]int32{int32(axis)}))
		var err error
		if in[i], err = n.one(&op.ExpandDims{}, in[i], at); err != nil {
			return nil, err
		}
		drop = append(drop, axis-2)
	}
	y, err := n.one(new(o), in...)
	if err == nil && drop != nil {
		y, err = n.one(&op.Squeeze{Axes: drop}, y)
	}
	if err != nil {
		return nil, err
	}
	return nil, n.define(y)
}

// dynamicQuantizeMatMulRow quantises a, then multiplies it with b, and scales:
// inputs a, b, b's scale and zero point, bias.
func dynamicQuantizeMatMulRow(n *node) (graph.Op, error) {
	if len(n.in) < 3 {
		return nil, errorf("%d inputs, want 3 to 5", len(n.in))
	}
	a, err := n.then(&op.DynamicQuantizeLinear{}, n.in[0])
	if err != nil {
		return nil, err
	}
	return n.integerMatMul(op.IntegerMatMul{DType: tensor.F32}, a[0], n.in[1], a[2], n.arg(3), a[1], n.in[2],
		graph.None, graph.None, graph.None, n.arg(4))
}

// qGemmRow has a and b, each with scale and zero point, an int32 bias, and y's
// scale and zero point, without which the output is float32.
func qGemmRow(n *node) (graph.Op, error) {
	if len(n.in) < 6 {
		return nil, errorf("%d inputs, want 6 to 9", len(n.in))
	}
	alpha, err := n.float("alpha", 1)
	if err != nil {
		return nil, err
	}
	in := []graph.Value{n.in[0], n.in[3], n.in[2], n.in[5], n.in[1], n.in[4], n.arg(7), n.arg(8), n.arg(6)}
	for i, name := range []string{"transA", "transB"} {
		turn, err := n.bool(name, false)
		if err != nil {
			return nil, err
		}
		if !turn {
			continue
		}
		if in[i], err = n.one(&op.Transpose{Perm: []int{1, 0}}, in[i]); err != nil {
			return nil, err
		}
	}
	if t := n.typ(6); t.Rank() > 2 || t.Rank() == 2 && t.Shape[0] != 1 {
		return nil, op.Unsupported("a bias of shape %v", t.Shape)
	}
	o := op.IntegerMatMul{DType: tensor.F32, Alpha: alpha}
	if len(n.in) > 7 {
		o.DType = n.typ(0).DType
		if len(n.in) > 8 {
			o.DType = n.typ(8).DType
		}
	}
	if alpha == 0 {
		return nil, op.Unsupported("alpha 0")
	}
	return n.integerMatMul(o, in...)
}
