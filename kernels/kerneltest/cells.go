package kerneltest

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// cellSlots tests kernels.Cells.
func cellSlots(t *testing.T, got, want kernels.Cells) {
	t.Run("LSTMF32", func(t *testing.T) { lstmF32(t, got.LSTMF32, want.LSTMF32) })
	t.Run("LSTMGradF32", func(t *testing.T) { lstmGradF32(t, got.LSTMGradF32, want.LSTMGradF32) })
	t.Run("GRUF32", func(t *testing.T) { gruF32(t, got.GRUF32, want.GRUF32) })
	t.Run("GRUGradF32", func(t *testing.T) { gruGradF32(t, got.GRUGradF32, want.GRUGradF32) })
}

// operand returns n guarded numbers, and a copy of them.
func operand(g *guards, rng *rand.Rand, n int) (x, same []float32) {
	x = place[float32](g, n)
	floats(rng, x, false)
	if rng.IntN(4) == 0 {
		special(rng, x)
	}
	return x, slices.Clone(x)
}

func lstmF32(t *testing.T, got, want func(h, c, gates, r, was []float32)) {
	rows(t, 41, func(g *guards, rng *rand.Rand, n int) {
		gates, wantGates := operand(g, rng, 4*n)
		r, _ := operand(g, rng, 4*n)
		was, wantC := operand(g, rng, n)
		h, wantH := operand(g, rng, n)
		c := was
		want(wantH, wantC, wantGates, r, wantC)
		if rng.IntN(2) == 0 {
			c = place[float32](g, n)
		}
		got(h, c, gates, r, was)
		same(t, gates, wantGates, "gates")
		same(t, c, wantC, "c")
		same(t, h, wantH, "h")
	})
}

func lstmGradF32(t *testing.T, got, want func(dgates, dc, dh, gates, c, was []float32)) {
	rows(t, 42, func(g *guards, rng *rand.Rand, n int) {
		gates, _ := operand(g, rng, 4*n)
		was, _ := operand(g, rng, n)
		c, _ := operand(g, rng, n)
		dh, _ := operand(g, rng, n)
		dc, wantDC := operand(g, rng, n)
		dgates, wantGates := operand(g, rng, 4*n)
		want(wantGates, wantDC, dh, gates, c, was)
		got(dgates, dc, dh, gates, c, was)
		same(t, dgates, wantGates, "gates")
		same(t, dc, wantDC, "dc")
	})
}

func gruF32(t *testing.T, got, want func(h, gates, r, was []float32)) {
	rows(t, 43, func(g *guards, rng *rand.Rand, n int) {
		gates, wantGates := operand(g, rng, 4*n)
		r, _ := operand(g, rng, 3*n)
		was, wantH := operand(g, rng, n)
		h := was
		want(wantH, wantGates, r, wantH)
		if rng.IntN(2) == 0 {
			h = place[float32](g, n)
		}
		got(h, gates, r, was)
		same(t, gates, wantGates, "gates")
		same(t, h, wantH, "h")
	})
}

func gruGradF32(t *testing.T, got, want func(dgates, dh, gates, was []float32)) {
	rows(t, 44, func(g *guards, rng *rand.Rand, n int) {
		gates, _ := operand(g, rng, 4*n)
		was, _ := operand(g, rng, n)
		dh, wantDH := operand(g, rng, n)
		dgates, wantGates := operand(g, rng, 4*n)
		want(wantGates, wantDH, gates, was)
		got(dgates, dh, gates, was)
		same(t, dgates, wantGates, "gates")
		same(t, dh, wantDH, "dh")
	})
}
