//go:build !linux

package kerneltest

import "testing"

// mapRegion returns size bytes on the heap between two canaries' worth of
// slack. Reads beyond a buffer go unnoticed here; writes do not.
func mapRegion(_ *testing.T, size int) []byte {
	mem := make([]byte, size+2*canary)
	return mem[:len(mem):len(mem)]
}
