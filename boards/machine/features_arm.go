package machine

import "golang.org/x/sys/cpu"

// Features lists what the processor can do that kernels are made for. cpuid
// sees nothing on 32-bit ARM; the kernel's own list does.
func Features() (has []string) {
	for _, f := range []struct {
		name string
		has  bool
	}{{"VFPv3", cpu.ARM.HasVFPv3}, {"VFPv4", cpu.ARM.HasVFPv4}, {"NEON", cpu.ARM.HasNEON}} {
		if f.has {
			has = append(has, f.name)
		}
	}
	return has
}
