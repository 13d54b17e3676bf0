package op

import (
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
		return nil, errorf("sub-graph %q has %d inputs, and is given %d", g.Name, len(g.In), len(in))
	}
	same := true
	for i, v := range g.In {
		t := g.Values[v].Type
		if t.DType != in[i].DType || !t.Quant.Equal(in[i].Quant) {
			return nil, errorf("input %d of sub-graph %q is %s, and is given %s", i, g.Name, t, in[i])
		}
		same = same && slices.Equal(t.Shape, in[i].Shape)
	}
	if !same {
		g = withInputs(g, in)
		for i := range g.Nodes {
			n := &g.Nodes[i]
			types, err := n.Op.Infer(g.Views(n.In))
			if err != nil {
				return nil, errorf("sub-graph %q: %s: %w", g.Name, n, err)
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
//
//go:noinline
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
	in    []tensor.Type
	run   Instance
	work  int64
	bytes int64
}

// take counts the memory of a plan as the session's.
func (r *grower) take(bytes int64) error {
	env := r.mem.Env
	if limit := env.Limits.MaxMemory; bytes > 0 && env.Grown+bytes > limit {
		return &LimitError{What: "bytes of memory", Need: env.Grown + bytes, Limit: limit, Detail: "for parts that are planned during the run", Remedy: "raise --max-memory (Limits.MaxMemory)"}
	}
	env.Grown += bytes
	return nil
}

// release forgets all plans.
func (r *grower) release() {
	for _, x := range r.made {
		r.mem.Env.Grown -= x.bytes
	}
	clear(r.made)
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
		if x != nil {
			delete(r.made, g)
			r.mem.Env.Grown -= x.bytes
		}
		total := programBytes(program, len(r.mem.PerWorker))
		if err := r.take(total); err != nil {
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
		x = &grown{in: types, run: inst, work: program.Work(), bytes: total}
		r.made[g] = x
	}
	for i := range in {
		copy(x.run.In(i).Data, in[i].Data)
	}
	before := r.mem.Env.Grown
	err := x.run.Run()
	x.bytes += r.mem.Env.Grown - before // what it has made of sizes that depend on data goes with it
	if err != nil {
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

// programBytes returns the memory that a planned sub-graph runs in.
func programBytes(p Program, workers int) int64 {
	bytes, perWorker := p.Scratch()
	return int64(bytes) + int64(workers)*int64(perWorker)
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
