//go:build amd64 && !purego

package amd64

import (
	"github.com/klauspost/cpuid/v2"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// What the CPU must have for the tiers. Each one's kernels use nothing else.
var (
	needsAVX2    = []cpuid.FeatureID{cpuid.AVX2, cpuid.FMA3}
	needsAVXVNNI = append([]cpuid.FeatureID{cpuid.AVXVNNI}, needsAVX2...)
	needsAVX512  = append([]cpuid.FeatureID{cpuid.AVX512F, cpuid.AVX512BW, cpuid.AVX512DQ, cpuid.AVX512VL}, needsAVX2...)
	needsVNNI    = append([]cpuid.FeatureID{cpuid.AVX512VNNI}, needsAVX512...)
)

// Sets returns base with the kernels that this CPU can run laid over it, one
// Set per tier, slowest first. The operating system must save the vector
// registers too: cpuid counts a feature only if it does.
func Sets(base kernels.Set) (sets []kernels.Set) {
	for _, tier := range []struct {
		needs []cpuid.FeatureID
		set   func(kernels.Set) kernels.Set
	}{{needsAVX2, avx2}, {needsAVXVNNI, avxvnni}, {needsAVX512, avx512}, {needsVNNI, vnni}} {
		if cpuid.CPU.Supports(tier.needs...) {
			sets = append(sets, tier.set(base))
		}
	}
	return sets
}

func avx2(base kernels.Set) kernels.Set {
	s := base
	s.Name = "avx2"
	s.Fused = true
	s.GemmS8 = kernels.GemmS8{MR: rowsS8, NR: columns, KR: 2, Acc: gemmS8AccAVX2, Mul: gemmS8MulAVX2}
	s.GemmF32 = kernels.GemmF32{MR: rowsF32, NR: columns, Mul: gemmF32MulAVX2, Rounded: gemmF32RoundedAVX2, Strided: gemmF32StridedAVX2}
	s.DepthwiseS8 = depthwiseS8Mul(base.DepthwiseS8)
	s.DepthwiseF32 = kernels.DepthwiseF32{
		Mul:     depthwiseF32AVX2(depthwiseF32x16AVX2, depthwiseF32x8AVX2),
		Rounded: depthwiseF32AVX2(depthwiseF32Roundedx16AVX2, depthwiseF32Roundedx8AVX2),
	}
	s.AddS8 = addS8MulAVX2
	s.Peak = kernels.Peak{F32: peak(peakF32AVX2, 12*8), S8: peak(peakS8AVX2, 12*16)}
	s.DequantS32 = dequantS32Slices(base.DequantS32)
	s.LinearAddS8 = linearAddS8Slices
	s.LinearMulS8 = linearMulS8Slices
	s.Lookup = lookupSlices
	s.Rows = rowSlotsAVX2(base.Rows)
	s.Updates = updatesAVX2
	s.Pools = poolsAVX2
	s.Cells = kernels.CellsOf(s.Rows)
	s.RequantS32 = requantS32AVX2
	s.S16 = dot16AVX2.slots(base.S16)
	return s
}

// avxvnni has 256-bit dot products of four int8.
func avxvnni(base kernels.Set) kernels.Set {
	s := avx2(base)
	s.Name = "avxvnni"
	s.Peak.S8 = peak(peakS8AVXVNNI, 12*32)
	s.GemmS8 = kernels.GemmS8{MR: rowsS8, NR: columns, KR: 4, Excess: 128, Acc: gemmS8AccAVXVNNI, Mul: gemmS8MulAVXVNNI}
	s.FixedDepthwiseS8 = dotAVXVNNI.window(s.DepthwiseS8)
	return s
}

// avx512 has registers of 512 bits, 32 of them, and masks.
func avx512(base kernels.Set) kernels.Set {
	s := avx2(base)
	s.Name = "avx512"
	s.Rows = rowSlotsAVX512(base.Rows)
	s.LinearAddS8, s.LinearMulS8 = linearAddS8AVX512Slices, linearMulS8AVX512Slices
	s.Updates = updatesAVX512
	s.Pools = poolsAVX512
	s.Cells = cellsAVX512(s.Rows)
	s.DequantRowS32 = dequantRowS32Slices
	if cpuid.CPU.Supports(cpuid.AVX512VBMI) { // Skylake and Cascade Lake have the rest
		s.Lookup = lookupSlicesVBMI
	}
	s.Peak = kernels.Peak{F32: peak(peakF32AVX512, 12*16), S8: peak(peakS8AVX512, 12*32)}
	s.GemmS8 = dotAVX512.slot()
	s.S16 = dot16AVX512.slots(base.S16)
	s.RequantS32 = dotAVX512.requantS32
	s.FixedDepthwiseS8 = dotAVX512.window(s.DepthwiseS8)
	s.GemmF32 = kernels.GemmF32{
		MR: rowsAVX512, NR: columns, Mul: gemmF32MulAVX512, Rounded: gemmF32RoundedAVX512,
		Lines: gemmF32LinesAVX512, RoundedLines: gemmF32RoundedLinesAVX512, Strided: gemmF32StridedAVX512,
	}
	s.DepthwiseF32 = kernels.DepthwiseF32{
		Mul: depthwiseF32MulAVX512, Rounded: depthwiseF32RoundedAVX512,
		Lines: depthwiseF32LinesAVX512, RoundedLines: depthwiseF32RoundedLinesAVX512,
	}
	return s
}

// vnni has 512-bit dot products of four int8.
func vnni(base kernels.Set) kernels.Set {
	s := avx512(base)
	s.Name = "vnni"
	s.Peak.S8 = peak(peakS8VNNI, 12*64)
	s.GemmS8 = dotVNNI.slot()
	s.GemmS16.Acc = dot16VNNI.acc
	s.RequantS32 = dotVNNI.requantS32
	s.FixedDepthwiseS8 = dotVNNI.window(s.DepthwiseS8)
	return s
}
