package kerneltest

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// rows calls trial for lengths around vectors' widths, several times each, and
// checks that memory around operands is intact.
func rows(t *testing.T, seed uint64, trial func(g *guards, rng *rand.Rand, n int)) {
	g, rng := &guards{t: t}, rand.New(rand.NewPCG(seed, seed))
	for _, n := range append(around(16), 63, 64, 65, 100, 127, 129, 500) {
		for range 8 {
			g.reset()
			trial(g, rng, n)
			if !g.intact() {
				t.Fatalf("%d elements: wrote outside its memory", n)
			}
		}
	}
}

func requantS32(t *testing.T, got, want func(y []int8, c []int32, q *kernels.Requant)) {
	rows(t, 11, func(g *guards, rng *rand.Rand, n int) {
		q, y, c, wantY := requant(g, rng, n), place[int8](g, n), place[int32](g, n), make([]int8, n)
		for i := range c {
			c[i] = word(rng)
		}
		got(y, c, q)
		want(wantY, c, q)
		if i := diff(y, wantY); i >= 0 {
			t.Fatalf("%d: y[%d] = %d, want %d (sum %d, scaled %t)", n, i, y[i], wantY[i], c[i], q.Scale != nil)
		}
	})
}

func dequantS32(t *testing.T, got, want func(y []float32, c []int32, scale, bias []float32)) {
	rows(t, 12, func(g *guards, rng *rand.Rand, n int) {
		y, c, s, wantY := place[float32](g, n), place[int32](g, n), place[float32](g, n), make([]float32, n)
		floats(rng, s, rng.IntN(2) == 0)
		for i := range c {
			c[i] = word(rng)
		}
		var bias []float32
		if rng.IntN(2) == 0 {
			bias = place[float32](g, n)
			floats(rng, bias, rng.IntN(2) == 0)
		}
		got(y, c, s, bias)
		want(wantY, c, s, bias)
		if i := diffF32(y, wantY); i >= 0 {
			t.Fatalf("%d: y[%d] = %x, want %x", n, i, y[i], wantY[i])
		}
	})
}

// dequantRowS32 compares with one step after the other.
func dequantRowS32(t *testing.T, got, want *kernels.Set) {
	all := float32(math.Inf(1))
	rows(t, 31, func(g *guards, rng *rand.Rand, n int) {
		y, c, terms, wantY, sums := place[float32](g, n), place[int32](g, n), place[int32](g, n), make([]float32, n), make([]int32, n)
		s, bias, scales := place[float32](g, n), place[float32](g, n), make([]float32, n)
		special := rng.IntN(2) == 0
		floats(rng, s, special)
		floats(rng, bias, special)
		zero, factor := int32(int8(rng.Uint32())), []float32{1}
		floats(rng, factor, special)
		for i := range c {
			c[i], terms[i] = word(rng), word(rng)
			sums[i] = c[i] - zero*terms[i]
		}
		got.DequantRowS32(y, c, terms, zero, s, factor[0], bias)
		want.BinaryF32(kernels.BinaryMul, scales, s, factor, -all, all)
		want.DequantS32(wantY, sums, scales, bias)
		if i := diffF32(y, wantY); i >= 0 {
			t.Fatalf("%d: y[%d] = %x, want %x", n, i, y[i], wantY[i])
		}
		if n > 0 && !panics(func() { got.DequantRowS32(y, c, terms[1:], zero, s, factor[0], bias) }) {
			t.Fatalf("%d: terms one element short, and no panic", n)
		}
	})
}

func lookup(t *testing.T, got, want func(y, x []byte, table *[256]byte)) {
	rows(t, 13, func(g *guards, rng *rand.Rand, n int) {
		y, x, wantY := place[byte](g, n), place[byte](g, n), make([]byte, n)
		table := (*[256]byte)(place[byte](g, 256))
		for i := range table {
			table[i] = byte(rng.Uint32())
		}
		for i := range x {
			x[i] = byte(rng.Uint32())
		}
		want(wantY, x, table)
		if rng.IntN(2) == 0 {
			y = x // in place
		}
		got(y, x, table)
		if i := diff(y, wantY); i >= 0 {
			t.Fatalf("%d: y[%d] = %d, want %d", n, i, y[i], wantY[i])
		}
	})
}

// operands returns two random operands and where a result goes, which may be
// one of them.
func operands(g *guards, rng *rand.Rand, n int) (y, a, b []int8) {
	a, b = place[int8](g, n), place[int8](g, n)
	bytes(rng, a)
	bytes(rng, b)
	switch rng.IntN(3) {
	case 0:
		return a, a, b
	case 1:
		return b, a, b
	}
	return place[int8](g, n), a, b
}

// linearOutput returns a zero point and bounds of int8, or of uint8 and what
// lies between.
func linearOutput(rng *rand.Rand) (zero, lo, hi, offset int32) {
	zero, lo, hi = output(rng)
	offset = 128 * int32(rng.IntN(2))
	return zero + offset, lo + offset, hi + offset, offset
}

func linearAddS8(t *testing.T, got, want func(y, a, b []int8, p *kernels.LinearAddS8)) {
	rows(t, 14, func(g *guards, rng *rand.Rand, n int) {
		y, a, b := operands(g, rng, n)
		p := &kernels.LinearAddS8{A: scale(rng), B: scale(rng), C: float32(rng.IntN(256)-128) + 0.5*float32(rng.IntN(2))}
		_, p.Lo, p.Hi, p.Offset = linearOutput(rng)
		wantY := make([]int8, n)
		want(wantY, a, b, p)
		got(y, a, b, p)
		if i := diff(y, wantY); i >= 0 {
			t.Fatalf("%d: y[%d] = %d, want %d by %+v", n, i, y[i], wantY[i], *p)
		}
	})
}

func linearMulS8(t *testing.T, got, want func(y, a, b []int8, p *kernels.LinearMulS8)) {
	rows(t, 15, func(g *guards, rng *rand.Rand, n int) {
		y, a, b := operands(g, rng, n)
		p := &kernels.LinearMulS8{M: scale(rng)}
		p.Zero, p.Lo, p.Hi, p.Offset = linearOutput(rng)
		p.ZeroA, p.ZeroB = int32(rng.IntN(256)-128)+p.Offset, int32(rng.IntN(256)-128)+p.Offset
		wantY := make([]int8, n)
		want(wantY, a, b, p)
		got(y, a, b, p)
		if i := diff(y, wantY); i >= 0 {
			t.Fatalf("%d: y[%d] = %d, want %d by %+v", n, i, y[i], wantY[i], *p)
		}
	})
}
