// Package host chooses kernels for the machine that the program runs on.
package host

import (
	"fmt"
	"os"
	"strings"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/ref"
)

// EnvCPU names the environment variable that forces a tier.
const EnvCPU = "EDGEINFER_CPU"

// Sets returns every Set that this machine can run, slowest first. The first
// is the reference. Where no tier of assembly has a fused multiply-add of float32,
// the next is the unfused "gofast".
func Sets() []kernels.Set {
	base := ref.Set()
	sets := []kernels.Set{base}
	if tiers := archSets(base); len(tiers) > 0 {
		return append(sets, tiers...)
	}
	return append(sets, ref.Unfused())
}

// Best returns the fastest Set, or the one that EDGEINFER_CPU names.
func Best() (kernels.Set, error) {
	if name := os.Getenv(EnvCPU); name != "" {
		s, err := ByName(name)
		if err != nil {
			return kernels.Set{}, fmt.Errorf("environment variable %s: %w", EnvCPU, err)
		}
		return s, nil
	}
	sets := Sets()
	return sets[len(sets)-1], nil
}

// ByName returns the Set of the tier called name. A tier that this machine
// cannot run is an error.
func ByName(name string) (kernels.Set, error) {
	var names []string
	for _, s := range Sets() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return kernels.Set{}, fmt.Errorf("host: this machine has no kernels for CPU tier %q; choose one of %s", name, strings.Join(names, ", "))
}
