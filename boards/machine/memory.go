package machine

import (
	"strconv"
	"strings"
)

// Resident returns the bytes of memory that this process has now, and the most
// that it had.
func Resident() (now, peak int64) {
	status := read("proc/self/status")
	return kib(field(status, "VmRSS")), kib(field(status, "VmHWM"))
}

// Memory returns the machine's memory in bytes: all of it, and what programs
// can still get.
func Memory() (total, available int64) {
	info := read("proc/meminfo")
	return kib(field(info, "MemTotal")), kib(field(info, "MemAvailable"))
}

// kib reads "123 kB", which means KiB.
func kib(text string) int64 {
	number, _, _ := strings.Cut(text, " ")
	n, _ := strconv.ParseInt(number, 10, 64)
	return n << 10
}

// CgroupLimits returns what the process's control group allows: CPUs' worth of
// time and bytes of memory; 0 for no limit. Both versions of cgroups are read,
// at the top of what a container sees.
func CgroupLimits() (cpus float64, memory int64) {
	quota, period := 0.0, 0.0
	if f := strings.Fields(read("sys/fs/cgroup/cpu.max")); len(f) == 2 {
		quota, _ = strconv.ParseFloat(f[0], 64) // "max" is 0
		period, _ = strconv.ParseFloat(f[1], 64)
	} else {
		quota = float64(readInt("sys/fs/cgroup/cpu/cpu.cfs_quota_us"))
		period = float64(readInt("sys/fs/cgroup/cpu/cpu.cfs_period_us"))
	}
	if quota > 0 && period > 0 {
		cpus = quota / period
	}
	memory = readInt("sys/fs/cgroup/memory.max")
	if memory == 0 {
		memory = readInt("sys/fs/cgroup/memory/memory.limit_in_bytes")
	}
	if memory >= 1<<62 { // version 1 says so for no limit
		memory = 0
	}
	return cpus, memory
}
