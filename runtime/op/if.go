package op

import (
	"errors"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// If runs Then if input 0, a bool, is true, and Else if not. The other inputs
// are the sub-graph's inputs, and its outputs the operator's. Dimensions in
// which the branches' outputs differ are known when one of them has run.
type If struct{ Then, Else *graph.Graph }

// Subgraphs lists both branches.
func (o *If) Subgraphs() []*graph.Graph { return []*graph.Graph{o.Then, o.Else} }

// Infer returns what the types of both branches have in common.
func (o *If) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, len(in)); err != nil {
		return nil, err
	}
	if in[0].DType != tensor.Bool || in[0].Static() && in[0].Len() != 1 {
		return nil, errorf("condition is %s%v, want one bool", in[0].DType, in[0].Shape)
	}
	branches := o.Subgraphs()
	if in[0].Known() && in[0].Static() { // only while running: constants are no reason to drop a branch's checks
		branches = []*graph.Graph{o.taken(in[0].Data)}
	}
	var out []tensor.Type
	for i, g := range branches {
		types, err := outputs(g, viewTypes(in[1:]))
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out = types
		} else if err := merge(out, types, g.Name); err != nil {
			var rank *UnsupportedError
			if errors.As(err, &rank) { // one branch alone would do
				return nil, Undecided("%s", rank.What)
			}
			return nil, err
		}
	}
	return out, nil
}

func (o *If) taken(cond []byte) *graph.Graph {
	if cond[0] != 0 {
		return o.Then
	}
	return o.Else
}

// merge makes differing dimensions of a Dynamic.
func merge(a, b []tensor.Type, name string) error {
	if len(a) != len(b) {
		return errorf("%d outputs, and %d of sub-graph %q", len(a), len(b), name)
	}
	for i := range a {
		x, y := &a[i], &b[i]
		switch {
		case x.DType != y.DType || !x.Quant.Equal(y.Quant):
			return errorf("output %d is %s, and %s in sub-graph %q", i, x, y, name)
		case len(x.Shape) != len(y.Shape):
			return Unsupported("output %d of shape %v, and %v in sub-graph %q: a rank that changes", i, x.Shape, y.Shape, name)
		}
		x.Shape = slices.Clone(x.Shape)
		for d := range x.Shape {
			if x.Shape[d] != y.Shape[d] {
				x.Shape[d] = tensor.Dynamic
			}
		}
	}
	return nil
}

// Prepare plans both branches, or if sizes depend on data leaves it to the
// run, which plans the one that is taken.
func (o *If) Prepare(p *Prep) (Prepared, error) {
	in := p.In[1:]
	if p.Grows() {
		return growing(p, func(m *Mem, run *grower) error {
			if err := run.call(o.taken(m.In[0].Data), m.In[1:]); err != nil {
				return err
			}
			return run.finish(m)
		}), nil
	}
	var s subplans
	for _, g := range o.Subgraphs() {
		program, err := p.Plan(withInputs(g, in))
		if err != nil {
			return Prepared{}, err
		}
		s = append(s, program)
	}
	return s.prepared(func(m *Mem, branch []Instance) (Step, error) {
		cond := m.In[0].Data
		return func() error {
			taken := branch[1]
			if cond[0] != 0 {
				taken = branch[0]
			}
			for i := range m.In[1:] {
				copy(taken.In(i).Data, m.In[i+1].Data)
			}
			if err := taken.Run(); err != nil {
				return err
			}
			for i := range m.Out {
				copy(m.Out[i].Data, taken.Out(i).Data)
			}
			return nil
		}, nil
	}), nil
}
