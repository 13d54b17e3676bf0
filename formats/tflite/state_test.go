package tflite_test

import (
	"bytes"
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/kernels/ref"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// planned loads and plans a model.
func planned(t *testing.T, model func(m *modeltest.Model), limits op.Limits) *runtime.Plan {
	t.Helper()
	m := modeltest.New()
	model(m)
	f, err := tflite.Parse(m.Bytes())
	require.NoError(t, err)
	g, err := f.Graph()
	require.NoError(t, err)
	set := ref.Set()
	p, err := runtime.NewPlan(g, &set, runtime.Options{Limits: limits})
	require.NoError(t, err)
	return p
}

func session(t *testing.T, p *runtime.Plan) *runtime.Session {
	t.Helper()
	s, err := p.NewSession(1)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// sequence runs a session on inputs that depend on the step, from and to
// counted from 0, and returns the outputs of each.
func sequence(t *testing.T, s *runtime.Session, fill func(step, i int, t tensor.Type) []byte, from, to int) [][]byte {
	var out [][]byte
	g := s.Plan().Graph()
	for step := from; step < to; step++ {
		for i := range g.In {
			in := s.In(i)
			copy(in.Data, fill(step, i, in.Type))
		}
		if !assert.NoError(t, s.Run()) {
			return nil
		}
		var all []byte
		for i := range g.Out {
			all = append(all, s.Out(i).Data...)
		}
		out = append(out, all)
	}
	return out
}

// stateful are models whose outputs depend on the runs before.
var stateful = map[string]func(m *modeltest.Model){
	"float LSTM":     lstm{typ: tflite.Float32, t: 2, n: 1, i: 3, c: 4}.model,
	"int8 LSTM":      lstm{typ: tflite.Int8, t: 2, n: 1, i: 3, c: 4, zeroH: 5}.model,
	"SVDF":           svdf{n: 1, i: 4, units: 3, rank: 2, t: 3, state: tflite.Int16, scaleOut: 0.05}.model,
	"initialiser":    counter,
	"variable":       delayed,
	"state in IF":    inBranch,
	"state in WHILE": stateInLoop,
	"late IF":        lateState,
}

// lateState is an IF whose outputs' shapes differ, with state in both branches.
func lateState(m *modeltest.Model) {
	c, x := m.Input("c", tflite.Bool, []int{1}), m.Input("x", tflite.Float32, []int{1, 2})
	y := m.Tensor("y", tflite.Float32, []int{1, 2})
	then, other := m.NewSubgraph("then"), m.NewSubgraph("else")
	then.Input("p", tflite.Float32, []int{1, 2})
	h := handle(then, "", "v")
	v := read(then, h, tflite.Float32, []int{1, 2})
	assign(then, h, dense(then, v, 2, 2, 1))
	then.Outputs(v)
	p, q := other.Input("p", tflite.Float32, []int{1, 2}), other.Tensor("q", tflite.Float32, []int{2, 1})
	h = handle(other, "", "v")
	assign(other, h, dense(other, read(other, h, tflite.Float32, []int{1, 2}), 2, 3, 1))
	other.Op("RESHAPE", 1, modeltest.Options{}, []int{p, other.Const("s", tflite.Int32, []int{2}, []int32{2, 1})}, []int{q})
	other.Outputs(q)
	ifOp(m, m.Subgraph, then, other, []int{c, x}, []int{y})
	m.Outputs(y)
}

func byStep(step, i int, t tensor.Type) []byte {
	switch t.DType {
	case tensor.Bool:
		return []byte{byte((step + i) & 1)}
	case tensor.F32:
		return tensor.Bytes(somewhatF32(uint64(step), t.Len(), 2))
	}
	return tensor.Bytes(somewhat[int8](uint64(step), t.Bytes(), -128, 127))
}

func TestState(t *testing.T) {
	for name, model := range stateful {
		t.Run(name, func(t *testing.T) {
			p := planned(t, model, op.Limits{})
			s := session(t, p)
			want := sequence(t, s, byStep, 0, 6)
			stays := true
			for range 3 { // the same input again and again
				again := sequence(t, s, byStep, 5, 6)
				stays = stays && bytes.Equal(again[0], want[5])
			}
			if name != "state in IF" && name != "variable" && name != "late IF" { // those forget
				assert.False(t, stays, "the outputs depend on the input alone: nothing is tested")
			}
			s.Reset()
			assert.Equal(t, want[:3], sequence(t, s, byStep, 0, 3), "after Reset")
			saved := s.Save()
			assert.Equal(t, want[3:], sequence(t, s, byStep, 3, 6), "going on")
			s.Restore(saved)
			assert.Equal(t, want[3:], sequence(t, s, byStep, 3, 6), "after Restore")
			other := session(t, p)
			other.Restore(saved)
			assert.Equal(t, want[3:], sequence(t, other, byStep, 3, 6), "restored in another session")
		})
	}
}

// Two sessions of one plan run at once without seeing each other's state.
func TestTwoSessionsAtOnce(t *testing.T) {
	for name, model := range stateful {
		p := planned(t, model, op.Limits{})
		want := sequence(t, session(t, p), byStep, 0, 20)
		var wait sync.WaitGroup
		for range 2 {
			s := session(t, p)
			wait.Go(func() { assert.Equal(t, want, sequence(t, s, byStep, 0, 20), name) })
		}
		wait.Wait()
	}
}

func TestIdle(t *testing.T) {
	s := session(t, planned(t, circular(3, 1, 2, nil), op.Limits{}))
	var idle []bool
	for step := range 4 {
		sequence(t, s, steps, step, step+1)
		idle = append(idle, s.Idle())
	}
	assert.Equal(t, []bool{true, false, true, false}, idle)
	ns := make([]int64, len(s.Plan().Graph().Nodes))
	for _, want := range []bool{true, false} {
		require.NoError(t, s.RunProfiled(context.Background(), ns))
		assert.Equal(t, want, s.Idle())
	}
	s.Reset()
	sequence(t, s, steps, 0, 4)
	sequence(t, s, steps, 2, 4)
	assert.Equal(t, []byte{3, 3, 2, 2, 3, 3}, s.Out(0).Data)
	sequence(t, s, steps, 9, 10)
	assert.Equal(t, []byte{3, 3, 2, 2, 3, 3}, s.Out(0).Data, "an idle run leaves the output alone")
	s.Reset()
	sequence(t, s, steps, 4, 6)
	assert.Equal(t, []byte{3, 3, 4, 4, 5, 5}, s.Out(0).Data, "Reset empties the slots and starts a cycle")
}

// The output of an operator that works in place stays too.
func TestIdleInPlace(t *testing.T) {
	s := session(t, planned(t, func(m *modeltest.Model) {
		q := scaled(0.5, 0)
		x := m.Input("x", tflite.Int8, []int{1, 1, 1, 2}, q)
		b, y := m.Tensor("b", tflite.Int8, []int{1, 3, 1, 2}, q), m.Tensor("y", tflite.Int8, []int{6}, q)
		m.Custom("CIRCULAR_BUFFER", nil, []int{x}, []int{b})
		m.Op("RESHAPE", 1, modeltest.Options{}, []int{b, m.Const("s", tflite.Int32, []int{1}, []int32{6})}, []int{y})
		m.Outputs(y)
	}, op.Limits{}))
	for step, want := range [][]byte{{0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 1, 1}, {0, 0, 0, 0, 1, 1}, {1, 1, 2, 2, 3, 3}, {1, 1, 2, 2, 3, 3}} {
		sequence(t, s, steps, step, step+1)
		assert.Equal(t, want, s.Out(0).Data, "step %d", step)
	}
}

func TestLoopLimits(t *testing.T) {
	run := func(limits op.Limits, turns int) error {
		s := session(t, planned(t, whileModel, limits))
		for i := range 4 {
			s.In(i).Data[0] = 0
			if i < turns {
				s.In(i).Data[0] = 1
			}
		}
		return s.Run()
	}
	var limit *op.LimitError
	require.NoError(t, run(op.Limits{MaxSteps: 3}, 3))
	require.ErrorAs(t, run(op.Limits{MaxSteps: 3}, 4), &limit)
	assert.Equal(t, "loop steps", limit.What)
	require.NoError(t, run(op.Limits{MaxMACs: 20}, 1))
	require.ErrorAs(t, run(op.Limits{MaxMACs: 20}, 4), &limit)
	assert.Equal(t, "MACs", limit.What)
	s := session(t, planned(t, doublingForever, op.Limits{MaxMemory: 1 << 20}))
	s.In(0).Data[0] = 1
	require.ErrorAs(t, s.Run(), &limit)
	assert.Equal(t, "bytes of memory", limit.What)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s = session(t, planned(t, forever, op.Limits{}))
	s.In(0).Data[0] = 1
	assert.ErrorIs(t, s.RunContext(ctx), context.Canceled)
}
