package train

import (
	"errors"
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Model is a network with its weights.
type Model struct {
	Name string

	inputs []*Node
	output *Node
	order  []*Node // every node but inputs, each after what it reads
	names  names
	err    error // of the making: Compile and others return it

	params   []*Param
	byName   map[string]*Param
	vars     map[*graph.Var][]byte // memory of parameters and of the optimiser
	memories []*graph.Var          // of stateful layers
	exported map[*Param]graph.Value
	built    bool
	seed     uint64
	shape    []int // of a prediction, without the batch

	plan compiled
}

// Sequential is a stack of layers, of which the first is an Input. An error is
// kept: Compile returns it.
func Sequential(layers ...Layer) *Model {
	if len(layers) == 0 {
		return &Model{err: errors.New("train: Sequential needs an Input and layers")}
	}
	in, ok := layers[0].(*Node)
	if !ok || in.layer != nil {
		return &Model{err: fmt.Errorf("train: the first layer of a Sequential is %s and must be an Input, which says the shape of samples", layers[0].Kind())}
	}
	at := in
	for _, l := range layers[1:] {
		if n, ok := l.(*Node); ok {
			return &Model{err: fmt.Errorf("train: %s stands within a Sequential: only the first layer is an Input", n.Kind())}
		}
		at = Apply(l, at)
	}
	return NewModel([]*Node{in}, at)
}

// NewModel is the network that leads from inputs to output: the functional form.
func NewModel(inputs []*Node, output *Node) *Model {
	m := &Model{inputs: slices.Clone(inputs), output: output, byName: map[string]*Param{}, vars: map[*graph.Var][]byte{}}
	m.names = names{of: map[Layer]string{}, used: map[string]bool{}}
	if m.err = m.sort(); m.err == nil {
		m.err = m.make()
	}
	return m
}

// Err returns what is wrong with the network.
func (m *Model) Err() error { return m.err }

// sort puts the nodes in order and names their layers.
func (m *Model) sort() error {
	if len(m.inputs) == 0 || m.output == nil {
		return errors.New("train: a model needs inputs and an output")
	}
	for i, in := range m.inputs {
		if in.layer != nil {
			return fmt.Errorf("train: input %d of the model is the output of %s and must be an Input", i, in.layer.Kind())
		}
		if in.name == "" {
			in.name = "input"
			if len(m.inputs) > 1 {
				in.name = fmt.Sprintf("input_%d", i)
			}
		}
		if m.names.used[in.name] {
			return fmt.Errorf("train: two inputs are called %q", in.name)
		}
		m.names.used[in.name] = true
	}
	const walking, done = 1, 2
	state := map[*Node]int{}
	var visit func(n *Node) error
	visit = func(n *Node) error {
		switch {
		case state[n] == done:
			return nil
		case state[n] == walking:
			return errors.New("train: the network has a loop")
		case n.layer == nil && !slices.Contains(m.inputs, n):
			return fmt.Errorf("train: the network reads an Input of shape %v that is not among the model's inputs", n.shape)
		}
		state[n] = walking
		for _, p := range n.in {
			if err := visit(p); err != nil {
				return err
			}
		}
		state[n] = done
		if n.layer == nil {
			return nil
		}
		m.order = append(m.order, n)
		_, err := m.names.name(n.layer)
		return err
	}
	return visit(m.output)
}

// make builds the network once, for its weights and shapes.
func (m *Model) make() error {
	s := m.scope(Training)
	y := m.build(s, 2)
	if err := s.Err(); err != nil {
		return err
	}
	m.shape = slices.Clone(s.Shape(y)[1:])
	m.built = true
	m.allocate()
	return nil
}

func (m *Model) scope(p Phase) *Scope {
	m.exported = map[*Param]graph.Value{}
	return &Scope{b: graph.NewBuilder(m.Name), m: m, phase: p}
}

// build adds the whole network for n samples, and returns its output.
func (m *Model) build(s *Scope, n int) graph.Value {
	values := m.buildAll(s, n)
	return values[m.output]
}

// buildAll is build that returns the value of each node.
func (m *Model) buildAll(s *Scope, n int) map[*Node]graph.Value {
	at := map[*Node]graph.Value{}
	for _, in := range m.inputs {
		at[in] = s.b.Input(in.name, tensor.Of(in.dtype, append([]int{n}, in.shape...)...))
	}
	if s.phase == Training {
		s.step = s.b.Input("step", tensor.Of(tensor.I32, 1))
	}
	for _, node := range m.order {
		in := make([]graph.Value, len(node.in))
		for i, p := range node.in {
			in[i] = at[p]
		}
		s.path = m.names.of[node.layer]
		at[node] = node.layer.Build(s, in...)
		if s.Err() == nil && slices.Contains(s.Shape(at[node]), 0) {
			s.Fail("nothing is left of samples of shape %v: its windows are larger; make them smaller, or pad with same", s.Shape(in[0])[1:])
		}
		if s.Err() != nil {
			break
		}
	}
	return at
}

// Seed sets where random numbers start, and makes the weights anew.
func (m *Model) Seed(seed uint64) {
	m.seed = seed
	if m.err == nil {
		for i, p := range m.params {
			p.init.fill(p.Data, p.Shape, newStream(seed, streamInit, uint64(i)))
		}
	}
}

// Shape returns the shape of a sample and of a prediction. A model of several
// inputs takes their elements one after the other.
func (m *Model) Shape() (in, out []int) {
	if m.err != nil {
		return nil, nil
	}
	if len(m.inputs) == 1 {
		return slices.Clone(m.inputs[0].shape), slices.Clone(m.shape)
	}
	n := 0
	for _, i := range m.inputs {
		n += length(i.shape)
	}
	return []int{n}, slices.Clone(m.shape)
}

// length returns how many elements a shape has.
func length(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
