//go:build amd64 && !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// need panics if a slice is shorter than its slot says: assembly would run past
// its end.
func need(have, want int) {
	if have < want {
		panic("BUG: kernels: an operand is shorter than its slot says")
	}
}

// needRequant checks q for n columns.
func needRequant(q *kernels.Requant, n int) {
	have := len(q.Scale)
	if q.Scale == nil {
		have = min(len(q.Mult), len(q.Left), len(q.Right))
	}
	need(min(len(q.Bias), have), kernels.RoundUp(n, columns))
}

// needTaps panics if a tap reaches beyond the x or w elements that there are.
func needTaps(x, w int, taps []kernels.Tap, n, step, c int) {
	for _, t := range taps {
		first, last := int(t.X), int(t.X)+(n-1)*step
		if min(first, last, int(t.W)) < 0 {
			panic("BUG: kernels: a tap lies before the image or the weights")
		}
		need(x, max(first, last)+c)
		need(w, int(t.W)+c)
	}
}
