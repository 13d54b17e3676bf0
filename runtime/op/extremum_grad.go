package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ExtremumGrad hands input 2, dy, on where input 0 of a Maximum (Greater) or
// Minimum was chosen or, with Second, where input 1 was: it is where both are
// equal. Elsewhere its output is 0. The output has the shape of dy, to which
// inputs 0 and 1 are broadcast.
type ExtremumGrad struct{ Greater, Second bool }

// Infer returns dy's type.
func (*ExtremumGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantType(in, i, tensor.F32); err != nil {
			return nil, err
		}
		if err := normFits(in[i].Shape, in[2].Shape); err != nil {
			return nil, err
		}
	}
	return []tensor.Type{in[2].Type}, wantRanks(in)
}

// takes reports whether dy goes to the operand.
func (o *ExtremumGrad) takes(a, b float32) bool {
	first := a < b
	if o.Greater {
		first = a > b
	}
	return first != o.Second
}

// Ref chooses element by element.
func (o *ExtremumGrad) Ref(in, out []tensor.View) error {
	a, b, dy, dx := in[0].F32(), in[1].F32(), in[2].F32(), out[0].F32()
	shape := out[0].Shape
	for k := range dx {
		v := dy[k]
		if !o.takes(a[under(in[0].Shape, shape, k)], b[under(in[1].Shape, shape, k)]) {
			v = 0
		}
		dx[k] = v
	}
	return nil
}

// Prepare prepares a walk along rows.
func (o *ExtremumGrad) Prepare(*Prep) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		a, b, dy, dx := m.In[0].F32(), m.In[1].F32(), m.In[2].F32(), m.Out[0].F32()
		if len(dx) == 0 {
			return nil, nil
		}
		w := newWalk(m.Out[0].Shape, m.In[0].Shape, m.In[1].Shape)
		var by [2]int
		for j := range by {
			if !w.still[j] && w.row > 1 {
				by[j] = 1
			}
		}
		row := func(at int, from [3]int) {
			i, j := from[0], from[1]
			to, g := dx[at:at+w.row], dy[at:at+w.row]
			for k := range to {
				v := g[k]
				if !o.takes(a[i], b[j]) {
					v = 0
				}
				to[k], i, j = v, i+by[0], j+by[1]
			}
		}
		return func() error { w.each(0, w.row, row); return nil }, nil
	}}, nil
}

// InPlace says that the gradient may replace dy.
func (*ExtremumGrad) InPlace(in, out []tensor.Type) []int { return []int{2} }

func extremumGrads(b *graph.Builder, n *graph.Node, dy graph.Value, want []bool, greater bool) []graph.Value {
	return pairGrad(b, n, want, func(i int, label string) graph.Value {
		return b.Add(label, &ExtremumGrad{Greater: greater, Second: i == 1}, n.In[0], n.In[1], dy)
	})
}

// Grad hands the gradient on to the operand that was taken.
func (*Maximum) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return extremumGrads(b, n, dy[0], want, true), nil
}

// Grad hands the gradient on to the operand that was taken.
func (*Minimum) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return extremumGrads(b, n, dy[0], want, false), nil
}
