package op_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// meanOf is the weighted sum of means of f over rows of c.
func meanOf(c int, f func(x, t float64) float64) func(in [][]float64) [][]float64 {
	return func(in [][]float64) [][]float64 {
		loss := 0.0
		for i, w := range in[2] {
			if w == 0 {
				continue
			}
			for j := range c {
				loss += w * f(in[0][i*c+j], in[1][i*c+j]) / float64(c)
			}
		}
		return [][]float64{{loss}}
	}
}

func binaryCrossEntropy(p, t float64) float64 {
	p = min(max(p, 1e-7), 1-1e-7)
	return -t*math.Log(p) - (1-t)*math.Log(1-p)
}

func huber(x, t float64) float64 {
	if d := math.Abs(x - t); d > 0.75 {
		return 0.75*d - 0.75*0.75/2
	} else {
		return d * d / 2
	}
}

// TestMeanLossGrad covers rows of one element, short ones, of which many go into
// one part, and long ones, of several parts.
func TestMeanLossGrad(t *testing.T) {
	logits := func(s float64) func(x, t float64) float64 {
		return func(x, t float64) float64 { return softplus(x) - x*(t*(1-s)+s/2) }
	}
	for _, c := range []struct {
		o    graph.Op
		f    func(x, t float64) float64
		x, t gradtest.Input
	}{
		{&op.MeanSquaredError{}, func(x, t float64) float64 { return (x - t) * (x - t) }, gradtest.Input{}, gradtest.Input{}},
		{&op.MeanAbsoluteError{}, func(x, t float64) float64 { return math.Abs(x - t) }, gradtest.Input{}, gradtest.Input{Scale: 2}},
		{&op.Huber{Delta: 0.75}, huber, gradtest.Input{}, gradtest.Input{}},
		{&op.SigmoidCrossEntropy{}, logits(0), gradtest.Input{Scale: 5}, gradtest.Input{Scale: 0.2, Shift: 0.5}},
		{&op.SigmoidCrossEntropy{Smoothing: 0.125}, logits(0.125), gradtest.Input{Scale: 2}, gradtest.Input{Scale: 0.2, Shift: 0.5}},
		{&op.BinaryCrossEntropy{}, binaryCrossEntropy, gradtest.Input{Scale: 0.08, Shift: 0.5}, gradtest.Input{Scale: 0.2, Shift: 0.5}},
	} {
		for _, shape := range [][]int{{7, 1}, {5, 3, 6}, {3}, {2, 4100}, {130, 17}, {2, 1030}} {
			x, target, rows := c.x, c.t, shape[:len(shape)-1]
			x.Shape, target.Shape, target.Const = shape, shape, true
			weight := gradtest.Input{Shape: rows, Const: true, Shift: 0.5}
			if len(rows) == 1 {
				weight.Data = []float64{0.25, 0} // the second row counts for nothing
			}
			if tensor.Of(tensor.F32, shape...).Len() > 2000 { // differences take long
				x.Const = true
			}
			gradtest.Run(t, []gradtest.Case{{Name: fmt.Sprint(graph.Name(c.o), shape), Op: c.o, In: []gradtest.Input{x, target, weight}, F: meanOf(shape[len(shape)-1], c.f)}})
		}
	}
}

func TestCrossEntropyGrad(t *testing.T) {
	sparse := func(in [][]float64) [][]float64 {
		return [][]float64{{-in[2][0]*math.Log(in[0][2]) - in[2][2]*math.Log(in[0][9])}}
	}
	dense := func(in [][]float64) [][]float64 {
		loss := 0.0
		for i := range in[0] {
			loss -= in[2][i/5] * in[1][i] * math.Log(in[0][i])
		}
		return [][]float64{{loss}}
	}
	p, weight := gradtest.Input{Shape: []int{3, 5}, Scale: 0.05, Shift: 0.4}, gradtest.Input{Shape: []int{3}, Data: []float64{0.5, 0, 0.25}, Const: true}
	gradtest.Run(t, []gradtest.Case{
		{Name: "sparse", Op: &op.CrossEntropy{Sparse: true}, F: func(in [][]float64) [][]float64 {
			return sparse([][]float64{in[0][:10:10], nil, in[2]})
		}, In: []gradtest.Input{{Shape: []int{3, 5}, Scale: 0.05, Shift: 0.4}, {Shape: []int{3}, Ints: []int32{2, -1, 4}}, {Shape: []int{3}, Data: []float64{0.5, 0, 0}, Const: true}}},
		{Name: "dense", Op: &op.CrossEntropy{}, In: []gradtest.Input{p, {Shape: []int{3, 5}, Const: true}, weight}, F: dense},
	})
}

// lossOf runs a loss, its gradient by Ref too, and returns both.
func lossOf(t *testing.T, o op.Differentiable, x []float32, target any, weight []float32) (float32, []float32, error) {
	n := len(weight)
	b, shape := graph.NewBuilder("loss"), tensor.Of(tensor.F32, n, len(x)/n)
	in := []graph.Value{b.Input("x", shape)}
	switch v := target.(type) {
	case []int32:
		in = append(in, b.Const("t", tensor.Of(tensor.I32, n), tensor.Bytes(v)))
	case []float32:
		in = append(in, b.Const("t", shape, tensor.Bytes(v)))
	}
	in = append(in, b.Const("w", tensor.Of(tensor.F32, n), tensor.Bytes(weight)))
	node := graph.Node{Label: "loss", Op: o, In: in}
	out, err := b.Node(node)
	require.NoError(t, err)
	node.Out = out
	dy := []graph.Value{b.Const("dy", tensor.Of(tensor.F32), tensor.Bytes([]float32{2})), graph.None}
	dx, err := o.Grad(b, &node, dy, []bool{true, false, false})
	require.NoError(t, err)
	g, err := b.Graph(out[0], dx[0])
	require.NoError(t, err)
	sets := host.Sets()
	p, err := runtime.NewPlan(g, &sets[len(sets)-1], runtime.Options{KeepInputs: true})
	require.NoError(t, err)
	s, err := p.NewSession(1)
	require.NoError(t, err)
	defer s.Close()
	copy(s.In(0).F32(), x)
	if err := s.Run(); err != nil {
		return 0, nil, err
	}
	requireLossRef(t, g, s, x)
	return s.Out(0).F32()[0], append([]float32{}, s.Out(1).F32()...), nil
}

// requireLossRef compares what ran with the operators' Ref.
func requireLossRef(t *testing.T, g *graph.Graph, s *runtime.Session, x []float32) {
	mem := g.Views(make([]graph.Value, len(g.Values)))
	for v := range mem {
		mem[v] = g.View(graph.Value(v))
		if !mem[v].Known() {
			mem[v].Data = make([]byte, mem[v].Bytes())
		}
	}
	copy(mem[g.In[0]].F32(), x)
	for _, n := range g.Nodes {
		in, out := make([]tensor.View, len(n.In)), make([]tensor.View, len(n.Out))
		for i, v := range n.In {
			in[i] = mem[v]
		}
		for i, v := range n.Out {
			out[i] = mem[v]
		}
		require.NoError(t, n.Op.(op.Referenced).Ref(in, out))
	}
	for i, v := range g.Out {
		want, got := mem[v].F32(), s.Out(i).F32()
		for j := range want {
			require.Equal(t, math.Float32bits(want[j]), math.Float32bits(got[j]), "Ref: output %d, element %d", i, j)
		}
	}
}

// TestLossRef compares every loss with its Ref, bit for bit, and so its gradient.
func TestLossRef(t *testing.T) {
	const n, c = 9, 45
	x, dense, probs := make([]float32, n*c), make([]float32, n*c), make([]float32, n*c)
	sparse, weight := make([]int32, n), make([]float32, n)
	for i := range x {
		x[i], dense[i], probs[i] = float32(rand.NormFloat64())*4, rand.Float32(), rand.Float32()
	}
	for i := range sparse {
		sparse[i], weight[i] = rand.Int32N(c), rand.Float32()
	}
	for _, l := range []struct {
		o         op.Differentiable
		x, target any
	}{
		{&op.SoftmaxCrossEntropy{Sparse: true}, x, sparse}, {&op.SoftmaxCrossEntropy{Sparse: true, Smoothing: 0.1}, x, sparse},
		{&op.SoftmaxCrossEntropy{}, x, dense}, {&op.SoftmaxCrossEntropy{Smoothing: 0.3}, x, dense},
		{&op.CrossEntropy{Sparse: true}, probs, sparse}, {&op.CrossEntropy{}, probs, dense},
		{&op.MeanSquaredError{}, x, dense}, {&op.MeanAbsoluteError{}, x, dense}, {&op.Huber{Delta: 1}, x, dense},
		{&op.SigmoidCrossEntropy{}, x, dense}, {&op.SigmoidCrossEntropy{Smoothing: 0.2}, x, dense}, {&op.BinaryCrossEntropy{}, probs, dense},
	} {
		_, _, err := lossOf(t, l.o, l.x.([]float32), l.target, weight)
		require.NoError(t, err, graph.Name(l.o))
	}
}

// TestLossExtremes checks logits and probabilities at the ends, masked samples, and
// classes that there aren't.
func TestLossExtremes(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	loss, dx, err := lossOf(t, &op.SoftmaxCrossEntropy{Sparse: true}, []float32{1000, -1000, 0, nan, -inf, 3}, []int32{1, 0, 1}, []float32{1, 0, 0.5})
	require.NoError(t, err)
	assert.Equal(t, float32(2000), loss)
	assert.Equal(t, []float32{2, -2, 0, 0, 0, 0}, dx) // the masked sample is NaN
	loss, dx, err = lossOf(t, &op.SoftmaxCrossEntropy{}, []float32{-inf, 5}, []float32{0, 1}, []float32{1})
	require.NoError(t, err)
	assert.Equal(t, float32(0), loss)
	assert.Equal(t, []float32{0, 0}, dx)
	loss, dx, err = lossOf(t, &op.SigmoidCrossEntropy{}, []float32{500, -500, 30, -500}, []float32{1, 0, 1, 1}, []float32{1})
	require.NoError(t, err)
	assert.Equal(t, float32(125), loss)
	assert.Equal(t, []float32{0, 0, 0, -0.5}, dx)
	loss, dx, err = lossOf(t, &op.BinaryCrossEntropy{}, []float32{0, 1}, []float32{1, 1}, []float32{1})
	require.NoError(t, err)
	assert.InDelta(t, 8.06, loss, 0.01) // half of −log 1e−7
	assert.Equal(t, []float32{0, 0}, dx)
	for _, o := range []op.Differentiable{&op.SoftmaxCrossEntropy{Sparse: true}, &op.CrossEntropy{Sparse: true}} {
		for target, want := range map[int32]string{2: "sample 1 is of class 2, want 0 to 1", -1: "sample 1 is of class -1 and weight 0.5", math.MaxInt32: "class 2147483647", math.MinInt32: "class -2147483648"} {
			_, _, err = lossOf(t, o, make([]float32, 4), []int32{0, target}, []float32{0.5, 0.5})
			assert.ErrorIs(t, err, op.ErrData)
			assert.ErrorContains(t, err, want)
		}
	}
}

// TestLossErrors checks types and shapes that losses and their gradients refuse.
func TestLossErrors(t *testing.T) {
	f := func(shape ...int) tensor.View { return tensor.View{Type: tensor.Of(tensor.F32, shape...)} }
	i := func(shape ...int) tensor.View { return tensor.View{Type: tensor.Of(tensor.I32, shape...)} }
	for _, c := range []struct {
		o    graph.Op
		in   []tensor.View
		want string
	}{
		{&op.SoftmaxCrossEntropy{Sparse: true}, []tensor.View{f(2, 3), i(2)}, "2 inputs"},
		{&op.SoftmaxCrossEntropy{Sparse: true}, []tensor.View{f(2, 3), f(2), f(2)}, "float32 as type of input 1"},
		{&op.SoftmaxCrossEntropy{Sparse: true}, []tensor.View{f(2, 3), i(3), f(2)}, "want a class for each row"},
		{&op.SoftmaxCrossEntropy{Sparse: true}, []tensor.View{f(2, 3), i(2), f(3)}, "weight has shape [3]"},
		{&op.SoftmaxCrossEntropy{Sparse: true}, []tensor.View{f(2, 0), i(2), f(2)}, "want a last dimension"},
		{&op.SoftmaxCrossEntropy{}, []tensor.View{f(), f(), f()}, "want a last dimension"},
		{&op.SoftmaxCrossEntropy{}, []tensor.View{f(2, 3), f(3, 2), f(2)}, "want the same"},
		{&op.SoftmaxCrossEntropy{}, []tensor.View{i(2, 3), f(2, 3), f(2)}, "int32 as type of input 0"},
		{&op.SoftmaxCrossEntropy{Smoothing: 1}, []tensor.View{f(2, 3), f(2, 3), f(2)}, "smoothing is 1"},
		{&op.SigmoidCrossEntropy{Smoothing: -1}, []tensor.View{f(2, 3), f(2, 3), f(2)}, "smoothing is -1"},
		{&op.MeanSquaredError{}, []tensor.View{f(2, 3), f(2, 3), i(2)}, "int32 as type of input 2"},
		{&op.Huber{}, []tensor.View{f(2, 3), f(2, 3), f(2)}, "delta is 0"},
		{&op.CrossEntropy{Sparse: true}, []tensor.View{f(2, 3), f(2, 3), f(2)}, "float32 as type of input 1"},
		{&op.SoftmaxCrossEntropyGrad{}, []tensor.View{f(2, 3), f(2, 3), f(2), f(2)}, "want a scalar"},
		{&op.CrossEntropyGrad{}, []tensor.View{f(2, 3), f(2, 3), f(2)}, "3 inputs"},
	} {
		_, err := c.o.Infer(c.in)
		assert.ErrorContains(t, err, c.want)
	}
	_, err := (&op.SoftmaxCrossEntropy{}).Grad(nil, &graph.Node{}, []graph.Value{1, 2}, nil)
	assert.ErrorContains(t, err, "training through the probabilities")
	_, err = (&op.MeanSquaredError{}).Grad(nil, &graph.Node{In: make([]graph.Value, 3)}, []graph.Value{1}, []bool{true, true, false})
	assert.ErrorContains(t, err, "the gradient with respect to the target of a loss")
}
