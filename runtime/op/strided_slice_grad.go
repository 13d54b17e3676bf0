package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// StridedSliceGrad puts the elements of input 0, dy, where a StridedSlice took
// them from a tensor of shape Shape; the others are 0. Inputs from 1 on are those
// of StridedSlice.
type StridedSliceGrad struct {
	Of    StridedSlice
	Shape []int
}

// source returns the inputs of the StridedSlice; its input 0 has no data.
func (o *StridedSliceGrad) source(in []tensor.View) []tensor.View {
	of := slices.Clone(in)
	of[0] = tensor.View{Type: tensor.Of(in[0].DType, o.Shape...)}
	return of
}

// Infer returns dy's type with the new shape.
func (o *StridedSliceGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 5); err != nil {
		return nil, err
	}
	y, err := o.Of.Infer(o.source(in))
	if err != nil {
		return nil, err
	}
	if !sameDims(y[0].Shape, in[0].Shape) {
		return nil, errorf("input 0 has shape %v, want %v: what is taken of %v", in[0].Shape, y[0].Shape, o.Shape)
	}
	return []tensor.Type{tensor.Of(in[0].DType, o.Shape...)}, nil
}

// Ref moves the elements back.
func (o *StridedSliceGrad) Ref(in, out []tensor.View) error { return o.put(o.source(in), in, out) }

func (o *StridedSliceGrad) put(source, in, out []tensor.View) error {
	m, err := o.Of.taken(source, in[0].Type)
	if err != nil {
		return err
	}
	clear(out[0].Data)
	m.reversed().run(out[0].Data, in[0].Data)
	return nil
}

// Prepare makes the list of inputs beforehand.
func (o *StridedSliceGrad) Prepare(*Prep) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		source := o.source(m.In)
		return func() error { return o.put(source, m.In, m.Out) }, nil
	}}, nil
}

// Grad puts the gradient where the elements come from.
func (o *StridedSlice) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	in := append([]graph.Value{dy[0]}, n.In[1:]...)
	g := b.Add(n.Label+"/grad", &StridedSliceGrad{Of: *o, Shape: b.Type(n.In[0]).Shape}, in...)
	return oneGrad(n, 0, g), nil
}
