package op_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// elementwise is f on each element of input 0.
func elementwise(f func(x float64) float64) func(in [][]float64) [][]float64 {
	return func(in [][]float64) [][]float64 {
		y := make([]float64, len(in[0]))
		for i, x := range in[0] {
			y[i] = f(x)
		}
		return [][]float64{y}
	}
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func elu(x, a float64) float64 {
	if x > 0 {
		return x
	}
	return a * math.Expm1(x)
}

func softplus(x float64) float64 { return math.Log1p(math.Exp(-math.Abs(x))) + math.Max(x, 0) }

// TestActivationGrad covers 135 elements: whole vectors and a rest. Random
// numbers are nowhere near the kinks.
func TestActivationGrad(t *testing.T) {
	x := gradtest.Input{Shape: []int{5, 27}, Scale: 3}
	positive := gradtest.Input{Shape: []int{5, 27}, Scale: 0.1, Shift: 2}
	gelu := func(x float64) float64 { return x * (1 + math.Erf(x/math.Sqrt2)) / 2 }
	geluTanh := func(x float64) float64 {
		return 0.5 * x * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
	}
	leaky := func(a float64) func(x float64) float64 {
		return func(x float64) float64 { return math.Max(x, 0) + a*math.Min(x, 0) }
	}
	hardSwish := func(x float64) float64 { return x * min(max(x+3, 0), 6) / 6 }
	for _, c := range []struct {
		name string
		o    graph.Op
		in   gradtest.Input
		f    func(x float64) float64
	}{
		{"Logistic", &op.Logistic{Plain: true}, x, sigmoid},
		{"Tanh", &op.Tanh{Plain: true}, x, math.Tanh},
		{"Elu", &op.Elu{Plain: true}, x, func(x float64) float64 { return elu(x, 1) }},
		{"Gelu", &op.Gelu{Plain: true}, x, gelu},
		{"Gelu tanh", &op.Gelu{Plain: true, Tanh: true}, x, geluTanh},
		{"HardSwish", &op.HardSwish{}, x, hardSwish},
		{"LeakyRelu", &op.LeakyRelu{Alpha: 0.2}, x, leaky(0.2)},
		{"LeakyRelu that falls", &op.LeakyRelu{Alpha: -0.5}, x, leaky(-0.5)},
		{"ActSigmoid", &op.Activation{F: op.ActSigmoid}, x, sigmoid},
		{"ActGelu", &op.Activation{F: op.ActGelu}, x, gelu},
		{"ActGeluTanh", &op.Activation{F: op.ActGeluTanh}, x, geluTanh},
		{"Swish", &op.Activation{F: op.ActSwish, A: 1}, x, func(x float64) float64 { return x * sigmoid(x) }},
		{"Swish of 1.7", &op.Activation{F: op.ActSwish, A: 1.5}, x, func(x float64) float64 { return x * sigmoid(1.5*x) }},
		{"ActHardSwish", &op.Activation{F: op.ActHardSwish}, x, hardSwish},
		{"ActLeakyRelu", &op.Activation{F: op.ActLeakyRelu, A: 0.01, Plain: true}, x, leaky(float64(float32(0.01)))},
		{"HardSigmoid", &op.Activation{F: op.ActHardSigmoid, A: 0.25, B: 0.5, Plain: true}, x, func(x float64) float64 { return min(max(x/4+0.5, 0), 1) }},
		{"ActElu", &op.Activation{F: op.ActElu, A: 0.5, Plain: true}, x, func(x float64) float64 { return elu(x, 0.5) }},
		{"ActElu in float64", &op.Activation{F: op.ActElu, A: 0.5}, x, func(x float64) float64 { return elu(x, 0.5) }},
		{"Selu", &op.Activation{F: op.ActSelu, A: 1.5, B: 1.25, Plain: true}, x, func(x float64) float64 { return 1.25 * elu(x, 1.5) }},
		{"Softplus", &op.Activation{F: op.ActSoftplus, A: 1, B: 1, Plain: true}, x, softplus},
		{"Abs", &op.Abs{}, x, math.Abs},
		{"Neg", &op.Neg{}, x, func(x float64) float64 { return -x }},
		{"Exp", &op.Exp{}, gradtest.Input{Shape: []int{33}}, math.Exp},
		{"UnaryAbs", &op.Unary{F: op.UnaryAbs}, x, math.Abs},
		{"UnaryNeg", &op.Unary{F: op.UnaryNeg}, x, func(x float64) float64 { return -x }},
		{"UnaryRelu", &op.Unary{F: op.UnaryRelu}, x, func(x float64) float64 { return max(x, 0) }},
		{"FnTanh", &op.Elementary{F: op.FnTanh}, x, math.Tanh},
		{"FnExp", &op.Elementary{F: op.FnExp}, gradtest.Input{Shape: []int{33}}, math.Exp},
		{"FnLog", &op.Elementary{F: op.FnLog}, positive, math.Log},
		{"FnSqrt", &op.Elementary{F: op.FnSqrt}, positive, math.Sqrt},
		{"FnSquare", &op.Elementary{F: op.FnSquare}, x, func(x float64) float64 { return x * x }},
		{"FnReciprocal", &op.Elementary{F: op.FnReciprocal}, positive, func(x float64) float64 { return 1 / x }},
		{"FnSin", &op.Elementary{F: op.FnSin}, x, math.Sin},
		{"FnCos", &op.Elementary{F: op.FnCos}, x, math.Cos},
	} {
		gradtest.Run(t, []gradtest.Case{{Name: c.name, Op: c.o, In: []gradtest.Input{c.in}, F: elementwise(c.f)}})
	}
}

func TestPowerGrad(t *testing.T) {
	x := gradtest.Input{Shape: []int{5, 27}, Scale: 0.2, Shift: 2}
	for _, e := range []float64{1, 2, 3, 0.5, -1.5} {
		power := func(in [][]float64) [][]float64 {
			return elementwise(func(x float64) float64 { return math.Pow(x, e) })(in)
		}
		exponent := gradtest.Input{Shape: []int{}, Data: []float64{e}, Const: true}
		gradtest.Run(t, []gradtest.Case{
			{Name: "Power", Op: &op.Power{}, In: []gradtest.Input{x, exponent}, F: power},
			{Name: "Pow", Op: &op.Pow{}, In: []gradtest.Input{x, exponent}, F: power},
		})
	}
}

func TestSoftmaxGrad(t *testing.T) {
	softmax := func(c int, beta float64) func(in [][]float64) [][]float64 {
		return func(in [][]float64) [][]float64 {
			y := make([]float64, len(in[0]))
			for i := 0; i < len(y); i += c {
				sum := 0.0
				for j := i; j < i+c; j++ {
					y[j] = math.Exp(beta * in[0][j])
					sum += y[j]
				}
				for j := i; j < i+c; j++ {
					y[j] /= sum
				}
			}
			return [][]float64{y}
		}
	}
	of := func(beta float32, axis int) graph.Op {
		return &op.Softmax{Beta: beta, Axis: axis, Plain: true, To: op.To{DType: tensor.F32}}
	}
	gradtest.Run(t, []gradtest.Case{
		{Name: "rows", Op: of(1, -1), In: []gradtest.Input{gradtest.Of(3, 4, 37)}, F: softmax(37, 1)},
		{Name: "beta", Op: of(0.5, 1), In: []gradtest.Input{{Shape: []int{40, 16}, Scale: 5}}, F: softmax(16, 0.5)},
		{Name: "one", Op: of(1, 1), In: []gradtest.Input{gradtest.Of(3, 1)}, F: softmax(1, 1)},
	})
}

// TestActivationGradUnsupported checks what can't be trained through, and types
// that no gradient has.
func TestActivationGradUnsupported(t *testing.T) {
	for _, o := range []op.Differentiable{&op.Activation{F: op.ActMish}, &op.Activation{F: op.ActElu, A: -1}, &op.Activation{F: op.ActSoftplus, A: 1, B: 2},
		&op.Elementary{F: op.FnErf}, &op.Unary{F: op.UnaryNot}} {
		_, err := o.Grad(graph.NewBuilder(""), &graph.Node{In: []graph.Value{0}, Out: []graph.Value{1}}, []graph.Value{2}, []bool{true})
		assert.ErrorContains(t, err, "training through "+graph.Name(o))
	}
	f, i := tensor.View{Type: tensor.Of(tensor.F32, 2, 3)}, tensor.View{Type: tensor.Of(tensor.I32, 2, 3)}
	for _, o := range []graph.Op{&op.PointwiseGrad{F: kernels.GradTanh}, &op.SoftmaxGrad{Beta: 1}} {
		for _, in := range [][]tensor.View{{f}, {f, i}, {i, f}, {f, {Type: tensor.Of(tensor.F32, 3, 2)}}} {
			_, err := o.Infer(in)
			assert.Error(t, err)
		}
	}
	_, err := (&op.SoftmaxGrad{}).Infer([]tensor.View{{Type: tensor.Of(tensor.F32)}, {Type: tensor.Of(tensor.F32)}})
	assert.ErrorContains(t, err, "last dimension")
}
