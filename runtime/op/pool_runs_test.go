package op

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestMaxPoolRuns compares runs of outputs with one window after the other, on
// images with NaN, infinities and zeros of both signs, for every set of kernels.
func TestMaxPoolRuns(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	odd := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 0, float32(math.Copysign(0, -1))}
	for trial := range 300 {
		w := windows{n: 1 + rng.IntN(3), h: 1 + rng.IntN(7), w: 1 + rng.IntN(9), c: 1 + rng.IntN(20),
			kh: 1 + rng.IntN(4), kw: 1 + rng.IntN(4), sh: 1 + rng.IntN(3), sw: 1 + rng.IntN(3), dh: 1 + rng.IntN(2), dw: 1 + rng.IntN(2),
			top: rng.IntN(3), left: rng.IntN(3), oh: 1 + rng.IntN(5), ow: 1 + rng.IntN(6)}
		x := make([]float32, w.n*w.h*w.w*w.c)
		for i := range x {
			if x[i] = float32(rng.IntN(5)) - 2; trial%3 == 0 && rng.IntN(20) == 0 {
				x[i] = odd[rng.IntN(len(odd))]
			}
		}
		outs := w.n * w.oh * w.ow * w.c
		dy := make([]float32, outs)
		for i := range dy {
			dy[i] = float32(rng.NormFloat64())
		}
		lo, hi := quant.ActivationRangeFloat(quant.Activation(trial % 2))
		y, wantY := make([]float32, outs), make([]float32, outs)
		dx, wantDX := make([]float32, len(x)), make([]float32, len(x))
		maxima(&w, x, wantY, kernels.LeastF32, lo, hi, maxEach[float32])
		w.maxGrad(wantDX, x, wantY, dy)
		runs, ok := w.asRuns()
		require.True(t, ok)
		for _, set := range host.Sets() {
			m := &Mem{PerWorker: [][]byte{make([]byte, runs.scratch())}}
			require.NoError(t, runs.maxStep(m, &set, x, y, lo, hi)())
			require.NoError(t, runs.maxGradStep(m, &set, dx, x, y, dy)())
			require.True(t, bytes.Equal(tensor.Bytes(wantY), tensor.Bytes(y)), "%s: %+v", set.Name, w)
			require.True(t, bytes.Equal(tensor.Bytes(wantDX), tensor.Bytes(dx)), "%s: %+v", set.Name, w)
		}
	}
}
