package runtime

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestFusePlanes has graphs whose convolution takes the planes of a picture, and
// one whose doesn't, since another operator reads the image too.
func TestFusePlanes(t *testing.T) {
	conv := op.Conv2D{Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Epilogue: op.Epilogue{To: op.To{DType: tensor.F32}}}
	build := func(b *graph.Builder) (image, y graph.Value) {
		image = b.Add("turn", &op.Transpose{Perm: []int{0, 2, 3, 1}}, b.Input("x", tensor.Of(tensor.F32, 1, 3, 8, 8)))
		return image, b.Add("conv", new(conv), image, b.Const("w", tensor.Of(tensor.F32, 2, 1, 1, 3), tensor.Bytes(ramp(6))))
	}
	b := graph.NewBuilder("g")
	_, y := build(b)
	g, err := fuse(built(t, b, b.Add("relu", &op.Clamp{Hi: 6}, y)))
	require.NoError(t, err)
	require.Equal(t, "%0 = Conv2D x w -> float32[1 8 8 2]\n", asText(g))
	require.True(t, g.Nodes[0].Op.(*op.Conv2D).Planes)

	b = graph.NewBuilder("g")
	image, y := build(b)
	g, err = fuse(built(t, b, y, b.Add("other", &op.Clamp{Hi: 6}, image)))
	require.NoError(t, err)
	require.Equal(t, `%0 = Transpose x -> float32[1 8 8 3]
%1 = Conv2D %0 w -> float32[1 8 8 2]
%2 = Clamp %0 -> float32[1 8 8 3]
`, asText(g))
}
