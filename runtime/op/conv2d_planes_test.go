package op_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestConv2DPlanes holds a convolution of planes against one of the image that
// they make, and every kernel set against both.
func TestConv2DPlanes(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, c := range []struct{ n, h, w, c, oc, k int }{{1, 9, 7, 3, 8, 3}, {2, 5, 6, 1, 17, 3}, {1, 12, 4, 4, 3, 1}, {3, 6, 6, 2, 16, 5}} {
		planes, image := wildF32(r, c.n, c.c, c.h, c.w), randomF32(r, c.n, c.h, c.w, c.c)
		require.NoError(t, (&op.Transpose{Perm: []int{0, 2, 3, 1}}).Ref([]tensor.View{planes}, []tensor.View{image}))
		o := op.Conv2D{Stride: [2]int{2, 1}, Dilation: [2]int{1, 1}, Padding: op.Padding{Top: 1, Left: 2, Right: 1},
			Epilogue: op.Epilogue{To: op.To{DType: tensor.F32}, Fused: true}}
		in := []tensor.View{image, wildF32(r, c.oc, c.k, c.k, c.c), wildF32(r, c.oc)}
		types, err := o.Infer(in)
		require.NoError(t, err)
		want, got := randomF32(r, types[0].Shape...), randomF32(r, types[0].Shape...)
		require.NoError(t, o.Ref(in, []tensor.View{want}))

		taken := o.TakePlanes(0, []int{0, 2, 3, 1}, planes.Type)
		require.NotNil(t, taken)
		in[0] = planes
		require.NoError(t, taken.(op.Referenced).Ref(in, []tensor.View{got}))
		require.Equal(t, want.Data, got.Data)
		sameAsRef(t, taken.(op.Referenced), in, true)
	}
	o := op.Conv2D{}
	require.Nil(t, o.TakePlanes(0, []int{0, 3, 1, 2}, tensor.Of(tensor.F32, 1, 3, 4, 4)), "not planes to an image")
	require.Nil(t, o.TakePlanes(0, []int{0, 2, 3, 1}, tensor.Of(tensor.F32, 1, 5, 4, 4)), "no picture")
	require.Nil(t, o.TakePlanes(0, []int{0, 2, 3, 1}, tensor.Of(tensor.I8, 1, 3, 4, 4)))
}
