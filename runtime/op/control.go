package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Controller is implemented by the operators of control flow: they run other
// graphs, and with them change those graphs' variables.
type Controller interface {
	Subgraphs() []*graph.Graph
}

// If runs Then if input 0, a bool, is true, and Else if not. The other inputs
// are the sub-graph's inputs, and its outputs the operator's. Dimensions in
// which the branches' outputs differ are known when one of them has run.
type If struct{ Then, Else *graph.Graph }

// Name returns "If".
func (If) Name() string { return "If" }

// Subgraphs lists both branches.
func (o If) Subgraphs() []*graph.Graph { return []*graph.Graph{o.Then, o.Else} }

// Infer returns what the types of both branches have in common.
func (o If) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, len(in)); err != nil {
		return nil, err
	}
	if in[0].DType != tensor.Bool || in[0].Static() && in[0].Len() != 1 {
		return nil, fmt.Errorf("condition is %s%v, want one bool", in[0].DType, in[0].Shape)
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
			return nil, err
		}
	}
	return out, nil
}

func (o If) taken(cond []byte) *graph.Graph {
	if cond[0] != 0 {
		return o.Then
	}
	return o.Else
}

// merge makes differing dimensions of a Dynamic.
func merge(a, b []tensor.Type, name string) error {
	if len(a) != len(b) {
		return fmt.Errorf("%d outputs, and %d of sub-graph %q", len(a), len(b), name)
	}
	for i := range a {
		x, y := &a[i], &b[i]
		switch {
		case x.DType != y.DType || !x.Quant.Equal(y.Quant):
			return fmt.Errorf("output %d is %s, and %s in sub-graph %q", i, x, y, name)
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
func (o If) Prepare(p *Prep) (Prepared, error) {
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

// While runs Body as long as Cond, of the same inputs, gives true: each output
// of Body is the input of the next turn, and at the end the operator's output.
// Each turn counts as a loop step of the limits.
type While struct{ Cond, Body *graph.Graph }

// Name returns "While".
func (While) Name() string { return "While" }

// Subgraphs lists both sub-graphs.
func (o While) Subgraphs() []*graph.Graph { return []*graph.Graph{o.Cond, o.Body} }

// Infer returns the inputs' types, with dimensions that Body changes Dynamic.
func (o While) Infer(in []tensor.View) ([]tensor.Type, error) {
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
		return nil, fmt.Errorf("sub-graph %q gives %v, want one bool", o.Cond.Name, cond)
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
func (o While) Prepare(p *Prep) (Prepared, error) {
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

// withInputs returns g with inputs of other types. Its other types, which
// planning infers anew, are not right any more.
func withInputs(g *graph.Graph, in []tensor.Type) *graph.Graph {
	h := *g
	h.Values = slices.Clone(g.Values)
	for i, v := range g.In {
		h.Values[v].Type = in[i]
	}
	return &h
}

// outputs returns the types of g's outputs for inputs of the given types.
func outputs(g *graph.Graph, in []tensor.Type) ([]tensor.Type, error) {
	if len(in) != len(g.In) {
		return nil, fmt.Errorf("sub-graph %q has %d inputs, and is given %d", g.Name, len(g.In), len(in))
	}
	same := true
	for i, v := range g.In {
		t := g.Values[v].Type
		if t.DType != in[i].DType || !t.Quant.Equal(in[i].Quant) {
			return nil, fmt.Errorf("input %d of sub-graph %q is %s, and is given %s", i, g.Name, t, in[i])
		}
		same = same && slices.Equal(t.Shape, in[i].Shape)
	}
	if !same {
		g = withInputs(g, in)
		for i := range g.Nodes {
			n := &g.Nodes[i]
			types, err := n.Op.Infer(g.Views(n.In))
			if err != nil {
				return nil, fmt.Errorf("sub-graph %q: %s: %w", g.Name, n, err)
			}
			for k, v := range n.Out {
				g.Values[v].Type = types[k]
			}
		}
	}
	out := make([]tensor.Type, len(g.Out))
	for i, v := range g.Out {
		out[i] = g.Values[v].Type
	}
	return out, nil
}

// subplans are the planned sub-graphs of one operator. They share scratch,
// one after the other, since a While's two are run in turn and keep nothing.
type subplans []Program

// prepared returns a Prepared that binds all of them, then calls bind.
func (s subplans) prepared(bind func(m *Mem, run []Instance) (Step, error)) Prepared {
	out := Prepared{Kernel: "go"}
	for _, p := range s {
		bytes, perWorker := p.Scratch()
		out.Scratch, out.PerWorker = max(out.Scratch, bytes), max(out.PerWorker, perWorker)
	}
	out.Bind = func(m *Mem) (Step, error) {
		run := make([]Instance, len(s))
		for i, p := range s {
			var err error
			if run[i], err = p.Bind(m); err != nil {
				return nil, err
			}
		}
		return bind(m, run)
	}
	return out
}

// growing prepares an operator whose outputs have sizes that only running its
// sub-graphs tells. It plans and allocates while it runs.
func growing(p *Prep, run func(m *Mem, g *grower) error) Prepared {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		g := &grower{plan: p.Plan, mem: m, made: map[*graph.Graph]*grown{}}
		return func() error { return run(m, g) }, nil
	}}
}

// grower runs sub-graphs on inputs of any shapes; out are the last outputs.
type grower struct {
	plan func(*graph.Graph) (Program, error)
	mem  *Mem
	made map[*graph.Graph]*grown // the last plan of each
	out  []tensor.View
	work int64
}

type grown struct {
	in   []tensor.Type
	run  Instance
	work int64
}

// call runs g and leaves copies of its outputs in out.
func (r *grower) call(g *graph.Graph, in []tensor.View) error {
	types := viewTypes(in)
	x := r.made[g]
	if x == nil || !slices.EqualFunc(x.in, types, tensor.Type.Equal) {
		program, err := r.plan(withInputs(g, types))
		if err != nil {
			return err
		}
		m := &Mem{Env: r.mem.Env, PerWorker: make([][]byte, len(r.mem.PerWorker))}
		bytes, perWorker := program.Scratch()
		m.Scratch = aligned(bytes)
		for i := range m.PerWorker {
			m.PerWorker[i] = aligned(perWorker)
		}
		inst, err := program.Bind(m)
		if err != nil {
			return err
		}
		x = &grown{in: types, run: inst, work: program.Work()}
		r.made[g] = x
	}
	for i := range in {
		copy(x.run.In(i).Data, in[i].Data)
	}
	if err := x.run.Run(); err != nil {
		return err
	}
	r.out, r.work = make([]tensor.View, len(g.Out)), x.work
	for i := range r.out {
		v := x.run.Out(i)
		r.out[i] = tensor.View{Type: v.Type, Data: aligned(len(v.Data))}
		copy(r.out[i].Data, v.Data)
	}
	return nil
}

// satAdd adds what cannot be negative, and stays at the most.
func satAdd(a, b int64) int64 {
	if s := a + b; s >= a {
		return s
	}
	return math.MaxInt64
}

// aligned returns n bytes that any element type can lie in.
func aligned(n int) []byte { return tensor.Bytes(make([]uint64, n/8+1))[:n] }

// finish makes the operator's outputs those of the last call.
func (r *grower) finish(m *Mem) error {
	for i := range r.out {
		if err := m.Grow(i, r.out[i].Type); err != nil {
			return err
		}
		copy(m.Out[i].Data, r.out[i].Data)
	}
	return nil
}

// grow is a While whose values change size.
func (o While) grow(m *Mem, r *grower) error {
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
