package op_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func i64At(shape []int, x ...int64) tensor.View {
	return tensor.View{Type: tensor.Of(tensor.I64, shape...), Data: append([]byte{}, tensor.Bytes(x)...)}
}

// list64 returns a list of int64.
func list64(x ...int64) tensor.View { return i64At([]int{len(x)}, x...) }

func TestFormsOfShapeOperators(t *testing.T) {
	m := i64At([]int{2, 3}, 1, 2, 3, 4, 5, 6)
	line := list64(1, 2, 3)
	for _, c := range []struct {
		name  string
		op    op.Referenced
		in    []tensor.View
		shape []int
		want  []int64
	}{
		{"reshape copies zeros", &op.Reshape{CopyZero: true}, []tensor.View{m, list64(0, -1, 1)}, []int{2, 3, 1}, m.I64()},
		{"slice to beyond 32 bits", &op.StridedSlice{}, []tensor.View{line, list64(math.MaxInt64), list64(math.MinInt64 + 1), list64(-1)}, []int{3}, []int64{3, 2, 1}},
		{"slice by axes", &op.StridedSlice{}, []tensor.View{m, list64(1), list64(1 << 40), {}, list64(-1)}, []int{2, 2}, []int64{2, 3, 5, 6}},
		{"pad cuts one end", &op.PadSides{}, []tensor.View{line, list64(-1, 2)}, []int{4}, []int64{2, 3, 0, 0}},
		{"pad one axis", &op.PadSides{}, []tensor.View{m, list64(1, 0), i64At([]int{}, 9), list64(-1)}, []int{2, 4}, []int64{9, 1, 2, 3, 9, 4, 5, 6}},
		{"reflect there and back", &op.PadSides{Border: op.BorderReflect}, []tensor.View{line, list64(5, 4)}, []int{12}, []int64{2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3}},
		{"reflect both dimensions", &op.PadSides{Border: op.BorderReflect}, []tensor.View{m, list64(1, 0, 0, 1)}, []int{3, 4}, []int64{4, 5, 6, 5, 1, 2, 3, 2, 4, 5, 6, 5}},
		{"wrap more than once", &op.PadSides{Border: op.BorderWrap}, []tensor.View{line, list64(4, 1)}, []int{8}, []int64{3, 1, 2, 3, 1, 2, 3, 1}},
		{"edge of what a cut leaves", &op.PadSides{Border: op.BorderEdge}, []tensor.View{line, list64(-1, 2)}, []int{4}, []int64{2, 3, 3, 3}},
		{"uneven parts", &op.Split{Num: 2, Uneven: true}, []tensor.View{line}, []int{2}, []int64{1, 2}},
		{"scatter twice in one place", &op.ScatterElements{Scattering: op.ScatterMul}, []tensor.View{line, list64(-1, 2), list64(5, 7)}, []int{3}, []int64{1, 2, 105}},
		{"scatter slices", &op.ScatterSlices{Scattering: op.ScatterMax}, []tensor.View{m, i64At([]int{1, 1}, -1), i64At([]int{1, 3}, 0, 9, 0)}, []int{2, 3}, []int64{1, 2, 3, 4, 9, 6}},
		{"compress with fewer bools", &op.Compress{Axis: 1}, []tensor.View{m, {Type: tensor.Of(tensor.Bool, 2), Data: []byte{0, 1}}}, []int{2, 1}, []int64{2, 5}},
		{"unique columns", &op.Unique{Axis: 1, Sorted: true}, []tensor.View{i64At([]int{2, 3}, 2, 1, 2, 0, 5, 0)}, []int{2, 2}, []int64{1, 2, 5, 0}},
		{"unique as they come", &op.Unique{Flat: true}, []tensor.View{list64(7, 3, 7, 1, 3)}, []int{3}, []int64{7, 3, 1}},
		{"empty reverse", &op.ReverseSequence{TimeAxis: 1}, []tensor.View{m, list64(0, 3)}, []int{2, 3}, []int64{1, 2, 3, 6, 5, 4}},
		{"crop and pad", &op.CenterCropPad{}, []tensor.View{m, list64(3, 2)}, []int{3, 2}, []int64{1, 2, 4, 5, 0, 0}},
		{"lower triangle", &op.Trilu{}, []tensor.View{m, i64At([]int{}, math.MinInt64)}, []int{2, 3}, []int64{0, 0, 0, 0, 0, 0}},
		{"circular cache", &op.TensorScatter{Axis: 1, Circular: true}, []tensor.View{m, i64At([]int{2, 2}, 7, 8, 9, 10), list64(2, 0)}, []int{2, 3}, []int64{8, 2, 7, 9, 10, 6}},
		{"indices of a scalar", &op.Where{Columns: true}, []tensor.View{i64At([]int{}, 1)}, []int{0, 1}, nil},
		{"a part of a shape", &op.Shape{DType: tensor.I64, Skip: 1}, []tensor.View{m}, []int{1}, []int64{3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := compute(t, c.op, c.in...)
			assert.Equal(t, c.shape, out[0].Shape)
			assert.Equal(t, c.want, out[0].I64())
		})
	}
}

func TestUniqueTellsWhere(t *testing.T) {
	out := compute(t, &op.Unique{Flat: true}, list64(7, 3, 7, 1, 3))
	assert.Equal(t, []int64{0, 1, 3}, out[1].I64())
	assert.Equal(t, []int64{0, 1, 0, 2, 1}, out[2].I64())
	assert.Equal(t, []int64{2, 2, 1}, out[3].I64())
	nan := float32(math.NaN())
	out = compute(t, &op.Unique{Flat: true, Sorted: true}, f32At([]int{4}, nan, 1, nan, -1))
	assert.Equal(t, []int64{3, 1, 0}, out[1].I64())
	assert.Equal(t, []int64{1, 1, 2}, out[3].I64())
}

func TestRangeMultiplies(t *testing.T) {
	out := compute(t, &op.Range{Multiply: true}, f32At(nil, 0), f32At(nil, 1), f32At(nil, 0.1))
	require.Equal(t, []int{10}, out[0].Shape)
	assert.Equal(t, float32(0.7), out[0].F32()[7])
	half := func(bits uint16) tensor.View {
		return tensor.View{Type: tensor.Of(tensor.F16), Data: tensor.Bytes([]uint16{bits})}
	}
	out = compute(t, &op.Range{Multiply: true}, half(0x3c00), half(0xbc00), half(0xb800)) // 1 to -1 by -0.5
	assert.Equal(t, []uint16{0x3c00, 0x3800, 0, 0xb800}, out[0].F16())
}

func TestScatterHalves(t *testing.T) {
	half := func(bits ...uint16) tensor.View {
		return tensor.View{Type: tensor.Of(tensor.F16, len(bits)), Data: tensor.Bytes(bits)}
	}
	for s, want := range map[op.Scattering]uint16{op.ScatterAdd: 0x4200, op.ScatterMul: 0x4000, op.ScatterMax: 0x4000, op.ScatterMin: 0x3c00, op.ScatterReplace: 0x4000} {
		out := compute(t, &op.ScatterElements{Scattering: s}, half(0x3c00), list64(0), half(0x4000)) // 1 and 2
		assert.Equal(t, want, out[0].F16()[0], "%d", s)
	}
}

func TestShapeOperatorsRefuseData(t *testing.T) {
	m := i64At([]int{2, 3}, 1, 2, 3, 4, 5, 6)
	for _, c := range []struct {
		name string
		op   op.Referenced
		in   []tensor.View
		want string
	}{
		{"gather", &op.GatherElements{Axis: 1}, []tensor.View{m, i64At([]int{1, 1}, -4)}, "index -1 (element 0) is outside of a dimension of 3"},
		{"scatter", &op.ScatterElements{}, []tensor.View{m, i64At([]int{1, 1}, 2), i64At([]int{1, 1}, 0)}, "index 2 (element 0)"},
		{"scatter slices", &op.ScatterSlices{}, []tensor.View{m, i64At([]int{1, 2}, 0, 3), list64(0)}, "index 3 (element 1)"},
		{"sequence", &op.ReverseSequence{TimeAxis: 1}, []tensor.View{m, list64(0, 4)}, "a sequence of 4 (element 1) in a dimension of 3"},
		{"cache", &op.TensorScatter{Axis: 1}, []tensor.View{m, i64At([]int{2, 2}, 0, 0, 0, 0), list64(0, 2)}, "2 places from 2 on (batch 1) go beyond 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			types, err := c.op.Infer(c.in)
			require.NoError(t, err)
			err = c.op.Ref(c.in, blank(types))
			require.ErrorIs(t, err, op.ErrData)
			assert.ErrorContains(t, err, c.want)
		})
	}
}
