//go:build arm64 && !purego

package host

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/arm64"
)

func archSets(base kernels.Set) []kernels.Set { return arm64.Sets(base) }
