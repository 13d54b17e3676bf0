//go:build arm.7

package arm

import (
	"golang.org/x/sys/cpu"

	"github.com/edgeinfer/edgeinfer/kernels"
)

func sets(base kernels.Set) []kernels.Set {
	if !cpu.ARM.HasNEON {
		return nil
	}
	s := base
	s.Name = "neon32"
	s.GemmS8 = kernels.GemmS8{MR: rows, NR: panel, KR: 2, Acc: gemmS8Acc, Mul: gemmS8Mul}
	s.DepthwiseS8 = depthwiseS8(base.DepthwiseS8)
	s.FixedDepthwiseS8 = nil
	s.GemmS16 = kernels.GemmS16{} // bytes are multiplied faster than Go does int16
	return []kernels.Set{s}
}
