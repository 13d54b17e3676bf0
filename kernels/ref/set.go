// Package ref implements every kernel in plain Go. It is the definition that
// the others are tested against, and what runs where there is no assembly.
package ref

import "github.com/edgeinfer/edgeinfer/kernels"

// Set returns the exact kernels: tier "go".
func Set() kernels.Set {
	return kernels.Set{
		Name:         "go",
		Fused:        true,
		GemmS8:       kernels.GemmS8{MR: 2, NR: 4, KR: 1, Acc: gemmS8Acc, Mul: gemmS8Mul},
		GemmF32:      kernels.GemmF32{MR: 1, NR: 4, Mul: gemmF32, Rounded: gemmF32Rounded, Strided: gemmF32Strided},
		DepthwiseS8:  depthwiseS8,
		DepthwiseF32: kernels.DepthwiseF32{Mul: depthwiseF32, Rounded: depthwiseF32Rounded},
		AddS8:        addS8,
		RequantS32:   requantS32,
		DequantS32:   dequantS32,
		Lookup:       lookup,
		LinearAddS8:  linearAddS8,
		LinearMulS8:  linearMulS8,
		Peak:         kernels.Peak{F32: peakF32, S8: peakS8},
		Rows:         rowSlots(),
		Cells:        cellSlots(),
		Pools:        poolSlots(),
		Updates:      updates(),
		S16:          kernels.S16{GemmS16: kernels.GemmS16{MR: 2, NR: 4, KR: 1, Acc: gemmS16Acc}, DepthwiseS16: depthwiseS16, RequantS64: requantS64},
	}
}

// Unfused returns tier "gofast", for CPUs without a fused multiply-add, where
// the exact one costs several times as much: its float32 products are rounded
// before they are added. Integers are those of Set.
func Unfused() kernels.Set {
	s := Set()
	s.Name = "gofast"
	s.Fused = false
	s.GemmF32 = kernels.GemmF32{MR: 2, NR: 4, Mul: gemmF32Unfused, Rounded: gemmF32Rounded, Strided: gemmF32StridedUnfused}
	s.DepthwiseF32.Mul = depthwiseF32Unfused
	s.Peak.F32 = peakUnfused
	return s
}
