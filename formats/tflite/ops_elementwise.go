package tflite

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// elementwiseRows are the operators on each element of one input.
func elementwiseRows() map[string]row {
	return map[string]row{
		"ABS":          func(n *node) (graph.Op, error) { return &op.Abs{To: n.to(0)}, nil },
		"NEG":          plain(&op.Neg{}),
		"SIGN":         plain(&op.Sign{}),
		"SIN":          plain(&op.Elementary{F: op.FnSin}),
		"COS":          plain(&op.Elementary{F: op.FnCos}),
		"LOG":          plain(&op.Elementary{F: op.FnLog}),
		"SQRT":         plain(&op.Elementary{F: op.FnSqrt}),
		"SQUARE":       plain(&op.Elementary{F: op.FnSquare}),
		"CEIL":         plain(&op.Elementary{F: op.FnCeil}),
		"FLOOR":        plain(&op.Elementary{F: op.FnFloor}),
		"ROUND":        plain(&op.Elementary{F: op.FnRound}),
		"LOGICAL_NOT":  plain(&op.Not{}),
		"ZEROS_LIKE":   plain(&op.ZerosLike{}),
		"DEQUANTIZE":   plain(&op.Dequantize{}),
		"EXP":          func(n *node) (graph.Op, error) { return &op.Exp{To: n.to(0)}, nil },
		"ELU":          func(n *node) (graph.Op, error) { return &op.Elu{To: n.to(0)}, nil },
		"RSQRT":        func(n *node) (graph.Op, error) { return &op.Rsqrt{To: n.to(0)}, nil },
		"LOGISTIC":     func(n *node) (graph.Op, error) { return &op.Logistic{To: n.to(0)}, nil },
		"TANH":         func(n *node) (graph.Op, error) { return &op.Tanh{To: n.to(0)}, nil },
		"HARD_SWISH":   func(n *node) (graph.Op, error) { return &op.HardSwish{To: n.to(0)}, nil },
		"QUANTIZE":     func(n *node) (graph.Op, error) { return &op.Quantize{To: n.to(0)}, nil },
		"CAST":         func(n *node) (graph.Op, error) { return &op.Cast{DType: n.to(0).DType}, nil },
		"RELU":         clampRow(0, math.Inf(1)),
		"RELU_N1_TO_1": clampRow(-1, 1),
		"RELU_0_TO_1":  clampRow(0, 1),
		"RELU6": func(n *node) (graph.Op, error) {
			if n.inputType(0).DType != tensor.U8 {
				return &op.Clamp{Lo: 0, Hi: 6}, nil // the reference does not rescale
			}
			return clampRow(0, 6)(n)
		},
		"LEAKY_RELU": func(n *node) (graph.Op, error) {
			o, err := n.options(LeakyReluOptions)
			return &op.LeakyRelu{Alpha: o.Float32(0, 0), To: n.to(0)}, err
		},
		"GELU": func(n *node) (graph.Op, error) {
			o, err := n.options(GeluOptions)
			return &op.Gelu{Tanh: o.Bool(0, false), To: n.to(0)}, err
		},
	}
}

// clampRow is the row of a clamp that gives its output another scale, if the
// file says so.
//
//go:noinline
func clampRow(lo, hi float64) row {
	return func(n *node) (graph.Op, error) {
		o := &op.Clamp{Lo: float32(lo), Hi: float32(hi)}
		if in, to := n.inputType(0), n.to(0); !in.DType.Float() && !in.Quant.Equal(to.Quant) {
			o.To = to
		}
		return o, nil
	}
}
