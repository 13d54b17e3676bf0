package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// Gradients of activations come from outputs where that is cheaper: the input's
// memory is free then.

// Grad is from the output.
func (*Logistic) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return (&PointwiseGrad{F: kernels.GradSigmoid}).fromOutput(b, n, dy)
}

// Grad is from the output.
func (*Tanh) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return (&PointwiseGrad{F: kernels.GradTanh}).fromOutput(b, n, dy)
}

// Grad is from the output.
func (*Elu) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return (&PointwiseGrad{F: kernels.GradElu, A: 1, B: 1}).fromOutput(b, n, dy)
}

// Grad is from the input.
func (o *Gelu) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	f := kernels.GradGelu
	if o.Tanh {
		f = kernels.GradGeluTanh
	}
	return (&PointwiseGrad{F: f}).fromInput(b, n, dy)
}

// Grad is from the input.
func (*HardSwish) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return (&PointwiseGrad{F: kernels.GradHardSwish}).fromInput(b, n, dy)
}

// Grad is from the output, if that has the input's sign.
func (o *LeakyRelu) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	g := PointwiseGrad{F: kernels.GradLeakyRelu, A: o.Alpha}
	if o.Alpha > 0 {
		return g.fromOutput(b, n, dy)
	}
	return g.fromInput(b, n, dy)
}

// Grad knows the functions that layers have.
func (o *Activation) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	switch o.F {
	case ActSigmoid:
		return (&Logistic{}).Grad(b, n, dy, want)
	case ActGelu, ActGeluTanh:
		return (&Gelu{Tanh: o.F == ActGeluTanh}).Grad(b, n, dy, want)
	case ActSwish:
		return (&PointwiseGrad{F: kernels.GradSwish, A: o.A}).fromInput(b, n, dy)
	case ActHardSwish:
		return (&HardSwish{}).Grad(b, n, dy, want)
	case ActLeakyRelu:
		return (&LeakyRelu{Alpha: o.A}).Grad(b, n, dy, want)
	case ActHardSigmoid: // strictly between 0 and 1, a
		return (&PointwiseGrad{F: kernels.GradClamp, A: 1, B: o.A}).fromOutput(b, n, dy)
	case ActElu:
		if o.A >= 0 {
			return (&PointwiseGrad{F: kernels.GradElu, A: o.A, B: 1}).fromOutput(b, n, dy)
		}
	case ActSelu:
		if o.A >= 0 && o.B > 0 {
			return (&PointwiseGrad{F: kernels.GradElu, A: o.A * o.B, B: o.B}).fromOutput(b, n, dy)
		}
	case ActSoftplus:
		if o.A == 1 && o.B == 1 {
			return (&PointwiseGrad{F: kernels.GradSoftplus}).fromInput(b, n, dy)
		}
	}
	return nil, Unsupported("training through %s with parameters %v and %v", o.Name(), o.A, o.B)
}

// Grad is from the input's sign.
func (*Abs) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return (&PointwiseGrad{F: kernels.GradAbs}).fromInput(b, n, dy)
}

// Grad takes the gradient with the other sign.
func (*Neg) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return []graph.Value{scaledBy(b, n.Label+"/grad", dy[0], -1)}, nil
}

// Grad is from the output.
func (*Exp) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return []graph.Value{b.Add(n.Label+"/grad", &Mul{}, dy[0], n.Out[0])}, nil
}

// Grad knows ONNX's names of functions that others have too.
func (o *Unary) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	switch o.F {
	case UnaryAbs:
		return (&Abs{}).Grad(b, n, dy, want)
	case UnaryNeg:
		return (&Neg{}).Grad(b, n, dy, want)
	case UnaryRelu:
		return (&PointwiseGrad{F: kernels.GradClamp, A: infs[1], B: 1}).fromOutput(b, n, dy)
	case UnarySign:
		return []graph.Value{graph.None}, nil
	}
	return nil, Unsupported("training through %s", o.Name())
}

// Grad knows the functions whose derivatives are operators.
func (o *Elementary) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	x, y, label := n.In[0], n.Out[0], n.Label+"/grad"
	switch g := dy[0]; o.F {
	case FnTanh:
		return (&Tanh{}).Grad(b, n, dy, want)
	case FnExp:
		return (&Exp{}).Grad(b, n, dy, want)
	case FnLog:
		return []graph.Value{b.Add(label, &Div{}, g, x)}, nil
	case FnSqrt:
		return []graph.Value{b.Add(label, &Div{}, scaledBy(b, label, g, 0.5), y)}, nil
	case FnSquare:
		return []graph.Value{b.Add(label, &Mul{}, scaledBy(b, label, g, 2), x)}, nil
	case FnReciprocal:
		square := b.Add(label, &Mul{}, y, y)
		return []graph.Value{scaledBy(b, label, b.Add(label, &Mul{}, g, square), -1)}, nil
	case FnSin:
		return []graph.Value{b.Add(label, &Mul{}, g, b.Add(label, &Elementary{F: FnCos}, x))}, nil
	case FnCos:
		sin := b.Add(label, &Elementary{F: FnSin}, x)
		return []graph.Value{scaledBy(b, label, b.Add(label, &Mul{}, g, sin), -1)}, nil
	case FnCeil, FnFloor, FnRound:
		return []graph.Value{graph.None}, nil
	}
	return nil, Unsupported("training through %s", o.Name())
}
