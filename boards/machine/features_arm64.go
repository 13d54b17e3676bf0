package machine

import "github.com/klauspost/cpuid/v2"

// Features lists what the processor can do that kernels are made for.
func Features() (has []string) {
	for _, f := range []cpuid.FeatureID{
		cpuid.ASIMD, cpuid.ASIMDHP, cpuid.ASIMDDP, cpuid.ASIMDRDM, cpuid.I8MM, cpuid.BF16, cpuid.SVE,
	} {
		if cpuid.CPU.Has(f) {
			has = append(has, f.String())
		}
	}
	return has
}
