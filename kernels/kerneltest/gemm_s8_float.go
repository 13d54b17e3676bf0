package kerneltest

import (
	"math/rand/v2"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// gemmS8Float tests Float, where it is there, against Acc and DequantS32.
func gemmS8Float(t *testing.T, got, want *kernels.Set) {
	if got.GemmS8.Float == nil {
		return
	}
	g := &guards{t: t}
	rng := rand.New(rand.NewPCG(8, 8))
	for range 300 {
		gemmS8FloatTrial(g, rng, got, want, rng.IntN(30), rng.IntN(150), rng.IntN(200))
	}
	gemmS8FloatTrial(g, rng, got, want, 600, 70, 300)
	gemmS8FloatTrial(g, rng, got, want, 13, 1300, 300)
	gemmS8FloatTrial(g, rng, got, want, 1, 130, 64)
}

func gemmS8FloatTrial(g *guards, rng *rand.Rand, got, want *kernels.Set, m, n, k int) {
	g.reset()
	depth := kernels.RoundUp(k, got.GemmS8.KR)
	lda, ldy := depth+rng.IntN(5), n+rng.IntN(5)
	src, bias := make([]int8, n*k), place[int32](g, n)
	a, y := place[int8](g, max(0, (m-1)*lda+depth)), place[float32](g, max(0, (m-1)*ldy+n))
	if m == 0 {
		a, y = nil, nil
	}
	scale, add := place[float32](g, n), []float32(nil)
	bytes(rng, a)
	bytes(rng, src)
	floats(rng, y, false)
	floats(rng, scale, rng.IntN(2) == 0)
	if rng.IntN(2) == 0 {
		add = place[float32](g, n)
		floats(rng, add, rng.IntN(2) == 0)
	}
	for j := range bias {
		bias[j] = word(rng)
	}
	b := place[int8](g, got.GemmS8.PackedS8Len(n, k))
	got.GemmS8.PackS8(b, src, n, k)
	c, wantY := make([]int32, m*n), append([]float32(nil), y...)
	got.GemmS8.Acc(c, a, lda, b, bias, m, n, k)
	for i := range m {
		want.DequantS32(wantY[i*ldy:][:n], c[i*n:(i+1)*n], scale, add)
	}
	got.GemmS8.Float(y, ldy, a, lda, b, bias, scale, add, m, n, k)
	if i := diffF32(y, wantY); i >= 0 {
		g.t.Fatalf("Float %dx%dx%d, lda %d, ldy %d: y[%d] = %x, want %x", m, n, k, lda, ldy, i, y[i], wantY[i])
	}
	if !g.intact() {
		g.t.Fatalf("Float %dx%dx%d: wrote outside its memory", m, n, k)
	}
	if m > 0 && n > 0 && !panics(func() { got.GemmS8.Float(y, ldy, a, lda, b, bias, scale[:n-1:n-1], add, m, n, k) }) {
		g.t.Fatalf("Float %dx%dx%d: scale one element short, and no panic", m, n, k)
	}
}
