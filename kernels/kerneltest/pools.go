package kerneltest

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// poolSlots tests kernels.Pools.
func poolSlots(t *testing.T, got, want kernels.Pools) {
	t.Run("MaxF32", func(t *testing.T) {
		pools(t, 51, func(g *guards, x, y []float32, taps []int32, n, step, c int) {
			wantY := slices.Clone(y)
			want.MaxF32(wantY, x, taps, n, step, c)
			got.MaxF32(y, x, taps, n, step, c)
			same(t, y, wantY, "outputs", n, "channels", c, "apart", step, "taps", taps)
		})
	})
	t.Run("MaxGradF32", func(t *testing.T) {
		pools(t, 52, func(g *guards, x, dy []float32, taps []int32, n, step, c int) {
			y, dx := place[float32](g, n*c), place[float32](g, len(x))
			want.MaxF32(y, x, taps, n, step, c)
			wantDX := slices.Clone(dx)
			want.MaxGradF32(wantDX, x, y, dy, taps, n, step, c)
			got.MaxGradF32(dx, x, y, dy, taps, n, step, c)
			same(t, dx, wantDX, "outputs", n, "channels", c, "apart", step, "taps", taps)
		})
	})
}

// pools calls trial with windows of some taps, which may see the same elements as
// others do, on images with many equal numbers and zeros of both signs; y is as
// long as the outputs.
func pools(t *testing.T, seed uint64, trial func(g *guards, x, y []float32, taps []int32, n, step, c int)) {
	rows(t, seed, func(g *guards, rng *rand.Rand, c int) {
		n, step := rng.IntN(6), c*rng.IntN(3)
		taps := place[int32](g, rng.IntN(10))
		size := 0
		for i := range taps {
			taps[i] = int32(c * rng.IntN(5))
			if n > 0 {
				size = max(size, int(taps[i])+(n-1)*step+c)
			}
		}
		x, y := place[float32](g, size), place[float32](g, n*c)
		floats(rng, y, false)
		if floats(rng, x, rng.IntN(4) == 0); rng.IntN(2) == 0 {
			special(rng, x)
		}
		for i := range x {
			if rng.IntN(3) == 0 {
				x[i] = x[rng.IntN(i+1)]
			}
		}
		trial(g, x, y, taps, n, step, c)
	})
}
