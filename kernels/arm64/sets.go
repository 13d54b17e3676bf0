package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// Sets returns the tiers that this CPU runs, slowest first; none on another
// architecture. base fills in where a tensor is narrower than a vector.
func Sets(base kernels.Set) []kernels.Set { return sets(base) }
