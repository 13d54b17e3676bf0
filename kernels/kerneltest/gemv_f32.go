package kerneltest

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

func gemvF32(t *testing.T, got, want kernels.GemmF32) {
	g := &guards{t: t}
	rng := rand.New(rand.NewPCG(5, 5))
	for _, n := range around(got.NR) {
		for _, k := range around(4) {
			gemvF32Trial(g, rng, got, want, n, k, rng.IntN(2) == 0)
		}
	}
	for range 100 {
		gemvF32Trial(g, rng, got, want, rng.IntN(200), rng.IntN(200), rng.IntN(2) == 0)
	}
	gemvF32Trial(g, rng, got, want, 17, 17000, false) // kernels may stop on the way

	// Each product is rounded, the sum starts with +0, and the bias comes last.
	for _, v := range []struct{ x, y, bias, want float32 }{
		{0x1.001p0, 0x1.001p0, -0x1.002p0, 0},
		{1, float32(math.Copysign(0, -1)), float32(math.Copysign(0, -1)), 0},
		{24929, 673, 1, 1 << 24}, // 1<<24 + 1 rounds to 1<<24, as a product and as a sum
	} {
		b, bias := make([]float32, got.PackedF32Len(1, 1)), make([]float32, got.NR)
		got.PackF32(b, []float32{v.y}, 1, 1)
		bias[0] = v.bias
		var y [1]float32
		got.Gemv(y[:], []float32{v.x}, b, bias, 1, 1, float32(math.Inf(-1)), float32(math.Inf(1)))
		if math.Float32bits(y[0]) != math.Float32bits(v.want) {
			t.Errorf("%x*%x + %x = %x, want %x", v.x, v.y, v.bias, y[0], v.want)
		}
	}
}

func gemvF32Trial(g *guards, rng *rand.Rand, got, want kernels.GemmF32, n, k int, wild bool) {
	g.reset()
	a, y := place[float32](g, k), place[float32](g, n)
	floats(rng, a, wild)
	src := make([]float32, n*k)
	floats(rng, src, wild)
	b, wantB := place[float32](g, got.PackedF32Len(n, k)), make([]float32, want.PackedF32Len(n, k))
	got.PackF32(b, src, n, k)
	want.PackF32(wantB, src, n, k)
	bias := place[float32](g, kernels.RoundUp(n, got.NR))
	wantBias := make([]float32, kernels.RoundUp(n, want.NR))
	floats(rng, bias[:n], wild)
	copy(wantBias, bias[:n])
	lo, hi := bounds(rng)
	wantY := make([]float32, n)
	got.Gemv(y, a, b, bias, n, k, lo, hi)
	want.Gemv(wantY, a, wantB, wantBias, n, k, lo, hi)
	if i := diffF32(y, wantY); i >= 0 {
		g.t.Fatalf("Gemv %dx%d, clamp %g %g: y[%d] = %x, want %x", n, k, lo, hi, i, y[i], wantY[i])
	}
	if !g.intact() {
		g.t.Fatalf("Gemv %dx%d: wrote outside its memory", n, k)
	}
}
