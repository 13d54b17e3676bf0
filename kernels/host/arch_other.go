//go:build (!amd64 && !arm64 && !arm.7) || purego

package host

import "github.com/edgeinfer/edgeinfer/kernels"

func archSets(kernels.Set) []kernels.Set { return nil }
