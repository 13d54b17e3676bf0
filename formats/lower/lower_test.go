package lower_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/lower"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func names(g *graph.Graph) (all []string) {
	for i := range g.Nodes {
		all = append(all, graph.Name(g.Nodes[i].Op))
	}
	return all
}

// A batch normalisation goes into the dense layer before it, even past a
// transpose, unless somebody else reads what lies between. Weights keep their names.
func TestFolds(t *testing.T) {
	for _, shared := range []bool{false, true} {
		b := graph.NewBuilder("g")
		f := func(name string, data ...float32) graph.Value {
			return b.Const(name, tensor.Of(tensor.F32, len(data)), tensor.Bytes(data))
		}
		w := b.Const("w", tensor.Of(tensor.F32, 1, 2), tensor.Bytes([]float32{1, 2}))
		x := b.Input("x", tensor.Of(tensor.F32, 3, 1))
		d := b.Add("dense", &op.FullyConnected{Turned: true, KeepDims: true, Epilogue: op.Epilogue{To: op.To{DType: tensor.F32}, Fused: true}}, x, w)
		y := b.Add("turn", &op.Transpose{Perm: []int{1, 0}}, d)
		y = b.Add("norm", &op.BatchNormalization{Axis: 0, Epsilon: 0}, y, f("scale", 3, 4), f("bias", 5, 6), f("mean", 1, 1), f("variance", 4, 16))
		out := []graph.Value{y}
		if shared {
			out = append(out, d)
		}
		g, err := b.Graph(out...)
		require.NoError(t, err)
		low, err := lower.Graph(g, lower.Options{})
		require.NoError(t, err)
		if shared {
			assert.Equal(t, []string{"FullyConnected", "Transpose", "Mul", "Add"}, names(low))
			continue
		}
		require.Equal(t, []string{"FullyConnected", "Transpose"}, names(low))
		in := low.Views(low.Nodes[0].In)
		assert.Equal(t, []float32{1.5, 2}, in[1].F32(), "w·scale/√variance")
		assert.Equal(t, []float32{3.5, 5}, in[2].F32(), "bias − mean·scale/√variance")
		assert.Equal(t, "w", low.Values[low.Nodes[0].In[1]].Name)
		assert.Equal(t, "norm", low.Values[low.Out[0]].Name)
	}
}

// Constants are computed, and what only they needed is gone; an open batch passes
// through reshapes, and closes again as one sample.
func TestConstantsAndBatch(t *testing.T) {
	b := graph.NewBuilder("g")
	c := b.Add("turned", &op.Transpose{Perm: []int{1, 0}}, b.Const("c", tensor.Of(tensor.F32, 2, 1), tensor.Bytes([]float32{7, 8})))
	y := b.Add("flat", &op.Reshape{Shape: []int{4, 2}}, b.Input("x", tensor.Of(tensor.F32, 2, 2, 2)))
	y = b.Add("sum", &op.Add{To: op.To{DType: tensor.F32}}, y, c)
	g, err := b.Graph(y)
	require.NoError(t, err)
	low, err := lower.Graph(g, lower.Options{OpenBatch: true})
	require.NoError(t, err)
	assert.Equal(t, []string{"Reshape", "Add"}, names(low))
	assert.Equal(t, []int{tensor.Dynamic, 2}, low.Values[low.Out[0]].Type.Shape)
	types, err := lower.Closed(low)
	require.NoError(t, err)
	assert.Equal(t, []int{2, 2}, types[low.Out[0]].Shape, "two rows of one sample")
}

// A clamp goes into the layer before it if that is wanted.
func TestFuse(t *testing.T) {
	for _, wanted := range []bool{true, false} {
		b := graph.NewBuilder("g")
		x := b.Input("x", tensor.Of(tensor.F32, 2))
		y := b.Add("clamp", &op.Clamp{Lo: 0, Hi: 6}, b.Add("sum", &op.Add{To: op.To{DType: tensor.F32}}, x, x))
		g, err := b.Graph(y)
		require.NoError(t, err)
		low, err := lower.Graph(g, lower.Options{Fuse: func(op.Clamp) bool { return wanted }})
		require.NoError(t, err)
		if wanted {
			require.Len(t, low.Nodes, 1)
			assert.Equal(t, op.Bounds{Lo: 0, Hi: 6}, low.Nodes[0].Op.(*op.Add).Clamp)
			assert.Equal(t, "clamp", low.Values[low.Out[0]].Name)
			continue
		}
		assert.Len(t, low.Nodes, 2)
	}
}
