package onnx

import (
	"math"
	"reflect"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeElementRows are functions of one element. They keep their input's layout.
func writeElementRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{
		follows[*op.Logistic]("Sigmoid"), follows[*op.Tanh]("Tanh"), follows[*op.HardSwish]("HardSwish"), follows[*op.Elu]("Elu"),
		follows[*op.Exp]("Exp"), follows[*op.Abs]("Abs"), follows[*op.Neg]("Neg"), follows[*op.Not]("Not"), follows[*op.Sign]("Sign"),
		rowFor(writeClamp), rowFor(writeUnary), rowFor(writeElementary), rowFor(writeActivation),
		rowFor(func(s *spelling, o *op.LeakyRelu) error { return s.function("LeakyRelu", attribute("alpha", o.Alpha)) }),
		rowFor(func(s *spelling, o *op.Gelu) error { return s.composed(gelued(o.Tanh)) }),
		rowFor(func(s *spelling, o *op.Rsqrt) error {
			return s.composed(func(s *spelling, x string) string {
				return s.emit("Reciprocal", []string{s.emit("Sqrt", []string{x})})
			})
		}),
		rowFor(func(s *spelling, o *op.Cast) error {
			t, ok := writtenTypes[o.DType]
			if !ok {
				return op.Unsupported("%s as type of the output", o.DType)
			}
			return s.function("Cast", attribute("to", int(t)))
		}),
	}
}

// follows is a row of an operator without attributes.
//
//go:noinline
func follows[O graph.Op](operator string) map[reflect.Type]writeRow {
	return rowOf[O](func(s *spelling, _ graph.Op) error { return s.function(operator) })
}

// function adds an operator of one input.
func (s *spelling) function(operator string, attrs ...wire) error {
	in, kind := s.alike(0)
	s.defineAs(0, kind, s.emit(operator, in, attrs...))
	return nil
}

// composed adds the nodes that make a function of input 0.
func (s *spelling) composed(f func(s *spelling, x string) string) error {
	in, kind := s.alike(0)
	if err := s.float(0); err != nil {
		return err
	}
	s.defineAs(0, kind, f(s, in[0]))
	return nil
}

func writeClamp(s *spelling, o *op.Clamp) error {
	return s.composed(func(s *spelling, x string) string { return s.clamped(x, o.Lo, o.Hi) })
}

func writeUnary(s *spelling, o *op.Unary) error {
	if o.F == op.UnaryNot {
		return op.Unsupported("BitwiseNot, at opset %d,", writtenOpset)
	}
	return s.function(o.Name())
}

func writeElementary(s *spelling, o *op.Elementary) error {
	if o.F == op.FnSquare {
		in, kind := s.alike(0)
		s.defineAs(0, kind, s.emit("Mul", []string{in[0], in[0]}))
		return nil
	}
	return s.function(o.Name())
}

// plainActivations are ONNX's own functions, with the names of A and B as
// attributes, where they have them.
var plainActivations = map[op.ActivationFn]struct{ operator, a, b string }{
	op.ActCelu: {"Celu", "alpha", ""}, op.ActElu: {"Elu", "alpha", ""}, op.ActHardSigmoid: {"HardSigmoid", "alpha", "beta"},
	op.ActHardSwish: {"HardSwish", "", ""}, op.ActLeakyRelu: {"LeakyRelu", "alpha", ""}, op.ActSelu: {"Selu", "alpha", "gamma"},
	op.ActSigmoid: {"Sigmoid", "", ""}, op.ActShrink: {"Shrink", "lambd", "bias"}, op.ActSoftsign: {"Softsign", "", ""},
	op.ActThresholdedRelu: {"ThresholdedRelu", "alpha", ""},
}

func writeActivation(s *spelling, o *op.Activation) error {
	if p, ok := plainActivations[o.F]; ok {
		var attrs []wire
		if p.a != "" {
			attrs = append(attrs, attribute(p.a, o.A))
		}
		if p.b != "" {
			attrs = append(attrs, attribute(p.b, o.B))
		}
		return s.function(p.operator, attrs...)
	}
	switch o.F {
	case op.ActGelu, op.ActGeluTanh:
		return s.composed(gelued(o.F == op.ActGeluTanh))
	case op.ActAffine:
		return s.composed(func(s *spelling, x string) string { return s.plus(s.times(x, o.A), o.B) })
	case op.ActScaledTanh:
		return s.composed(func(s *spelling, x string) string {
			return s.times(s.emit("Tanh", []string{s.times(x, o.B)}), o.A)
		})
	case op.ActSoftplus:
		return s.composed(func(s *spelling, x string) string {
			return s.times(s.emit("Softplus", []string{s.times(x, o.B)}), o.A)
		})
	case op.ActSwish:
		return s.composed(func(s *spelling, x string) string {
			return s.emit("Mul", []string{x, s.emit("Sigmoid", []string{s.times(x, o.A)})})
		})
	case op.ActMish: // has an operator since opset 18
		return s.composed(func(s *spelling, x string) string {
			return s.emit("Mul", []string{x, s.emit("Tanh", []string{s.emit("Softplus", []string{x})})})
		})
	}
	return op.Unsupported("the function %s", o.Name())
}

// times multiplies by a number.
func (s *spelling) times(x string, by float32) string {
	if by == 1 {
		return x
	}
	return s.emit("Mul", []string{x, s.number(by)})
}

// plus adds a number.
func (s *spelling) plus(x string, y float32) string {
	if y == 0 {
		return x
	}
	return s.emit("Add", []string{x, s.number(y)})
}

// gelued returns GELU in the operators that exporters write it with, which has
// an operator of its own only since opset 20: ½·x·(1 + erf(x/√2)), or
// ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
func gelued(tanh bool) func(s *spelling, x string) string {
	return func(s *spelling, x string) string {
		var inner string
		if tanh {
			cube := s.emit("Mul", []string{s.emit("Mul", []string{x, x}), x})
			sum := s.emit("Add", []string{x, s.times(cube, 0.044715)})
			inner = s.emit("Tanh", []string{s.times(sum, float32(math.Sqrt(2/math.Pi)))})
		} else {
			inner = s.emit("Erf", []string{s.emit("Div", []string{x, s.number(math.Sqrt2)})})
		}
		return s.times(s.emit("Mul", []string{x, s.plus(inner, 1)}), 0.5)
	}
}

// writePairRows are functions of several operands, which broadcast.
func writePairRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{
		rowFor(func(s *spelling, o *op.Add) error { return s.pair("Add", o.Clamp) }),
		rowFor(func(s *spelling, o *op.Sub) error { return s.pair("Sub", o.Clamp) }),
		rowFor(func(s *spelling, o *op.Mul) error { return s.pair("Mul", o.Clamp) }),
		rowFor(func(s *spelling, o *op.Div) error { return s.pair("Div", o.Clamp) }),
		rowFor(func(s *spelling, _ *op.Maximum) error { return s.pair("Max", op.Bounds{}) }),
		rowFor(func(s *spelling, _ *op.Minimum) error { return s.pair("Min", op.Bounds{}) }),
		rowFor(func(s *spelling, _ *op.Pow) error { return s.pair("Pow", op.Bounds{}) }),
		rowFor(func(s *spelling, _ *op.Power) error { return s.pair("Pow", op.Bounds{}) }),
		rowFor(func(s *spelling, _ *op.PRelu) error { return s.pair("PRelu", op.Bounds{}) }),
		rowFor(func(s *spelling, _ *op.And) error { return s.pair("And", op.Bounds{}) }),
		rowFor(func(s *spelling, _ *op.Or) error { return s.pair("Or", op.Bounds{}) }),
		rowFor(func(s *spelling, _ *op.SquaredDifference) error {
			in, kind := s.alike(0, 1)
			d := s.emit("Sub", in)
			s.defineAs(0, kind, s.emit("Mul", []string{d, d}))
			return nil
		}),
		rowFor(writeArithmetic), rowFor(writeCompare), rowFor(writeSelect),
	}
}

func (s *spelling) pair(operator string, clamp op.Bounds) error {
	if clamp != (op.Bounds{}) && s.out(0).DType != tensor.F32 {
		return op.Unsupported("%s that is clamped", s.out(0).DType)
	}
	in, kind := s.alike(0, 1)
	s.defineAs(0, kind, s.bounded(s.emit(operator, in), clamp))
	return nil
}

func writeArithmetic(s *spelling, o *op.Arithmetic) error {
	names := map[op.ArithmeticFn]string{
		op.ArithAdd: "Add", op.ArithSub: "Sub", op.ArithMul: "Mul", op.ArithDiv: "Div", op.ArithMax: "Max", op.ArithMin: "Min", op.ArithMod: "Mod",
	}
	if o.F == op.ArithFmod {
		in, kind := s.alike(0, 1)
		s.defineAs(0, kind, s.emit("Mod", in, attribute("fmod", 1)))
		return nil
	}
	name, ok := names[o.F]
	if !ok {
		return op.Unsupported("the operator %s, at opset %d,", o.Name(), writtenOpset)
	}
	return s.pair(name, op.Bounds{})
}

func writeCompare(s *spelling, o *op.Compare) error {
	names := map[op.Comparison]string{op.Less: "Less", op.LessEqual: "LessOrEqual", op.Greater: "Greater", op.GreaterEqual: "GreaterOrEqual"}
	if name, ok := names[o.Is]; ok {
		return s.pair(name, op.Bounds{})
	}
	in, kind := s.alike(0, 1)
	y := s.emit("Equal", in)
	if o.Is == op.NotEqual {
		y = s.emit("Not", []string{y})
	}
	s.defineAs(0, kind, y)
	return nil
}

func writeSelect(s *spelling, o *op.Select) error {
	if o.Rows && s.view(0).Rank() == 1 && s.view(1).Rank() > 1 {
		return op.Unsupported("a condition for each row")
	}
	in, kind := s.alike(0, 1, 2)
	s.defineAs(0, kind, s.emit("Where", in))
	return nil
}
