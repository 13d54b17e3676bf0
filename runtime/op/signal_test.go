package op

import (
	"fmt"
	"math"
	"math/big"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// fftLengths has each radix, several of them, and each as the innermost one.
var fftLengths = []int{4, 6, 8, 10, 12, 18, 30, 32, 40, 50, 90, 100, 128, 180, 256, 400, 480}

// spectrum is the definition of the transform of real numbers.
func spectrum(x []float64) []complex128 {
	n := len(x)
	out := make([]complex128, n/2+1)
	for k := range out {
		for i, v := range x {
			out[k] += complex(v, 0) * cmplx.Exp(complex(0, -2*math.Pi*float64(i*k%n)/float64(n)))
		}
	}
	return out
}

func randoms(n int) []float64 {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	out := make([]float64, n)
	for i := range out {
		out[i] = 2*r.Float64() - 1
	}
	return out
}

// forwardAndBack transforms x as elements of typ and returns the spectrum and
// what the inverse makes of it.
func forwardAndBack[T tensor.Element](typ tensor.DType, x []T) (spec, back []T) {
	n := len(x)
	spec, back = make([]T, n+2), make([]T, n)
	tmp := make([]T, n)
	fftFor(fftKey{typ, n, false}).forward(tensor.Bytes(spec), tensor.Bytes(x), tensor.Bytes(tmp))
	fftFor(fftKey{typ, n, true}).inverse(tensor.Bytes(back), tensor.Bytes(spec), tensor.Bytes(tmp))
	return spec, back
}

func TestFloatFFT(t *testing.T) {
	for _, n := range fftLengths {
		x := randoms(n)
		x32 := make([]float32, n)
		for i := range x {
			x32[i] = float32(x[i])
			x[i] = float64(x32[i])
		}
		spec, back := forwardAndBack(tensor.F32, x32)
		for k, want := range spectrum(x) {
			assert.InDelta(t, real(want), spec[2*k], 1e-5*math.Sqrt(float64(n)), "length %d, frequency %d", n, k)
			assert.InDelta(t, imag(want), spec[2*k+1], 1e-5*math.Sqrt(float64(n)), "length %d, frequency %d", n, k)
		}
		assert.InDeltaSlice(t, x32, back, 1e-5, "length %d", n)
	}
}

func TestFixedFFT(t *testing.T) {
	for _, n := range fftLengths {
		x := randoms(n)
		x16, x32 := make([]int16, n), make([]int32, n)
		for i, v := range x {
			x16[i], x32[i] = int16(v*math.MaxInt16), int32(v*math.MaxInt32)
		}
		spec16, _ := forwardAndBack(tensor.I16, x16)
		spec32, back := forwardAndBack(tensor.I32, x32)
		for k, want := range spectrum(x) {
			want /= complex(float64(n), 0)
			// Every stage rounds, and multiplies with fractions a little below 1.
			assert.InDelta(t, real(want)*math.MaxInt16, spec16[2*k], 4, "int16, length %d, frequency %d", n, k)
			assert.InDelta(t, imag(want)*math.MaxInt16, spec16[2*k+1], 4, "int16, length %d, frequency %d", n, k)
			assert.InDelta(t, real(want)*math.MaxInt32, spec32[2*k], 16, "int32, length %d, frequency %d", n, k)
			assert.InDelta(t, imag(want)*math.MaxInt32, spec32[2*k+1], 16, "int32, length %d, frequency %d", n, k)
		}
		for i, v := range x {
			assert.InDelta(t, v*math.MaxInt32/float64(n), back[i], 64, "length %d, sample %d", n, i)
		}
	}
}

func TestFFTOrder(t *testing.T) {
	for n := 4; n <= 600; n += 2 {
		if wantFFT(n) != nil {
			continue
		}
		f := newFFTTable(n, false, toFixed[int16])
		order := slices.Sorted(slices.Values(f.order))
		for i, v := range order {
			require.Equal(t, int32(i), v, "length %d: every sample is taken once", n)
		}
	}
}

func TestWantFFT(t *testing.T) {
	for _, n := range []int{4, 6, 10, 60, 512, 1 << 16, 2 * 3 * 5 * 1000} {
		assert.NoError(t, wantFFT(n), n)
	}
	for _, n := range []int{math.MinInt32, -4, -1, 0, 1, 2, 3, 5, 9, 14, 22, 26 * 8, 1 << 17, math.MaxInt32} {
		assert.Error(t, wantFFT(n), n)
	}
}

func TestRoundedRoot(t *testing.T) {
	check := func(x uint64) {
		v := new(big.Int).SetUint64(x)
		root := new(big.Int).Sqrt(v)
		want := root.Uint64()
		if rest := new(big.Int).Sub(v, new(big.Int).Mul(root, root)); rest.Cmp(root) > 0 {
			want++
		}
		if x < 1<<32 {
			want = min(want, math.MaxUint16)
		}
		require.Equal(t, min(want, math.MaxUint32), uint64(roundedRoot(x)), "of %d", x)
	}
	for x := range uint64(70000) {
		check(x)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		check(r.Uint64() >> r.IntN(64))
		n := r.Uint64() >> (32 + r.IntN(32))
		for _, x := range []uint64{n*n - 1, n * n, n*n + n, n*n + n + 1} {
			check(x)
		}
	}
}

func TestFixedLog(t *testing.T) {
	for _, scale := range []uint32{64, 1600} {
		for b := range 32 {
			for _, x := range []uint32{1 << b, 1<<b + 1, 1<<b | 1<<b>>1, 1<<b*2 - 1} {
				want := float64(scale) * math.Log(float64(x))
				assert.InDelta(t, want, float64(fixedLog(x, scale)), 1+0.0025*float64(scale), fmt.Sprintf("%d·ln %d", scale, x))
			}
		}
	}
}

// TestStreams cuts a signal into frames and joins them again: without a window,
// what overlaps twice comes out doubled, and Size-Step samples late.
func TestStreams(t *testing.T) {
	frames, join := SignalFramer{Size: 6, Step: 3, Prefill: true}, SignalOverlapAdd{Step: 3}
	late := &SignalDelay{Length: 3}
	in := func(o Stateful, x tensor.View) []tensor.View {
		types, err := o.State(x.Type)
		require.NoError(t, err)
		views := []tensor.View{x}
		for _, s := range types {
			views = append(views, blank(s))
		}
		return views
	}
	x := blank(tensor.Of(tensor.I16, 2, 9))
	framed, cut := in(new(frames), x), []tensor.View{blank(tensor.Of(tensor.I16, 2, 3, 6)), blank(tensor.Of(tensor.Bool))}
	joined, sum := in(new(join), cut[0]), []tensor.View{blank(x.Type)}
	delayed, y := in(late, x), []tensor.View{blank(x.Type)}
	for run := range 4 {
		for i := range x.I16() {
			x.I16()[i] = int16(100*run + i)
		}
		require.NoError(t, frames.Ref(framed, cut))
		require.Equal(t, byte(1), cut[1].Data[0])
		require.NoError(t, join.Ref(joined, sum))
		require.NoError(t, late.Ref(delayed, y))
		for i, v := range y[0].I16() {
			require.Equal(t, 2*v, sum[0].I16()[i], "run %d, sample %d", run, i)
		}
	}
}

// blank returns zeros.
func blank(t tensor.Type) tensor.View {
	return tensor.View{Type: t, Data: tensor.Bytes(make([]uint64, t.Bytes()/8+1))[:t.Bytes()]}
}
