package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// callSums bounds the elements of one call; a multiple of vector.
const callSums = 16 << 10

func addS8(y, a, b []int8, p *kernels.AddS8) {
	n := len(y)
	py, pa, pb := first(y, n), first(a, n), first(b, n)
	full := n / vector * vector
	for i := 0; i < full; i += callSums {
		addS8NEON(at(py, i), at(pa, i), at(pb, i), min(callSums, full-i)/vector, p)
	}
	if full == n {
		return
	}
	// Not the last eight again: y may be a or b.
	var ta, tb [vector]int8
	copy(ta[:], a[full:n])
	copy(tb[:], b[full:n])
	addS8NEON(&ta[0], &ta[0], &tb[0], 1, p)
	copy(y[full:], ta[:])
}
