package train

import (
	"errors"
	"fmt"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Phase says what a graph is built for.
type Phase uint8

// The phases: layers such as Dropout differ between them.
const (
	Predicting Phase = iota // weights are variables, of the model
	Training                // the same, and what only training does
	Exporting               // weights are constants
)

// Scope is what a layer builds with: the graph so far, and the layer's weights.
// The first error sticks, as the graph's builder has it.
type Scope struct {
	b     *graph.Builder
	m     *Model
	phase Phase
	path  string      // of the layer: "encoder/dense_1"
	step  graph.Value // int32 [1], the number of the step, where a layer needs it
	err   error
	drops int // dropouts so far
}

// Err returns the first error.
func (s *Scope) Err() error {
	if s.err != nil {
		return s.err
	}
	if err := s.b.Err(); err != nil {
		return fmt.Errorf("train: layer %q: %w", s.path, err)
	}
	return nil
}

// Fail makes the build fail, with the layer named.
func (s *Scope) Fail(format string, args ...any) graph.Value {
	if s.Err() == nil {
		s.err = fmt.Errorf("train: layer %q: %w", s.path, fmt.Errorf(format, args...))
	}
	return 0
}

// Phase returns what the graph is built for.
func (s *Scope) Phase() Phase { return s.phase }

// Add adds an operator with one output.
func (s *Scope) Add(o graph.Op, in ...graph.Value) graph.Value {
	if out := s.AddAll(o, in...); len(out) > 0 {
		return out[0]
	}
	return 0
}

// AddAll adds an operator and returns all its outputs.
func (s *Scope) AddAll(o graph.Op, in ...graph.Value) []graph.Value {
	if s.Err() != nil {
		return nil
	}
	out, err := s.b.Node(graph.Node{Label: s.path, Source: graph.Source{Index: len(s.b.Nodes())}, Op: o, In: in})
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("train: layer %q: %w", s.path, errors.Unwrap(err))
	}
	return out
}

// Shape returns the dimensions of v, the batch first. It may be tensor.Dynamic.
func (s *Scope) Shape(v graph.Value) []int {
	if s.Err() != nil {
		return nil
	}
	return s.b.Type(v).Shape
}

// Weight returns the layer's weight of this name, which training changes. The
// first build makes it.
func (s *Scope) Weight(name string, init Initializer, c *config, shape ...int) graph.Value {
	p := s.param(name, init, true, shape)
	if p == nil {
		return 0
	}
	if c != nil && name != "bias" {
		p.penalty = op.Penalty{L1: c.l1, L2: c.l2}
	}
	return s.value(p)
}

// State returns what the layer keeps from batch to batch without training it:
// running means.
func (s *Scope) State(name string, init Initializer, shape ...int) graph.Value {
	p := s.param(name, init, false, shape)
	if p == nil {
		return 0
	}
	return s.value(p)
}

// Memory returns what the layer keeps between runs for a batch of this shape: the
// state of a Stateful layer.
func (s *Scope) Memory(name string, shape ...int) graph.Value {
	if s.Err() != nil {
		return 0
	}
	return s.b.Var(s.m.memory(s.path+"/"+name, shape))
}

// Const returns a constant of float32.
func (s *Scope) Const(name string, data []float32, shape ...int) graph.Value {
	return s.b.Const(s.path+"/"+name, tensor.Of(tensor.F32, shape...), tensor.Bytes(data))
}

// Assign sets a State to v when a training step runs.
func (s *Scope) Assign(state, v graph.Value) {
	if s.phase == Training && s.Err() == nil {
		s.AddAll(&op.AssignVariable{}, state, v)
	}
}

func (s *Scope) param(name string, init Initializer, trainable bool, shape []int) *Param {
	if s.Err() != nil {
		return nil
	}
	p, err := s.m.param(s.path+"/"+name, init, trainable, shape)
	if err != nil {
		s.err = err
	}
	return p
}

// value returns p in the graph.
func (s *Scope) value(p *Param) graph.Value {
	if s.phase == Exporting {
		if v, ok := s.m.exported[p]; ok {
			return v
		}
		v := s.b.Const(p.Name, p.v.Type, tensor.Bytes(p.Data))
		s.m.exported[p] = v
		return v
	}
	return s.b.Var(p.v)
}

// within runs f with the path extended by name: of a part of a layer.
func (s *Scope) within(name string, f func() graph.Value) graph.Value {
	old := s.path
	s.path = old + "/" + name
	v := f()
	s.path = old
	return v
}

// Step returns the number of the training step: int32 [1].
func (s *Scope) Step() graph.Value { return s.step }

// reshape gives v the shape [batch, shape...].
func (s *Scope) reshape(v graph.Value, shape ...int) graph.Value {
	return s.Add(&op.Reshape{Shape: append([]int{-1}, shape...)}, v)
}

// activate applies a.
func (s *Scope) activate(v graph.Value, a Activation) graph.Value {
	if o := a.op(); o != nil {
		return s.Add(o, v)
	}
	return v
}
