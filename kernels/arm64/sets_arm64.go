package arm64

import (
	"runtime"

	"github.com/klauspost/cpuid/v2"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// hasDot says whether the CPU has ASIMDDP. Every Mac with an ARM has it. There
// is nothing to ask for NEON: Go itself runs on no 64-bit ARM without.
var hasDot = runtime.GOOS == "darwin" || cpuid.CPU.Supports(cpuid.ASIMDDP)

// hasI8MM says whether the CPU has the matrix product of bytes as well.
var hasI8MM = hasDot && cpuid.CPU.Supports(cpuid.I8MM)

func sets(base kernels.Set) []kernels.Set {
	neon := base
	neon.Name = "neon"
	neon.GemmS8 = gemmS8(tileS8{mr: 4, nr: nrS8, kr: 2})
	neon.GemmF32 = kernels.GemmF32{MR: 8, NR: nrF32, Mul: gemmF32, Rounded: gemmF32Rounded, Strided: gemmF32Strided}
	neon.DepthwiseS8 = depthwiseS8(base.DepthwiseS8)
	neon.FixedDepthwiseS8 = fixDepthwiseS8(base.DepthwiseS8)
	neon.DepthwiseF32.Mul = depthwiseF32(true, base.DepthwiseF32.Mul)
	neon.DepthwiseF32.Rounded = depthwiseF32(false, base.DepthwiseF32.Rounded)
	neon.AddS8 = addS8
	neon.RequantS32 = requantS32
	neon.S16 = s16(base.S16)
	neon.DequantS32 = dequantS32
	neon.Lookup = lookup
	neon.LinearAddS8 = linearAddS8
	neon.LinearMulS8 = linearMulS8(base.LinearMulS8)
	neon.Rows, neon.Updates = rows(base.Rows), updates
	neon.Cells = kernels.CellsOf(neon.Rows)
	neon.Peak = kernels.Peak{F32: peak(peakF32NEON, 16*4), S8: peak(peakS8NEON, 8*16)}
	tiers := []kernels.Set{neon}
	if hasDot {
		dot := neon
		dot.Name = "neondot"
		dot.GemmS8 = gemmS8(tileS8{mr: 8, nr: nrS8, kr: 4, by: sdot})
		dot.Peak.S8 = peak(peakS8NEONDot, 16*16)
		tiers = append(tiers, dot)
	}
	if hasI8MM {
		i8mm := neon
		i8mm.Name = "i8mm"
		i8mm.GemmS8 = gemmS8(tileS8{mr: 8, nr: nrS8, kr: 8, by: smmla})
		i8mm.Peak.S8 = peak(peakS8I8MM, 16*32)
		tiers = append(tiers, i8mm)
	}
	return tiers
}
