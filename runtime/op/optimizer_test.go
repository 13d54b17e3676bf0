package op_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// optimizer is what all optimisers have.
type optimizer interface {
	graph.Op
	Writes() []int
	States() int
	Hyper(hyper []float32, rate float64, step int)
}

// optimizerCase is an optimiser, and its meaning: next changes a weight and its
// states by the gradient g, in step t at a rate.
type optimizerCase struct {
	name  string
	o     optimizer
	hyper int
	next  func(w *float64, s []float64, g, rate float64, t int)
}

var optimizers = []optimizerCase{
	{"sgd", &op.SGD{}, op.SGDHyper, func(w *float64, s []float64, g, rate float64, t int) { *w -= rate * g }},
	{"sgd, decay", &op.SGD{Decay: op.Decay{L2: 0.1, Decoupled: 0.2}}, op.SGDHyper, func(w *float64, s []float64, g, rate float64, t int) {
		*w = *w - rate*0.2**w - rate*(g+0.1**w)
	}},
	{"momentum", &op.SGD{Momentum: 0.9}, op.SGDHyper, func(w *float64, s []float64, g, rate float64, t int) {
		s[0] = 0.9*s[0] - rate*g
		*w += s[0]
	}},
	{"nesterov", &op.SGD{Momentum: 0.9, Nesterov: true}, op.SGDHyper, func(w *float64, s []float64, g, rate float64, t int) {
		s[0] = 0.9*s[0] - rate*g
		*w += 0.9*s[0] - rate*g
	}},
	{"adam", &op.Adam{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-7}, op.AdamHyper, func(w *float64, s []float64, g, rate float64, t int) {
		adamStep(w, s, g, rate, t)
	}},
	{"adamw", &op.Adam{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-7, Decay: op.Decay{Decoupled: 0.5}}, op.AdamHyper, func(w *float64, s []float64, g, rate float64, t int) {
		*w *= 1 - rate*0.5
		adamStep(w, s, g, rate, t)
	}},
	{"adam, L2", &op.Adam{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-7, Decay: op.Decay{L2: 0.3}}, op.AdamHyper, func(w *float64, s []float64, g, rate float64, t int) {
		adamStep(w, s, g+0.3**w, rate, t)
	}},
	{"rmsprop", &op.RMSprop{Rho: 0.9, Epsilon: 1e-7}, op.RMSpropHyper, func(w *float64, s []float64, g, rate float64, t int) {
		s[0] = 0.9*s[0] + 0.1*g*g
		*w -= rate * g / math.Sqrt(s[0]+1e-7)
	}},
	{"rmsprop, momentum", &op.RMSprop{Rho: 0.9, Epsilon: 1e-7, Momentum: 0.5}, op.RMSpropHyper, func(w *float64, s []float64, g, rate float64, t int) {
		s[0] = 0.9*s[0] + 0.1*g*g
		s[1] = 0.5*s[1] + rate*g/math.Sqrt(s[0]+1e-7)
		*w -= s[1]
	}},
}

// adamStep is Adam's algorithm as the paper has it.
func adamStep(w *float64, s []float64, g, rate float64, t int) {
	s[0] = 0.9*s[0] + 0.1*g
	s[1] = 0.999*s[1] + 0.001*g*g
	m, v := s[0]/(1-math.Pow(0.9, float64(t))), s[1]/(1-math.Pow(0.999, float64(t)))
	*w -= rate * m / (math.Sqrt(v) + 1e-7)
}

// optimizerSession returns a session of a graph that does nothing but a step on n
// weights. The weight and its states are outputs.
func optimizerSession(t *testing.T, c *optimizerCase, set *kernels.Set, threads int, w []float32) *runtime.Session {
	b, ty := graph.NewBuilder(c.name), tensor.Of(tensor.F32, len(w))
	in := []graph.Value{b.Var(&graph.Var{Name: "w", Type: ty, Init: tensor.Bytes(w)})}
	for i := range c.o.States() {
		in = append(in, b.Var(&graph.Var{Name: fmt.Sprint("s", i), Type: ty}))
	}
	in = append(in, b.Input("g", ty), b.Input("hyper", tensor.Of(tensor.F32, c.hyper)), b.Input("scale", tensor.Of(tensor.F32, 1)), b.Input("loss", tensor.Of(tensor.F32)))
	_, err := b.Node(graph.Node{Label: "step", Op: c.o, In: in})
	require.NoError(t, err)
	var out []graph.Value
	for _, i := range c.o.Writes() {
		out = append(out, b.Add("read", &op.ReadVariable{Shape: ty.Shape}, in[i]))
	}
	g, err := b.Graph(out...)
	require.NoError(t, err)
	p, err := runtime.NewPlan(g, set, runtime.Options{KeepInputs: true})
	require.NoError(t, err)
	s, err := p.NewSession(threads)
	require.NoError(t, err)
	return s
}

// TestOptimizers takes steps on every set of kernels, with one thread and with
// three, which must have the same bits and be those that float64 has, nearly.
func TestOptimizers(t *testing.T) {
	const n, steps, rate = 200_003, 7, 0.01
	for _, c := range optimizers {
		t.Run(c.name, func(t *testing.T) {
			var first [][]float32
			for _, set := range host.Sets() {
				for _, threads := range []int{1, 3} {
					got := optimize(t, &c, &set, threads, n, steps, rate)
					if first == nil {
						first = got
						checkOptimizer(t, &c, got, n, steps, rate)
					}
					for i := range got {
						require.True(t, slices.Equal(first[i], got[i]), "%s, %d threads: output %d", set.Name, threads, i)
					}
				}
			}
		})
	}
}

// optimizerData returns a weight and its gradient in a step.
func optimizerData(i, step int) (w, g float32) {
	r := rand.New(rand.NewPCG(uint64(i), 1))
	w = float32(r.NormFloat64())
	for range step {
		g = float32(r.NormFloat64() * math.Exp2(float64(i%20-10)))
	}
	return w, g
}

func optimize(t *testing.T, c *optimizerCase, set *kernels.Set, threads, n, steps int, rate float64) (out [][]float32) {
	w := make([]float32, n)
	for i := range 100 {
		w[i], _ = optimizerData(i, 0)
		w[n-1-i] = w[i]
	}
	s := optimizerSession(t, c, set, threads, w)
	defer s.Close()
	for step := 1; step <= steps; step++ {
		g := s.In(0).F32()
		clear(g)
		for i := range 100 {
			_, g[i] = optimizerData(i, step)
			g[n-1-i] = g[i]
		}
		c.o.Hyper(s.In(1).F32(), rate, step)
		s.In(2).F32()[0] = 0.5
		for _, loss := range []float32{1, float32(math.NaN()), float32(math.Inf(1))} { // the latter two change nothing
			s.In(3).F32()[0] = loss
			require.NoError(t, s.Run())
		}
		s.In(2).F32()[0], s.In(3).F32()[0] = float32(math.NaN()), 1
		require.Zero(t, gradtest.Allocations(func() { require.NoError(t, s.Run()) }))
	}
	for i := range c.o.Writes() {
		out = append(out, slices.Clone(s.Out(i).F32()))
	}
	return out
}

func checkOptimizer(t *testing.T, c *optimizerCase, got [][]float32, n, steps int, rate float64) {
	for i := range 100 {
		w, _ := optimizerData(i, 0)
		x, s := float64(w), make([]float64, c.o.States())
		for step := 1; step <= steps; step++ {
			_, g := optimizerData(i, step)
			c.next(&x, s, 0.5*float64(g), rate, step)
		}
		require.InDelta(t, x, got[0][i], 2e-5*max(1, math.Abs(x)), "weight %d", i)
		require.Equal(t, got[0][i], got[0][n-1-i])
		for j := range s {
			require.InDelta(t, s[j], got[1+j][i], 1e-5*max(1, math.Abs(s[j])), "weight %d, state %d", i, j)
		}
	}
}

// TestOptimizerRef compares Ref with what runs.
func TestOptimizerRef(t *testing.T) {
	for _, c := range optimizers {
		const n = 50
		data := make([][]float32, c.o.States()+5)
		for i := range data {
			data[i] = make([]float32, n)
			for j := range data[i] {
				data[i][j] = rand.Float32()
			}
		}
		c.o.Hyper(data[c.o.States()+2], 0.1, 3)
		in := make([]tensor.View, len(data))
		for i, d := range data {
			shape := []int{n}
			if i > c.o.States()+1 {
				shape = []int{[]int{c.hyper, 1, 1}[i-c.o.States()-2]}
			}
			in[i] = tensor.View{Type: tensor.Of(tensor.F32, shape...), Data: tensor.Bytes(slices.Clone(d))[:4*shape[0]]}
		}
		s := optimizerSession(t, &c, &host.Sets()[0], 1, data[0])
		defer s.Close()
		for i := range c.o.States() { // the session's are 0
			clear(in[1+i].F32())
		}
		for i, d := range data[c.o.States()+1:] {
			copy(s.In(i).F32(), d)
		}
		require.NoError(t, s.Run())
		require.NoError(t, c.o.(op.Referenced).Ref(in, nil))
		for i := range c.o.Writes() {
			assert.Equal(t, s.Out(i).F32(), in[i].F32(), "%s: output %d", c.name, i)
		}
	}
}

// TestOptimizerErrors checks what is refused.
func TestOptimizerErrors(t *testing.T) {
	f := func(shape ...int) tensor.View { return tensor.View{Type: tensor.Of(tensor.F32, shape...)} }
	good := []tensor.View{f(2, 3), f(2, 3), f(1), f(1), f()}
	adam := op.Adam{Beta1: 0.9, Beta2: 0.9, Epsilon: 1e-7}
	for _, c := range []struct {
		o    graph.Op
		in   []tensor.View
		want string
	}{
		{&op.SGD{}, good[:4], "4 inputs"},
		{&op.SGD{Momentum: 0.9}, good, "5 inputs"},
		{&op.SGD{}, []tensor.View{f(2, 3), f(3, 2), f(1), f(1), f()}, "input 1 has shape [3 2]"},
		{&op.SGD{}, []tensor.View{f(2, 3), f(2, 3), f(2), f(1), f()}, "want 1 elements"},
		{&op.SGD{}, []tensor.View{f(2, 3), f(2, 3), f(1), f(1), f(2)}, "input 4 has shape [2]"},
		{&op.SGD{}, []tensor.View{f(2, 3), {Type: tensor.Of(tensor.I32, 2, 3)}, f(1), f(1), f()}, "int32"},
		{&op.SGD{Momentum: math.NaN()}, good, "momentum"},
		{&op.SGD{Decay: op.Decay{L2: -1}}, good, "decay"},
		{&op.Adam{Beta1: 0.9, Beta2: 1, Epsilon: 1e-7}, good, "beta2 is 1"},
		{&op.Adam{Beta1: 0.9, Beta2: 0.99}, good, "epsilon is 0"},
		{&op.Adam{Beta1: 0.9, Beta2: 0.99, Epsilon: 1e-60}, good, "epsilon"},
		{new(adam), []tensor.View{f(2), f(2), f(2), f(2), f(2), f(1), f()}, "want 3 elements"},
		{new(adam), []tensor.View{f(2), f(2), f(3), f(2), f(3), f(1), f()}, "input 2 has shape [3]"},
		{&op.RMSprop{Rho: -1, Epsilon: 1}, good, "rho is -1"},
		{&op.RMSprop{Rho: 0.9}, good, "epsilon is 0"},
	} {
		_, err := c.o.Infer(c.in)
		assert.ErrorContains(t, err, c.want)
	}
}
