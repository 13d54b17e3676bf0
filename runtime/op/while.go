package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// While runs Body as long as Cond, of the same inputs, gives true: each output
// of Body is the input of the next turn, and at the end the operator's output.
// Each turn counts as a loop step of the limits.
type While struct{ Cond, Body *graph.Graph }

// Subgraphs lists both sub-graphs.
func (o *While) Subgraphs() []*graph.Graph { return []*graph.Graph{o.Cond, o.Body} }

// Infer returns the inputs' types, with dimensions that Body changes Dynamic.
func (o *While) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 0, len(in)); err != nil {
		return nil, err
	}
	types := viewTypes(in)
	for i := range types {
		types[i].Shape = slices.Clone(types[i].Shape)
	}
	for known := -1; known != dynamics(types); { // each turn makes a dimension Dynamic, or is the last
		known = dynamics(types)
		out, err := outputs(o.Body, types)
		if err != nil {
			return nil, err
		}
		if err := merge(types, out, o.Body.Name); err != nil {
			return nil, err
		}
	}
	cond, err := outputs(o.Cond, types)
	if err != nil {
		return nil, err
	}
	if len(cond) != 1 || cond[0].DType != tensor.Bool || cond[0].Static() && cond[0].Len() != 1 {
		return nil, errorf("sub-graph %q gives %v, want one bool", o.Cond.Name, cond)
	}
	return types, nil
}

// dynamics counts the dimensions that are not known.
func dynamics(types []tensor.Type) (n int) {
	for _, t := range types {
		for _, d := range t.Shape {
			if d == tensor.Dynamic {
				n++
			}
		}
	}
	return n
}

// Prepare plans both sub-graphs.
func (o *While) Prepare(p *Prep) (Prepared, error) {
	if p.Grows() {
		return growing(p, o.grow), nil
	}
	var s subplans
	for _, g := range o.Subgraphs() {
		program, err := p.Plan(withInputs(g, p.In))
		if err != nil {
			return Prepared{}, err
		}
		s = append(s, program)
	}
	work := satAdd(s[0].Work(), s[1].Work())
	for _, t := range p.In {
		work = satAdd(work, int64(t.Len()))
	}
	return s.prepared(func(m *Mem, run []Instance) (Step, error) {
		cond, body := run[0], run[1]
		return func() error {
			for i := range m.In {
				copy(m.Out[i].Data, m.In[i].Data)
			}
			for {
				for i := range m.Out {
					copy(cond.In(i).Data, m.Out[i].Data)
				}
				if err := cond.Run(); err != nil {
					return err
				}
				if cond.Out(0).Data[0] == 0 {
					return nil
				}
				if err := m.Env.Charge(work); err != nil {
					return err
				}
				for i := range m.Out {
					copy(body.In(i).Data, m.Out[i].Data)
				}
				if err := body.Run(); err != nil {
					return err
				}
				for i := range m.Out {
					copy(m.Out[i].Data, body.Out(i).Data)
				}
			}
		}, nil
	}), nil
}

// grow is a While whose values change size.
func (o *While) grow(m *Mem, r *grower) error {
	state := m.In
	for {
		if err := r.call(o.Cond, state); err != nil {
			return err
		}
		if len(r.out[0].Data) != 1 {
			return dataf("condition of %d elements", len(r.out[0].Data))
		}
		work := r.work
		for i := range state {
			work = satAdd(work, int64(len(state[i].Data)))
		}
		if r.out[0].Data[0] == 0 {
			break
		}
		if err := r.call(o.Body, state); err != nil {
			return err
		}
		state = r.out
		if err := m.Env.Charge(satAdd(work, r.work)); err != nil {
			return err
		}
	}
	r.out = state
	return r.finish(m)
}
