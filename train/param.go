package train

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Param is a weight of a model, or what a layer keeps from batch to batch.
type Param struct {
	Name      string // "dense_1/kernel"
	Shape     []int
	Trainable bool
	Data      []float32 // its numbers, row by row: the model's memory

	v       *graph.Var
	init    Initializer
	penalty op.Penalty // what it adds to the loss
}

// param returns the parameter of the given name, and makes it if it isn't there.
func (m *Model) param(name string, init Initializer, trainable bool, shape []int) (*Param, error) {
	if p, ok := m.byName[name]; ok {
		if !slices.Equal(p.Shape, shape) {
			return nil, fmt.Errorf("train: weight %q has shape %v and is used as %v: a shared layer takes inputs of one shape", name, p.Shape, shape)
		}
		return p, nil
	}
	if m.built {
		panic("BUG: the weight " + name + " was not there when the model was made")
	}
	t := tensor.Of(tensor.F32, shape...)
	if err := t.Check(); err != nil {
		return nil, fmt.Errorf("train: weight %q: %w", name, err)
	}
	p := &Param{Name: name, Shape: slices.Clone(shape), Trainable: trainable, init: init, v: &graph.Var{Name: name, Type: t}}
	m.byName[name] = p
	m.params = append(m.params, p)
	return p, nil
}

// allocate gives each parameter its memory and first numbers.
func (m *Model) allocate() {
	for i, p := range m.params {
		p.Data = make([]float32, p.v.Type.Len())
		p.init.fill(p.Data, p.Shape, newStream(m.seed, streamInit, uint64(i)))
		m.vars[p.v] = tensor.Bytes(p.Data)
	}
}

// Params returns the model's parameters, in the order of its layers.
func (m *Model) Params() []*Param { return slices.Clone(m.params) }

// Count returns how many numbers training changes, and how many it only keeps.
func (m *Model) Count() (trainable, other int) {
	for _, p := range m.params {
		if p.Trainable {
			trainable += len(p.Data)
		} else {
			other += len(p.Data)
		}
	}
	return trainable, other
}

// memory returns the variable of the given name and shape: batches of other sizes
// have others.
func (m *Model) memory(name string, shape []int) *graph.Var {
	key := fmt.Sprint(name, shape)
	for _, v := range m.memories {
		if v.Name == key {
			return v
		}
	}
	v := &graph.Var{Name: key, Type: tensor.Of(tensor.F32, shape...)}
	m.memories = append(m.memories, v)
	return v
}

// ResetStates makes Stateful layers begin anew.
func (m *Model) ResetStates() {
	for _, v := range m.memories {
		clear(m.vars[v])
	}
}
