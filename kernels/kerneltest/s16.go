package kerneltest

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

func s16Slots(t *testing.T, got, want kernels.S16) {
	if got.GemmS16.Acc != nil {
		t.Run("Gemm", func(t *testing.T) { gemmS16(t, got.GemmS16, want.GemmS16) })
	}
	t.Run("Depthwise", func(t *testing.T) { depthwiseS16(t, got.DepthwiseS16, want.DepthwiseS16) })
	t.Run("Requant", func(t *testing.T) { requantS64(t, got.RequantS64, want.RequantS64) })
}

// words fills x: with random values, or with those that make the largest sums.
func words(rng *rand.Rand, x []int16) {
	kind := rng.IntN(5)
	for i := range x {
		switch kind {
		case 0:
			x[i] = math.MinInt16
		case 1:
			x[i] = math.MaxInt16
		case 2:
			x[i] = [...]int16{math.MinInt16, math.MaxInt16, 0, -1}[rng.IntN(4)]
		default:
			x[i] = int16(rng.Uint32())
		}
	}
}

func gemmS16(t *testing.T, got, want kernels.GemmS16) {
	g, rng := &guards{t: t}, rand.New(rand.NewPCG(16, 1))
	for _, m := range around(got.MR) {
		for _, n := range around(got.NR) {
			for _, k := range []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 255, 256, 257, 513} {
				gemmS16Trial(g, rng, got, want, m, n, k)
			}
		}
	}
	for range 200 {
		gemmS16Trial(g, rng, got, want, rng.IntN(30), rng.IntN(100), rng.IntN(700))
	}
	gemmS16Trial(g, rng, got, want, 1, 300, 5100)
	gemmS16Trial(g, rng, got, want, 13, 1300, 300) // kernels may stop between columns
	gemmS16Trial(g, rng, got, want, 600, 33, 65)   // and between rows
}

// gemmS16Trial compares Acc on operands of one size, and where these are at their
// ends with the sum itself.
func gemmS16Trial(g *guards, rng *rand.Rand, got, want kernels.GemmS16, m, n, k int) {
	g.reset()
	depth := kernels.RoundUp(k, got.KR)
	lda := depth + rng.IntN(5)
	wantA := make([]int16, max(0, (m-1)*lda+max(depth, kernels.RoundUp(k, want.KR))))
	words(rng, wantA)
	src := make([]int8, n*k)
	bytes(rng, src)
	least := rng.IntN(8) == 0
	if least {
		fill(wantA, math.MinInt16)
		fill(src, math.MinInt8)
	}
	var a []int16
	if m > 0 {
		a = copied(g, wantA[:(m-1)*lda+depth])
	}
	b, wantB := place[int8](g, got.PackedS8Len(n, k)), make([]int8, want.PackedS8Len(n, k))
	got.PackS8(b, src, n, k)
	want.PackS8(wantB, src, n, k)
	c, wantC := place[int64](g, m*n), make([]int64, m*n)
	got.Acc(c, a, lda, b, m, n, k)
	want.Acc(wantC, wantA, lda, wantB, m, n, k)
	if i := diff(c, wantC); i >= 0 {
		g.t.Fatalf("%dx%dx%d, lda %d: c[%d] = %d, want %d", m, n, k, lda, i, c[i], wantC[i])
	}
	if least && m*n > 0 && c[0] != int64(k)<<22 {
		g.t.Fatalf("%d products of the least values: %d, want %d", k, c[0], int64(k)<<22)
	}
	if !g.intact() {
		g.t.Fatalf("%dx%dx%d: wrote outside its memory", m, n, k)
	}
}

func fill[T any](x []T, v T) {
	for i := range x {
		x[i] = v
	}
}

func depthwiseS16(t *testing.T, got, want kernels.DepthwiseS16) {
	g, rng := &guards{t: t}, rand.New(rand.NewPCG(16, 2))
	for trial := range 600 {
		g.reset()
		n, c, step := rng.IntN(14), 1+rng.IntN(70), rng.IntN(150)
		ntaps := rng.IntN(12)
		if trial%20 == 0 {
			n, ntaps = 5, kernels.Products16-rng.IntN(2)
		}
		taps, reach := make([]kernels.Tap, ntaps), 0
		for i := range taps {
			taps[i] = kernels.Tap{X: int32(rng.IntN(200)), W: int32(i * c)}
			reach = max(reach, int(taps[i].X)+c)
		}
		x, w := place[int16](g, max(0, n-1)*step+reach), place[int8](g, ntaps*c)
		words(rng, x)
		bytes(rng, w)
		if trial%40 == 0 {
			fill(x, math.MinInt16)
			fill(w, math.MinInt8)
		}
		y, wantY := place[int64](g, n*c), make([]int64, n*c)
		got(y, x, w, taps, n, step, c)
		want(wantY, x, w, taps, n, step, c)
		if i := diff(y, wantY); i >= 0 {
			t.Fatalf("%d pixels %d apart of %d channels, %d taps: y[%d] = %d, want %d", n, step, c, ntaps, i, y[i], wantY[i])
		}
		if !g.intact() {
			t.Fatalf("%d pixels of %d channels, %d taps: wrote outside its memory", n, c, ntaps)
		}
	}
}

func requantS64(t *testing.T, got, want func(y []int16, ldy int, c []int64, m, n int, q *kernels.RequantS16, j int)) {
	g, rng := &guards{t: t}, rand.New(rand.NewPCG(16, 3))
	for trial := range 1500 {
		g.reset()
		m, n, j := rng.IntN(6), rng.IntN(60), rng.IntN(20)
		ldy := n + rng.IntN(4)
		q := requantS16(g, rng, j+n, trial%3 == 0)
		c := place[int64](g, m*n)
		for i := range c {
			c[i] = sumS16(rng, q, j+i%n)
		}
		y := place[int16](g, max(0, (m-1)*ldy+n))
		if m == 0 {
			y = nil
		}
		wantY := append([]int16(nil), y...)
		got(y, ldy, c, m, n, q, j)
		want(wantY, ldy, c, m, n, q, j)
		if i := diff(y, wantY); i >= 0 {
			l := i % ldy
			t.Fatalf("%d rows of %d columns from %d: y[%d] = %d, want %d (sum %d, bias %d, multiplier %d, right %d)", m, n, j, i,
				y[i], wantY[i], c[i/ldy*n+l], q.Bias[j+l], q.Mult[j+l], q.Right[j+l])
		}
		if !g.intact() {
			t.Fatalf("%d rows of %d columns from %d: wrote outside its memory", m, n, j)
		}
	}
}

// requantS16 returns parameters for n columns in guarded memory.
func requantS16(g *guards, rng *rand.Rand, n int, single bool) *kernels.RequantS16 {
	q := &kernels.RequantS16{
		Bias: place[int64](g, n), Mult: place[int32](g, n), Right: place[int32](g, n),
		Lo: math.MinInt16, Hi: math.MaxInt16,
	}
	if rng.IntN(3) == 0 {
		q.Lo = int32(rng.IntN(60000) - 30000)
		q.Hi = q.Lo + int32(rng.IntN(32767-int(q.Lo)))
	}
	if single {
		q.Left = place[int32](g, n)
	}
	for j := range n {
		q.Mult[j], q.Right[j] = int32(1<<14+rng.IntN(1<<14)), int32(1+rng.IntN(62))
		if rng.IntN(10) == 0 {
			q.Mult[j] = 0
		}
		q.Bias[j] = int64(rng.Uint64()) >> rng.IntN(64)
		if single {
			m, shift := multiplier(rng)
			s := parts(m, shift)
			q.Mult[j], q.Left[j], q.Right[j] = s.Mult, s.Left, s.Right
		}
	}
	return q
}

// sumS16 returns a sum: of any size, or, bias and all, near the middle between two
// results.
func sumS16(rng *rand.Rand, q *kernels.RequantS16, j int) int64 {
	if rng.IntN(2) == 0 {
		return int64(rng.Uint64()) >> rng.IntN(64)
	}
	bits := q.Right[j] - 15
	if q.Left != nil {
		bits = q.Right[j]
	}
	return int64(rng.IntN(1<<17)-1<<16)<<max(0, bits-1) + int64(rng.IntN(5)-2) - q.Bias[j]
}
