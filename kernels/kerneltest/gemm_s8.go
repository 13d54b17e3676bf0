package kerneltest

import (
	"math/rand/v2"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

func gemmS8(t *testing.T, got, want kernels.GemmS8) {
	g := &guards{t: t}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, m := range around(got.MR) {
		for _, n := range around(got.NR) {
			for _, k := range around(got.KR) {
				gemmS8Trial(g, rng, got, want, m, n, k)
			}
		}
	}
	for range 200 {
		gemmS8Trial(g, rng, got, want, rng.IntN(20), rng.IntN(100), rng.IntN(300))
	}
	for range 60 { // a row alone may have a kernel of its own
		gemmS8Trial(g, rng, got, want, 1, rng.IntN(200), rng.IntN(300))
	}
	gemmS8Trial(g, rng, got, want, 3, 5, 0)
	gemmS8Trial(g, rng, got, want, 1, 300, 1100)
	gemmS8Trial(g, rng, got, want, 13, 129, 1031)
	gemmS8Trial(g, rng, got, want, 300, 33, 65)
	gemmS8Trial(g, rng, got, want, 600, 70, 300)  // kernels may stop between rows
	gemmS8Trial(g, rng, got, want, 13, 1300, 300) // and between columns
	for range 20 {                                // requantisation alone
		gemmS8Trial(g, rng, got, want, 2, 700, 0)
	}
}

// gemmS8Trial compares Acc and Mul on random operands of one size.
func gemmS8Trial(g *guards, rng *rand.Rand, got, want kernels.GemmS8, m, n, k int) {
	g.reset()
	depth := kernels.RoundUp(k, got.KR)
	lda, ldy := depth+rng.IntN(5), n+rng.IntN(5)
	wantA := make([]int8, max(0, (m-1)*lda+max(depth, kernels.RoundUp(k, want.KR))))
	bytes(rng, wantA)
	var a []int8
	if m > 0 {
		a = copied(g, wantA[:(m-1)*lda+depth])
	}
	src := make([]int8, n*k)
	bytes(rng, src)
	b, wantB := place[int8](g, got.PackedS8Len(n, k)), make([]int8, want.PackedS8Len(n, k))
	got.PackS8(b, src, n, k)
	want.PackS8(wantB, src, n, k)
	q := requant(g, rng, n)
	bias := copied(g, q.Bias[:n])

	c, wantC := place[int32](g, m*n), make([]int32, m*n)
	got.Acc(c, a, lda, b, bias, m, n, k)
	want.Acc(wantC, wantA, lda, wantB, bias, m, n, k)
	if i := diff(c, wantC); i >= 0 {
		g.t.Fatalf("Acc %dx%dx%d, lda %d: c[%d] = %d, want %d", m, n, k, lda, i, c[i], wantC[i])
	}

	var y []int8
	if m > 0 {
		y = place[int8](g, (m-1)*ldy+n)
	}
	wantY := append([]int8(nil), y...)
	got.Mul(y, ldy, a, lda, b, m, n, k, q)
	want.Mul(wantY, ldy, wantA, lda, wantB, m, n, k, q)
	if i := diff(y, wantY); i >= 0 {
		j := i % ldy
		one := q.From(j)
		g.t.Fatalf("Mul %dx%dx%d, lda %d, ldy %d: y[%d] = %d, want %d (sum %d, %+v)", m, n, k, lda, ldy, i, y[i], wantY[i], wantC[i/ldy*n+j], first(one))
	}
	if !g.intact() {
		g.t.Fatalf("%dx%dx%d: wrote outside its memory", m, n, k)
	}
}

// gemmS8Lines tests Lines, where it is there, against copied rows.
func gemmS8Lines(t *testing.T, got, want kernels.GemmS8) {
	if got.Lines == nil {
		return
	}
	g := &guards{t: t}
	rng := rand.New(rand.NewPCG(7, 7))
	for range 500 {
		g.reset()
		m, n, run, lines := 1+rng.IntN(40), 1+rng.IntN(100), got.KR*(1+rng.IntN(20)), 1+rng.IntN(5)
		k, lda, line, ldy := run*lines, rng.IntN(30), rng.IntN(100), n+rng.IntN(5)
		a, y := place[int8](g, (m-1)*lda+(lines-1)*line+run), place[int8](g, (m-1)*ldy+n)
		src := make([]int8, n*k)
		bytes(rng, a)
		bytes(rng, src)
		b, wantB := place[int8](g, got.PackedS8Len(n, k)), make([]int8, want.PackedS8Len(n, k))
		got.PackS8(b, src, n, k)
		want.PackS8(wantB, src, n, k)
		rows := make([]int8, m*k)
		for i := range rows {
			l := i % k
			rows[i] = a[i/k*lda+l/run*line+l%run]
		}
		q, wantY := requant(g, rng, n), append([]int8(nil), y...)
		got.Lines(y, ldy, a, lda, run, line, b, m, n, k, q)
		want.Mul(wantY, ldy, rows, k, wantB, m, n, k, q)
		if i := diff(y, wantY); i >= 0 {
			t.Fatalf("%d rows of %d lines of %d by %d: y[%d] = %d, want %d", m, lines, run, n, i, y[i], wantY[i])
		}
		if !g.intact() {
			t.Fatalf("%d rows of %d lines of %d by %d: wrote outside its memory", m, lines, run, n)
		}
	}
}

// first returns q for one column, for messages.
func first(q kernels.Requant) kernels.Requant {
	if q.Bias = q.Bias[:1]; q.Scale != nil {
		q.Scale = q.Scale[:1]
	} else {
		q.Mult, q.Left, q.Right = q.Mult[:1], q.Left[:1], q.Right[:1]
	}
	return q
}
