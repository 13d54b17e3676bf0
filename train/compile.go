package train

import (
	"errors"
	"fmt"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// compiled is how a model is trained.
type compiled struct {
	ready     bool
	optimizer Optimizer
	loss      Loss
	metrics   []Metric
	states    map[*Param][]*graph.Var // the optimiser's
	sums      map[*Param]*graph.Var   // of gradients, of a batch in parts
	lossSum   *graph.Var              // of the same
	epochs    int                     // of all calls of Fit
	steps     int                     // the same
}

// Compile says how the model is trained. It returns what is wrong with the
// network, if anything is.
func (m *Model) Compile(o Optimizer, l Loss, metrics ...Metric) error {
	if m.err != nil {
		return m.err
	}
	if o.err != nil {
		return o.err
	}
	if o.update == nil || l.name == "" {
		return errors.New("train: a model needs an optimizer and a loss")
	}
	for _, x := range metrics {
		if x.several && (len(m.shape) == 0 || m.shape[len(m.shape)-1] < 2) {
			return fmt.Errorf("train: metric %s needs predictions of at least 2 classes, and these have shape %v: leave it out, or end with one output for each class", x, m.shape)
		}
	}
	m.plan = compiled{ready: true, optimizer: o, loss: l, metrics: metrics, states: map[*Param][]*graph.Var{}, sums: map[*Param]*graph.Var{}}
	for _, p := range m.params {
		if !p.Trainable {
			continue
		}
		for i := range o.update.States() {
			m.plan.states[p] = append(m.plan.states[p], &graph.Var{Name: fmt.Sprintf("%s/%s/%d", p.Name, o.name, i), Type: p.v.Type})
		}
		m.plan.sums[p] = &graph.Var{Name: p.Name + "/gradient", Type: p.v.Type}
	}
	m.plan.lossSum = &graph.Var{Name: "loss", Type: tensor.Of(tensor.F32, 1)}
	return nil
}

// setup is what graphs for training are made for.
type setup struct {
	targets   targets
	parts     bool // a batch comes in parts: gradients are summed
	recompute bool // what layers compute within is computed again for gradients
}

// trainGraph returns the graph of a training step on n samples. Its outputs are
// the loss and the predictions.
func (m *Model) trainGraph(n int, u setup) (*graph.Graph, error) {
	s := m.scope(Training)
	at := m.buildAll(s, n)
	y := at[m.output]
	target := s.b.Input("target", tensor.Of(u.targets.dtype(), append([]int{n}, u.targets.shape...)...))
	weight := s.b.Input("weight", tensor.Of(tensor.F32, append([]int{n}, u.targets.rows...)...))
	loss, prediction := m.plan.loss.add(s, y, target, weight, u.targets.sparse)
	total := loss
	if !u.parts {
		total = m.penalties(s, loss)
	}
	if err := s.Err(); err != nil {
		return nil, err
	}
	grads, params, err := m.gradients(s, total, u, at)
	if err != nil {
		return nil, err
	}
	if u.parts {
		m.accumulate(s, params, grads, total)
	} else {
		m.update(s, params, grads, total)
	}
	if err := s.Err(); err != nil {
		return nil, err
	}
	g, err := s.b.Graph(total, prediction)
	if err != nil {
		return nil, err
	}
	return graph.Prune(g), nil
}

// penalties adds what weights add to the loss. loss may be None.
func (m *Model) penalties(s *Scope, loss graph.Value) graph.Value {
	s.path = "penalty"
	for _, p := range m.params {
		if p.penalty == (op.Penalty{}) {
			continue
		}
		v := s.Add(new(p.penalty), s.b.Var(p.v))
		if loss != graph.None {
			v = s.Add(&op.Add{To: float}, loss, v)
		}
		loss = v
	}
	return loss
}

// gradients adds the gradients of loss with respect to all weights that it
// depends on.
func (m *Model) gradients(s *Scope, loss graph.Value, u setup, at map[*Node]graph.Value) ([]graph.Value, []*Param, error) {
	var wrt []graph.Value
	var all []*Param
	for _, p := range m.params {
		if p.Trainable {
			wrt, all = append(wrt, s.b.Var(p.v)), append(all, p)
		}
	}
	one := s.b.Const("one", s.b.Type(loss), tensor.Bytes([]float32{1}))
	var keep []graph.Value
	if u.recompute {
		keep = m.boundaries(at)
	}
	found, err := backward(s.b, []Seed{{loss, one}}, wrt, keep)
	if err != nil {
		return nil, nil, fmt.Errorf("train: gradient of %w", err)
	}
	var grads []graph.Value
	var params []*Param
	for i, g := range found {
		if g != graph.None {
			grads, params = append(grads, g), append(params, all[i])
		}
	}
	if len(grads) == 0 {
		return nil, nil, errors.New("train: no weight changes the loss: the network has none")
	}
	return grads, params, nil
}

// update adds the optimiser's steps.
func (m *Model) update(s *Scope, params []*Param, grads []graph.Value, loss graph.Value) {
	s.path = "optimizer"
	hyper := s.b.Input("hyper", tensor.Of(tensor.F32, m.plan.optimizer.hyper))
	scale := s.b.Const("scale", tensor.Of(tensor.F32, 1), tensor.Bytes([]float32{1}))
	if clip := m.plan.optimizer.clip; clip > 0 {
		scale = s.Add(&op.GlobalNorm{Clip: float32(clip)}, grads...)
	}
	for i, p := range params {
		in := []graph.Value{s.b.Var(p.v)}
		for _, v := range m.plan.states[p] {
			in = append(in, s.b.Var(v))
		}
		s.path = p.Name + "/update"
		s.AddAll(m.plan.optimizer.of(p), append(in, grads[i], hyper, scale, loss)...)
	}
}

// accumulate adds gradients to sums.
func (m *Model) accumulate(s *Scope, params []*Param, grads []graph.Value, loss graph.Value) {
	s.path = "accumulate"
	part := s.b.Input("part", tensor.Of(tensor.I32, 1))
	for i, p := range params {
		s.AddAll(&op.Accumulate{}, s.b.Var(m.plan.sums[p]), grads[i], part)
	}
	loss = s.Add(&op.Reshape{Shape: []int{1}}, loss)
	s.AddAll(&op.Accumulate{}, s.b.Var(m.plan.lossSum), loss, part)
}

// applyGraph returns the graph that steps by sums of gradients: of the parameters
// that g, a graph with accumulate, has sums of. Its output, if there are
// penalties, is their sum, of which it adds the gradients.
func (m *Model) applyGraph(g *graph.Graph) (*graph.Graph, error) {
	s := m.scope(Training)
	has := map[*graph.Var]bool{}
	for _, v := range g.Values {
		has[v.Var] = true
	}
	var params []*Param
	var grads []graph.Value
	for _, p := range m.params {
		if v := m.plan.sums[p]; v != nil && has[v] {
			params, grads = append(params, p), append(grads, s.b.Var(v))
		}
	}
	outs, err := m.penalise(s, params, grads)
	if err != nil {
		return nil, err
	}
	m.update(s, params, grads, s.b.Var(m.plan.lossSum))
	if err := s.Err(); err != nil {
		return nil, err
	}
	return s.b.Graph(outs...)
}

// penalise adds the gradients of penalties to grads, in place, and returns the sum
// of the penalties, if there are any.
func (m *Model) penalise(s *Scope, params []*Param, grads []graph.Value) ([]graph.Value, error) {
	sum := m.penalties(s, graph.None)
	if sum == graph.None {
		return nil, s.Err()
	}
	var wrt []graph.Value
	for _, p := range params {
		wrt = append(wrt, s.b.Var(p.v))
	}
	if err := s.Err(); err != nil {
		return nil, err
	}
	one := s.b.Const("one", s.b.Type(sum), tensor.Bytes([]float32{1}))
	more, err := Backward(s.b, []Seed{{sum, one}}, wrt)
	if err != nil {
		return nil, fmt.Errorf("train: gradient of %w", err)
	}
	for i, g := range more {
		if g != graph.None {
			grads[i] = s.Add(&op.Add{To: float}, grads[i], g)
		}
	}
	return []graph.Value{sum}, nil
}

// lossGraph returns the graph that predicts n samples and measures the loss.
func (m *Model) lossGraph(n int, t targets) (*graph.Graph, error) {
	s := m.scope(Predicting)
	y := m.build(s, n)
	target := s.b.Input("target", tensor.Of(t.dtype(), append([]int{n}, t.shape...)...))
	weight := s.b.Input("weight", tensor.Of(tensor.F32, append([]int{n}, t.rows...)...))
	loss, prediction := m.plan.loss.add(s, y, target, weight, t.sparse)
	if err := s.Err(); err != nil {
		return nil, err
	}
	g, err := s.b.Graph(loss, prediction)
	if err != nil {
		return nil, err
	}
	return graph.Prune(g), nil
}

// predictGraph returns the graph that predicts n samples.
func (m *Model) predictGraph(n int) (*graph.Graph, error) {
	s := m.scope(Predicting)
	y := m.build(s, n)
	if err := s.Err(); err != nil {
		return nil, err
	}
	return s.b.Graph(y)
}

// ExportGraph returns the network as a graph for inference on n samples, with
// weights as constants; n may be tensor.Dynamic.
func (m *Model) ExportGraph(n int) (*graph.Graph, error) {
	if m.err != nil {
		return nil, m.err
	}
	s := m.scope(Exporting)
	y := m.build(s, n)
	if err := s.Err(); err != nil {
		return nil, err
	}
	s.b.Rename(y, "output")
	return s.b.Graph(y)
}

// planned returns a plan of g.
func planned(g *graph.Graph, set *kernels.Set, limits op.Limits) (*runtime.Plan, error) {
	return runtime.NewPlan(g, set, runtime.Options{Limits: limits})
}

// fastest returns the kernels of this CPU in the arithmetic that is the same on
// all: the exact portable ones where there is no fused multiply-add.
func fastest() *kernels.Set {
	var set kernels.Set
	for _, s := range host.Sets() {
		if s.Fused {
			set = s
		}
	}
	return &set
}
