package train

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Derived is what a network gives for some samples while it is trained, and what
// its backward pass gives.
type Derived struct {
	Y       []float32            // the output, or the loss
	Inputs  map[int][]float32    // gradients with respect to inputs
	Weights map[string][]float32 // gradients with respect to weights
}

// Derive runs a network forward and, from the gradient dy of its output, back to
// its weights and the inputs that to numbers. It updates running means and no
// weights.
func (m *Model) Derive(n int, in [][]float32, to []int, dy []float32) (*Derived, error) {
	return m.derive(n, in, to, func(s *Scope, y graph.Value) (graph.Value, Seed, map[string][]float32) {
		seed := s.b.Input("dy", s.b.Type(y))
		return y, Seed{y, seed}, map[string][]float32{"dy": dy}
	})
}

// DeriveLoss is Derive of the loss, of targets and weights that are divided by
// their sum here.
func (m *Model) DeriveLoss(n int, in [][]float32, to []int, target, weight []float32) (*Derived, error) {
	t, err := m.plan.loss.targets(m.shape, len(target)/n)
	if err != nil {
		return nil, err
	}
	sum, w := float32(0), make([]float32, len(weight))
	for _, x := range weight {
		sum += x
	}
	for i, x := range weight {
		w[i] = x / sum
	}
	return m.derive(n, in, to, func(s *Scope, y graph.Value) (graph.Value, Seed, map[string][]float32) {
		target1 := s.b.Input("target", tensor.Of(t.dtype(), append([]int{n}, t.shape...)...))
		weight1 := s.b.Input("weight", tensor.Of(tensor.F32, append([]int{n}, t.rows...)...))
		loss, _ := m.plan.loss.add(s, y, target1, weight1, t.sparse)
		if s.Err() != nil {
			return 0, Seed{}, nil
		}
		one := s.b.Const("one", s.b.Type(loss), tensor.Bytes([]float32{1}))
		return loss, Seed{loss, one}, map[string][]float32{"target": target, "weight": w}
	})
}

// ending adds what follows the output, and returns what to show, where gradients
// start, and what is fed to its inputs.
type ending func(s *Scope, y graph.Value) (graph.Value, Seed, map[string][]float32)

// derive builds and runs.
func (m *Model) derive(n int, in [][]float32, to []int, finish ending) (*Derived, error) {
	s := m.scope(Training)
	at := m.buildAll(s, n)
	if err := s.Err(); err != nil {
		return nil, err
	}
	shown, seed, feeds := finish(s, at[m.output])
	if err := s.Err(); err != nil {
		return nil, err
	}
	d := &Derived{Inputs: map[int][]float32{}, Weights: map[string][]float32{}}
	var wrt []graph.Value
	var keep []func(g []float32)
	for _, i := range to {
		wrt, keep = append(wrt, at[m.inputs[i]]), append(keep, func(g []float32) { d.Inputs[i] = g })
	}
	for _, p := range m.params {
		if p.Trainable {
			wrt, keep = append(wrt, s.b.Var(p.v)), append(keep, func(g []float32) { d.Weights[p.Name] = g })
		}
	}
	found, err := Backward(s.b, []Seed{seed}, wrt)
	if err != nil {
		return nil, err
	}
	if i := slices.Index(found, graph.None); i >= 0 {
		return nil, fmt.Errorf("no gradient with respect to %d", i)
	}
	g, err := s.b.Graph(append([]graph.Value{shown}, found...)...)
	if err != nil {
		return nil, err
	}
	results, err := m.runOnce(g, in, feeds)
	if err != nil {
		return nil, err
	}
	d.Y = results[0]
	for i, f := range keep {
		f(results[1+i])
	}
	return d, nil
}

// runOnce runs a graph with the inputs of the model first, and others by name.
func (m *Model) runOnce(g *graph.Graph, in [][]float32, feeds map[string][]float32) ([][]float32, error) {
	o, err := newSettings(nil)
	if err != nil {
		return nil, err
	}
	p, err := planned(g, fastest(), o.limits)
	if err != nil {
		return nil, err
	}
	sessions, err := runtime.NewSessions(1, m.vars, p)
	if err != nil {
		return nil, err
	}
	s := sessions[0]
	defer s.Close()
	for i, v := range g.In {
		name := g.Values[v].Name
		x, ok := feeds[name]
		switch {
		case i < len(m.inputs):
			x = in[i]
		case name == "step":
			continue
		case !ok:
			return nil, fmt.Errorf("no input %q", name)
		}
		put(s.In(i), 0, x)
	}
	if err := s.Run(); err != nil {
		return nil, err
	}
	var out [][]float32
	for i := range g.Out {
		out = append(out, append([]float32{}, s.Out(i).F32()...))
	}
	return out, nil
}
