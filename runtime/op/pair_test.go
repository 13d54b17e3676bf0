package op

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestPairRuns holds runs against the computation of each element by itself,
// on random shapes with every kind of broadcasting.
func TestPairRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x := pair[int32, int32, int64]{f: func(a, b int32) int64 { return int64(a)<<32 | int64(b) }}
	for range 500 {
		var a, b, y []int
		for range r.IntN(6) {
			d := []int{1, 2, 3, 5, 7, 130, 300}[r.IntN(7)]
			da, db := d, d
			switch r.IntN(3) {
			case 0:
				da = 1
			case 1:
				db = 1
			}
			if product(y)*d > 20_000 {
				break
			}
			a, b, y = append(a, da), append(b, db), append(y, d)
		}
		for len(b) > 0 && b[0] == 1 && r.IntN(2) == 0 {
			b = b[1:]
		}
		in := []tensor.View{counted(a), counted(b)}
		want, got := zeroed(y), zeroed(y)
		refPairs(x, in, []tensor.View{want})
		scratch := tensor.Bytes(make([]uint64, pairScratch/8))
		step := bindPairs(x, &Mem{In: in, Out: []tensor.View{got}, Scratch: scratch})
		require.NoError(t, step())
		require.Equal(t, want.Data, got.Data, "%v and %v", a, b)
	}
}

// counted returns int32 elements that tell their index.
func counted(shape []int) tensor.View {
	x := make([]int32, product(shape))
	for i := range x {
		x[i] = int32(i)
	}
	return tensor.View{Type: tensor.Of(tensor.I32, shape...), Data: tensor.Bytes(x)}
}

func zeroed(shape []int) tensor.View {
	return tensor.View{Type: tensor.Of(tensor.I64, shape...), Data: tensor.Bytes(make([]int64, product(shape)))}
}

func TestSelectWalksThreeOperands(t *testing.T) {
	cond := tensor.View{Type: tensor.Of(tensor.Bool, 2, 1, 2), Data: []byte{1, 0, 0, 1}}
	x, y := counted([]int{3, 1}), counted([]int{1, 1, 2})
	out := tensor.View{Type: tensor.Of(tensor.I32, 2, 3, 2), Data: tensor.Bytes(make([]int32, 12))}
	require.NoError(t, bindSelect[uint32](&Mem{In: []tensor.View{cond, x, y}, Out: []tensor.View{out}}, cond.Shape)())
	require.Equal(t, []int32{0, 1, 1, 1, 2, 1, 0, 0, 0, 1, 0, 2}, out.I32())
}

func TestScalerEqualsMultiplier(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		m := quant.Multiplier{M: r.Int32() | 1<<30, Shift: int8(r.IntN(43) - 31)}
		s := newScaler(m)
		for _, x := range []int32{0, 1, -1, 1 << 30, -1 << 31, 1<<31 - 1, int32(r.Uint32()), int32(r.Uint32()) >> r.IntN(32)} {
			require.Equal(t, m.Apply(x), s.times(x), "%d by %v", x, m)
		}
	}
}

func TestScalerShiftsBeyond31(t *testing.T) {
	s := newScaler(quant.Multiplier{M: 1<<31 - 1, Shift: -50})
	require.Zero(t, s.times(1<<31-1))
	require.Zero(t, s.times(-1<<31))
}

func TestFuseBounds(t *testing.T) {
	f32 := tensor.Of(tensor.F32, 3)
	for _, o := range []Fuser{&Add{}, &Sub{}, &Mul{}, &Div{}} {
		fused := o.Fuse(&Clamp{Lo: -1, Hi: 5}, f32)
		require.NotNil(t, fused, "%T", o)
		again := fused.(Fuser).Fuse(&Clamp{Lo: 0, Hi: 9}, f32)
		require.Equal(t, Bounds{0, 5}, clampOf(t, again))
		require.Nil(t, o.Fuse(&Logistic{}, f32))
		require.Nil(t, o.Fuse(&Clamp{Lo: 0, Hi: 6}, tensor.Of(tensor.I32, 3)))
		require.Nil(t, o.Fuse(&Clamp{Lo: 0, Hi: 6, To: To{DType: tensor.I8, Quant: quant.PerTensor(1, 0)}}, f32))
	}
}

func clampOf(t *testing.T, o graph.Op) Bounds {
	switch o := o.(type) {
	case *Add:
		return o.Clamp
	case *Sub:
		return o.Clamp
	case *Mul:
		return o.Clamp
	case *Div:
		return o.Clamp
	}
	require.Fail(t, "not an operator with bounds", "%T", o)
	return Bounds{}
}

func TestRoundAwayEqualsQuantize(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	check := func(x float32) {
		require.Equal(t, quant.SaturateInt32(float64(quant.Round32(x))), roundAway(x), "%v", x)
	}
	for _, x := range []float32{0, 0.5, -0.5, 0.49999997, -0.49999997, 1.5, 2.5, 8388607.5, 8388609, -2147483648, 2147483520, 1e30, -1e30} {
		check(x)
	}
	for range 100_000 {
		check(float32(r.NormFloat64()) * float32(int64(1)<<r.IntN(40)))
	}
}

// TestCastSaturates holds what C leaves open.
func TestCastSaturates(t *testing.T) {
	require.Equal(t, int32(-1<<31), cut32(float32(2147483648)))
	require.Equal(t, int32(-1<<31), cut32(-2147483648.5))
	require.Equal(t, int32(2147483647), cut32(2147483647.9))
	require.Equal(t, int64(-1<<63), cut64(float32(9.3e18)))
	require.Equal(t, uint64(1<<63+2048), cutU64(float64(1<<63+2048)))
	require.Equal(t, uint64(1<<64-1), cutU64(-1.5))
}
