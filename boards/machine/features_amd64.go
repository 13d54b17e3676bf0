package machine

import "github.com/klauspost/cpuid/v2"

// Features lists what the processor can do that kernels are made for.
func Features() (has []string) {
	for _, f := range []cpuid.FeatureID{
		cpuid.SSE4, cpuid.AVX, cpuid.FMA3, cpuid.F16C, cpuid.AVX2, cpuid.AVXVNNI,
		cpuid.AVX512F, cpuid.AVX512BW, cpuid.AVX512DQ, cpuid.AVX512VL, cpuid.AVX512VNNI, cpuid.AVX512BF16, cpuid.AMXINT8,
	} {
		if cpuid.CPU.Has(f) {
			has = append(has, f.String())
		}
	}
	return has
}
