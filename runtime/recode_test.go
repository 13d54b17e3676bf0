package runtime

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/ref"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// recodedGraph convolves, doubles and moves uint8.
func recodedGraph(b *qdqGraph, x graph.Value) graph.Value {
	one := [2]int{1, 1}
	w := b.Const("w", tensor.Of(tensor.I8, 2, 2, 2, 3), tensor.Bytes([]int8{
		5, -7, 100, 3, 2, 1, -128, 127, 9, 30, -4, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, -10, -11, -12}))
	conv := &op.IntegerConv{Stride: one, Dilation: one, DType: tensor.U8, Saturation: op.Saturation{Lo: 3, Hi: 200}}
	y := b.Add("", conv, x, w, b.zero, graph.None, b.scale, b.fine, b.scale, b.zero)
	y = b.Add("", &op.LinearPair{}, y, b.scale, b.zero, y, b.scale, graph.None, b.scale, b.zero)
	y = b.Add("", &op.Transpose{Perm: []int{0, 3, 1, 2}}, y)
	return b.Add("", &op.LinearTable{Curve: op.CurveSigmoid, DType: tensor.U8}, y, b.scale, b.zero, b.fine)
}

func TestRecode(t *testing.T) {
	b := newQDQGraph()
	x := b.Input("x", tensor.Of(tensor.U8, 1, 4, 4, 3))
	g, err := recode(built(t, b.Builder, recodedGraph(b, x)))
	require.NoError(t, err)
	require.Equal(t, `%0 = FlipSign x -> int8[1 4 4 3]
%1 = IntegerConv[-125..72] %0 w z - s fine s z -> int8[1 3 3 2]
%2 = LinearPair %1 s z %1 s zero point s z -> int8[1 3 3 2]
%3 = Transpose %2 -> int8[1 2 3 3]
%4 = LinearTable %3 s z fine zero point -> int8[1 2 3 3]
%5 = FlipSign %4 -> uint8[1 2 3 3]
`, asText(g))

	b = newQDQGraph()
	x = b.Input("x", tensor.Of(tensor.U8, 5))
	same := built(t, b.Builder, b.Add("", &op.Reshape{Shape: []int{5, 1}}, x))
	g, err = recode(same)
	require.NoError(t, err)
	require.Same(t, same, g, "nothing is recoded for the sake of what only moves elements")
}

// TestRecodedBytes compares a recoded graph with operators run one by one.
func TestRecodedBytes(t *testing.T) {
	data := make([]byte, 48)
	for i := range data {
		data[i] = byte(i*i*37 + 11*i)
	}
	b := newQDQGraph()
	want := built(t, b.Builder, recodedGraph(b, b.Const("x", tensor.Of(tensor.U8, 1, 4, 4, 3), data)))
	want, err := specialise(want, nil, 1<<20, true) // computes all of it, by Ref
	require.NoError(t, err)
	require.Empty(t, want.Nodes)

	b = newQDQGraph()
	set := ref.Set()
	plan, err := NewPlan(built(t, b.Builder, recodedGraph(b, b.Input("x", tensor.Of(tensor.U8, 1, 4, 4, 3)))), &set, Options{})
	require.NoError(t, err)
	s, err := plan.NewSession(1)
	require.NoError(t, err)
	copy(s.In(0).Data, data)
	require.NoError(t, s.Run())
	require.Equal(t, want.View(want.Out[0]).Data, s.Out(0).Data)
}
