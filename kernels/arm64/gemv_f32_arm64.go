package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// gemvF32 is GemmF32.Gemv: four panels at a time, the rest singly, and the
// last through a buffer if it is not full.
func gemvF32(y, a, b, bias []float32, n, k int, lo, hi float32) {
	if n == 0 {
		return
	}
	cols := kernels.RoundUp(n, nrF32)
	py, pa, pb, pbias := first(y, n), first(a, k), first(b, cols*k), first(bias, cols)
	done := n / quad * quad
	if done > 0 {
		gemvF32NEON4(py, pa, pb, pbias, done/quad, k, lo, hi)
	}
	if full := n / nrF32 * nrF32; full > done {
		gemvF32NEON1(at(py, done), pa, at(pb, done*k), at(pbias, done), (full-done)/nrF32, k, lo, hi)
		done = full
	}
	if done < n {
		var last [nrF32]float32
		gemvF32NEON1(&last[0], pa, at(pb, done*k), at(pbias, done), 1, k, lo, hi)
		copy(y[done:n], last[:])
	}
}
