package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// addVector is how many elements the kernel adds at once, callSums how many
// one call does at most.
const (
	addVector = 16
	callSums  = 1024 * addVector
)

func addS8(y, a, b []int8, p *kernels.AddS8) {
	n := len(y)
	py, pa, pb := first(y, n), first(a, n), first(b, n)
	full := n / addVector * addVector
	for i := 0; i < full; i += callSums {
		addS8NEON(at(py, i), at(pa, i), at(pb, i), min(callSums, full-i)/addVector, p)
	}
	if full == n {
		return
	}
	// Not the last sixteen again: y may be a or b.
	var ta, tb [addVector]int8
	copy(ta[:], a[full:n])
	copy(tb[:], b[full:n])
	addS8NEON(&ta[0], &ta[0], &tb[0], 1, p)
	copy(y[full:], ta[:])
}
