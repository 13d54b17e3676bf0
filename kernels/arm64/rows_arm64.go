package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// block is how many elements the kernels of rows compute at once, callBlocks
// how many blocks one call does at most.
const (
	block      = 16
	callBlocks = 1024
)

func requantS32(y []int8, c []int32, q *kernels.Requant) {
	n := len(y)
	py, pc := first(y, n), first(c, n)
	needColumns(q, kernels.RoundUp(n, block))
	full := n / block * block
	for j := 0; j < full; j += callBlocks * block {
		part := q.From(j)
		requantS32NEON(at(py, j), at(pc, j), min(callBlocks, (full-j)/block), &part)
	}
	if full == n {
		return
	}
	var ty [block]int8
	var tc [block]int32
	copy(tc[:], c[full:n])
	part := q.From(full)
	requantS32NEON(&ty[0], &tc[0], 1, &part)
	copy(y[full:], ty[:])
}

// needColumns panics if q has fewer than n columns.
func needColumns(q *kernels.Requant, n int) {
	first(q.Bias, n)
	if q.Scale != nil {
		first(q.Scale, n)
		return
	}
	first(q.Mult, n)
	first(q.Left, n)
	first(q.Right, n)
}
