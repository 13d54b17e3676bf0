package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ReadVariable copies input 0, a variable, at its place in the order of nodes:
// what is assigned later does not change the output. The output has the given
// shape; nil means the variable's.
type ReadVariable struct{ Shape []int }

// Infer returns the variable's type, in the given shape.
func (o *ReadVariable) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if o.Shape == nil {
		return []tensor.Type{in[0].Type}, nil
	}
	t := in[0].Type.WithShape(o.Shape...)
	if !t.Static() || t.Len() != in[0].Len() {
		return nil, errorf("variable of shape %v is read as %v", in[0].Shape, o.Shape)
	}
	return []tensor.Type{t}, nil
}

// Ref copies the elements.
func (*ReadVariable) Ref(in, out []tensor.View) error {
	copy(out[0].Data, in[0].Data)
	return nil
}

// AssignVariable sets input 0, a variable, to the value of input 1, which has
// as many elements of the same type. It has no output.
type AssignVariable struct{}

// Writes lists the variable.
func (*AssignVariable) Writes() []int { return []int{0} }

// Infer checks that the types agree.
func (*AssignVariable) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if in[0].DType != in[1].DType || in[1].Static() && in[0].Len() != in[1].Len() {
		return nil, errorf("variable is %s%v and its new value %s%v", in[0].DType, in[0].Shape, in[1].DType, in[1].Shape)
	}
	return nil, nil
}

// Ref copies the elements.
func (*AssignVariable) Ref(in, out []tensor.View) error {
	copy(in[0].Data, in[1].Data)
	return nil
}

// CallOnce runs Init in the first run of a session, and in the first after
// Reset. Input 0 is a variable of one bool, which remembers that it has run.
type CallOnce struct{ Init *graph.Graph }

// Writes lists the flag.
func (*CallOnce) Writes() []int { return []int{0} }

// Subgraphs lists Init.
func (o *CallOnce) Subgraphs() []*graph.Graph { return []*graph.Graph{o.Init} }

// Infer returns nothing: there is no output.
func (o *CallOnce) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if in[0].DType != tensor.Bool || in[0].Len() != 1 {
		return nil, errorf("input 0 is %s%v, want one bool", in[0].DType, in[0].Shape)
	}
	if n := len(o.Init.In); n > 0 {
		return nil, errorf("sub-graph %q has %d inputs, want none", o.Init.Name, n)
	}
	return nil, nil
}

// Prepare plans Init.
func (o *CallOnce) Prepare(p *Prep) (Prepared, error) {
	program, err := p.Plan(o.Init)
	if err != nil {
		return Prepared{}, err
	}
	s := subplans{program}
	return s.prepared(func(m *Mem, run []Instance) (Step, error) {
		flag := m.In[0].Data
		return func() error {
			if flag[0] != 0 {
				return nil
			}
			if err := run[0].Run(); err != nil {
				return err
			}
			flag[0] = 1
			return nil
		}, nil
	}), nil
}
