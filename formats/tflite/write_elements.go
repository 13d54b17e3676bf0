package tflite

import (
	"reflect"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeElementRows are functions of one element or two.
func writeElementRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{
		plainFor[*op.Abs](OpAbs, AbsOptions), plainFor[*op.Neg](OpNeg, NegOptions), plainFor[*op.Sign](OpSign, SignOptions),
		plainFor[*op.Exp](OpExp, ExpOptions), plainFor[*op.Elu](OpElu, NoOptions), plainFor[*op.Rsqrt](OpRsqrt, NoOptions),
		plainFor[*op.Logistic](OpLogistic, NoOptions), plainFor[*op.Tanh](OpTanh, NoOptions), plainFor[*op.HardSwish](OpHardSwish, HardSwishOptions),
		plainFor[*op.Not](OpLogicalNot, LogicalNotOptions), plainFor[*op.And](OpLogicalAnd, LogicalAndOptions), plainFor[*op.Or](OpLogicalOr, LogicalOrOptions),
		plainFor[*op.PRelu](OpPRelu, NoOptions), plainFor[*op.Pow](OpPow, PowOptions), plainFor[*op.Power](OpPow, PowOptions),
		plainFor[*op.Maximum](OpMaximum, MaximumMinimumOptions), plainFor[*op.Minimum](OpMinimum, MaximumMinimumOptions),
		plainFor[*op.SquaredDifference](OpSquaredDifference, SquaredDifferenceOptions), plainFor[*op.AddN](OpAddN, AddNOptions),
		plainFor[*op.FloorDiv](OpFloorDiv, FloorDivOptions), plainFor[*op.FloorMod](OpFloorMod, FloorModOptions),
		plainFor[*op.Quantize](OpQuantize, QuantizeOptions), plainFor[*op.Dequantize](OpDequantize, DequantizeOptions),
		rowFor(writeClamp), rowFor(writeElementary), rowFor(writeUnary), rowFor(writeArithmetic), rowFor(writeCompare),
		rowFor(func(s *spelling, o *op.LeakyRelu) error {
			s.emit(OpLeakyRelu, s.version(2), LeakyReluOptions, flatbuf.Object{0: o.Alpha}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.Gelu) error {
			s.emit(OpGelu, s.version(2), GeluOptions, flatbuf.Object{0: o.Tanh}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.Cast) error {
			in, ok := writtenType(s.view(0).DType)
			out, okay := writtenType(o.DType)
			if !ok || !okay {
				return op.Unsupported("a cast from %s to %s", s.view(0).DType, o.DType)
			}
			s.emit(OpCast, 1, CastOptions, flatbuf.Object{0: int8(in), 1: int8(out)}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.Add) error { return s.pair(OpAdd, AddOptions, o.Clamp) }),
		rowFor(func(s *spelling, o *op.Sub) error { return s.pair(OpSub, SubOptions, o.Clamp) }),
		rowFor(func(s *spelling, o *op.Mul) error { return s.pair(OpMul, MulOptions, o.Clamp) }),
		rowFor(func(s *spelling, o *op.Div) error { return s.pair(OpDiv, DivOptions, o.Clamp) }),
		rowFor(func(s *spelling, o *op.Select) error {
			if o.Rows && s.view(0).Rank() == 1 && s.view(1).Rank() > 1 {
				s.emit(OpSelect, 1, SelectOptions, nil, s.all())
				return nil
			}
			return s.plain(OpSelectV2, SelectV2Options)
		}),
	}
}

// pair adds an operator of two operands that may clamp.
func (s *spelling) pair(b BuiltinOperator, t OptionsType, clamp op.Bounds) error {
	s.emit(b, s.version(2), t, flatbuf.Object{0: act(clamp)}, s.all())
	return nil
}

func writeClamp(s *spelling, o *op.Clamp) error {
	a, ok := fusedActivation(op.Bounds{Lo: o.Lo, Hi: o.Hi})
	operators := map[ActivationFunctionType]BuiltinOperator{ActivationRelu: OpRelu, ActivationRelu6: OpRelu6, ActivationReluN1To1: OpReluN1To1}
	b, known := operators[a]
	if o.Lo == 0 && o.Hi == 1 {
		b, ok, known = OpRelu0To1, true, true
	}
	if !ok || !known {
		return op.Unsupported("a clamp of %s to %g … %g", s.view(0).DType, o.Lo, o.Hi)
	}
	return s.plain(b, NoOptions)
}

func writeElementary(s *spelling, o *op.Elementary) error {
	k, ok := map[op.Function]struct {
		b BuiltinOperator
		t OptionsType
	}{
		op.FnSin: {OpSin, NoOptions}, op.FnCos: {OpCos, CosOptions}, op.FnLog: {OpLog, NoOptions}, op.FnSqrt: {OpSqrt, NoOptions},
		op.FnSquare: {OpSquare, SquareOptions}, op.FnCeil: {OpCeil, NoOptions}, op.FnFloor: {OpFloor, NoOptions},
		op.FnRound: {OpRound, NoOptions}, op.FnExp: {OpExp, ExpOptions}, op.FnTanh: {OpTanh, NoOptions},
	}[o.F]
	if !ok {
		return op.Unsupported("the function %s", o.Name())
	}
	return s.plain(k.b, k.t)
}

func writeUnary(s *spelling, o *op.Unary) error {
	switch o.F {
	case op.UnaryAbs:
		return s.plain(OpAbs, AbsOptions)
	case op.UnaryNeg:
		return s.plain(OpNeg, NegOptions)
	case op.UnarySign:
		return s.plain(OpSign, SignOptions)
	}
	return op.Unsupported("%s of %s", o.Name(), s.view(0).DType)
}

func writeArithmetic(s *spelling, o *op.Arithmetic) error {
	if d := s.view(0).DType; d != tensor.F32 && d != tensor.I32 && d != tensor.I64 {
		return op.Unsupported("%s of %s without a scale", o.Name(), d)
	}
	switch o.F {
	case op.ArithAdd:
		return s.pair(OpAdd, AddOptions, op.Bounds{})
	case op.ArithSub:
		return s.pair(OpSub, SubOptions, op.Bounds{})
	case op.ArithMul:
		return s.pair(OpMul, MulOptions, op.Bounds{})
	case op.ArithDiv:
		return s.pair(OpDiv, DivOptions, op.Bounds{})
	case op.ArithMax:
		return s.plain(OpMaximum, MaximumMinimumOptions)
	case op.ArithMin:
		return s.plain(OpMinimum, MaximumMinimumOptions)
	}
	return op.Unsupported("the operator %s", o.Name())
}

func writeCompare(s *spelling, o *op.Compare) error {
	k := map[op.Comparison]struct {
		b BuiltinOperator
		t OptionsType
	}{
		op.Equal: {OpEqual, EqualOptions}, op.NotEqual: {OpNotEqual, NotEqualOptions}, op.Less: {OpLess, LessOptions},
		op.LessEqual: {OpLessEqual, LessEqualOptions}, op.Greater: {OpGreater, GreaterOptions}, op.GreaterEqual: {OpGreaterEqual, GreaterEqualOptions},
	}[o.Is]
	return s.plain(k.b, k.t)
}
