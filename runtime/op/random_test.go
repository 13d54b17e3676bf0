package op

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestDraws holds the generator against SplitMix64's published numbers.
func TestDraws(t *testing.T) {
	for i, want := range []uint64{0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC} {
		assert.Equal(t, want, Draws{}.bits(uint64(i)))
	}
	assert.Equal(t, uint64(6457827717110365317), Draws{Seed: 1234567}.bits(0))
	for i := range uint64(1000) {
		assert.True(t, Draws{Seed: 7}.unit(i) >= 0 && Draws{Seed: 7}.unit(i) < 1)
	}
}

// randomRun runs o with a fresh state on the inputs that follow it.
func randomRun(t *testing.T, o Referenced, in ...tensor.View) (out []tensor.View, state tensor.View) {
	t.Helper()
	state = tensor.View{Type: RandomState, Data: aligned(8)}
	in = append([]tensor.View{state}, in...)
	types, err := o.Infer(in)
	require.NoError(t, err)
	for _, typ := range types {
		out = append(out, tensor.View{Type: typ, Data: aligned(typ.Bytes())})
	}
	require.NoError(t, o.Ref(in, out))
	return out, state
}

// moments returns mean and standard deviation.
func moments(v *tensor.View) (mean, deviation float64) {
	n := float64(v.Len())
	for i := range v.Len() {
		mean += float64At(v, i) / n
	}
	for i := range v.Len() {
		d := float64At(v, i) - mean
		deviation += d * d / n
	}
	return mean, math.Sqrt(deviation)
}

func TestRandomMoments(t *testing.T) {
	const n = 20000
	for _, d := range arithFloats {
		out, state := randomRun(t, &Random{Normal: true, A: 3, B: 2, DType: d, Shape: []int{n}})
		mean, deviation := moments(&out[0])
		assert.InDelta(t, 3, mean, 0.06, d)
		assert.InDelta(t, 2, deviation, 0.05, d)
		assert.Equal(t, uint64(n), state.U64()[0])

		out, _ = randomRun(t, &Random{A: -1, B: 3, DType: d, Shape: []int{n}})
		mean, deviation = moments(&out[0])
		assert.InDelta(t, 1, mean, 0.04, d)
		assert.InDelta(t, 4/math.Sqrt(12), deviation, 0.03, d)
		for i := range n {
			x := float64At(&out[0], i)
			require.True(t, x >= -1 && x < 3, "%v", x)
		}
	}
}

func TestBernoulliAndMultinomial(t *testing.T) {
	const n = 20000
	p := tensor.View{Type: tensor.Of(tensor.F32, n), Data: aligned(4 * n)}
	for i := range p.F32() {
		p.F32()[i] = 0.25
	}
	out, _ := randomRun(t, &Bernoulli{DType: tensor.F64}, p)
	mean, _ := moments(&out[0])
	assert.InDelta(t, 0.25, mean, 0.01)

	inf := float32(math.Inf(-1))
	x := tensor.View{Type: tensor.Of(tensor.F32, 1, 4), Data: tensor.Bytes([]float32{float32(math.Log(3)), inf, 0, inf})}
	out, _ = randomRun(t, &Multinomial{Samples: n, DType: tensor.I32}, x)
	count := map[int32]int{}
	for _, c := range out[0].I32() {
		count[c]++
	}
	assert.Len(t, count, 2)
	assert.InDelta(t, 0.75, float64(count[0])/n, 0.01)

	for _, bad := range [][]float32{{inf, inf}, {float32(math.NaN()), 0}, {float32(math.Inf(1)), 0}} {
		state := tensor.View{Type: RandomState, Data: aligned(8)}
		x := tensor.View{Type: tensor.Of(tensor.F32, 1, 2), Data: tensor.Bytes(bad)}
		y := tensor.View{Type: tensor.Of(tensor.I32, 1, 1), Data: aligned(4)}
		require.ErrorIs(t, (&Multinomial{Samples: 1, DType: tensor.I32}).Ref([]tensor.View{state, x}, []tensor.View{y}), ErrData)
	}
}

func TestDropoutInTraining(t *testing.T) {
	const n = 20000
	x := tensor.View{Type: tensor.Of(tensor.F32, n), Data: aligned(4 * n)}
	for i := range x.F32() {
		x.F32()[i] = 3
	}
	scalar := func(r float32) tensor.View {
		return tensor.View{Type: tensor.Of(tensor.F32), Data: tensor.Bytes([]float32{r})}
	}
	yes := tensor.View{Type: tensor.Of(tensor.Bool), Data: []byte{1}}
	out, _ := randomRun(t, &Dropout{}, x, scalar(0.25), yes)
	kept := 0
	for i, y := range out[0].F32() {
		kept += int(out[1].Data[i])
		require.Equal(t, float32(4)*float32(out[1].Data[i]), y)
	}
	assert.InDelta(t, 0.75, float64(kept)/n, 0.01)
	for _, bad := range []float32{1, -0.1, float32(math.NaN())} {
		state := tensor.View{Type: RandomState, Data: aligned(8)}
		require.ErrorIs(t, (&Dropout{}).Ref([]tensor.View{state, x, scalar(bad), yes}, out), ErrData)
	}
}
