//go:build arm.7 && !purego

package host

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/arm"
	"github.com/edgeinfer/edgeinfer/kernels/ref"
)

// archSets leaves float32 to Go, unfused: a tier here is for integers.
func archSets(kernels.Set) []kernels.Set {
	base := ref.Unfused()
	return append([]kernels.Set{base}, arm.Sets(base)...)
}
