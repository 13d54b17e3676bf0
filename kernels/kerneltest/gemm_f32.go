package kerneltest

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// gemmF32 tests Mul.
func gemmF32(t *testing.T, got, want kernels.GemmF32) { gemmF32Trials(t, got, want) }

// gemmF32Rounded tests Rounded, as the Mul of an otherwise equal slot.
func gemmF32Rounded(t *testing.T, got, want kernels.GemmF32) {
	got.Mul, want.Mul = got.Rounded, want.Rounded
	gemmF32Trials(t, got, want)
	// Each product is rounded, the sum starts with +0, and the bias comes last.
	negative := float32(math.Copysign(0, -1))
	for _, v := range []struct{ x, y, bias, want float32 }{
		{0x1.001p0, 0x1.001p0, -0x1.002p0, 0},
		{1, negative, negative, 0},
		{24929, 673, 1, 1 << 24}, // 1<<24 + 1 rounds to 1<<24, as a product and as a sum
	} {
		b, bias := make([]float32, got.PackedF32Len(1, 1)), make([]float32, got.NR)
		got.PackF32(b, []float32{v.y}, 1, 1)
		bias[0] = v.bias
		var y [1]float32
		got.Mul(y[:], 1, []float32{v.x}, 1, b, bias, 1, 1, 1, float32(math.Inf(-1)), float32(math.Inf(1)))
		if math.Float32bits(y[0]) != math.Float32bits(v.want) {
			t.Errorf("%x*%x + %x = %x, want %x", v.x, v.y, v.bias, y[0], v.want)
		}
	}
}

func gemmF32Trials(t *testing.T, got, want kernels.GemmF32) {
	g := &guards{t: t}
	rng := rand.New(rand.NewPCG(2, 2))
	for _, m := range around(got.MR) {
		for _, n := range around(got.NR) {
			for k := range 6 {
				gemmF32Trial(g, rng, got, want, m, n, k, rng.IntN(2) == 0)
			}
		}
	}
	for range 200 {
		gemmF32Trial(g, rng, got, want, rng.IntN(20), rng.IntN(100), rng.IntN(100), rng.IntN(2) == 0)
	}
	for range 4 {
		gemmF32Trial(g, rng, got, want, 1, 300, 520, false)
		gemmF32Trial(g, rng, got, want, 13, 67, 1031, false)
		gemmF32Trial(g, rng, got, want, 150, 33, 65, false)
		gemmF32Trial(g, rng, got, want, 2, 17, 17000, false) // kernels may stop on the way
	}
}

func gemmF32Trial(g *guards, rng *rand.Rand, got, want kernels.GemmF32, m, n, k int, wild bool) {
	g.reset()
	lda, ldy := k+rng.IntN(5), n+rng.IntN(5)
	var a, y []float32
	if m > 0 {
		a, y = place[float32](g, (m-1)*lda+k), place[float32](g, (m-1)*ldy+n)
	}
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

	wantY := append([]float32(nil), y...)
	got.Mul(y, ldy, a, lda, b, bias, m, n, k, lo, hi)
	want.Mul(wantY, ldy, a, lda, wantB, wantBias, m, n, k, lo, hi)
	if i := diffF32(y, wantY); i >= 0 {
		g.t.Fatalf("Mul %dx%dx%d, lda %d, ldy %d, clamp %g %g: y[%d] = %x, want %x", m, n, k, lda, ldy, lo, hi, i, y[i], wantY[i])
	}
	if !g.intact() {
		g.t.Fatalf("%dx%dx%d: wrote outside its memory", m, n, k)
	}
}

// gemmF32Lines tests Lines and RoundedLines, where they are there, against
// copied rows.
func gemmF32Lines(t *testing.T, got, want kernels.GemmF32) {
	if got.Lines == nil {
		return
	}
	long := make([]float32, 1<<10)
	for name, a := range map[string]int{"a": 2*8 + 3*20 + 4 - 1, "run": 100} {
		run := map[string]int{"a": 4, "run": 5}[name]
		if !panics(func() { got.Lines(long, 16, long[:a], 8, run, 20, long, long, 3, 16, 16, 0, 1) }) {
			t.Errorf("lines with a wrong %s, and no panic", name)
		}
	}
	g := &guards{t: t}
	rng := rand.New(rand.NewPCG(6, 6))
	for range 400 {
		g.reset()
		m, n, run, runs := 1+rng.IntN(40), 1+rng.IntN(70), 1+rng.IntN(20), 1+rng.IntN(5)
		k, lda, line, ldy := run*runs, rng.IntN(30), rng.IntN(60), n+rng.IntN(5)
		a, y := place[float32](g, (m-1)*lda+(runs-1)*line+run), place[float32](g, (m-1)*ldy+n)
		src := make([]float32, n*k)
		floats(rng, a, rng.IntN(2) == 0)
		floats(rng, src, false)
		b, bias := place[float32](g, got.PackedF32Len(n, k)), place[float32](g, kernels.RoundUp(n, got.NR))
		got.PackF32(b, src, n, k)
		floats(rng, bias[:n], false)
		wantB, wantBias := make([]float32, want.PackedF32Len(n, k)), make([]float32, kernels.RoundUp(n, want.NR))
		want.PackF32(wantB, src, n, k)
		copy(wantBias, bias[:n])
		rows := make([]float32, m*k)
		for i := range rows {
			l := i % k
			rows[i] = a[i/k*lda+l/run*line+l%run]
		}
		lo, hi := bounds(rng)
		lines, mul, wantY := got.Lines, want.Mul, append([]float32(nil), y...)
		if rng.IntN(2) == 0 {
			lines, mul = got.RoundedLines, want.Rounded
		}
		lines(y, ldy, a, lda, run, line, b, bias, m, n, k, lo, hi)
		mul(wantY, ldy, rows, k, wantB, wantBias, m, n, k, lo, hi)
		if i := diffF32(y, wantY); i >= 0 {
			t.Fatalf("%d rows of %d runs of %d by %d: y[%d] = %x, want %x", m, runs, run, n, i, y[i], wantY[i])
		}
		if !g.intact() {
			t.Fatalf("%d rows of %d runs of %d by %d: wrote outside its memory", m, runs, run, n)
		}
	}
}

// fmaVectors are sums that come out wrong if the product is rounded, or if the
// sum is rounded to float64 on the way. Random values do not find the second.
var fmaVectors = []struct{ x, y, z, want float32 }{
	{0x1.001p0, 0x1.001p0, -0x1.002p0, 0x1p-24},
	{24929, 673, 0x1p-60, 1<<24 + 2}, // 24929*673 = 1<<24 + 1, a midpoint
	{24929, 673, -0x1p-60, 1 << 24},
	{-24929, 673, -0x1p-60, -1<<24 - 2},
	{-24929, 673, 0x1p-60, -1 << 24},
	{0x1p-75, 0x1p-75, 0x1p-149, 0x1p-148},                  // 1.5 of the least subnormal: a tie, to even
	{0x1p-75, -0x1p-75, 0x1p-149, 0},                        // 0.5 of it: a tie
	{0x1.8p-75, 0x1p-75, 0, 0x1p-149},                       // rounds up
	{0x1p-75, 0x1p-75, 0, 0},                                // a tie, to even
	{math.MaxFloat32, 1, 0x1p102, math.MaxFloat32},          // just below the tie to infinity
	{math.MaxFloat32, 1, 0x1p103, float32(math.Inf(1))},     // the tie
	{math.MaxFloat32, 2, -math.MaxFloat32, math.MaxFloat32}, // the product alone overflows
}

// fused checks the directed vectors against their values.
func fused(t *testing.T, s kernels.Set) {
	inf := float32(math.Inf(1))
	g := s.GemmF32
	for _, v := range fmaVectors {
		b, bias := make([]float32, g.PackedF32Len(1, 1)), make([]float32, g.NR)
		g.PackF32(b, []float32{v.y}, 1, 1)
		bias[0] = v.z
		var y [1]float32
		g.Mul(y[:], 1, []float32{v.x}, 1, b, bias, 1, 1, 1, -inf, inf)
		if y[0] != v.want {
			t.Errorf("GemmF32: %x*%x + %x = %x, want %x", v.x, v.y, v.z, y[0], v.want)
		}
	}
}
