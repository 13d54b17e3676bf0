package runtime

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// instance is a plan bound to memory: the model itself in a session, or a
// sub-graph in an operator's scratch.
type instance struct {
	p     *Plan
	env   *op.Env
	views []tensor.View // of every value
	steps []op.Step
}

// bind gives every value its place in arena and binds every step.
func (p *Plan) bind(arena, scratch []byte, perWorker [][]byte, env *op.Env) (*instance, error) {
	in := &instance{p: p, env: env, views: make([]tensor.View, len(p.g.Values)), steps: make([]op.Step, len(p.g.Nodes))}
	for i, v := range p.g.Values {
		in.views[i] = tensor.View{Type: v.Type, Data: v.Const}
		switch b := p.layout.of[i]; {
		case v.Var != nil:
			in.views[i] = env.Var(v.Var)
		case b >= 0:
			at, n := p.layout.blocks[b].offset, v.Type.Bytes()
			in.views[i].Data = arena[at : at+n : at+n]
		}
	}
	for i := range p.g.Nodes {
		n := &p.g.Nodes[i]
		m := &op.Mem{In: in.pick(n.In), Out: in.pick(n.Out), Scratch: scratch, PerWorker: perWorker, Env: env}
		var err error
		if p.late[i] {
			in.steps[i] = (&lateStep{in: in, n: n, mem: *m}).run
		} else if in.steps[i], err = p.steps[i].Bind(m); err != nil {
			return nil, fmt.Errorf("%s: %w", n, err)
		}
	}
	return in, nil
}

func (in *instance) pick(vs []graph.Value) []tensor.View {
	out := make([]tensor.View, len(vs))
	for i, v := range vs {
		if v != graph.None {
			out[i] = in.views[v]
		}
	}
	return out
}

// In returns the memory of input i, which the caller fills before Run.
func (in *instance) In(i int) *tensor.View { return &in.views[in.p.g.In[i]] }

// Out returns the memory of output i, which Run fills.
func (in *instance) Out(i int) *tensor.View { return &in.views[in.p.g.Out[i]] }

// Run runs every step in order. It doesn't allocate unless a value's size
// depends on data. The context is looked at between steps.
func (in *instance) Run() error {
	done := in.env.Ctx.Done()
	for i, step := range in.steps {
		if done != nil {
			select {
			case <-done:
				return in.env.Ctx.Err()
			default:
			}
		}
		if step == nil {
			continue
		}
		if err := step(); err == op.ErrIdle {
			return err
		} else if err != nil {
			return fmt.Errorf("%s: %w", &in.p.g.Nodes[i], err)
		}
	}
	return nil
}

// Scratch returns what an instance of p needs as part of a larger plan: its
// own arena and scratch, one after the other.
func (p *Plan) Scratch() (bytes, perWorker int) { return p.layout.size + p.scratch, p.perWorker }

// Work returns the work of one run.
func (p *Plan) Work() int64 { return p.work }

// Bind binds p to an operator's scratch.
func (p *Plan) Bind(m *op.Mem) (op.Instance, error) {
	at := p.layout.size
	return p.bind(m.Scratch[:at:at], m.Scratch[at:], m.PerWorker, m.Env)
}

// lateStep runs a node whose types are known only during the run. It infers
// them each time, and prepares and binds again when they have changed.
type lateStep struct {
	in   *instance
	n    *graph.Node
	mem  op.Mem
	step op.Step
	work int64 // of the step

	outputs int64 // bytes that grow has taken
	inner   int64 // bytes that the step has taken beside them
}

func (l *lateStep) run() error {
	same := l.step != nil
	for i, v := range l.n.In {
		if v != graph.None {
			now := l.in.views[v]
			same = same && l.mem.In[i].Type.Equal(now.Type) && unsafe.SliceData(l.mem.In[i].Data) == unsafe.SliceData(now.Data)
			l.mem.In[i] = now
		}
	}
	types, err := l.n.Op.Infer(l.mem.In)
	if err != nil {
		return fmt.Errorf("%w: %w", op.ErrData, err)
	}
	for i, v := range l.n.Out {
		if _, ok := l.n.Op.(op.Controller); ok && !types[i].Static() {
			continue // it calls Mem.Grow
		} else if !ok && !types[i].Static() {
			// contents that say -1, as sizes that an operator takes at their word
			return fmt.Errorf("%w: output %d has shape %v", op.ErrData, i, types[i].Shape)
		}
		if same = same && l.mem.Out[i].Type.Equal(types[i]); !same {
			if err := l.grow(v, types[i]); err != nil {
				return err
			}
			l.mem.Out[i] = l.in.views[v]
		}
	}
	if !same {
		if err := l.prepare(types); err != nil {
			return err
		}
	}
	if err := l.in.env.Spend(l.work); err != nil {
		return err
	}
	before := l.in.env.Grown - l.outputs
	err = l.step()
	l.inner += l.in.env.Grown - l.outputs - before
	return err
}

// grow makes the memory of v hold t.
func (l *lateStep) grow(v graph.Value, t tensor.Type) error {
	if err := t.Check(); err != nil {
		return fmt.Errorf("%w: %w", op.ErrData, err)
	}
	view, n := &l.in.views[v], t.Bytes()
	if view.Data == nil || n > cap(view.Data) {
		env, more := l.in.env, int64(n-cap(view.Data))
		if limit := env.Limits.MaxMemory; env.Grown+more > limit {
			return &op.LimitError{What: "bytes of memory", Need: env.Grown + more, Limit: limit, Detail: "for values whose size depends on data", Remedy: "raise --max-memory (Limits.MaxMemory)"}
		}
		env.Grown += more
		l.outputs += more
		view.Data = alloc(n)
	}
	view.Type, view.Data = t, view.Data[:n]
	return nil
}

func (l *lateStep) prepare(out []tensor.Type) error {
	l.in.env.Grown -= l.inner // it goes with the last step
	l.inner = 0
	_, l.work = cost(l.n.Op, viewTypes(l.mem.In), staticOnly(out))
	prep := op.Prep{In: make([]tensor.Type, len(l.mem.In)), Out: out, Const: make([][]byte, len(l.mem.In)), Kernels: l.in.p.set, Done: func(int) {}}
	for i := range l.mem.In {
		prep.In[i] = l.mem.In[i].Type
		if v := l.n.In[i]; v != graph.None {
			prep.Const[i] = l.in.p.g.Values[v].Const
		}
	}
	packs := newPacks(l.in.env.Limits)
	prep.Pack = func(i int, form string, n int, fill func(dst []byte)) ([]byte, error) {
		return packs.get(prep.Const[i], form, n, fill)
	}
	prep.Plan = func(g *graph.Graph) (op.Program, error) {
		// A loop may plan many times: what it packs goes with each plan.
		return newPlan(g, l.in.p.set, Options{Limits: l.in.p.limits}, newPacks(l.in.env.Limits), 1)
	}
	s, err := op.Prepare(l.n.Op, &prep)
	if err != nil {
		return err
	}
	m := l.mem
	m.Grow = func(i int, t tensor.Type) error {
		err := l.grow(l.n.Out[i], t)
		m.Out[i] = l.in.views[l.n.Out[i]]
		return err
	}
	m.Scratch = alloc(s.Scratch)
	m.PerWorker = make([][]byte, l.in.env.Workers.Len())
	for i := range m.PerWorker {
		m.PerWorker[i] = alloc(s.PerWorker)
	}
	l.step, err = s.Bind(&m)
	if l.step == nil {
		l.step = func() error { return nil }
	}
	return err
}

func viewTypes(vs []tensor.View) []tensor.Type {
	out := make([]tensor.Type, len(vs))
	for i := range vs {
		out[i] = vs[i].Type
	}
	return out
}

// staticOnly makes sizes 0 that only a control-flow operator will know: it
// charges for what it runs itself.
func staticOnly(ts []tensor.Type) []tensor.Type {
	out := slices.Clone(ts)
	for i, t := range out {
		if !t.Static() {
			out[i] = t.WithShape(0)
		}
	}
	return out
}
