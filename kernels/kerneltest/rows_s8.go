package kerneltest

import (
	"math/rand/v2"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

func mulS8(t *testing.T, got, want func(y, a, b []int8, p *kernels.MulS8)) {
	rows(t, 31, func(g *guards, rng *rand.Rand, n int) {
		y, a, b := operands(g, rng, n)
		p := &kernels.MulS8{ZeroA: int32(rng.IntN(256) - 128), ZeroB: int32(rng.IntN(256) - 128), Out: parts(multiplier(rng))}
		p.Zero, p.Lo, p.Hi = output(rng)
		wantY := make([]int8, n)
		want(wantY, a, b, p)
		got(y, a, b, p)
		if i := diff(y, wantY); i >= 0 {
			t.Fatalf("%d: y[%d] = %d, want %d by %+v", n, i, y[i], wantY[i], *p)
		}
	})
}

func maxS8(t *testing.T, got, want func(y, a, b []int8)) {
	rows(t, 32, func(g *guards, rng *rand.Rand, n int) {
		y, a, b := operands(g, rng, n)
		wantY := make([]int8, n)
		want(wantY, a, b)
		got(y, a, b)
		if i := diff(y, wantY); i >= 0 {
			t.Fatalf("%d: y[%d] = %d, want %d", n, i, y[i], wantY[i])
		}
	})
}

func sumS8(t *testing.T, got, want func(c []int32, x []int8)) {
	rows(t, 33, func(g *guards, rng *rand.Rand, n int) {
		c, x := place[int32](g, n), place[int8](g, n)
		bytes(rng, x)
		for i := range c {
			c[i] = word(rng)
		}
		wantC := append([]int32(nil), c...)
		got(c, x)
		want(wantC, x)
		if i := diff(c, wantC); i >= 0 {
			t.Fatalf("%d: c[%d] = %d, want %d", n, i, c[i], wantC[i])
		}
	})
}

// transpose goes through sizes around blocks, with rows apart on both sides.
func transpose[T int8 | int32](t *testing.T, got, want func(y, x []T, rows, cols, ldy, ldx int)) {
	g, rng := &guards{t: t}, rand.New(rand.NewPCG(34, 34))
	sizes := []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 33, 50}
	for _, n := range sizes {
		for _, m := range sizes {
			g.reset()
			ldx, ldy := m+rng.IntN(3), n+rng.IntN(3)
			x, y := place[T](g, max(0, (n-1)*ldx+m)), place[T](g, max(0, (m-1)*ldy+n))
			if n == 0 || m == 0 {
				x, y = nil, nil
			}
			for i := range x {
				x[i] = T(rng.Uint32())
			}
			wantY := append([]T(nil), y...)
			want(wantY, x, n, m, ldy, ldx)
			got(y, x, n, m, ldy, ldx)
			if i := diff(y, wantY); i >= 0 {
				t.Fatalf("%d×%d, rows %d and %d apart: y[%d] = %d, want %d", n, m, ldx, ldy, i, y[i], wantY[i])
			}
			if !g.intact() {
				t.Fatalf("%d×%d: wrote outside its memory", n, m)
			}
		}
	}
}
