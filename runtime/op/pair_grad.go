package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// pairGrad adds the gradients of a broadcasting function of two operands: each
// of those asked for is of(i), of the output's shape, summed over where the
// operand was repeated.
func pairGrad(b *graph.Builder, n *graph.Node, want []bool, of func(i int, label string) graph.Value) []graph.Value {
	dx := noGrads(n)
	for i := range dx {
		if want[i] {
			label := gradLabel(n, i)
			dx[i] = summedTo(b, label, of(i, label), b.Type(n.In[i]).Shape)
		}
	}
	return dx
}

// Grad hands the gradient on to both operands.
func (o *Add) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	g := o.Clamp.grad(b, n, dy[0])
	return pairGrad(b, n, want, func(int, string) graph.Value { return g }), nil
}

// Grad hands the gradient on, and its negative to b: negated when it is summed.
func (o *Sub) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	g := o.Clamp.grad(b, n, dy[0])
	dx := pairGrad(b, n, want, func(int, string) graph.Value { return g })
	if want[1] {
		dx[1] = negated(b, gradLabel(n, 1), dx[1])
	}
	return dx, nil
}

// Grad is dy·b and dy·a.
func (o *Mul) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	g := o.Clamp.grad(b, n, dy[0])
	return pairGrad(b, n, want, func(i int, label string) graph.Value {
		return b.Add(label, &Mul{}, g, n.In[1-i])
	}), nil
}

// Grad is dy/b and −dy/b·(a/b).
func (o *Div) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	g := b.Add(n.Label+"/grad", &Div{}, o.Clamp.grad(b, n, dy[0]), n.In[1])
	dx := pairGrad(b, n, want, func(i int, label string) graph.Value {
		if i == 0 {
			return g
		}
		y := n.Out[0]
		if !o.Clamp.idle() {
			y = b.Add(label+"/quotient", &Div{}, n.In[0], n.In[1])
		}
		return b.Add(label, &Mul{}, g, y)
	})
	if want[1] {
		dx[1] = negated(b, gradLabel(n, 1), dx[1])
	}
	return dx, nil
}

// Grad is 2·dy·(a − b), and its negative. Twice is a sum, which is exact.
func (o *SquaredDifference) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	d := b.Add(n.Label+"/difference", &Sub{}, n.In[0], n.In[1])
	half := b.Add(n.Label+"/half", &Mul{}, d, dy[0])
	g := b.Add(n.Label+"/grad", &Add{}, half, half)
	dx := pairGrad(b, n, want, func(int, string) graph.Value { return g })
	if want[1] {
		dx[1] = negated(b, gradLabel(n, 1), dx[1])
	}
	return dx, nil
}

// Grad hands the gradient on to all inputs.
func (*AddN) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return pairGrad(b, n, want, func(int, string) graph.Value { return dy[0] }), nil
}

// Grad is that of Add, Sub, Mul, Div, Maximum and Minimum, for float32.
func (o *Arithmetic) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	switch o.F {
	case ArithAdd:
		return (&Add{}).Grad(b, n, dy, want)
	case ArithSub:
		return (&Sub{}).Grad(b, n, dy, want)
	case ArithMul:
		return (&Mul{}).Grad(b, n, dy, want)
	case ArithDiv:
		return (&Div{}).Grad(b, n, dy, want)
	case ArithMax:
		return extremumGrads(b, n, dy[0], want, true), nil
	case ArithMin:
		return extremumGrads(b, n, dy[0], want, false), nil
	}
	return nil, Unsupported("training through %s", o.Name())
}
