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
	vars map[*graph.Var][]byte
	idle bool
}

// NewSession allocates everything that runs need, with the given number of
// threads. Close ends the threads; so does the garbage collector.
func (p *Plan) NewSession(threads int) (*Session, error) {
	threads = max(threads, 1)
	s := &Session{p: p, vars: map[*graph.Var][]byte{}, env: &op.Env{Ctx: context.Background(), Limits: p.limits, Workers: alone{}}}
	if need := p.Memory().Total(threads); need > p.limits.MaxMemory {
		return nil, &op.LimitError{What: "bytes of memory", Need: need, Limit: p.limits.MaxMemory, Detail: "with scratch for each thread", Remedy: "use fewer threads, or raise --max-memory (Limits.MaxMemory)"}
	}
	for _, v := range p.vars {
		if s.vars[v] == nil {
			s.vars[v] = alloc(v.Type.Bytes())
		}
	}
	s.env.Var = func(v *graph.Var) tensor.View {
		if s.vars[v] == nil { // of a part that is built during the run
			s.vars[v] = alloc(v.Type.Bytes())
			copy(s.vars[v], v.Init)
		}
		return tensor.View{Type: v.Type, Data: s.vars[v]}
	}
	perWorker := make([][]byte, threads)
	for i := range perWorker {
		perWorker[i] = alloc(p.perWorker)
	}
	if threads > 1 {
		w := newWorkers(threads)
		s.env.Workers = w
		goruntime.AddCleanup(s, (*workers).close, w)
	}
	var err error
	if s.in, err = p.bind(alloc(p.layout.size), alloc(p.scratch), perWorker, s.env); err != nil {
		s.Close()
		return nil, err
	}
	s.Reset()
	return s, nil
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
