package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Grad repeats the gradient of a sum or mean, and hands that of a maximum or
// minimum on to the first element that has it.
func (o *Reduce) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	x := b.Type(n.In[0])
	views := make([]tensor.View, len(n.In))
	for i, v := range n.In {
		views[i] = b.View(v)
	}
	reduced, known, err := o.axes(views)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, Unsupported("training through %s with computed axes", o.Name())
	}
	kept, count, axes := make([]int, x.Rank()), 1, []int{}
	for i, d := range x.Shape {
		if kept[i] = d; reduced[i] {
			kept[i], count, axes = 1, count*d, append(axes, i)
		}
	}
	label, g := n.Label+"/grad", dy[0]
	switch o.Kind {
	case ReduceMax, ReduceMin:
		return oneGrad(n, 0, b.Add(label, &FirstGrad{Axes: axes}, n.In[0], n.Out[0], g)), nil
	case ReduceMean:
		g = b.Add(label+"/mean", &Div{}, g, floatConst(b, float32(max(count, 1))))
	case ReduceSum:
	default:
		return nil, Unsupported("training through %s", o.Name())
	}
	if !o.KeepDims {
		g = b.Add(label+"/shape", &Reshape{Shape: kept}, g)
	}
	if count != 1 {
		g = b.Add(label, &BroadcastTo{}, g, listConst(b, x.Shape...))
	}
	return oneGrad(n, 0, g), nil
}

// FirstGrad is the gradient of a maximum or minimum along Axes, ascending, of
// float32: from x (input 0), the maximum (1) and its gradient dy (2), dx is dy
// where the first element equals the maximum, and 0 elsewhere. First is in the
// order of x.
type FirstGrad struct{ Axes []int }

// Infer returns x's type.
func (o *FirstGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantType(in, i, tensor.F32); err != nil {
			return nil, err
		}
	}
	want := Reduce{Kind: ReduceMax, Axes: o.Axes}
	shape, err := want.shape(in[:1])
	if err != nil {
		return nil, err
	}
	for i := 1; i < 3; i++ {
		if in[i].Static() && in[0].Static() && in[i].Len() != product(shape) {
			return nil, Unsupported("input %d of shape %v for a reduction of %v along %v", i, in[i].Shape, in[0].Shape, o.Axes)
		}
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref looks for the first of each.
func (o *FirstGrad) Ref(in, out []tensor.View) error {
	found := make([]byte, in[1].Len())
	o.step(in, out, found)()
	return nil
}

// Prepare asks for a byte for each maximum: whether it was found.
func (o *FirstGrad) Prepare(p *Prep) (Prepared, error) {
	return Prepared{Kernel: "go", Scratch: p.In[1].Len(), Bind: func(m *Mem) (Step, error) {
		step := o.step(m.In, m.Out, m.Scratch[:m.In[1].Len()])
		return func() error { step(); return nil }, nil
	}}, nil
}

// step returns the walk; found is as long as the maxima.
func (o *FirstGrad) step(in, out []tensor.View, found []byte) func() {
	x, y, dy, dx := in[0].F32(), in[1].F32(), in[2].F32(), out[0].F32()
	reduced := make([]bool, in[0].Rank())
	for _, a := range o.Axes {
		reduced[a] = true
	}
	r := runsOf(in[0].Shape, reduced)
	visit := func(at, to int) {
		from, into := x[at:at+r.inner], dx[at:at+r.inner]
		if !r.combined {
			for j, v := range from {
				if v == y[to+j] && found[to+j] == 0 {
					into[j], found[to+j] = dy[to+j], 1
				}
			}
			return
		}
		if found[to] != 0 {
			return
		}
		for j, v := range from {
			if v == y[to] {
				into[j], found[to] = dy[to], 1
				return
			}
		}
	}
	return func() { clear(dx); clear(found); r.each(visit) }
}
