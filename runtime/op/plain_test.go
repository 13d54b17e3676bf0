package op

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestPlainAllocs holds the operators on images [n c …] that run their Ref to
// not allocating.
func TestPlainAllocs(t *testing.T) {
	view := func(d tensor.DType, shape ...int) tensor.View {
		v := tensor.View{Type: tensor.Of(d, shape...)}
		v.Data = tensor.Bytes(make([]uint64, v.Bytes()/8+1))[:v.Bytes()]
		return v
	}
	x, c := view(tensor.F32, 1, 4, 6, 6), view(tensor.F32, 4)
	for _, o := range []struct {
		op Referenced
		in []tensor.View
	}{
		{&Conv{Groups: 1}, []tensor.View{x, view(tensor.F32, 2, 4, 3, 3)}},
		{&ConvTranspose{Groups: 1}, []tensor.View{x, view(tensor.F32, 4, 2, 3, 3)}},
		{&MaxPool{Window: []int{2, 2}, Indices: true}, []tensor.View{x}},
		{&AveragePool{Window: []int{2, 2}}, []tensor.View{x}},
		{&LpPool{Window: []int{2, 2}, P: 2}, []tensor.View{x}},
		{&GlobalPool{Kind: GlobalLp, P: 2}, []tensor.View{x}},
		{&BatchNormalization{Axis: 1}, []tensor.View{x, c, c, c, c}},
		{&LayerNormalization{Axis: 1}, []tensor.View{x, view(tensor.F32, 4, 1, 1)}},
		{&GroupNormalization{Groups: 2}, []tensor.View{x, c, c}},
		{&LpNormalization{Axis: 1, P: 2}, []tensor.View{x}},
		{&LRN{Size: 3}, []tensor.View{x}},
		{&GridSample{}, []tensor.View{x, view(tensor.F32, 1, 2, 2, 2)}},
		{&RoiAlign{Height: 2, Width: 2}, []tensor.View{x, view(tensor.F32, 1, 4), view(tensor.I64, 1)}},
		{&DeformConv{Groups: 1, OffsetGroups: 1}, []tensor.View{x, view(tensor.F32, 2, 4, 3, 3), view(tensor.F32, 1, 18, 4, 4)}},
		{&Unpool{Window: []int{2, 2}}, []tensor.View{x, view(tensor.I64, 1, 4, 6, 6)}},
		{&PixelShuffle{Block: 2}, []tensor.View{x}},
	} {
		types, err := o.op.Infer(o.in)
		require.NoError(t, err, graph.Name(o.op))
		var out []tensor.View
		for _, u := range types {
			out = append(out, view(u.DType, u.Shape...))
		}
		assert.Zero(t, testing.AllocsPerRun(3, func() {
			if err := o.op.Ref(o.in, out); err != nil {
				t.Error(graph.Name(o.op), err)
			}
		}), graph.Name(o.op))
	}
}
