package ref_test

import (
	"math"
	"slices"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/kerneltest"
	"github.com/edgeinfer/edgeinfer/kernels/ref"
	"github.com/edgeinfer/edgeinfer/quant"
)

func TestSet(t *testing.T)     { kerneltest.Run(t, ref.Set(), withCells(naive(true))) }
func TestUnfused(t *testing.T) { kerneltest.Run(t, ref.Unfused(), withCells(naive(false))) }

// withCells makes cells of the rows of s, a pass for each operation.
func withCells(s kernels.Set) kernels.Set {
	s.Cells = kernels.CellsOf(s.Rows)
	gru := s.Cells.GRUF32
	s.Cells.GRUF32 = func(h, gates, r, was []float32) { gru(h, gates, slices.Clone(r), was) } // it may use r up
	return s
}

// naive returns the formulas of package kernels, one output at a time.
func naive(fused bool) kernels.Set {
	fma := kernels.FMA32
	if !fused {
		fma = func(x, y, z float32) float32 { return float32(x*y) + z }
	}
	return kernels.Set{
		Name:    "naive",
		Fused:   fused,
		Updates: naiveUpdates(),
		Pools:   naivePools(),
		S16:     naiveS16(),
		GemmS8: kernels.GemmS8{MR: 1, NR: 1, KR: 1, Acc: naiveAcc,
			Mul: func(y []int8, ldy int, a []int8, lda int, b []int8, m, n, k int, q *kernels.Requant) {
				c := make([]int32, m*n)
				naiveAcc(c, a, lda, b, q.Bias, m, n, k)
				for i := range c {
					y[i/n*ldy+i%n] = naiveRequant(c[i], i%n, q)
				}
			}},
		GemmF32: kernels.GemmF32{MR: 1, NR: 1, Rounded: naiveRounded,
			Mul: func(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
				for i := range m * n {
					s := bias[i%n]
					for l := range k {
						s = fma(a[i/n*lda+l], b[i%n*k+l], s)
					}
					y[i/n*ldy+i%n] = kernels.Clamp(s, lo, hi)
				}
			},
			Strided: func(y []float32, ldy int, a []float32, ra, ca int, b []float32, rb, m, n, k int, add bool) {
				for i := range m * n {
					s := float32(0)
					if add {
						s = y[i/n*ldy+i%n]
					}
					for l := range k {
						s = fma(a[i/n*ra+l*ca], b[l*rb+i%n], s)
					}
					y[i/n*ldy+i%n] = s
				}
			}},
		DepthwiseS8: func(y, x, w []int8, taps []kernels.Tap, n, step, c int, zero int32, q *kernels.Requant) {
			for i := range n * c {
				s := q.Bias[i%c]
				for _, t := range taps {
					s += (int32(x[i/c*step+int(t.X)+i%c]) - zero) * int32(w[int(t.W)+i%c])
				}
				y[i] = naiveRequant(s, i%c, q)
			}
		},
		DepthwiseF32: kernels.DepthwiseF32{
			Mul: func(y, x, w []float32, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
				for i := range n * c {
					s := bias[i%c]
					for _, t := range taps {
						s = fma(x[i/c*step+int(t.X)+i%c], w[int(t.W)+i%c], s)
					}
					y[i] = kernels.Clamp(s, lo, hi)
				}
			},
			Rounded: naiveDepthwiseRounded,
		},
		AddS8: naiveAdd,
		Peak:  kernels.Peak{F32: func(n int) int { return n }, S8: func(n int) int { return n }},
		RequantS32: func(y []int8, c []int32, q *kernels.Requant) {
			for i := range y {
				y[i] = naiveRequant(c[i]+q.Bias[i], i, q)
			}
		},
		DequantS32: func(y []float32, c []int32, scale, bias []float32) {
			for i := range y {
				y[i] = float32(float32(c[i]) * scale[i])
				if bias != nil {
					y[i] = float32(y[i] + bias[i])
				}
			}
		},
		Rows: naiveRows(),
		Lookup: func(y, x []byte, t *[256]byte) {
			for i := range y {
				y[i] = t[x[i]]
			}
		},
		LinearAddS8: func(y, a, b []int8, p *kernels.LinearAddS8) {
			for i := range y {
				u, v := float32(int32(a[i])+p.Offset), float32(int32(b[i])+p.Offset)
				s := float32(p.B*v) + p.C
				y[i] = int8(naiveRound(s+float32(p.A*u), 0, p.Lo, p.Hi) - p.Offset)
			}
		},
		LinearMulS8: func(y, a, b []int8, p *kernels.LinearMulS8) {
			for i := range y {
				u, v := int32(a[i])+p.Offset-p.ZeroA, int32(b[i])+p.Offset-p.ZeroB
				s := float32(float32(u*v) * p.M)
				y[i] = int8(naiveRound(s+float32(p.Zero), 0, p.Lo, p.Hi) - p.Offset)
			}
		},
	}
}

func naiveAcc(c []int32, a []int8, lda int, b []int8, bias []int32, m, n, k int) {
	for i := range m * n {
		c[i] = bias[i%n]
		for l := range k {
			c[i] += int32(a[i/n*lda+l]) * int32(b[i%n*k+l])
		}
	}
}

// naiveRound rounds in float64, where adding the zero point is exact.
func naiveRound(x float32, zero, lo, hi int32) int32 {
	return int32(min(max(math.RoundToEven(float64(x))+float64(zero), float64(lo)), float64(hi)))
}

func naiveDepthwiseRounded(y, x, w []float32, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
	for i := range n * c {
		s := float32(0)
		for _, t := range taps {
			p := float32(x[i/c*step+int(t.X)+i%c] * w[int(t.W)+i%c])
			s = float32(s + p)
		}
		y[i] = kernels.Clamp(float32(s+bias[i%c]), lo, hi)
	}
}

func naiveRequant(s int32, j int, q *kernels.Requant) int8 {
	if q.Scale != nil {
		return int8(naiveRound(float32(s)*q.Scale[j], q.Zero, q.Lo, q.Hi))
	}
	y := naiveScale(s, kernels.Scale{Mult: q.Mult[j], Left: q.Left[j], Right: q.Right[j]})
	return int8(min(max(y+q.Zero, q.Lo), q.Hi))
}

func naiveScale(x int32, s kernels.Scale) int32 {
	return quant.Multiplier{M: s.Mult, Shift: int8(s.Left - s.Right)}.Apply(x)
}

func naiveAdd(y, a, b []int8, p *kernels.AddS8) {
	for i := range y {
		s := naiveScale((int32(a[i])-p.ZeroA)*(1<<p.Shift), p.A) + naiveScale((int32(b[i])-p.ZeroB)*(1<<p.Shift), p.B)
		y[i] = int8(min(max(naiveScale(s, p.Out)+p.Zero, p.Lo), p.Hi))
	}
}

func naiveRounded(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
	for i := range m {
		for j := range n {
			s := float32(0)
			for l := range k {
				p := float32(a[i*lda+l] * b[j*k+l])
				s = float32(s + p)
			}
			y[i*ldy+j] = kernels.Clamp(float32(s+bias[j]), lo, hi)
		}
	}
}
