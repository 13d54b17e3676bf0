package onnx

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// unaryRows are functions without parameters.
func unaryRows() map[string]row {
	return map[string]row{
		"Abs":        func(n *node) (graph.Op, error) { return onF32(n, &op.Abs{}, &op.Unary{F: op.UnaryAbs}), nil },
		"Neg":        func(n *node) (graph.Op, error) { return onF32(n, &op.Neg{}, &op.Unary{F: op.UnaryNeg}), nil },
		"Sign":       plain(&op.Unary{F: op.UnarySign}),
		"BitwiseNot": plain(&op.Unary{F: op.UnaryNot}),
		"Not":        plain(&op.Not{}),

		"Ceil":       plain(&op.Elementary{F: op.FnCeil}),
		"Floor":      plain(&op.Elementary{F: op.FnFloor}),
		"Round":      plain(&op.Elementary{F: op.FnRound}),
		"Sqrt":       plain(&op.Elementary{F: op.FnSqrt}),
		"Reciprocal": plain(&op.Elementary{F: op.FnReciprocal}),
		"Exp":        plain(&op.Elementary{F: op.FnExp}),
		"Log":        plain(&op.Elementary{F: op.FnLog}),
		"Sin":        plain(&op.Elementary{F: op.FnSin}),
		"Cos":        plain(&op.Elementary{F: op.FnCos}),
		"Tan":        plain(&op.Elementary{F: op.FnTan}),
		"Asin":       plain(&op.Elementary{F: op.FnAsin}),
		"Acos":       plain(&op.Elementary{F: op.FnAcos}),
		"Atan":       plain(&op.Elementary{F: op.FnAtan}),
		"Sinh":       plain(&op.Elementary{F: op.FnSinh}),
		"Cosh":       plain(&op.Elementary{F: op.FnCosh}),
		"Tanh":       plain(&op.Elementary{F: op.FnTanh}),
		"Asinh":      plain(&op.Elementary{F: op.FnAsinh}),
		"Acosh":      plain(&op.Elementary{F: op.FnAcosh}),
		"Atanh":      plain(&op.Elementary{F: op.FnAtanh}),
		"Erf":        erfRow,

		"IsNaN": plain(&op.Classify{NaN: true}),
		"IsInf": isInfRow,
	}
}

// activationRows are functions with parameters.
func activationRows() map[string]row {
	return map[string]row{
		"Relu":      reluRow,
		"LeakyRelu": leakyReluRow,
		"PRelu":     preluRow,
		"Sigmoid":   sigmoidRow,
		"HardSwish": func(n *node) (graph.Op, error) {
			return onF32(n, &op.HardSwish{}, &op.Activation{F: op.ActHardSwish}), nil
		},
		"Gelu":            geluRow,
		"Celu":            activationRow(op.ActCelu, "alpha", 1, "", 0),
		"Elu":             eluRow,
		"Selu":            seluRow,
		"HardSigmoid":     activationRow(op.ActHardSigmoid, "alpha", 0.2, "beta", 0.5),
		"Mish":            plain(&op.Activation{F: op.ActMish}),
		"Shrink":          shrinkRow,
		"Softplus":        plain(&op.Activation{F: op.ActSoftplus, A: 1, B: 1}),
		"Softsign":        plain(&op.Activation{F: op.ActSoftsign}),
		"Swish":           activationRow(op.ActSwish, "alpha", 1, "", 0),
		"ThresholdedRelu": activationRow(op.ActThresholdedRelu, "alpha", 1, "", 0),
		"Clip":            clipRow,
		// Experiments of the first opsets.
		"Affine":             activationRow(op.ActAffine, "alpha", 1, "beta", 0),
		"ParametricSoftplus": activationRow(op.ActSoftplus, "alpha", 1, "beta", 1),
		"ScaledTanh":         activationRow(op.ActScaledTanh, "alpha", 1, "beta", 1),

		"com.microsoft.Gelu":      plainGelu(false),
		"com.microsoft.FastGelu":  plainGelu(true),
		"com.microsoft.BiasGelu":  plainGelu(false),
		"com.microsoft.QuickGelu": activationRow(op.ActSwish, "alpha", 1.702, "", 0),
	}
}

// activationRow is a row of a function whose parameters are attributes with
// these defaults; nameB is "" if it has only one.
//
//go:noinline
func activationRow(f op.ActivationFn, nameA string, a float32, nameB string, b float32) row {
	return func(n *node) (_ graph.Op, err error) {
		act := &op.Activation{F: f}
		if act.A, err = n.float(nameA, a); err != nil || nameB == "" {
			return act, err
		}
		act.B, err = n.float(nameB, b)
		return act, err
	}
}

// onF32 returns fast for float32, and general for other types.
func onF32(n *node, fast, general graph.Op) graph.Op {
	if n.typ(0).DType == tensor.F32 {
		return fast
	}
	return general
}

// erfRow serves integers too, as ONNX has them: by way of float64.
func erfRow(n *node) (graph.Op, error) {
	return n.byFloat64(&op.Elementary{F: op.FnErf})
}

// byFloat64 returns o, which takes floats; integers are cast there and back.
func (n *node) byFloat64(o graph.Op) (graph.Op, error) {
	d := n.typ(0).DType
	if d.Float() || d == tensor.Bool || len(n.in) != 1 {
		return o, nil
	}
	if err := n.cast(0, tensor.F64); err != nil {
		return nil, err
	}
	y, err := n.one(o, n.in[0])
	n.in[0] = y
	return &op.Cast{DType: d}, err
}

func isInfRow(n *node) (graph.Op, error) {
	above, err := n.bool("detect_positive", true)
	if err != nil {
		return nil, err
	}
	below, err := n.bool("detect_negative", true)
	return &op.Classify{Above: above, Below: below}, err
}

// reluRow is a clamp for float32, which what comes before can take over.
func reluRow(n *node) (graph.Op, error) {
	return onF32(n, &op.Clamp{Hi: float32(math.Inf(1))}, &op.Unary{F: op.UnaryRelu}), nil
}

func leakyReluRow(n *node) (graph.Op, error) {
	alpha, err := n.float("alpha", 0.01)
	return onF32(n, &op.LeakyRelu{Alpha: alpha}, &op.Activation{F: op.ActLeakyRelu, A: alpha}), err
}

func eluRow(n *node) (graph.Op, error) {
	alpha, err := n.float("alpha", 1)
	general := &op.Activation{F: op.ActElu, A: alpha}
	if alpha == 1 {
		return onF32(n, &op.Elu{}, general), err
	}
	return general, err
}

// preluRow: before opset 7, a list of slopes is one for each channel.
func preluRow(n *node) (graph.Op, error) {
	if n.opset < 7 && len(n.in) == 2 && n.typ(1).Rank() == 1 && n.typ(1).Shape[0] != 1 {
		if err := n.trail(1, n.typ(0).Rank()-2); err != nil {
			return nil, err
		}
	}
	return &op.PRelu{}, nil
}

func sigmoidRow(n *node) (graph.Op, error) {
	return onF32(n, &op.Logistic{Plain: true}, &op.Activation{F: op.ActSigmoid}), nil
}

func geluRow(n *node) (graph.Op, error) {
	how, err := n.str("approximate", "none")
	if err != nil {
		return nil, err
	}
	if how != "none" && how != "tanh" {
		return nil, op.Unsupported("approximation %q (none and tanh are)", how)
	}
	return gelu(n, how == "tanh"), nil
}

func gelu(n *node, tanh bool) graph.Op {
	if tanh {
		return onF32(n, &op.Gelu{Tanh: true, Plain: true}, &op.Activation{F: op.ActGeluTanh})
	}
	return onF32(n, &op.Gelu{Plain: true}, &op.Activation{F: op.ActGelu})
}

// plainGelu adds a bias first, if there is one.
//
//go:noinline
func plainGelu(tanh bool) row {
	return func(n *node) (graph.Op, error) {
		if len(n.in) == 2 {
			sum, err := n.one(arithmetic(op.ArithAdd, &op.Add{}, n.typ(0).DType), n.in...)
			if err != nil {
				return nil, err
			}
			n.in = []graph.Value{sum}
		}
		return gelu(n, tanh), nil
	}
}

// seluRow: the first version had rounder numbers.
func seluRow(n *node) (graph.Op, error) {
	if n.opset < 6 {
		return activationRow(op.ActSelu, "alpha", 1.6732, "gamma", 1.0507)(n)
	}
	return activationRow(op.ActSelu, "alpha", 1.67326319217681884765625, "gamma", 1.05070102214813232421875)(n)
}

func shrinkRow(n *node) (graph.Op, error) {
	o, err := activationRow(op.ActShrink, "lambd", 0.5, "bias", 0)(n)
	if err != nil {
		return nil, err
	}
	return n.byFloat64(o)
}

// clipRow bounds by two operands, or by a clamp, which what comes before can
// take over, if they are known.
func clipRow(n *node) (graph.Op, error) {
	if n.opset < 11 {
		return clipAttributes(n)
	}
	if len(n.in) > 3 || len(n.in) == 0 {
		return &op.Clamp{}, nil // which says what is wrong
	}
	if o, ok := n.knownClip(); ok {
		return o, nil
	}
	y := n.in[0]
	for i, f := range []op.ArithmeticFn{op.ArithMax, op.ArithMin} {
		if i+1 >= len(n.in) || n.in[i+1] == graph.None {
			continue
		}
		var err error
		if y, err = n.one(&op.Arithmetic{F: f}, y, n.in[i+1]); err != nil {
			return nil, err
		}
	}
	return nil, n.define(y)
}

// knownClip returns a clamp of float32 by known numbers.
func (n *node) knownClip() (graph.Op, bool) {
	bounds := [2]float32{float32(math.Inf(-1)), float32(math.Inf(1))}
	for i := range bounds {
		v := n.view(i + 1)
		if v.Absent() {
			continue
		}
		if v.DType != tensor.F32 || !v.Known() || v.Len() != 1 {
			return nil, false
		}
		bounds[i] = v.F32()[0]
	}
	if n.typ(0).DType != tensor.F32 || bounds != bounds { // NaN
		return nil, false
	}
	n.in = n.in[:1]
	return clamp(bounds[0], bounds[1]), true
}

// clamp has the upper bound win where the two cross.
func clamp(lo, hi float32) graph.Op { return &op.Clamp{Lo: min(lo, hi), Hi: hi} }

// clipAttributes reads the bounds of opsets before 11.
func clipAttributes(n *node) (graph.Op, error) {
	lo, err := n.float("min", float32(math.Inf(-1)))
	if err != nil {
		return nil, err
	}
	hi, err := n.float("max", float32(math.Inf(1)))
	if err != nil {
		return nil, err
	}
	d := n.typ(0).DType
	if d == tensor.F32 || len(n.in) != 1 {
		return clamp(lo, hi), nil
	}
	y := n.in[0]
	for i, f := range []op.ArithmeticFn{op.ArithMax, op.ArithMin} {
		bound, err := n.number(d, float64([]float32{lo, hi}[i]))
		if err != nil {
			return nil, err
		}
		if y, err = n.one(&op.Arithmetic{F: f}, y, bound); err != nil {
			return nil, err
		}
	}
	return nil, n.define(y)
}
