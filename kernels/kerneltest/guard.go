package kerneltest

import (
	"testing"
	"unsafe"
)

// canary is how many poisoned bytes lie around a buffer, as far as its region
// reaches, and poison what they hold. On Linux a page that may not be touched
// follows the region's end, so a buffer there has a guard and no canary.
const (
	canary = 64
	poison = 0xa5
)

// guards lends out guarded buffers, one region each, again for every trial.
type guards struct {
	t       *testing.T
	regions [][]byte
	used    []span
	where   int // rotates the buffers through their places
}

type span struct{ from, to int }

const regionSize = 4 << 20

// reset takes all buffers back and moves the next ones to another place.
func (g *guards) reset() {
	g.used = g.used[:0]
	g.where++
}

// place returns n poisoned elements: by turns ending at the region's end (so
// that the start has any alignment), starting at its start, or in the middle
// at an odd element.
func place[T int8 | uint8 | int16 | int32 | int64 | float32](g *guards, n int) []T {
	i := len(g.used)
	if i == len(g.regions) {
		g.regions = append(g.regions, mapRegion(g.t, regionSize))
	}
	mem := g.regions[i]
	var zero T
	size := n * int(unsafe.Sizeof(zero))
	if size > len(mem) {
		g.t.Fatalf("kerneltest: a buffer of %d bytes is larger than its region", size)
	}
	from := len(mem) - size
	switch (g.where + i) % 4 {
	case 1:
		from = 0
	case 2:
		from = min(from, canary+int(unsafe.Sizeof(zero))*(1+g.where%7))
	}
	g.used = append(g.used, span{from, from + size})
	for j := max(0, from-canary); j < min(len(mem), from+size+canary); j++ {
		mem[j] = poison
	}
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&mem[from])), n)
}

// intact reports whether all bytes around the buffers are as they were.
func (g *guards) intact() bool {
	for i, s := range g.used {
		mem := g.regions[i]
		for j := max(0, s.from-canary); j < s.from; j++ {
			if mem[j] != poison {
				return false
			}
		}
		for j := s.to; j < min(len(mem), s.to+canary); j++ {
			if mem[j] != poison {
				return false
			}
		}
	}
	return true
}

// copied returns a guarded copy of x.
func copied[T int8 | uint8 | int16 | int32 | int64 | float32](g *guards, x []T) []T {
	y := place[T](g, len(x))
	copy(y, x)
	return y
}
