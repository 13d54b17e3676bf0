package arm64

import "unsafe"

// residentBytes is how much of B is multiplied by all of A before the next
// part: half of the first-level cache. A call of a kernel takes one such part.
const residentBytes = 16 << 10

// first returns a pointer to s[0] if s has n elements, as its slot demands.
func first[T any](s []T, n int) *T {
	if len(s) < n {
		panic("BUG: kernels/arm64: an operand is shorter than its slot says")
	}
	return unsafe.SliceData(s)
}

// at returns a pointer to the element i after p. A nil p stays nil.
func at[T any](p *T, i int) *T {
	if p == nil {
		return nil
	}
	return (*T)(unsafe.Add(unsafe.Pointer(p), i*int(unsafe.Sizeof(*p))))
}
