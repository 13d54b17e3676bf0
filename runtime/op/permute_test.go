package op_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// refAll returns all outputs of an operator.
func refAll(t *testing.T, o op.Referenced, in ...tensor.View) []tensor.View {
	types, err := o.Infer(in)
	require.NoError(t, err)
	out := blank(types)
	require.NoError(t, o.Ref(in, out))
	return out
}

// TestPermuted holds operators on a transposed tensor against what they say
// they are before it is transposed.
func TestPermuted(t *testing.T) {
	r := integerCase{rand.New(rand.NewPCG(11, 12))}
	shape := []int{2, 3, 4, 6} // of x, before it is transposed
	perm := []int{0, 3, 1, 2}  // so the operators see [2 6 3 4]
	bytes := func() tensor.View { v := r.bytes(shape...); v.DType = tensor.U8; return v }
	floats := func() tensor.View {
		v := f32At(shape, make([]float32, tensor.Of(tensor.F32, shape...).Len())...)
		for i := range v.F32() {
			v.F32()[i] = r.Float32()*4 - 2
		}
		return v
	}
	one, zero := f32At(nil, 0.5), tensor.View{Type: tensor.Of(tensor.U8), Data: []byte{100}}
	none := tensor.View{}
	to := op.To{DType: tensor.F32}
	for i, c := range []struct {
		o    op.Referenced
		data int // how many of the inputs are transposed
		in   []tensor.View
	}{
		{&op.Concatenation{Axis: 1}, 2, []tensor.View{floats(), floats()}},
		{&op.LinearTable{DType: tensor.I8}, 1, []tensor.View{bytes(), one, zero, f32At(nil, 0.7)}},
		{&op.QuantizeLinear{Axis: 1, DType: tensor.U8}, 1, []tensor.View{floats(), r.scales(6)}},
		{&op.QuantizeLinear{Axis: 1, DType: tensor.U8}, 1, []tensor.View{floats(), one, zero}},
		{&op.DequantizeLinear{Axis: -2, DType: tensor.F32}, 1, []tensor.View{bytes(), r.scales(3)}},
		{&op.BatchNormalization{Axis: 1, Epsilon: 1}, 1, []tensor.View{floats(), r.scales(6), r.scales(6), r.scales(6), r.scales(6)}},
		{&op.Softmax{Beta: 1, Axis: 1, To: to}, 1, []tensor.View{floats()}},
		{&op.LinearSoftmax{Beta: 1, Axis: 1, DType: tensor.U8}, 1, []tensor.View{bytes(), one, zero, f32At(nil, 1.0/256)}},
		{&op.Split{Num: 3, Axis: 1}, 1, []tensor.View{floats()}},
		{&op.Resize{Mode: op.ResizeLinear}, 1, []tensor.View{floats(), none, f32At([]int{4}, 1, 1, 2, 0.5)}},
		{&op.Resize{Axes: []int{2, 3}}, 1, []tensor.View{bytes(), none, none, list64(5, 3)}},
		{&op.StridedSlice{}, 1, []tensor.View{floats(), list64(0, 1), list64(2, 5)}},
		{&op.StridedSlice{ClampBegin: true}, 1, []tensor.View{floats(), list64(2, 0), list64(0, 3), list64(-1, 2), list64(-1, 1)}},
		{&op.Pad{}, 1, []tensor.View{floats(), list64(0, 0, 1, 2, 0, 1, 3, 0), f32At(nil, 7)}},
		{&op.Reduce{Kind: op.ReduceMax, KeepDims: true}, 1, []tensor.View{floats(), list64(2, -1)}},
		{&op.Reduce{Kind: op.ReduceMax}, 1, []tensor.View{floats(), list64(1)}},
		{&op.Aggregate{Kind: op.ReduceMin, Axes: []int{2}}, 1, []tensor.View{floats()}},
		{&op.Squeeze{Axes: []int{-1}}, 1, []tensor.View{f32At([]int{2, 3, 1, 2}, make([]float32, 12)...)}},
		{&op.ExpandDims{}, 1, []tensor.View{floats(), list64(2)}},
		{&op.ExpandDims{}, 1, []tensor.View{floats(), list64(4)}},
	} {
		t.Run(fmt.Sprint(i, graph.Name(c.o)), func(t *testing.T) {
			in := append([]tensor.View{}, c.in...)
			for k := range c.data {
				in[k] = refOf(t, &op.Transpose{Perm: perm}, in[k])
			}
			want := refAll(t, c.o, in...)
			o, params, out := c.o.(op.Permuter).Permuted(perm, in)
			require.NotNil(t, o)
			for k := range params {
				if params[k].Absent() {
					params[k] = c.in[k]
				}
			}
			for k, y := range refAll(t, o.(op.Referenced), params...) {
				y = refOf(t, &op.Transpose{Perm: out}, y)
				require.Equal(t, want[k].Shape, y.Shape)
				if y.DType == tensor.F32 {
					require.InDeltaSlice(t, want[k].F32(), y.F32(), 1e-6)
					continue
				}
				require.Equal(t, want[k].Data, y.Data)
			}
		})
	}
}

// TestNotPermuted has what would sum in another order.
func TestNotPermuted(t *testing.T) {
	x := []tensor.View{f32At([]int{2, 3}, make([]float32, 6)...)}
	for _, o := range []op.Permuter{&op.Softmax{Axis: -1}, &op.Reduce{Kind: op.ReduceSum, Axes: []int{0}}, &op.Softmax{Flat: true}, &op.Squeeze{}, &op.BatchNormalization{Training: true}} {
		p, _, _ := o.Permuted([]int{1, 0}, x)
		require.Nil(t, p, "%#v", o)
	}
}

// TestLookup fuses tables with each other and with what they bound.
func TestLookup(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	table := func(f func(i int) byte) *[256]byte {
		t := new([256]byte)
		for i := range t {
			t[i] = f(i)
		}
		return t
	}
	random := func(int) byte { return byte(r.Uint32()) }
	all := tensor.View{Type: tensor.Of(tensor.I8, 256), Data: table(func(i int) byte { return byte(i) })[:]}
	a := op.Lookup{Table: table(random), From: tensor.I8, DType: tensor.U8}
	b := op.Lookup{Table: table(random), From: tensor.U8, DType: tensor.I8}
	want := compute(t, new(b), compute(t, new(a), all)[0])[0]
	both := a.Fuse(new(b), want.Type).(*op.Lookup)
	require.Equal(t, want, compute(t, both, all)[0])

	flip := compute(t, &op.FlipSign{}, all)[0]
	require.Equal(t, want, compute(t, (&op.FlipSign{}).Fuse(both, want.Type).(*op.Lookup), flip)[0])
	require.Equal(t, refOf(t, &op.FlipSign{}, want), compute(t, both.Fuse(&op.FlipSign{}, want.Type).(*op.Lookup), all)[0])

	clamp := func(lo, hi int) op.Lookup {
		return op.Lookup{Table: table(func(i int) byte { return byte(min(max(int(int8(i)), lo), hi)) }), From: tensor.I8, DType: tensor.I8}
	}
	conv := &op.IntegerConv{DType: tensor.I8}
	once := conv.Fuse(new(clamp(-5, 9)), all.Type).(*op.IntegerConv)
	require.Equal(t, op.Saturation{Lo: -5, Hi: 9}, once.Saturation)
	require.Equal(t, op.Saturation{Lo: 2, Hi: 9}, once.Fuse(new(clamp(2, 100)), all.Type).(*op.IntegerConv).Saturation)
	require.Equal(t, op.Saturation{Lo: 20, Hi: 20}, once.Fuse(new(clamp(20, 30)), all.Type).(*op.IntegerConv).Saturation)
	require.Equal(t, conv, conv.Fuse(new(clamp(-128, 127)), all.Type))
	require.Nil(t, conv.Fuse(new(clamp(0, 0)), all.Type), "which would mean no bounds")
	require.Nil(t, conv.Fuse(both, all.Type), "a function that is no clamp")
	require.Nil(t, (&op.IntegerMatMul{DType: tensor.U8}).Fuse(new(clamp(0, 6)), all.Type), "another type")
	require.Nil(t, (&op.IntegerMatMul{DType: tensor.F32}).Fuse(&op.Clamp{Hi: 6}, all.Type))
	require.Nil(t, (&op.LinearPair{}).Fuse(new(a), tensor.Of(tensor.U8, 256)))
	pair := (&op.LinearPair{Offset: 128}).Fuse(new(clamp(-128, 0)), all.Type).(*op.LinearPair)
	require.Equal(t, op.Saturation{Lo: 0, Hi: 128}, pair.Saturation, "in terms of uint8")
	for _, bad := range []op.Lookup{{}, {Table: a.Table, From: tensor.I8, DType: tensor.I16}, b} {
		_, err := bad.Infer([]tensor.View{all})
		require.Error(t, err)
	}
}

// TestChannelsLast quantises and transposes in one pass and in two.
func TestChannelsLast(t *testing.T) {
	r := integerCase{rand.New(rand.NewPCG(15, 16))}
	for _, shape := range [][]int{{1, 3, 5, 7}, {2, 4, 300}, {3, 1, 4, 4}, {1, 2, 17, 16}, {2, 40, 3, 3}, {1, 3, 0, 4}, {1, 3, 200, 200}} {
		x := f32At(shape, make([]float32, tensor.Of(tensor.F32, shape...).Len())...)
		for i := range x.F32() {
			x.F32()[i] = r.Float32()*80 - 40
		}
		for _, d := range []tensor.DType{tensor.I8, tensor.U8} {
			perm := []int{0, 2, 3, 1}
			if len(shape) == 3 {
				perm = []int{0, 2, 1}
			}
			plain := &op.QuantizeLinear{DType: d}
			o := plain.Fuse(&op.Transpose{Perm: perm}, tensor.Type{}).(*op.QuantizeLinear)
			in := []tensor.View{x, f32At(nil, 0.3), {Type: tensor.Of(d), Data: []byte{100}}}
			want := refOf(t, &op.Transpose{Perm: perm}, refOf(t, plain, in...))
			require.Equal(t, want, refOf(t, o, in...))
			runInteger(t, o, in, func(i int) bool { return i > 0 })
		}
	}
	require.Nil(t, (&op.QuantizeLinear{DType: tensor.I8}).Fuse(&op.Transpose{Perm: []int{0, 3, 1, 2}}, tensor.Type{}))
	_, err := (&op.QuantizeLinear{DType: tensor.I8, ChannelsLast: true, Axis: 1}).Infer([]tensor.View{f32At([]int{1, 2, 1}, 1, 2), f32At([]int{2}, 1, 2)})
	require.ErrorContains(t, err, "moving the channels")
}

// TestLinearPool holds averages and softmax against float64, half a step off at
// most but for float32's roundings.
func TestLinearPool(t *testing.T) {
	r := integerCase{rand.New(rand.NewPCG(17, 18))}
	for n := range 40 {
		x := r.bytes(r.pick(1, 2), r.pick(1, 5, 7), r.pick(4, 6), r.pick(1, 3, 40))
		o := op.LinearPool{CountPad: n%2 == 0, Pool: op.Pool{Window: [2]int{r.pick(1, 2, 3), r.pick(1, 2, 4)}, Stride: [2]int{r.pick(1, 2), 1}, Dilation: [2]int{1, 1}}}
		if o.DType = integerTypes[2+n%2]; n%3 == 0 {
			o.Padding = op.Padding{Mode: op.PadSameUpper}
		} else {
			o.Window[0] = min(o.Window[0], x.Shape[1])
		}
		in := []tensor.View{x, r.scales(1), r.zeros(x, 1), r.scales(1), r.zeros(tensor.View{Type: tensor.Of(o.DType)}, 1)}
		runInteger(t, new(o), in, func(i int) bool { return n%4 == 0 && i > 0 })
		y := refOf(t, new(o), in...)
		float := op.AveragePool2D(o)
		float.To = op.To{}
		want := quantisedRef(t, new(float), in, o.DType)
		for i := range y.Data {
			require.InDelta(t, want[i], byteAt(&y, i), 0.501)
		}

		s := op.LinearSoftmax{Axis: n%5 - 1, Beta: 1, DType: o.DType}
		in[3] = f32At(nil, 1.0/200)
		runInteger(t, new(s), in, func(i int) bool { return n%4 == 0 && i > 0 })
		y = refOf(t, new(s), in...)
		if n%5 < 4 {
			want = quantisedRef(t, &op.Softmax{Axis: s.Axis, Beta: 1, To: op.To{DType: tensor.F32}}, in, o.DType)
			for i := range y.Data {
				require.InDelta(t, want[i], byteAt(&y, i), 0.501)
			}
		}
	}
	_, err := (&op.LinearSoftmax{Beta: 0, DType: tensor.U8}).Infer([]tensor.View{r.bytes(3), f32At(nil, 1), {}, f32At(nil, 1)})
	require.ErrorContains(t, err, "beta is 0")
}

// quantisedRef computes o on the numbers that in stands for, in units of the
// output, not rounded.
func quantisedRef(t *testing.T, o op.Referenced, in []tensor.View, d tensor.DType) []float64 {
	real := refOf(t, &op.DequantizeLinear{DType: tensor.F32}, withoutAbsent(in[0], in[1], in[2])...)
	y := refOf(t, o, real)
	lo, hi := d.Range()
	out := make([]float64, y.Len())
	for i, v := range y.F32() {
		out[i] = min(max(float64(v)/float64(in[3].F32()[0])+zeroAt(in[4]), float64(lo)), float64(hi))
	}
	return out
}

func withoutAbsent(in ...tensor.View) []tensor.View {
	for len(in) > 0 && in[len(in)-1].Absent() {
		in = in[:len(in)-1]
	}
	return in
}
