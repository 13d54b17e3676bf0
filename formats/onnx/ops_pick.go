package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// constantOfShapeRow fills with one float32 zero if no value is given.
func constantOfShapeRow(n *node) (graph.Op, error) {
	if err := n.want(1, 1); err != nil {
		return nil, err
	}
	t, err := n.tensor("value")
	if err != nil {
		return nil, err
	}
	v := tensor.View{Type: tensor.Of(tensor.F32), Data: make([]byte, 4)}
	if t != nil {
		if v, err = View(t); err != nil {
			return nil, err
		}
	}
	n.in = append(n.in, n.b.Const(n.label(), v.Type, v.Data))
	return &op.Fill{}, n.b.Err()
}

func eyeLikeRow(n *node) (graph.Op, error) {
	k, err := n.int("k", 0)
	if err != nil {
		return nil, err
	}
	d := n.typ(0).DType
	if n.attr("dtype") != nil {
		id, err := n.int("dtype", 0)
		if err != nil {
			return nil, err
		}
		if d, err = dtypeOf(DataType(id)); err != nil {
			return nil, err
		}
	}
	return &op.EyeLike{DType: d, Shift: k}, nil
}

// oneHotRow parts values, [off, on], in two. Indices and depth may be of any
// type.
func oneHotRow(n *node) (graph.Op, error) {
	if err := n.want(3, 3); err != nil {
		return nil, err
	}
	axis, err := n.int("axis", -1)
	if err != nil {
		return nil, err
	}
	for i := range 2 {
		if d := n.typ(i).DType; d != tensor.I32 && d != tensor.I64 {
			if n.in[i], err = n.one(&op.Cast{DType: tensor.I64}, n.in[i]); err != nil {
				return nil, err
			}
		}
	}
	parts, err := n.unnamed(&op.Split{Num: 2}, n.in[2])
	if err != nil {
		return nil, err
	}
	n.in = []graph.Value{n.in[0], n.in[1], parts[1], parts[0]}
	return &op.OneHot{Axis: axis, Negative: true}, nil
}

// unnamed is then for operators whose outputs are not the node's.
func (n *node) unnamed(o graph.Op, in ...graph.Value) ([]graph.Value, error) {
	node := *n.Node
	node.Outputs = nil
	m := *n
	m.Node = &node
	return m.then(o, in...)
}

var scatterings = map[string]op.Scattering{"none": op.ScatterReplace, "add": op.ScatterAdd, "mul": op.ScatterMul, "max": op.ScatterMax, "min": op.ScatterMin}

// scattering reads the attribute reduction.
func (n *node) scattering() (op.Scattering, error) {
	name, err := n.str("reduction", "none")
	if err != nil {
		return 0, err
	}
	s, ok := scatterings[name]
	if !ok {
		return 0, errorf("reduction %q is not one of none, add, mul, max and min", name)
	}
	return s, nil
}

func scatterElementsRow(n *node) (graph.Op, error) {
	axis, err := n.int("axis", 0)
	if err != nil {
		return nil, err
	}
	s, err := n.scattering()
	return &op.ScatterElements{Axis: axis, Scattering: s}, err
}

func scatterNDRow(n *node) (graph.Op, error) {
	s, err := n.scattering()
	return &op.ScatterSlices{Scattering: s}, err
}

func tensorScatterRow(n *node) (graph.Op, error) {
	axis, err := n.int("axis", -2)
	if err != nil {
		return nil, err
	}
	mode, err := n.str("mode", "linear")
	if err != nil {
		return nil, err
	}
	if mode != "linear" && mode != "circular" {
		return nil, errorf("mode %q is neither linear nor circular", mode)
	}
	return &op.TensorScatter{Axis: axis, Circular: mode == "circular"}, nil
}

// tileRow: before opset 6 there are a number and an axis.
func tileRow(n *node) (graph.Op, error) {
	if n.opset >= 6 {
		return &op.Tile{}, n.want(2, 2)
	}
	if err := n.want(3, 3); err != nil {
		return nil, err
	}
	times, axis := n.view(1), n.view(2)
	for _, v := range []tensor.View{times, axis} {
		if !v.Known() || v.DType != tensor.I64 || v.Len() != 1 {
			return nil, op.Undecided("a number of tiles or an axis that is not a constant int64")
		}
	}
	rank := n.typ(0).Rank()
	repeats := make([]int64, rank)
	for i := range repeats {
		repeats[i] = 1
	}
	a := axis.I64()[0]
	if a < 0 || a >= int64(rank) {
		return nil, errorf("axis %d is out of range for rank %d", a, rank)
	}
	repeats[a] = times.I64()[0]
	v, err := n.int64s(repeats...)
	n.in = []graph.Value{n.in[0], v}
	return &op.Tile{}, err
}

func uniqueRow(n *node) (graph.Op, error) {
	axis, err := n.int("axis", 0)
	if err != nil {
		return nil, err
	}
	sorted, err := n.bool("sorted", true)
	return &op.Unique{Axis: axis, Flat: n.attr("axis") == nil, Sorted: sorted}, err
}

func nonMaxSuppressionRow(n *node) (graph.Op, error) {
	centered, err := n.int("center_point_box", 0)
	if err != nil {
		return nil, err
	}
	if centered != 0 && centered != 1 {
		return nil, errorf("center_point_box is %d, want 0 or 1", centered)
	}
	return &op.NonMaxSuppression{Centered: centered == 1}, nil
}
