package kerneltest

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// stridedF32 is GemmF32.Strided.
type stridedF32 = func(y []float32, ldy int, a []float32, ra, ca int, b []float32, rb, m, n, k int, add bool)

func gemmF32Strided(t *testing.T, got, want stridedF32) {
	g := &guards{t: t}
	rng := rand.New(rand.NewPCG(7, 7))
	for _, m := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 17, 24, 25, 33} {
		for _, n := range []int{0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 64, 65} {
			for _, k := range []int{0, 1, 2, 5} {
				strided(g, rng, got, want, m, n, k, rng.IntN(2) == 0)
			}
		}
	}
	for range 200 {
		strided(g, rng, got, want, rng.IntN(40), rng.IntN(100), rng.IntN(100), rng.IntN(2) == 0)
	}
	for range 4 {
		strided(g, rng, got, want, 1, 300, 520, false)
		strided(g, rng, got, want, 13, 67, 1031, false)
		strided(g, rng, got, want, 210, 33, 600, false) // more rows than stay in a cache
		strided(g, rng, got, want, 2, 17, 17000, false) // kernels may stop on the way
	}
}

// strided multiplies by random strides, a stored either way round.
func strided(g *guards, rng *rand.Rand, got, want stridedF32, m, n, k int, wild bool) {
	g.reset()
	ldy, rb, ra, ca := n+rng.IntN(5), n+rng.IntN(5), k+rng.IntN(5), 1
	switch rng.IntN(3) {
	case 0:
		ra, ca = 1, m+rng.IntN(5)
	case 1:
		ra, ca = k*2+rng.IntN(3), 1+rng.IntN(2) // both apart, or neither
	}
	add := rng.IntN(2) == 0
	var a, b, y []float32
	if m > 0 && n > 0 {
		y = place[float32](g, (m-1)*ldy+n)
	}
	if m > 0 && k > 0 {
		a = place[float32](g, (m-1)*ra+(k-1)*ca+1)
	}
	if n > 0 && k > 0 {
		b = place[float32](g, (k-1)*rb+n)
	}
	floats(rng, a, wild)
	floats(rng, b, wild)
	for i := range y {
		if i%max(ldy, 1) < n {
			floats(rng, y[i:i+1], wild)
		}
	}
	wantY := slices.Clone(y)
	got(y, ldy, a, ra, ca, b, rb, m, n, k, add)
	want(wantY, ldy, a, ra, ca, b, rb, m, n, k, add)
	if i := diffF32(y, wantY); i >= 0 {
		g.t.Fatalf("Strided %dx%dx%d, ldy %d, ra %d, ca %d, rb %d, add %v: y[%d] = %x, want %x", m, n, k, ldy, ra, ca, rb, add, i, y[i], wantY[i])
	}
	if !g.intact() {
		g.t.Fatalf("Strided %dx%dx%d: wrote outside its memory", m, n, k)
	}
}
