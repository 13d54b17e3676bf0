package op_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// aggregated returns what o makes of x.
func aggregated[T tensor.Element](t *testing.T, o op.Aggregate, d tensor.DType, x []T, shape ...int) []T {
	in := []tensor.View{{Type: tensor.Of(d, shape...), Data: tensor.Bytes(x)}}
	types, err := o.Infer(in)
	require.NoError(t, err)
	y := make([]T, types[0].Len())
	require.NoError(t, o.Ref(in, []tensor.View{{Type: types[0], Data: tensor.Bytes(y)}}))
	return y
}

func TestAggregateNothing(t *testing.T) {
	inf := math.Inf(1)
	for kind, want := range map[op.Reduction]float64{
		op.ReduceSum: 0, op.ReduceProd: 1, op.ReduceMax: -inf, op.ReduceMin: inf, op.ReduceL1: 0, op.ReduceL2: 0,
		op.ReduceSumSquare: 0, op.ReduceLogSum: -inf, op.ReduceLogSumExp: -inf,
	} {
		o := op.Aggregate{Kind: kind, Axes: []int{1}}
		assert.Equal(t, []float64{want, want}, aggregated(t, o, tensor.F64, []float64{}, 2, 0), o.Name())
		assert.Equal(t, []float32{float32(want), float32(want)}, aggregated(t, o, tensor.F32, []float32{}, 2, 0), o.Name())
	}
	least := op.Aggregate{Kind: op.ReduceMin}
	greatest := op.Aggregate{Kind: op.ReduceMax}
	assert.Equal(t, []int8{math.MaxInt8}, aggregated(t, least, tensor.I8, []int8{}, 0))
	assert.Equal(t, []int64{math.MaxInt64}, aggregated(t, least, tensor.I64, []int64{}, 0))
	assert.Equal(t, []uint16{math.MaxUint16}, aggregated(t, least, tensor.U16, []uint16{}, 0))
	assert.Equal(t, []int32{math.MinInt32}, aggregated(t, greatest, tensor.I32, []int32{}, 0))
	assert.Equal(t, []uint64{0}, aggregated(t, greatest, tensor.U64, []uint64{}, 0))
	assert.Equal(t, []int16{0}, aggregated(t, op.Aggregate{Kind: op.ReduceMean}, tensor.I16, []int16{}, 0))
}

func TestAggregateExtremes(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	y := aggregated(t, op.Aggregate{Kind: op.ReduceMax, Axes: []int{-1}}, tensor.F32, []float32{1, nan, 3, -inf, -inf, -inf}, 2, 3)
	assert.True(t, math.IsNaN(float64(y[0])), "NaN goes through a maximum")
	assert.Equal(t, -inf, y[1])
	y = aggregated(t, op.Aggregate{Kind: op.ReduceLogSumExp, Axes: []int{0}}, tensor.F32, []float32{1000, -inf, inf, 1000, -inf, 0}, 2, 3)
	assert.InDelta(t, 1000.6931, y[0], 1e-3)
	assert.Equal(t, []float32{-inf, inf}, y[1:])
	assert.Equal(t, []int8{-3}, aggregated(t, op.Aggregate{Kind: op.ReduceMean}, tensor.I8, []int8{-3, -4}, 2), "cut, not rounded")
	root := op.Aggregate{Kind: op.ReduceL2}
	assert.Equal(t, []int64{math.MinInt64}, aggregated(t, root, tensor.I64, []int64{3037000500}, 1), "the square has wrapped")
	assert.Equal(t, []int32{math.MinInt32}, aggregated(t, root, tensor.I32, []int32{math.MinInt32, math.MinInt32}, 2))
	assert.Equal(t, []uint8{1}, aggregated(t, op.Aggregate{Kind: op.ReduceMax}, tensor.Bool, []uint8{0, 1}, 2))
	assert.Equal(t, []float32{2, 3}, aggregated(t, op.Aggregate{Kind: op.ReduceL1, Noop: true}, tensor.F32, []float32{-2, 3}, 2))
}

func TestAggregateErrors(t *testing.T) {
	x := tensor.View{Type: tensor.Of(tensor.F32, 2, 3)}
	_, err := (&op.Aggregate{Axes: []int{2}}).Infer([]tensor.View{x})
	assert.ErrorContains(t, err, "axis 2 is out of range for rank 2")
	_, err = (&op.Aggregate{}).Infer([]tensor.View{{Type: tensor.Of(tensor.Bool, 2)}})
	assert.ErrorContains(t, err, "bool as type of input 0")
	types, err := (&op.Aggregate{KeepDims: true}).Infer([]tensor.View{x, {Type: tensor.Of(tensor.I64, 1)}})
	require.NoError(t, err)
	assert.Equal(t, []int{tensor.Dynamic, tensor.Dynamic}, types[0].Shape, "axes are computed")
}
