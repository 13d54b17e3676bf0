//go:build !arm64

package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

func sets(kernels.Set) []kernels.Set { return nil }
