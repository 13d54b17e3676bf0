// Package kerneltest checks that a kernel Set computes, bit for bit, what
// another does, and that it stays inside the memory it is given.
package kerneltest

import (
	"math"
	"slices"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// Run tests every slot of got against want, which must agree with it in Fused.
// It fails on the first bit that differs.
func Run(t *testing.T, got, want kernels.Set) {
	if got.Fused != want.Fused {
		t.Fatalf("kerneltest: %s and %s do not round alike", got.Name, want.Name)
	}
	t.Run("GemmS8", func(t *testing.T) { gemmS8(t, got.GemmS8, want.GemmS8) })
	t.Run("GemmS8Lines", func(t *testing.T) { gemmS8Lines(t, got.GemmS8, want.GemmS8) })
	t.Run("GemmS8Float", func(t *testing.T) { gemmS8Float(t, &got, &want) })
	t.Run("GemmF32", func(t *testing.T) { gemmF32(t, got.GemmF32, want.GemmF32) })
	t.Run("GemmF32Rounded", func(t *testing.T) { gemmF32Rounded(t, got.GemmF32, want.GemmF32) })
	t.Run("GemmF32Lines", func(t *testing.T) { gemmF32Lines(t, got.GemmF32, want.GemmF32) })
	t.Run("GemmF32Strided", func(t *testing.T) { gemmF32Strided(t, got.GemmF32.Strided, want.GemmF32.Strided) })
	t.Run("DepthwiseS8", func(t *testing.T) { depthwiseS8(t, got.DepthwiseS8, want.DepthwiseS8) })
	t.Run("FixedDepthwiseS8", func(t *testing.T) { fixedDepthwiseS8(t, got, want.DepthwiseS8) })
	t.Run("DepthwiseF32", func(t *testing.T) { depthwiseF32(t, got.DepthwiseF32.Mul, want.DepthwiseF32.Mul) })
	t.Run("DepthwiseF32Rounded", func(t *testing.T) { depthwiseF32(t, got.DepthwiseF32.Rounded, want.DepthwiseF32.Rounded) })
	t.Run("DepthwiseF32Lines", func(t *testing.T) {
		depthwiseLinesF32(t, got.DepthwiseF32.Lines, want.DepthwiseF32.Mul)
		depthwiseLinesF32(t, got.DepthwiseF32.RoundedLines, want.DepthwiseF32.Rounded)
	})
	t.Run("AddS8", func(t *testing.T) { addS8(t, got.AddS8, want.AddS8) })
	t.Run("RequantS32", func(t *testing.T) { requantS32(t, got.RequantS32, want.RequantS32) })
	t.Run("DequantS32", func(t *testing.T) { dequantS32(t, got.DequantS32, want.DequantS32) })
	if got.DequantRowS32 != nil {
		t.Run("DequantRowS32", func(t *testing.T) { dequantRowS32(t, &got, &want) })
	}
	t.Run("Lookup", func(t *testing.T) { lookup(t, got.Lookup, want.Lookup) })
	t.Run("LinearAddS8", func(t *testing.T) { linearAddS8(t, got.LinearAddS8, want.LinearAddS8) })
	t.Run("LinearMulS8", func(t *testing.T) { linearMulS8(t, got.LinearMulS8, want.LinearMulS8) })
	t.Run("Peak", func(t *testing.T) { peak(t, got.Peak) })
	t.Run("S16", func(t *testing.T) { s16Slots(t, got.S16, want.S16) })
	t.Run("Rows", func(t *testing.T) { rowSlots(t, got.Rows, want.Rows) })
	t.Run("Cells", func(t *testing.T) { cellSlots(t, got.Cells, want.Cells) })
	t.Run("Pools", func(t *testing.T) { poolSlots(t, got.Pools, want.Pools) })
	t.Run("Updates", func(t *testing.T) { updates(t, got.Updates, want.Updates) })
	t.Run("Allocations", func(t *testing.T) { allocations(t, got) })
	t.Run("ShortOperands", func(t *testing.T) { shortOperands(t, got) })
	if got.Fused {
		t.Run("FMA", func(t *testing.T) { fused(t, got) })
	}
}

// around returns 0 to 10 and the sizes next to small multiples of tile, where
// kernels change from one loop to another.
func around(tile int) []int {
	s := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for _, f := range []int{1, 2, 4} {
		s = append(s, f*tile-1, f*tile, f*tile+1)
	}
	slices.Sort(s)
	return slices.Compact(s)
}

// diffF32 returns the first index at which x and y differ in bits, or -1. All
// NaNs are equal.
func diffF32(x, y []float32) int {
	for i := range x {
		if math.Float32bits(x[i]) != math.Float32bits(y[i]) && (x[i] == x[i] || y[i] == y[i]) {
			return i
		}
	}
	return -1
}

// diff returns the first index at which x and y differ, or -1.
func diff[T comparable](x, y []T) int {
	for i := range x {
		if x[i] != y[i] {
			return i
		}
	}
	return -1
}

// peak checks that rounds add up.
func peak(t *testing.T, p kernels.Peak) {
	for _, f := range []func(n int) int{p.F32, p.S8} {
		one := f(1)
		if one <= 0 || f(7) != 7*one || f(0) != 0 {
			t.Errorf("1, 7 and 0 rounds are %d, %d and %d multiply-accumulates", one, f(7), f(0))
		}
	}
}
