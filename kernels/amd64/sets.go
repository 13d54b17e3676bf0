//go:build amd64 && !purego

package amd64

import (
	"github.com/klauspost/cpuid/v2"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// Sets returns base with the kernels that this CPU can run laid over it, one
// Set per tier, slowest first. The operating system must save the vector
// registers too: cpuid counts a feature only if it does.
func Sets(base kernels.Set) []kernels.Set {
	if !cpuid.CPU.Supports(cpuid.AVX2, cpuid.FMA3) {
		return nil
	}
	return []kernels.Set{avx2(base)}
}

func avx2(base kernels.Set) kernels.Set {
	s := base
	s.Name = "avx2"
	s.Fused = true
	s.GemmS8 = kernels.GemmS8{MR: rowsS8, NR: columns, KR: 2, Acc: gemmS8AccAVX2, Mul: gemmS8MulAVX2}
	s.GemmF32 = kernels.GemmF32{MR: rowsF32, NR: columns, Mul: gemmF32MulAVX2, Rounded: gemmF32RoundedAVX2}
	s.DepthwiseS8 = depthwiseS8Mul(base.DepthwiseS8)
	s.DepthwiseF32.Rounded = depthwiseF32MulAVX2
	s.AddS8 = addS8MulAVX2
	s.DequantS32 = dequantS32Slices(base.DequantS32)
	s.LinearAddS8 = linearAddS8Slices
	s.LinearMulS8 = linearMulS8Slices
	s.Lookup = lookupSlices
	s.Rows = rowsAVX2(base.Rows)
	return s
}
