package kerneltest

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// rowSlots tests kernels.Rows.
func rowSlots(t *testing.T, got, want kernels.Rows) {
	t.Run("BinaryF32", func(t *testing.T) { binaryF32(t, got.BinaryF32, want.BinaryF32) })
	t.Run("UnaryF32", func(t *testing.T) { unaryF32(t, got.UnaryF32, want.UnaryF32) })
	t.Run("UnaryGradF32", func(t *testing.T) { unaryGradF32(t, got.UnaryGradF32, want.UnaryGradF32) })
	t.Run("ReduceF32", func(t *testing.T) { reduceF32(t, got.ReduceF32, want.ReduceF32) })
	t.Run("ExpSumF32", func(t *testing.T) { expSumF32(t, got.ExpSumF32, want.ExpSumF32) })
	if got.SoftmaxF32 != nil {
		t.Run("SoftmaxF32", func(t *testing.T) { softmaxF32(t, got.SoftmaxF32) })
	}
	t.Run("NormF32", func(t *testing.T) { normF32(t, got.NormF32, want.NormF32) })
	t.Run("ColumnsF32", func(t *testing.T) { columnsF32(t, got.ColumnsF32, want.ColumnsF32) })
	t.Run("DropF32", func(t *testing.T) { dropF32(t, got.DropF32, want.DropF32) })
	t.Run("QuantF32", func(t *testing.T) { quantF32(t, got.QuantF32, want.QuantF32) })
	t.Run("DequantX8", func(t *testing.T) { dequantX8(t, got.DequantX8, want.DequantX8) })
	t.Run("SubS8", func(t *testing.T) { addS8(t, got.SubS8, want.SubS8) })
	t.Run("MulS8", func(t *testing.T) { mulS8(t, got.MulS8, want.MulS8) })
	t.Run("MaxS8", func(t *testing.T) { maxS8(t, got.MaxS8, want.MaxS8) })
	t.Run("SumS8", func(t *testing.T) { sumS8(t, got.SumS8, want.SumS8) })
	t.Run("TransposeX4", func(t *testing.T) { transpose(t, got.TransposeX4, want.TransposeX4) })
	t.Run("TransposeX1", func(t *testing.T) { transpose(t, got.TransposeX1, want.TransposeX1) })
}

// special spreads numbers over x at which functions change: zeros, the ends of
// Exp, where Tanh and Erf take another formula, and NaN.
func special(rng *rand.Rand, x []float32) {
	ends := []float32{0, float32(math.Copysign(0, -1)), kernels.ExpHi, kernels.ExpLo, kernels.TanhSmall, kernels.ErfSmall,
		-kernels.ErfSmall, kernels.ErfOne, -88.5, 88.8, float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 1e-40}
	for i := range x {
		switch rng.IntN(4) {
		case 0:
			x[i] *= 20
		case 1:
			x[i] = ends[rng.IntN(len(ends))]
		}
	}
}

// same fails if y isn't want.
func same(t *testing.T, y, want []float32, what ...any) {
	t.Helper()
	if i := diffF32(y, want); i >= 0 {
		t.Fatalf("%v, %d elements: y[%d] = %x, want %x", what, len(y), i, y[i], want[i])
	}
}

func binaryF32(t *testing.T, got, want func(f kernels.BinaryFn, y, a, b []float32, lo, hi float32)) {
	for f := range kernels.BinaryFns {
		rows(t, 21, func(g *guards, rng *rand.Rand, n int) {
			sizes, one := [2]int{n, n}, rng.IntN(4)
			if one < 2 {
				sizes[one] = 1
			}
			a, b := place[float32](g, sizes[0]), place[float32](g, sizes[1])
			floats(rng, a, rng.IntN(2) == 0)
			floats(rng, b, rng.IntN(2) == 0)
			if rng.IntN(2) == 0 {
				special(rng, a) // zeros of both signs, too
				special(rng, b)
			}
			lo, hi := bounds(rng)
			wantY := make([]float32, n)
			want(f, wantY, a, b, lo, hi)
			y := place[float32](g, n)
			if rng.IntN(2) == 0 { // in place
				y = []([]float32){b, a, a, b}[one]
			}
			got(f, y, a, b, lo, hi)
			same(t, y, wantY, "function", f, "bounds", lo, hi, "one", one)
		})
	}
}

func unaryF32(t *testing.T, got, want func(f kernels.UnaryFn, y, x []float32, a float32)) {
	for f := range kernels.UnaryFns {
		rows(t, 22, func(g *guards, rng *rand.Rand, n int) {
			x, wantY := place[float32](g, n), make([]float32, n)
			floats(rng, x, rng.IntN(2) == 0)
			if rng.IntN(2) == 0 {
				special(rng, x)
			}
			a := float32(1)
			if rng.IntN(2) == 0 {
				a = 1.702
			}
			want(f, wantY, x, a)
			y := x
			if rng.IntN(2) == 0 {
				y = place[float32](g, n)
			}
			got(f, y, x, a)
			same(t, y, wantY, "function", f)
		})
	}
}

func reduceF32(t *testing.T, got, want func(f kernels.ReduceFn, x []float32, c float32) float32) {
	for f := range kernels.ReduceFns {
		rows(t, 23, func(g *guards, rng *rand.Rand, n int) {
			x := place[float32](g, n)
			floats(rng, x, rng.IntN(2) == 0)
			c := float32(rng.NormFloat64())
			same(t, []float32{got(f, x, c)}, []float32{want(f, x, c)}, "reduction", f, "of", n)
		})
	}
}

func expSumF32(t *testing.T, got, want func(y, x []float32, top, beta float32) float32) {
	rows(t, 24, func(g *guards, rng *rand.Rand, n int) {
		x, wantY := place[float32](g, n), make([]float32, n)
		floats(rng, x, rng.IntN(2) == 0)
		top, beta := float32(rng.IntN(4)), float32(1)
		if rng.IntN(2) == 0 {
			beta = rng.Float32()
		}
		wantSum := want(wantY, x, top, beta)
		y := x
		if rng.IntN(2) == 0 {
			y = place[float32](g, n)
		}
		sum := got(y, x, top, beta)
		same(t, y, wantY, "top", top, "beta", beta)
		same(t, []float32{sum}, []float32{wantSum}, "sum of", n)
	})
}

// softmaxF32 compares rows with their definition: some of which the greatest
// element is NaN, infinite or so large that exponentials have no floor.
func softmaxF32(t *testing.T, got func(y, x []float32, n int, beta float32)) {
	rows(t, 26, func(g *guards, rng *rand.Rand, n int) {
		m := 1 + rng.IntN(4)
		x, wantY := place[float32](g, m*n), make([]float32, m*n)
		floats(rng, x, rng.IntN(3) == 0)
		spread, beta := []float32{1, 1, 50, 1e9, 1e38}[rng.IntN(5)], []float32{1, 1, 0.3, -2, 0}[rng.IntN(5)]
		for i := range x {
			x[i] *= spread
		}
		for i := range m {
			kernels.SoftmaxRow(wantY[i*n:(i+1)*n], x[i*n:(i+1)*n], beta)
		}
		y := x
		if rng.IntN(2) == 0 {
			y = place[float32](g, m*n)
		}
		got(y, x, n, beta)
		same(t, y, wantY, "rows", m, "beta", beta, "spread", spread)
		if n > 0 && !panics(func() { got(y, x[1:], n, beta) }) {
			t.Fatalf("%d: x one element short, and no panic", n)
		}
	})
}

func normF32(t *testing.T, got, want func(y, x []float32, mean, factor float32, scale, bias []float32)) {
	rows(t, 25, func(g *guards, rng *rand.Rand, n int) {
		x, wantY := place[float32](g, n), make([]float32, n)
		floats(rng, x, rng.IntN(2) == 0)
		var scale, bias []float32
		for _, p := range []*[]float32{&scale, &bias} {
			if rng.IntN(2) == 0 {
				*p = place[float32](g, n)
				floats(rng, *p, false)
			}
		}
		mean, factor := float32(rng.NormFloat64()), float32(rng.NormFloat64())
		want(wantY, x, mean, factor, scale, bias)
		y := x
		if rng.IntN(2) == 0 {
			y = place[float32](g, n)
		}
		got(y, x, mean, factor, scale, bias)
		same(t, y, wantY, "scale", scale != nil, "bias", bias != nil)
	})
}

func quantF32(t *testing.T, got, want func(y []byte, x []float32, q *kernels.QuantF32)) {
	rows(t, 26, func(g *guards, rng *rand.Rand, n int) {
		x, y, wantY := place[float32](g, n), place[byte](g, n), make([]byte, n)
		floats(rng, x, rng.IntN(2) == 0)
		q := &kernels.QuantF32{Scale: scale(rng)}
		q.Zero, q.Lo, q.Hi = output(rng)
		q.Zero = min(max(q.Zero, q.Lo), q.Hi)
		switch rng.IntN(4) {
		case 0: // uint8
			q.Zero, q.Lo, q.Hi = q.Zero+128, q.Lo+128, q.Hi+128
		case 1:
			q.Scale = 0 // which no model should have
		case 2: // ties
			q.Scale, q.Shift = 0.5, float32(rng.IntN(9)-4)
			for i := range x {
				x[i] = float32(rng.IntN(200)-100) / 4
			}
		}
		got(y, x, q)
		want(wantY, x, q)
		if i := diff(y, wantY); i >= 0 {
			t.Fatalf("%d: y[%d] = %d, want %d (%g by %+v)", n, i, y[i], wantY[i], x[i], *q)
		}
	})
}

func dequantX8(t *testing.T, got, want func(y []float32, x []byte, signed bool, zero int32, scale float32)) {
	rows(t, 27, func(g *guards, rng *rand.Rand, n int) {
		x, y, wantY := place[byte](g, n), place[float32](g, n), make([]float32, n)
		for i := range x {
			x[i] = byte(rng.Uint32())
		}
		signed, zero, s := rng.IntN(2) == 0, int32(rng.IntN(384)-128), scale(rng)
		got(y, x, signed, zero, s)
		want(wantY, x, signed, zero, s)
		same(t, y, wantY, "signed", signed, "zero", zero)
	})
}

func columnsF32(t *testing.T, got, want kernels.ColumnsF32) {
	for f := range kernels.ColumnFns {
		rows(t, 41, func(g *guards, rng *rand.Rand, n int) {
			count, ld := rng.IntN(9), n+rng.IntN(3)*5
			size := max(0, (count-1)*ld+n)
			if count == 0 {
				size = 0
			}
			y, x, d, c, wantY := place[float32](g, n), place[float32](g, size), place[float32](g, size), place[float32](g, n), make([]float32, n)
			for _, v := range [][]float32{y, x, d, c} {
				floats(rng, v, rng.IntN(4) == 0)
			}
			copy(wantY, y)
			want(f, wantY, x, d, c, count, ld)
			got(f, y, x, d, c, count, ld)
			same(t, y, wantY, "way", f, "rows", count, "apart", ld)
		})
	}
}

func dropF32(t *testing.T, got, want kernels.DropF32) {
	rows(t, 42, func(g *guards, rng *rand.Rand, n int) {
		y, x, wantY := place[float32](g, n), place[float32](g, n), make([]float32, n)
		floats(rng, x, rng.IntN(2) == 0)
		d := &kernels.Drop{Key: [2]uint32{rng.Uint32(), rng.Uint32()}, Step: rng.Uint32(), Least: rng.Uint32(), Scale: 1.25, High: rng.Uint32()}
		block := rng.Uint64() >> rng.IntN(64)
		if rng.IntN(4) == 0 {
			block = block&^0xffffffff + 1<<32 - uint64(rng.IntN(n/4+2)) // goes over to the upper half
		}
		want(wantY, x, block, d)
		if rng.IntN(2) == 0 {
			copy(y, x)
			x = y
		}
		got(y, x, block, d)
		same(t, y, wantY, "from", block)
	})
}
