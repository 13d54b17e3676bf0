package runtime

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

var toNHWC, toNCHW = op.Transpose{Perm: []int{0, 2, 3, 1}}, op.Transpose{Perm: []int{0, 3, 1, 2}}

// f32Add adds float32, broadcasting.
var f32Add = op.Add{To: op.To{DType: tensor.F32}}

func nodes(g *graph.Graph) string {
	var s []string
	for _, n := range g.Nodes {
		s = append(s, graph.Name(n.Op)+" "+n.Label)
	}
	return strings.Join(s, ", ")
}

// TestTransposesVanish has the pairs that an NCHW format makes, with a sum of
// two branches, a constant per channel and a concatenation between them.
func TestTransposesVanish(t *testing.T) {
	b := graph.NewBuilder("nchw")
	x := b.Input("x", tensor.Of(tensor.F32, 1, 2, 3, 4))
	h := b.Add("in", new(toNHWC), x)
	a := b.Add("a", stay{}, h)
	y := b.Add("b", new(toNCHW), a)
	c := b.Const("c", tensor.Of(tensor.F32, 2, 1, 1), tensor.Bytes([]float32{10, 20}))
	s := b.Add("s", new(f32Add), y, c)
	d := b.Add("d", &op.Concatenation{Axis: 1}, s, y)
	e := b.Add("e", stay{}, b.Add("again", new(toNHWC), d))
	out := b.Add("out", new(toNCHW), e)
	g, err := b.Graph(out)
	require.NoError(t, err)
	moved, err := moveTransposes(g)
	require.NoError(t, err)
	require.Equal(t, "Transpose in, stay a, Add s, Concatenation d, stay e, Transpose out", nodes(moved))
	require.Equal(t, []int{1, 4, 3, 4}, moved.View(moved.Out[0]).Shape)

	s1, s2 := session(t, plan(t, g, Options{})), refRun(t, g, x)
	copy(s1.In(0).F32(), ramp(24))
	require.NoError(t, s1.Run())
	require.Equal(t, s2, s1.Out(0).F32())
}

func ramp(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i)
	}
	return x
}

// refRun computes g node by node by Ref, on a ramp.
func refRun(t *testing.T, g *graph.Graph, x graph.Value) []float32 {
	y := evaluatedRef(t, g, ramp(24))
	return y.F32()
}

// evaluatedRef computes g's first output node by node by Ref, from what is fed to
// its only input.
func evaluatedRef(t *testing.T, g *graph.Graph, x []float32) tensor.View {
	return visitedRef(t, g, x, func(graph.Value, tensor.View) {})
}

// visitedRef is evaluatedRef that shows each value, which visit may change, before
// others read it.
func visitedRef(t *testing.T, g *graph.Graph, x []float32, visit func(v graph.Value, y tensor.View)) tensor.View {
	views := map[graph.Value]tensor.View{}
	for i, v := range g.Values {
		views[graph.Value(i)] = tensor.View{Type: v.Type, Data: v.Const}
	}
	views[g.In[0]] = tensor.View{Type: g.Values[g.In[0]].Type, Data: tensor.Bytes(x)}
	for _, n := range g.Nodes {
		var in, out []tensor.View
		for _, v := range n.In {
			in = append(in, views[v])
		}
		for _, v := range n.Out {
			view := tensor.View{Type: g.Values[v].Type, Data: alloc(g.Values[v].Type.Bytes())}
			views[v], out = view, append(out, view)
		}
		require.NoError(t, n.Op.(op.Referenced).Ref(in, out))
		for i, v := range n.Out {
			visit(v, out[i])
		}
	}
	return views[g.Out[0]]
}

// TestTransposesStay keeps the transpose that something needs.
func TestTransposesStay(t *testing.T) {
	b := graph.NewBuilder("g")
	x := b.Input("x", tensor.Of(tensor.F32, 2, 3))
	y := b.Add("t", &op.Transpose{Perm: []int{1, 0}}, x)
	z := b.Add("r", &op.Reshape{Shape: []int{6}}, y)
	g, err := b.Graph(z, b.Add("sum", new(f32Add), y, b.Input("w", tensor.Of(tensor.F32, 3, 2))))
	require.NoError(t, err)
	moved, err := moveTransposes(g)
	require.NoError(t, err)
	require.Equal(t, "Transpose t, Add sum, Reshape r", nodes(moved))
}

// TestTransposesMeet has graphs of which one transpose remains, or none.
func TestTransposesMeet(t *testing.T) {
	images := tensor.Of(tensor.F32, 1, 2, 3, 4)
	mean := op.Aggregate{Kind: op.ReduceMax, Axes: []int{2, 3}}
	for _, c := range []struct {
		name  string
		build func(b *graph.Builder, x graph.Value) []graph.Value
		want  string
	}{
		{"one for two readers", func(b *graph.Builder, x graph.Value) []graph.Value {
			return []graph.Value{b.Add("a", stay{}, b.Add("t1", new(toNHWC), x)), b.Add("b", stay{}, b.Add("t2", new(toNHWC), x))}
		}, "Transpose t1, stay a, stay b"},
		{"a sum with what is transposed for another", func(b *graph.Builder, x graph.Value) []graph.Value {
			y := b.Add("back", new(toNCHW), b.Add("a", stay{}, b.Add("t", new(toNHWC), x)))
			return []graph.Value{b.Add("b", stay{}, b.Add("t2", new(toNHWC), b.Add("sum", new(f32Add), x, y)))}
		}, "Transpose t, stay a, Add sum, stay b"},
		{"dimensions of 1 only", func(b *graph.Builder, x graph.Value) []graph.Value {
			y := b.Add("flat", &op.Reshape{Shape: []int{1, 1, 1, 24}}, x)
			return []graph.Value{b.Add("f", &op.Flatten{Axis: 1}, b.Add("t", new(toNCHW), y))}
		}, "Reshape flat, Reshape f"},
		{"reduced, of any layout", func(b *graph.Builder, x graph.Value) []graph.Value {
			y := b.Add("back", new(toNCHW), b.Add("a", stay{}, b.Add("t", new(toNHWC), x)))
			return []graph.Value{b.Add("max", new(mean), y)}
		}, "Transpose t, stay a, ReduceMax max"},
		{"lines raised to images", func(b *graph.Builder, x graph.Value) []graph.Value {
			list := b.Const("two", tensor.Of(tensor.I64, 1), tensor.Bytes([]int64{2}))
			y := b.Add("line", &op.Reshape{Shape: []int{2, 3, 4}}, x)
			for _, name := range []string{"a", "b"} {
				y = b.Add("t "+name, new(toNHWC), b.Add("up "+name, &op.ExpandDims{}, y, list))
				y = b.Add("down "+name, &op.Squeeze{Axes: []int{2}}, b.Add("", new(toNCHW), b.Add(name, stay{}, y)))
			}
			return []graph.Value{b.Add("out", &op.Transpose{Perm: []int{0, 2, 1}}, y)}
		}, "Reshape line, ExpandDims up a, Transpose t a, stay a, Squeeze down a, ExpandDims up b, stay b, Squeeze down b"},
		{"sizes beside scales that are there and empty", func(b *graph.Builder, x graph.Value) []graph.Value {
			y := b.Add("back", new(toNCHW), b.Add("a", stay{}, b.Add("t", new(toNHWC), x)))
			none, sizes := b.Const("none", tensor.Of(tensor.F32, 0), []byte{}), b.Const("sizes", tensor.Of(tensor.I64, 4), tensor.Bytes([]int64{1, 2, 6, 8}))
			return []graph.Value{b.Add("b", stay{}, b.Add("t2", new(toNHWC), b.Add("up", &op.Resize{}, y, graph.None, none, sizes)))}
		}, "Transpose t, stay a, Resize up, stay b"},
		{"weights turned for a flat image", func(b *graph.Builder, x graph.Value) []graph.Value {
			y := b.Add("flat", &op.Flatten{Axis: 1}, b.Add("back", new(toNCHW), b.Add("a", stay{}, b.Add("t", new(toNHWC), x))))
			w := b.Const("w", tensor.Of(tensor.F32, 2, 24), tensor.Bytes(append(ramp(24), ramp(24)...)))
			return []graph.Value{b.Add("dense", &op.BatchMatMul{AdjY: true, To: op.To{DType: tensor.F32}}, b.Add("relu", &op.Clamp{Lo: 3, Hi: 17}, y), w)}
		}, "Transpose t, stay a, Clamp relu, Reshape dense, BatchMatMul dense"},
		{"a batch that is flattened too keeps its transpose", func(b *graph.Builder, x graph.Value) []graph.Value {
			y := b.Add("flat", &op.Reshape{Shape: []int{3, 8}}, b.Add("back", new(toNCHW), b.Add("a", stay{}, b.Add("t", new(toNHWC), x))))
			w := b.Const("w", tensor.Of(tensor.F32, 2, 8), tensor.Bytes(ramp(16)))
			return []graph.Value{b.Add("dense", &op.BatchMatMul{AdjY: true, To: op.To{DType: tensor.F32}}, y, w)}
		}, "Transpose t, stay a, Transpose back, Reshape flat, BatchMatMul dense"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := graph.NewBuilder("g")
			g := built(t, b, c.build(b, b.Input("x", images))...)
			moved, err := moveTransposes(g)
			require.NoError(t, err)
			require.Equal(t, c.want, nodes(moved))
			require.Equal(t, g.View(g.Out[0]).Shape, moved.View(moved.Out[0]).Shape)
			x, y := evaluatedRef(t, g, ramp(24)), evaluatedRef(t, moved, ramp(24))
			require.Equal(t, x.F32(), y.F32(), "whole numbers are exact")
		})
	}
}
