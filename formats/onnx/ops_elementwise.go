package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// binaryRows are the operators of two operands, or many.
func binaryRows() map[string]row {
	return map[string]row{
		"Add": arithmeticRow(op.ArithAdd, &op.Add{}),
		"Sub": arithmeticRow(op.ArithSub, &op.Sub{}),
		"Mul": arithmeticRow(op.ArithMul, &op.Mul{}),
		"Div": arithmeticRow(op.ArithDiv, &op.Div{}),
		"Mod": modRow,
		"Pow": powRow,

		"Sum":  func(n *node) (graph.Op, error) { return n.fold(op.ArithAdd, &op.Add{}) },
		"Max":  func(n *node) (graph.Op, error) { return n.fold(op.ArithMax, nil) },
		"Min":  func(n *node) (graph.Op, error) { return n.fold(op.ArithMin, nil) },
		"Mean": meanRow,

		"And":        pairRow(&op.And{}),
		"Or":         pairRow(&op.Or{}),
		"Xor":        xorRow,
		"BitwiseAnd": plain(&op.Arithmetic{F: op.ArithAnd}),
		"BitwiseOr":  plain(&op.Arithmetic{F: op.ArithOr}),
		"BitwiseXor": plain(&op.Arithmetic{F: op.ArithXor}),
		"BitShift":   bitShiftRow,

		"Equal":          pairRow(&op.Compare{Is: op.Equal, Plain: true}),
		"Greater":        pairRow(&op.Compare{Is: op.Greater, Plain: true}),
		"GreaterOrEqual": pairRow(&op.Compare{Is: op.GreaterEqual, Plain: true}),
		"Less":           pairRow(&op.Compare{Is: op.Less, Plain: true}),
		"LessOrEqual":    pairRow(&op.Compare{Is: op.LessEqual, Plain: true}),

		"Where": plain(&op.Select{}),
	}
}

// arithmetic returns the operator for elements of type d: typed, which may take
// over a clamp, where it serves plain numbers.
func arithmetic(f op.ArithmeticFn, typed graph.Op, d tensor.DType) graph.Op {
	if typed != nil && (d == tensor.F32 || d == tensor.I32 || d == tensor.I64) {
		return typed
	}
	return &op.Arithmetic{F: f}
}

//go:noinline
func arithmeticRow(f op.ArithmeticFn, typed graph.Op) row {
	return func(n *node) (graph.Op, error) {
		return arithmetic(f, typed, n.typ(0).DType), n.align()
	}
}

// pairRow is a row of a binary operator without attributes.
//
//go:noinline
func pairRow(o graph.Op) row {
	return func(n *node) (graph.Op, error) { return o, n.align() }
}

// modRow takes the dividend's sign for floats too, for which ONNX demands fmod.
func modRow(n *node) (graph.Op, error) {
	fmod, err := n.bool("fmod", false)
	if fmod || n.typ(0).DType.Float() {
		return &op.Arithmetic{F: op.ArithFmod}, err
	}
	return &op.Arithmetic{F: op.ArithMod}, err
}

func bitShiftRow(n *node) (graph.Op, error) {
	direction, err := n.str("direction", "")
	if err != nil {
		return nil, err
	}
	switch direction {
	case "LEFT":
		return &op.Arithmetic{F: op.ArithShiftLeft}, nil
	case "RIGHT":
		return &op.Arithmetic{F: op.ArithShiftRight}, nil
	}
	return nil, op.Unsupported("direction %q of a shift (LEFT and RIGHT are)", direction)
}

// xorRow: bools differ where exactly one is true.
func xorRow(n *node) (graph.Op, error) {
	for i := range n.in {
		if d := n.typ(i).DType; d != tensor.Bool {
			return nil, op.Unsupported("%s as type of input %d (bool is)", d, i)
		}
	}
	return &op.Compare{Is: op.NotEqual, Plain: true}, n.align()
}

// powRow brings both operands to one type, and the powers back to the base's.
func powRow(n *node) (graph.Op, error) {
	if err := n.align(); err != nil {
		return nil, err
	}
	if len(n.in) != 2 {
		return &op.Power{}, nil // which says what is wrong
	}
	base, exponent := n.typ(0).DType, n.typ(1).DType
	if n.squares() {
		return arithmetic(op.ArithMul, &op.Mul{}, base), nil
	}
	common, err := powerType(base, exponent)
	if err != nil {
		return nil, err
	}
	for i := range n.in {
		if err := n.cast(i, common); err != nil {
			return nil, err
		}
	}
	if common == base {
		return &op.Power{}, nil
	}
	y, err := n.one(&op.Power{}, n.in...)
	n.in = []graph.Value{y}
	return &op.Cast{DType: base}, err
}

// powerType returns the type in which to compute powers, wide enough for both.
func powerType(base, exponent tensor.DType) (tensor.DType, error) {
	switch {
	case base == tensor.Bool || exponent == tensor.Bool:
		return 0, op.Unsupported("%s to the power of %s", base, exponent)
	case base == exponent && base.Float():
		return base, nil
	case base == tensor.F64 || exponent == tensor.F64 || !base.Float() && exponent.Float():
		return tensor.F64, nil
	case base.Float():
		return tensor.F32, nil
	}
	return tensor.I64, nil
}

// squares reports whether the exponent is a constant of 2 that doesn't change
// the shape, and makes both inputs the base if so.
func (n *node) squares() bool {
	e := n.view(1)
	if !e.Known() || e.Len() != 1 || e.Rank() > n.typ(0).Rank() {
		return false
	}
	two := false
	switch e.DType {
	case tensor.F32:
		two = e.F32()[0] == 2
	case tensor.F64:
		two = e.F64()[0] == 2
	case tensor.I32:
		two = e.I32()[0] == 2
	case tensor.I64:
		two = e.I64()[0] == 2
	}
	if two {
		n.in[1] = n.in[0]
	}
	return two
}

// cast converts input i to type d if it has another.
func (n *node) cast(i int, d tensor.DType) (err error) {
	if n.typ(i).DType != d {
		n.in[i], err = n.one(&op.Cast{DType: d}, n.in[i])
	}
	return err
}

// fold combines any number of inputs from the left.
func (n *node) fold(f op.ArithmeticFn, typed graph.Op) (graph.Op, error) {
	o := arithmetic(f, typed, n.typ(0).DType)
	switch len(n.in) {
	case 0:
		return o, nil // which says what is wrong
	case 1:
		return nil, n.define(n.in[0])
	}
	y := n.in[0]
	for _, v := range n.in[1 : len(n.in)-1] {
		var err error
		if y, err = n.one(o, y, v); err != nil {
			return nil, err
		}
	}
	n.in = []graph.Value{y, n.in[len(n.in)-1]}
	return o, nil
}

// meanRow divides the sum by the number of inputs.
func meanRow(n *node) (graph.Op, error) {
	d, count := n.typ(0).DType, len(n.in)
	if !d.Float() {
		return nil, op.Unsupported("%s as type of input 0 (floats are)", d)
	}
	sum, err := n.fold(op.ArithAdd, &op.Add{})
	if err != nil || sum == nil {
		return nil, err
	}
	y, err := n.one(sum, n.in...)
	if err != nil {
		return nil, err
	}
	by, err := n.number(d, float64(count))
	n.in = []graph.Value{y, by}
	return arithmetic(op.ArithDiv, &op.Div{}, d), err
}

// number adds a constant scalar of type d.
func (n *node) number(d tensor.DType, x float64) (graph.Value, error) {
	v := n.b.Const(n.label(), tensor.Of(tensor.F64), tensor.Bytes([]float64{x}))
	if err := n.b.Err(); err != nil || d == tensor.F64 {
		return v, err
	}
	return n.one(&op.Cast{DType: d}, v)
}

// align gives input 1 the shape that the attributes broadcast and axis of opsets
// before 7 mean: its dimensions are those of input 0 from axis on.
func (n *node) align() error {
	if n.opset >= 7 || len(n.in) != 2 {
		return nil
	}
	axis, err := n.int("axis", -1)
	if err != nil || n.attr("axis") == nil {
		return err
	}
	if axis < 0 {
		axis += n.typ(0).Rank()
	}
	b := n.typ(1)
	return n.trail(1, n.typ(0).Rank()-axis-b.Rank())
}

// trail appends count dimensions of 1 to the shape of input i.
func (n *node) trail(i, count int) (err error) {
	rank := n.typ(i).Rank()
	if count < 0 || rank+count > maxAligned {
		return op.Unsupported("shape %v of input %d at this axis of %v", n.typ(i).Shape, i, n.typ(0).Shape)
	}
	if count == 0 {
		return nil
	}
	shape := append([]int{}, n.typ(i).Shape...)
	open := 0
	for k, d := range shape {
		if d == tensor.Dynamic {
			shape[k] = -1
			open++
		}
	}
	if open > 1 {
		return op.Undecided("unknown dimensions of input %d, %v, beside an axis", i, n.typ(i).Shape)
	}
	for range count {
		shape = append(shape, 1)
	}
	n.in[i], err = n.one(&op.Reshape{Shape: shape}, n.in[i])
	return err
}

// maxAligned is more dimensions than any operator walks.
const maxAligned = 16
