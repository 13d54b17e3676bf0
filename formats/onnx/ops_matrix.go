package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// matrixRows are products of matrices and what goes with them.
func matrixRows() map[string]row {
	return map[string]row{
		"MatMul":                    viaFloat32(matMulRow),
		"Gemm":                      viaFloat32(gemmRow),
		"com.microsoft.FusedMatMul": viaFloat32(fusedMatMulRow),
		"Einsum":                    viaFloat32(einsumRow),
		"Det":                       viaFloat32(plain(&op.Det{})),
	}
}

func matMulRow(n *node) (graph.Op, error) {
	if len(n.in) != 2 {
		return nil, errorf("%d inputs, want 2", len(n.in))
	}
	y, err := n.product(n.in[0], n.in[1], false, false)
	if err != nil {
		return nil, err
	}
	return nil, n.define(y)
}

// product adds a product of matrices, or vectors, which are a row on the left
// and a column on the right that the result then lacks. turnA and turnB say
// that matrices are stored transposed.
func (n *node) product(a, b graph.Value, turnA, turnB bool) (graph.Value, error) {
	if a == graph.None || b == graph.None {
		return 0, errorf("an input is left out, and must be there")
	}
	var err error
	var drop []int
	if n.b.Type(a).Rank() == 1 {
		drop, turnA = append(drop, -2), false
		if a, err = n.unsqueezed(a, 0); err != nil {
			return 0, err
		}
	}
	if n.b.Type(b).Rank() == 1 {
		drop, turnB = append(drop, -1), false
		if b, err = n.unsqueezed(b, 1); err != nil {
			return 0, err
		}
	}
	y, err := n.matrixProduct(a, b, turnA, turnB)
	if err != nil || drop == nil {
		return y, err
	}
	return n.one(&op.Squeeze{Axes: drop}, y)
}

// matrixProduct is product for matrices. One constant matrix of float32 on the
// right is a dense layer's weights, [n k].
func (n *node) matrixProduct(a, b graph.Value, turnA, turnB bool) (graph.Value, error) {
	x, w := n.b.Type(a), n.b.View(b)
	dense := w.Known() && w.Rank() == 2 && w.Len() > 0 && x.DType == tensor.F32 && w.DType == tensor.F32 && x.Rank() >= 2
	if !dense {
		return n.one(&op.BatchMatMul{AdjX: turnA, AdjY: turnB, Fused: true, To: op.To{DType: x.DType}}, a, b)
	}
	return n.dense(a, b, graph.None, turnA, turnB)
}

// dense adds a dense layer. b's shape is known, and a has at least 2 dimensions.
func (n *node) dense(a, b, bias graph.Value, turnA, turnB bool) (graph.Value, error) {
	var err error
	if turnA {
		if a, err = n.turned(a); err != nil {
			return 0, err
		}
	}
	if !turnB {
		if b, err = n.turned(b); err != nil {
			return 0, err
		}
	}
	in := []graph.Value{a, b}
	if bias != graph.None {
		in = append(in, bias)
	}
	return n.one(&op.FullyConnected{KeepDims: true, Epilogue: op.Epilogue{To: op.To{DType: n.b.Type(a).DType}, Fused: true}}, in...)
}

// turned transposes the last two dimensions.
func (n *node) turned(v graph.Value) (graph.Value, error) {
	rank := n.b.Type(v).Rank()
	perm := make([]int, rank)
	for i := range perm {
		perm[i] = i
	}
	perm[rank-1], perm[rank-2] = rank-2, rank-1
	return n.one(&op.Transpose{Perm: perm}, v)
}

// unsqueezed inserts a dimension of 1.
func (n *node) unsqueezed(v graph.Value, axis int) (graph.Value, error) {
	return n.one(&op.ExpandDims{}, v, n.b.Const("axis", tensor.Of(tensor.I32, 1), tensor.Bytes([]int32{int32(axis)})))
}

// gemmRow adds alpha·A·B + beta·C. Where there is only a bias to add to a
// product with a constant it is one dense layer.
func gemmRow(n *node) (graph.Op, error) {
	alpha, err := n.float("alpha", 1)
	if err != nil {
		return nil, err
	}
	beta, err := n.float("beta", 1)
	if err != nil {
		return nil, err
	}
	turnA, err := n.bool("transA", false)
	if err != nil {
		return nil, err
	}
	turnB, err := n.bool("transB", false)
	if err != nil {
		return nil, err
	}
	if len(n.in) < 2 || len(n.in) > 3 || n.in[0] == graph.None || n.in[1] == graph.None {
		return nil, errorf("%d inputs, want 2 or 3", len(n.in))
	}
	if n.typ(0).Rank() != 2 || n.typ(1).Rank() != 2 {
		return nil, errorf("inputs %v and %v, want matrices", n.typ(0), n.typ(1))
	}
	var y graph.Value
	if len(n.in) == 3 && alpha == 1 && beta == 1 && n.isBias(turnB) {
		y, err = n.dense(n.in[0], n.in[1], n.in[2], turnA, turnB)
	} else {
		y, err = n.gemm(alpha, beta, turnA, turnB)
	}
	if err != nil {
		return nil, err
	}
	return nil, n.define(y)
}

// isBias reports whether inputs 1 and 2 are a dense layer's weights and bias.
func (n *node) isBias(turnB bool) bool {
	w, c := n.view(1), n.typ(2)
	columns := 1
	if turnB {
		columns = 0
	}
	return w.Known() && w.Len() > 0 && w.DType == tensor.F32 && n.typ(0).DType == tensor.F32 && c.DType == tensor.F32 &&
		c.Rank() == 1 && c.Shape[0] == w.Shape[columns]
}

func (n *node) gemm(alpha, beta float32, turnA, turnB bool) (graph.Value, error) {
	y, err := n.product(n.in[0], n.in[1], turnA, turnB)
	if err != nil {
		return 0, err
	}
	if y, err = n.scaled(y, alpha); err != nil || len(n.in) < 3 || beta == 0 {
		return y, err
	}
	c, err := n.scaled(n.in[2], beta)
	if err != nil {
		return 0, err
	}
	d := n.b.Type(y).DType
	return n.one(arithmetic(op.ArithAdd, &op.Add{To: op.To{DType: d}}, d), y, c)
}

// scaled multiplies by a number.
func (n *node) scaled(v graph.Value, by float32) (graph.Value, error) {
	if by == 1 {
		return v, nil
	}
	d := n.b.Type(v).DType
	var data []byte
	switch whole := int64(by); {
	case d == tensor.F32:
		data = tensor.Bytes([]float32{by})
	case d == tensor.F64:
		data = tensor.Bytes([]float64{float64(by)})
	case float32(whole) != by:
		return 0, op.Unsupported("%s times %v", d, by)
	case d == tensor.I32 || d == tensor.U32:
		data = tensor.Bytes([]int32{int32(whole)})
	default:
		data = tensor.Bytes([]int64{whole})
	}
	return n.one(arithmetic(op.ArithMul, &op.Mul{To: op.To{DType: d}}, d), v, n.b.Const("scale", tensor.Of(d), data))
}

// fusedMatMulRow adds alpha·A·B, with either stored transposed. transBatch
// says that the first of the leading dimensions stands before the last.
func fusedMatMulRow(n *node) (graph.Op, error) {
	var flags [4]bool
	for i, name := range []string{"transA", "transB", "transBatchA", "transBatchB"} {
		var err error
		if flags[i], err = n.bool(name, false); err != nil {
			return nil, err
		}
	}
	alpha, err := n.float("alpha", 1)
	if err != nil {
		return nil, err
	}
	if len(n.in) != 2 || n.in[0] == graph.None || n.in[1] == graph.None {
		return nil, errorf("%d inputs, want 2", len(n.in))
	}
	for i := range n.in {
		if !flags[2+i] {
			continue
		}
		if n.in[i], err = n.batchTurned(n.in[i]); err != nil {
			return nil, err
		}
	}
	y, err := n.product(n.in[0], n.in[1], flags[0], flags[1])
	if err != nil {
		return nil, err
	}
	if y, err = n.scaled(y, alpha); err != nil {
		return nil, err
	}
	return nil, n.define(y)
}

// batchTurned makes [m b… k] of v, stored so, [b… m k].
func (n *node) batchTurned(v graph.Value) (graph.Value, error) {
	rank := n.b.Type(v).Rank()
	if rank < 3 {
		return 0, errorf("input %v has no batch to transpose", n.b.Type(v))
	}
	var perm []int
	for i := 1; i < rank-1; i++ {
		perm = append(perm, i)
	}
	return n.one(&op.Transpose{Perm: append(perm, 0, rank-1)}, v)
}
