//go:build !arm.7

package arm

import "github.com/edgeinfer/edgeinfer/kernels"

func sets(kernels.Set) []kernels.Set { return nil }
