package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Grad knows constant exponents that are one number.
func (*Power) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return powerGrad(b, n, dy, want, &Power{})
}

// Grad knows constant exponents that are one number.
func (*Pow) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return powerGrad(b, n, dy, want, &Pow{})
}

// powerGrad adds (dy·c)·x^(c−1), with raise for powers.
func powerGrad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool, raise graph.Op) ([]graph.Value, error) {
	c, label := b.View(n.In[1]), n.Label+"/grad"
	if want[1] || !c.Known() || c.Len() != 1 || c.Rank() > len(b.Type(n.In[0]).Shape) {
		return nil, Unsupported("training through a power whose exponent isn't one constant number")
	}
	e := c.F32()[0]
	dx := scaledBy(b, label, dy[0], e)
	switch e {
	case 1:
	case 2:
		dx = b.Add(label, &Mul{}, dx, n.In[0])
	default:
		less := b.Const(label+"/exponent", tensor.Of(tensor.F32), tensor.Bytes([]float32{e - 1}))
		dx = b.Add(label, &Mul{}, dx, b.Add(label, raise, n.In[0], less))
	}
	return []graph.Value{dx, graph.None}, nil
}
