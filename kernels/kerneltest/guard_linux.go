package kerneltest

import (
	"testing"

	"golang.org/x/sys/unix"
)

// mapRegion returns size bytes between two pages that may not be touched: an
// access beyond either end stops the test with a fault. It lives as long as t.
func mapRegion(t *testing.T, size int) []byte {
	page := unix.Getpagesize()
	size = (size + page - 1) / page * page
	mem, err := unix.Mmap(-1, 0, size+2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatalf("kerneltest: mapping %d bytes: %v", size, err)
	}
	t.Cleanup(func() { _ = unix.Munmap(mem) })
	for _, guard := range [][]byte{mem[:page], mem[page+size:]} {
		if err := unix.Mprotect(guard, unix.PROT_NONE); err != nil {
			t.Fatalf("kerneltest: protecting a guard page: %v", err)
		}
	}
	return mem[page : page+size : page+size]
}
