package op_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// byteAt is the integer that element i of an 8-bit tensor holds.
func byteAt(v *tensor.View, i int) float64 {
	if v.DType == tensor.I8 {
		return float64(v.I8()[i])
	}
	return float64(v.Data[i])
}

// zeroAt is a zero point, 0 if it is left out.
func zeroAt(v tensor.View) float64 {
	if v.Absent() {
		return 0
	}
	return byteAt(&v, 0)
}

// TestLinearPair holds sums and products against float64: they may differ by
// one step where float32 rounds a tie.
func TestLinearPair(t *testing.T) {
	r := integerCase{rand.New(rand.NewPCG(5, 6))}
	for range 60 {
		o := &op.LinearPair{Product: r.IntN(2) == 0}
		a := r.bytes(2, 3, r.pick(1, 40), 7)
		b := r.bytes(r.pick(1, 3), 1, 7)
		b.DType = a.DType
		in := []tensor.View{a, r.scales(1), r.zeros(a, 1), b, r.scales(1), r.zeros(b, 1), r.scales(1), r.zeros(a, 1)}
		fixed := r.IntN(2) == 0
		runInteger(t, o, in, func(i int) bool { return fixed && i != 0 })
		types, err := o.Infer(in)
		require.NoError(t, err)
		y := blank(types)
		require.NoError(t, o.Ref(in, y))
		lo, hi := a.DType.Range()
		sa, sb, sc := float64(in[1].F32()[0]), float64(in[4].F32()[0]), float64(in[6].F32()[0])
		for i := range y[0].Data {
			x := sa * (byteAt(&a, i) - zeroAt(in[2]))
			z := sb * (byteAt(&b, (i/7/a.Shape[2]%b.Shape[0])*7+i%7) - zeroAt(in[5]))
			if want := x + z; o.Product {
				x *= z
			} else {
				x = want
			}
			want := min(max(x/sc+zeroAt(in[7]), float64(lo)), float64(hi))
			require.LessOrEqual(t, math.Abs(byteAt(&y[0], i)-want), 0.501)
		}
	}
}

// refOf returns what Ref makes of a node's inputs.
func refOf(t *testing.T, o op.Referenced, in ...tensor.View) tensor.View {
	types, err := o.Infer(in)
	require.NoError(t, err)
	out := blank(types)
	require.NoError(t, o.Ref(in, out))
	return out[0]
}

// TestSaturation clamps by an operator's own bounds and by a LinearTable after
// it: the same for all 256 integers, and for any bounds.
func TestSaturation(t *testing.T) {
	r := integerCase{rand.New(rand.NewPCG(9, 10))}
	for range 40 {
		x := r.bytes(256, 1)
		for i := range x.Data {
			x.Data[i] = byte(i)
		}
		// y = 1·x, of another scale and zero point
		one := tensor.View{Type: tensor.Of(x.DType, 1, 1), Data: []byte{1}}
		scale, sy, zx, zy := f32At(nil, 1), f32At(nil, r.Float32()+0.5), r.zeros(x, 1), r.zeros(x, 1)
		clamp := op.LinearTable{Curve: op.CurveClamp, Lo: r.Float32()*200 - 150, DType: x.DType}
		clamp.Hi = clamp.Lo + r.Float32()*200
		bounds := refOf(t, new(clamp), x, sy, zy, sy, zy)
		s := op.Saturation{Lo: math.MaxInt32, Hi: math.MinInt32}
		for i := range bounds.Data {
			v := int32(byteAt(&bounds, i))
			s = op.Saturation{Lo: min(s.Lo, v), Hi: max(s.Hi, v)}
		}
		if s == (op.Saturation{}) {
			continue // means none
		}
		in := []tensor.View{x, one, zx, {}, scale, scale, sy, zy}
		want := refOf(t, new(clamp), refOf(t, &op.IntegerMatMul{DType: x.DType}, in...), sy, zy, sy, zy)
		o := op.IntegerMatMul{DType: x.DType, Saturation: s}
		require.Equal(t, want.Data, refOf(t, new(o), in...).Data)
		runInteger(t, new(o), in, func(i int) bool { return i > 0 })

		image, filter := x, one
		image.Type, filter.Type = tensor.Of(x.DType, 1, 16, 16, 1), tensor.Of(x.DType, 1, 1, 1, 1)
		in[0], in[1] = image, filter
		c := op.IntegerConv{Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, DType: x.DType, Saturation: s}
		require.Equal(t, want.Data, refOf(t, new(c), in...).Data)
		runInteger(t, new(c), in, func(i int) bool { return i > 0 })

		in = []tensor.View{x, scale, zx, one, scale, zx, sy, zy}
		want = refOf(t, new(clamp), refOf(t, &op.LinearPair{}, in...), sy, zy, sy, zy)
		p := op.LinearPair{Saturation: s}
		require.Equal(t, want.Data, refOf(t, new(p), in...).Data)
		runInteger(t, new(p), in, func(i int) bool { return i > 0 })
	}
}

// TestLinearTable holds functions against float64.
func TestLinearTable(t *testing.T) {
	r := integerCase{rand.New(rand.NewPCG(7, 8))}
	functions := map[op.Curve]func(float64) float64{
		op.CurveNone:    func(x float64) float64 { return x },
		op.CurveSigmoid: func(x float64) float64 { return 1 / (1 + math.Exp(-x)) },
		op.CurveLeaky:   func(x float64) float64 { return max(x, x/4) },
		op.CurveClamp:   func(x float64) float64 { return min(max(x, -1), 2) },
	}
	for curve, f := range functions {
		for range 8 {
			x := r.bytes(300)
			o := &op.LinearTable{Curve: curve, Alpha: 0.25, Lo: -1, Hi: 2, DType: integerTypes[2+r.IntN(2)]}
			in := []tensor.View{x, r.scales(1), r.zeros(x, 1), r.scales(1), r.zeros(tensor.View{Type: tensor.Of(o.DType)}, 1)}
			fixed := r.IntN(2) == 0
			runInteger(t, o, in, func(i int) bool { return fixed && i != 0 })
			types, err := o.Infer(in)
			require.NoError(t, err)
			y := blank(types)
			require.NoError(t, o.Ref(in, y))
			lo, hi := o.DType.Range()
			for i := range y[0].Data {
				real := f(float64(in[1].F32()[0]) * (byteAt(&x, i) - zeroAt(in[2])))
				want := min(max(real/float64(in[3].F32()[0])+zeroAt(in[4]), float64(lo)), float64(hi))
				require.LessOrEqual(t, math.Abs(byteAt(&y[0], i)-want), 0.501)
			}
		}
	}
}

// TestQuantizeLinear is about rounding, saturation and rare types.
func TestQuantizeLinear(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	x := f32At([]int{9}, 0.5, 1.5, 2.5, -0.5, -1.5, 1000, -inf, inf, nan)
	one := f32At(nil, 1)
	y := compute(t, &op.QuantizeLinear{DType: tensor.I8}, x, one)
	require.Equal(t, []int8{0, 2, 2, 0, -2, 127, -128, 127, -128}, y[0].I8())
	y = compute(t, &op.QuantizeLinear{DType: tensor.U16}, x, one, tensor.View{Type: tensor.Of(tensor.U16), Data: tensor.Bytes([]uint16{65000})})
	require.Equal(t, []uint16{65000, 65002, 65002, 65000, 64998, 65535, 0, 65535, 0}, y[0].U16())
	y = compute(t, &op.QuantizeLinear{DType: tensor.I4}, x, one)
	require.Equal(t, []byte{0x20, 0x02, 0x7e, 0x78, 0x08}, y[0].Data)
	back := compute(t, &op.DequantizeLinear{DType: tensor.F32}, y[0], f32At([]int{1}, 0.5))
	require.Equal(t, []float32{0, 1, 1, 0, -1, 3.5, -4, 3.5, -4}, back[0].F32())
	half := tensor.View{Type: tensor.Of(tensor.F16, 1, 2), Data: tensor.Bytes([]uint16{quant.Float16Bits(0.75), quant.Float16Bits(-3)})}
	scale := tensor.View{Type: tensor.Of(tensor.F16, 2), Data: tensor.Bytes([]uint16{quant.Float16Bits(0.5), quant.Float16Bits(2)})}
	y = compute(t, &op.QuantizeLinear{DType: tensor.U8, Axis: -1}, half, scale, tensor.View{Type: tensor.Of(tensor.U8, 2), Data: []byte{0, 10}})
	require.Equal(t, []byte{2, 8}, y[0].U8())
	back = compute(t, &op.DequantizeLinear{DType: tensor.F16, Axis: 1}, y[0], scale)
	require.Equal(t, []uint16{quant.Float16Bits(1), quant.Float16Bits(16)}, back[0].F16())
}

// TestLinearErrors gives operators what they must refuse.
func TestLinearErrors(t *testing.T) {
	u8 := func(shape ...int) tensor.View { return tensor.View{Type: tensor.Of(tensor.U8, shape...)} }
	f32 := func(shape ...int) tensor.View { return tensor.View{Type: tensor.Of(tensor.F32, shape...)} }
	for _, c := range []struct {
		o   op.Referenced
		in  []tensor.View
		err string
	}{
		{&op.QuantizeLinear{DType: tensor.U8}, []tensor.View{f32(3)}, "1 inputs"},
		{&op.QuantizeLinear{DType: tensor.U8, Axis: 2}, []tensor.View{f32(2, 3), f32(3)}, "axis 2 is out of range"},
		{&op.QuantizeLinear{DType: tensor.U8, Axis: 1}, []tensor.View{f32(2, 3), f32(2)}, "scales of shape [2]"},
		{&op.QuantizeLinear{DType: tensor.U8, Axis: 1}, []tensor.View{f32(2, 3), f32(3), u8(2)}, "zero points of shape [2]"},
		{&op.QuantizeLinear{DType: tensor.U8, Axis: 1, Block: -1}, []tensor.View{f32(2, 3), f32(2, 3)}, "block size -1"},
		{&op.QuantizeLinear{DType: tensor.U8, Axis: 1, Block: 2}, []tensor.View{f32(2, 3), f32(2, 3)}, "blocks of 2"},
		{&op.QuantizeLinear{DType: tensor.F32}, []tensor.View{f32(3), f32()}, "float32 as type of the output"},
		{&op.DequantizeLinear{DType: tensor.F32}, []tensor.View{u8(3), f32(), f32()}, "want the same type"},
		{&op.LinearPair{}, []tensor.View{u8(3), f32(), u8(), u8(3), f32(2), u8(), f32()}, "scales of shape [2]"},
		{&op.LinearPair{Saturation: op.Saturation{Lo: -1, Hi: 2}}, []tensor.View{u8(3), f32(), u8(), u8(3), f32(), u8(), f32()}, "bounds -1 to 2"},
		{&op.IntegerMatMul{DType: tensor.F32, Saturation: op.Saturation{Hi: 2}}, []tensor.View{u8(3, 4), u8(4, 6), {}, {}, f32(), f32()}, "bounds 0 to 2 of an output of type float32"},
		{&op.LinearTable{DType: tensor.I16}, []tensor.View{u8(3), f32(), u8(), f32()}, "int16 as type of the output"},
		{&op.IntegerMatMul{DType: tensor.I32}, []tensor.View{u8(3, 4), u8(5, 6)}, "do not agree"},
		{&op.IntegerMatMul{DType: tensor.I32}, []tensor.View{u8(3, 4), u8(4, 6), u8(2)}, "want 1 or 3 elements"},
		{&op.IntegerMatMul{DType: tensor.U8}, []tensor.View{u8(3, 4), u8(4, 6)}, "do not fit an output of type uint8"},
		{&op.IntegerConv{DType: tensor.I32}, []tensor.View{u8(1, 4, 4, 3), u8(2, 2, 2, 3)}, "stride 0"},
		{&op.IntegerConv{DType: tensor.I32, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}, []tensor.View{u8(1, 4, 4, 3), u8(2, 2, 2, 2)}, "do not agree on channels"},
	} {
		_, err := c.o.Infer(c.in)
		require.ErrorContains(t, err, c.err)
	}
}
