package runtime

import (
	"context"
	goruntime "runtime"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Session is a plan with memory. One goroutine at a time may use it; several
// sessions of one plan may run at once.
type Session struct {
	p    *Plan
	in   *instance
	env  *op.Env
	with *shared
	vars map[*graph.Var][]byte
	idle bool
}

// NewSession allocates everything that runs need, with the given number of
// threads. Close ends the threads; so does the garbage collector.
func (p *Plan) NewSession(threads int) (*Session, error) {
	s, err := NewSessions(threads, map[*graph.Var][]byte{}, p)
	if err != nil {
		return nil, err
	}
	return s[0], nil
}

// NewSessions returns a session for each plan. They take turns: their runs share
// one arena, one scratch, the threads and the variables, so that together they
// need no more than the largest of them. Variables lie where vars has them, as
// they are there; others are added to vars, with their first values. Closing
// one session closes all.
func NewSessions(threads int, vars map[*graph.Var][]byte, plans ...*Plan) ([]*Session, error) {
	threads = max(threads, 1)
	var arena, scratch, perWorker int
	for _, p := range plans {
		if need := p.Memory().Total(threads); need > p.limits.MaxMemory {
			return nil, &op.LimitError{What: "bytes of memory", Need: need, Limit: p.limits.MaxMemory, Detail: "with scratch for each thread", Remedy: "use fewer threads, or raise --max-memory (Limits.MaxMemory)"}
		}
		arena, scratch, perWorker = max(arena, p.layout.size), max(scratch, p.scratch), max(perWorker, p.perWorker)
		for _, v := range p.vars {
			if vars[v] == nil {
				vars[v] = alloc(v.Type.Bytes())
				copy(vars[v], v.Init)
			}
		}
	}
	m := &shared{arena: alloc(arena), scratch: alloc(scratch), perWorker: make([][]byte, threads), workers: alone{}}
	for i := range m.perWorker {
		m.perWorker[i] = alloc(perWorker)
	}
	if threads > 1 {
		m.workers = newWorkers(threads)
	}
	out := make([]*Session, len(plans))
	for i, p := range plans {
		var err error
		if out[i], err = p.session(m, vars); err != nil {
			if w, ok := m.workers.(*workers); ok {
				w.close()
			}
			return nil, err
		}
	}
	if w, ok := m.workers.(*workers); ok {
		goruntime.AddCleanup(m, (*workers).close, w)
	}
	return out, nil
}

// shared is what sessions that take turns have in common.
type shared struct {
	arena, scratch []byte
	perWorker      [][]byte
	workers        op.Workers
}

// session binds p to m.
func (p *Plan) session(m *shared, vars map[*graph.Var][]byte) (*Session, error) {
	s := &Session{p: p, vars: vars, with: m, env: &op.Env{Ctx: context.Background(), Limits: p.limits, Workers: m.workers}}
	s.env.Var = func(v *graph.Var) tensor.View {
		if s.vars[v] == nil { // of a part that is built during the run
			s.vars[v] = alloc(v.Type.Bytes())
			copy(s.vars[v], v.Init)
		}
		return tensor.View{Type: v.Type, Data: s.vars[v]}
	}
	var err error
	s.in, err = p.bind(m.arena, m.scratch, m.perWorker, s.env)
	return s, err
}

// Close ends the session's threads. The session must not be used afterwards.
func (s *Session) Close() {
	if w, ok := s.env.Workers.(*workers); ok {
		w.close()
	}
}

// In returns the memory of input i. A run may overwrite it.
func (s *Session) In(i int) *tensor.View { return s.in.In(i) }

// Out returns the memory of output i, valid until the next run.
func (s *Session) Out(i int) *tensor.View { return s.in.Out(i) }

// Plan returns the plan that the session runs.
func (s *Session) Plan() *Plan { return s.p }

// Run runs the model once. It doesn't allocate, unless the model has values
// whose size depends on data.
func (s *Session) Run() error { return s.run() }

// RunContext is Run that can be cancelled between steps. After an error,
// variables may hold a mixture of old and new state: call Reset or Restore.
func (s *Session) RunContext(ctx context.Context) error {
	s.env.Ctx = ctx
	err := s.run()
	s.env.Ctx = context.Background()
	return err
}

func (s *Session) run() error {
	s.env.StepsLeft, s.env.WorkLeft = s.p.limits.MaxSteps, s.p.limits.MaxMACs
	err := s.in.Run()
	if s.idle = err == op.ErrIdle; s.idle {
		return nil
	}
	return err
}

// Idle reports whether the last run ended early, since an operator waits for
// the input of further runs (op.ErrIdle): the outputs are still those of the
// last complete run.
func (s *Session) Idle() bool { return s.idle }

// Reset sets all variables to their first values.
func (s *Session) Reset() {
	for v, b := range s.vars {
		clear(b)
		copy(b, v.Init)
	}
}

// State is a copy of a session's variables.
type State struct {
	p    *Plan
	vars map[*graph.Var][]byte
}

// Save returns a copy of the session's variables.
func (s *Session) Save() *State {
	st := &State{s.p, make(map[*graph.Var][]byte, len(s.vars))}
	for v, b := range s.vars {
		st.vars[v] = append([]byte(nil), b...)
	}
	return st
}

// Restore sets the variables to what they were at Save, in this session or in
// another of the same plan.
func (s *Session) Restore(st *State) {
	if st.p != s.p {
		panic("edgeinfer: state of another plan")
	}
	for v, b := range st.vars {
		copy(s.vars[v], b)
	}
}
