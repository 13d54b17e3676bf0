package onnx_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestMaxRoiPool has a region that reaches out of the image, to the right and below.
func TestMaxRoiPool(t *testing.T) {
	region := []float64{0, 1, 1, 4, 2}
	image := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	want := []float64{6, 0, 9, 0}
	for d, convert := range map[onnx.DataType]func([]float64) any{
		onnx.Double: func(x []float64) any { return x },
		onnx.Float: func(x []float64) any {
			var y []float32
			for _, v := range x {
				y = append(y, float32(v))
			}
			return y
		},
	} {
		m := modeltest.New(16)
		m.Const("x", d, []int64{1, 1, 3, 3}, convert(image))
		m.Const("r", d, []int64{1, 5}, convert(region))
		m.Node("MaxRoiPool", []string{"x", "r"}, []string{"y0"}, modeltest.Attr("pooled_shape", []int64{2, 2}))
		m.Input("one", d)
		m.Node("Mul", []string{"y0", "one"}, []string{"y"})
		m.Output("y", d)
		if d == onnx.Double {
			assert.Equal(t, want, halvesOut(t, m, tensor.Bytes([]float64{1})).F64())
		} else {
			assert.Equal(t, []float32{6, 0, 9, 0}, halvesOut(t, m, tensor.Bytes([]float32{1})).F32())
		}
	}
}

func TestMaxRoiPoolBadRegions(t *testing.T) {
	nan := float32(math.NaN())
	x := tensor.View{Type: tensor.Of(tensor.F32, 1, 1, 1, 1), Data: make([]byte, 4)}
	y := tensor.View{Type: tensor.Of(tensor.F32, 1, 1, 1, 1), Data: make([]byte, 4)}
	for _, region := range [][]float32{{1, 0, 0, 0, 0}, {-1, 0, 0, 0, 0}, {0.5, 0, 0, 0, 0}, {nan, 0, 0, 0, 0}, {0, nan, 0, 0, 0}, {0, 0, 0, 0, 1e30}} {
		r := tensor.View{Type: tensor.Of(tensor.F32, 1, 5), Data: tensor.Bytes(region)}
		err := (&op.MaxRoiPool{Height: 1, Width: 1, Scale: 1}).Ref([]tensor.View{x, r}, []tensor.View{y})
		require.ErrorIs(t, err, op.ErrData, "%v", region)
	}
}
