package arm

import "github.com/edgeinfer/edgeinfer/kernels"

// Sets returns the tiers that this CPU runs; none on another architecture, or for
// an older ARM. base fills in what has no kernel here.
func Sets(base kernels.Set) []kernels.Set { return sets(base) }
