//go:build amd64 && !purego

package host

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/amd64"
)

func archSets(base kernels.Set) []kernels.Set { return amd64.Sets(base) }
