package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// block is how many elements the kernels of rows compute at once, callLength
// how many one call does at most.
const (
	block      = 16
	callLength = 1024 * block
)

// blocks returns how many blocks a call computes of n elements. What is left is
// less than one. It is copied, and not computed as part of the last sixteen,
// because y may be an operand.
func blocks(n int) int { return min(callLength, n) / block }

// restOf returns the elements of x from the last whole block of n on, up to n.
func restOf[T any](x []T, n int) (rest [block]T) {
	copy(rest[:], x[n-n%block:n])
	return rest
}

func requantS32(y []int8, c []int32, q *kernels.Requant) {
	n := len(y)
	py, pc := first(y, n), first(c, n)
	needColumns(q, kernels.RoundUp(n, block))
	for j := 0; j+block <= n; j += callLength {
		part := q.From(j)
		requantS32NEON(at(py, j), at(pc, j), blocks(n-j), &part)
	}
	if rest := n % block; rest > 0 {
		var ty [block]int8
		tc, part := restOf(c, n), q.From(n-rest)
		requantS32NEON(&ty[0], &tc[0], 1, &part)
		copy(y[n-rest:], ty[:rest])
	}
}

func dequantS32(y []float32, c []int32, scale, bias []float32) {
	n := len(y)
	py, pc, ps := first(y, n), first(c, n), first(scale, n)
	var pb *float32
	if bias != nil {
		pb = first(bias, n)
	}
	for j := 0; j+block <= n; j += callLength {
		dequantS32NEON(at(py, j), at(pc, j), at(ps, j), at(pb, j), blocks(n-j))
	}
	if rest := n % block; rest > 0 {
		var ty [block]float32
		tc, ts := restOf(c, n), restOf(scale, n)
		if bias != nil {
			tb := restOf(bias, n)
			dequantS32NEON(&ty[0], &tc[0], &ts[0], &tb[0], 1)
		} else {
			dequantS32NEON(&ty[0], &tc[0], &ts[0], nil, 1)
		}
		copy(y[n-rest:], ty[:rest])
	}
}

func lookup(y, x []byte, t *[256]byte) {
	n := len(y)
	py, px := first(y, n), first(x, n)
	for i := 0; i+block <= n; i += callLength {
		lookupNEON(at(py, i), at(px, i), t, blocks(n-i))
	}
	if rest := n % block; rest > 0 {
		tx := restOf(x, n)
		lookupNEON(&tx[0], &tx[0], t, 1)
		copy(y[n-rest:], tx[:rest])
	}
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

// onlyRight says whether each of q's first n columns is shifted right, and none
// left. It doesn't matter how a column is shifted whose multiplier is 0.
func onlyRight(q *kernels.Requant, n int) bool {
	if q.Scale != nil {
		return false
	}
	left, right := q.Left[:n], q.Right[:n]
	for j, mult := range q.Mult[:n] {
		if left[j] != 0 || right[j] == 0 && mult != 0 {
			return false
		}
	}
	return true
}

// columnsFrom is q.From, without left shifts if there are only right ones: that is
// how kernels are told.
func columnsFrom(q *kernels.Requant, j int, right bool) kernels.Requant {
	part := *q
	part.Bias = q.Bias[j:]
	if q.Scale != nil {
		part.Scale = q.Scale[j:]
		return part
	}
	part.Mult, part.Right = q.Mult[j:], q.Right[j:]
	if right {
		part.Left = nil
	} else {
		part.Left = q.Left[j:]
	}
	return part
}
