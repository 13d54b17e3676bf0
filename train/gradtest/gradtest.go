// Package gradtest holds the gradients of operators against central differences.
package gradtest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train"
)

// Input is an input of the operator: float32 random normal times Scale (1 if 0)
// plus Shift, unless there is Data; or int32 of Ints, which gets no gradient.
type Input struct {
	Shape        []int
	Scale, Shift float64
	Data         []float64
	Ints         []int32
	Bool         bool // Ints are bools
	Const        bool // known when the graph is built; it gets no gradient
	Absent       bool // left out
}

// Of returns a random input of the given shape.
func Of(shape ...int) Input { return Input{Shape: shape} }

// Case is an operator on inputs, and its meaning in float64.
type Case struct {
	Name string
	Op   graph.Op
	In   []Input
	// F computes the outputs, without edgeinfer's code. Integers come to it as
	// float64, absent inputs as nil.
	F func(in [][]float64) (out [][]float64)
	// Tolerance of gradients, relative to the greatest or to 1: 2e-5 if 0.
	Tolerance float64
	// Blind lists outputs that take no part in the loss.
	Blind []int
}

// Run checks each case: the outputs against F, the gradients of all float32
// inputs against central differences of F; that every set of kernels that fuses
// computes the same bits with one thread and with three, and that a run
// allocates nothing.
func Run(t *testing.T, cases []Case) {
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { c.run(t) })
	}
}

func (c *Case) run(t *testing.T) {
	r := rand.New(rand.NewPCG(1, uint64(len(c.Name))))
	in := make([][]float64, len(c.In))
	for i := range c.In {
		in[i] = c.In[i].values(r)
	}
	g, wrt := c.graph(t, in)
	var first [][]float32
	for _, set := range host.Sets() {
		if !set.Fused {
			continue
		}
		for _, threads := range []int{1, 3} {
			got := c.outputs(t, g, &set, threads, in)
			if first == nil {
				first = got
			}
			requireSameBits(t, fmt.Sprintf("%s, %d threads", set.Name, threads), first, got)
		}
	}
	c.check(t, in, first, wrt)
}

// values returns an input's numbers as float32 can hold them.
func (i *Input) values(r *rand.Rand) []float64 {
	if i.Absent {
		return nil
	}
	if i.Ints != nil {
		v := make([]float64, len(i.Ints))
		for j, n := range i.Ints {
			v[j] = float64(n)
		}
		return v
	}
	n := tensor.Of(tensor.F32, i.Shape...).Len()
	v := slices.Clone(i.Data)
	for len(v) < n {
		s := i.Scale
		if s == 0 {
			s = 1
		}
		v = append(v, float64(r.NormFloat64()*s)+i.Shift)
	}
	for j := range v {
		v[j] = float64(float32(v[j]))
	}
	return v
}

// weight returns the weight in the loss of element j of output i: loss = Σ weight·y.
func weight(i, j int) float64 { return float64(float32(math.Sin(float64(1 + 3*i + 7*j)))) }

// graph returns the operator's graph with its gradients as further outputs, and
// the inputs that they belong to.
func (c *Case) graph(t *testing.T, in [][]float64) (*graph.Graph, []int) {
	b := graph.NewBuilder(c.Name)
	vs, wrt, at := make([]graph.Value, len(c.In)), []graph.Value{}, []int{}
	for i := range c.In {
		vs[i] = c.In[i].add(b, i, in[i])
		if x := &c.In[i]; x.Ints == nil && !x.Const && !x.Absent {
			wrt, at = append(wrt, vs[i]), append(at, i)
		}
	}
	ys, err := b.Node(graph.Node{Label: c.Name, Op: c.Op, In: vs})
	require.NoError(t, err)
	var seeds []train.Seed
	for i, y := range ys {
		if ty := b.Type(y); !slices.Contains(c.Blind, i) {
			w := make([]float32, ty.Len())
			for j := range w {
				w[j] = float32(weight(i, j))
			}
			seeds = append(seeds, train.Seed{Of: y, Grad: b.Const("dy", ty, tensor.Bytes(w))})
		}
	}
	ds, err := train.Backward(b, seeds, wrt)
	require.NoError(t, err)
	for i, d := range ds {
		require.NotEqual(t, graph.None, d, "input %d has no gradient", at[i])
		require.Equal(t, c.In[at[i]].Shape, b.Type(d).Shape, "gradient of input %d", at[i])
	}
	g, err := b.Graph(append(ys, ds...)...)
	require.NoError(t, err)
	return graph.Prune(g), at
}

func (i *Input) add(b *graph.Builder, n int, v []float64) graph.Value {
	name := fmt.Sprint("in", n)
	switch {
	case i.Absent:
		return graph.None
	case i.Bool && i.Const:
		return b.Const(name, tensor.Of(tensor.Bool, i.Shape...), i.bools())
	case i.Bool:
		return b.Input(name, tensor.Of(tensor.Bool, i.Shape...))
	case i.Ints != nil && i.Const:
		return b.Const(name, tensor.Of(tensor.I32, i.Shape...), tensor.Bytes(i.Ints))
	case i.Ints != nil:
		return b.Input(name, tensor.Of(tensor.I32, i.Shape...))
	case i.Const:
		return b.Const(name, tensor.Of(tensor.F32, i.Shape...), tensor.Bytes(narrow(v)))
	}
	return b.Input(name, tensor.Of(tensor.F32, i.Shape...))
}

// bools returns the input's bytes.
func (i *Input) bools() []byte {
	v := make([]byte, len(i.Ints))
	for j, n := range i.Ints {
		v[j] = byte(n)
	}
	return v
}

func narrow(v []float64) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x)
	}
	return out
}

// outputs runs the graph and returns its outputs.
func (c *Case) outputs(t *testing.T, g *graph.Graph, set *kernels.Set, threads int, in [][]float64) [][]float32 {
	p, err := runtime.NewPlan(g, set, runtime.Options{KeepInputs: true})
	require.NoError(t, err, set.Name)
	s, err := p.NewSession(threads)
	require.NoError(t, err)
	defer s.Close()
	at := 0
	for i := range c.In {
		switch x := &c.In[i]; {
		case x.Absent || x.Const:
			continue
		case x.Bool:
			copy(s.In(at).Data, x.bools())
		case x.Ints != nil:
			copy(s.In(at).I32(), x.Ints)
		default:
			copy(s.In(at).F32(), narrow(in[i]))
		}
		at++
	}
	require.NoError(t, s.Run())
	out := make([][]float32, len(g.Out))
	for i := range out {
		if v := s.Out(i); v.DType == tensor.F32 {
			out[i] = slices.Clone(v.F32())
		}
	}
	require.Zero(t, Allocations(func() { require.NoError(t, s.Run()) }), "%s: allocations", set.Name)
	return out
}

// Allocations returns how many run makes: the fewest seen, for others in the
// process are counted as well.
func Allocations(run func()) float64 {
	least := math.Inf(1)
	for range 5 {
		if least = min(least, testing.AllocsPerRun(2, run)); least == 0 {
			break
		}
	}
	return least
}

func requireSameBits(t *testing.T, what string, want, got [][]float32) {
	for i := range want {
		for j := range want[i] {
			require.Equal(t, math.Float32bits(want[i][j]), math.Float32bits(got[i][j]), "%s: output %d, element %d: %g and %g", what, i, j, want[i][j], got[i][j])
		}
	}
}

// check compares outputs and gradients with F.
func (c *Case) check(t *testing.T, in [][]float64, got [][]float32, wrt []int) {
	tolerance := c.Tolerance
	if tolerance == 0 {
		tolerance = 2e-5
	}
	ys := c.F(in)
	for i, y := range ys {
		if y != nil && got[i] != nil {
			requireClose(t, fmt.Sprint("output ", i), y, got[i], 1, tolerance)
		}
	}
	for k, i := range wrt {
		want, every := make([]float64, len(in[i])), 1
		if testing.Short() { // on slow machines a sample will do
			every += len(want) / 20
		}
		for j := 0; j < len(want); j += every {
			const h = 1e-5
			x := in[i][j]
			in[i][j] = x + h
			hi := c.loss(in)
			in[i][j] = x - h
			lo := c.loss(in)
			in[i][j] = x
			want[j] = (hi - lo) / (2 * h)
		}
		requireClose(t, fmt.Sprint("gradient of input ", i), want, got[len(got)-len(wrt)+k], every, tolerance)
	}
}

// loss is the weighted sum of the outputs.
func (c *Case) loss(in [][]float64) (sum float64) {
	for i, y := range c.F(in) {
		if !slices.Contains(c.Blind, i) {
			for j, v := range y {
				sum += float64(v * weight(i, j))
			}
		}
	}
	return sum
}

// requireClose compares one element of every so many.
func requireClose(t *testing.T, what string, want []float64, got []float32, every int, tolerance float64) {
	require.Len(t, got, len(want), what)
	top := 1.0
	for _, w := range want {
		top = max(top, math.Abs(w))
	}
	for j := 0; j < len(want); j += every {
		require.InDelta(t, want[j], float64(got[j]), tolerance*top, "%s, element %d", what, j)
	}
}
