package host

import (
	"runtime"

	"github.com/klauspost/cpuid/v2"
)

// mostThreads is where more threads hardly gain on models for the edge.
const mostThreads = 4

// Threads returns how many threads a run is best split among: one for each
// physical core that the process may use, by its affinity and its control
// group, and at most four.
func Threads() int { return threads(runtime.GOMAXPROCS(0), cpuid.CPU.ThreadsPerCore) }

func threads(processors, perCore int) int {
	return min(max(processors/max(perCore, 1), 1), mostThreads)
}
