package edgeinfer

import (
	"context"
	"slices"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
)

// Session is a model with memory for its runs. One goroutine at a time may
// use it; several sessions of one model may run at once, and share its weights.
type Session struct {
	m       *Model
	s       *runtime.Session
	inputs  []Tensor
	outputs []Tensor
	kept    map[string]*Tensor
}

// NewSession plans the model, unless that has been done for the same options,
// and allocates everything that runs need.
func (m *Model) NewSession(o Options) (*Session, error) {
	p, err := m.Plan(o)
	if err != nil {
		return nil, err
	}
	threads := o.Threads
	if threads == 0 {
		threads = host.Threads()
	}
	rs, err := p.NewSession(threads)
	if err != nil {
		return nil, m.named(err)
	}
	s := &Session{m: m, s: rs, kept: map[string]*Tensor{}}
	g := p.Graph()
	for i, v := range g.In {
		s.inputs = append(s.inputs, Tensor{g.Values[v].Name, rs.In(i)})
	}
	for i, v := range g.Out {
		name := g.Values[v].Name
		if i < len(m.graph.Out) { // what the plan computes it by may have another name
			name = m.graph.Values[m.graph.Out[i]].Name
		}
		s.outputs = append(s.outputs, Tensor{name, rs.Out(i)})
	}
	n := len(s.outputs) - len(o.Keep)
	for i, name := range o.Keep {
		s.kept[name] = &s.outputs[n+i]
	}
	s.outputs = s.outputs[:n:n]
	m.settle(p)
	return s, nil
}

// Close ends the session's threads. The session must not be used afterwards.
// A session that is dropped without Close is cleaned up later.
func (s *Session) Close() { s.s.Close() }

// Inputs returns the number of inputs. Outputs returns that of outputs.
func (s *Session) Inputs() int  { return len(s.inputs) }
func (s *Session) Outputs() int { return len(s.outputs) }

// Input returns input i, to be filled before a run.
func (s *Session) Input(i int) *Tensor { return &s.inputs[i] }

// Output returns output i, valid until the next run.
func (s *Session) Output(i int) *Tensor { return &s.outputs[i] }

// Tensor returns an input, an output, or a tensor that Options.Keep names; nil
// if there is none of that name.
func (s *Session) Tensor(name string) *Tensor {
	if t := s.kept[name]; t != nil {
		return t
	}
	for _, ts := range [][]Tensor{s.inputs, s.outputs} {
		if i := slices.IndexFunc(ts, func(t Tensor) bool { return t.name == name }); i >= 0 {
			return &ts[i]
		}
	}
	return nil
}

// Run runs the model once. It allocates nothing, unless the model has values
// whose size depends on data.
func (s *Session) Run() error { return s.s.Run() }

// RunContext is Run that stops between two operators when ctx is done. The
// model's state, if it has any, may then be half changed: call Reset or Restore.
func (s *Session) RunContext(ctx context.Context) error { return s.s.RunContext(ctx) }

// Idle reports whether the last run ended early, because the model waits for
// the input of further runs, as streaming models with a stride do. The outputs
// are then still those of the last complete run.
func (s *Session) Idle() bool { return s.s.Idle() }

// Reset sets the model's state to what it was before the first run.
func (s *Session) Reset() { s.s.Reset() }

// State is a copy of the state of a session.
type State = runtime.State

// Save returns a copy of the model's state.
func (s *Session) Save() *State { return s.s.Save() }

// Restore sets the state to what Save returned, for this session or another
// one made with the same options.
func (s *Session) Restore(st *State) { s.s.Restore(st) }

// Plan returns what the session runs: memory, kernels, lifetimes.
func (s *Session) Plan() *runtime.Plan { return s.s.Plan() }

// RunProfiled is RunContext that adds the time of each node of the session's
// plan to ns, in nanoseconds.
func (s *Session) RunProfiled(ctx context.Context, ns []int64) error {
	return s.s.RunProfiled(ctx, ns)
}
