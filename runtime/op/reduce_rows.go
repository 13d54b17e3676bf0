package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
)

// sharedSums returns the step of a sum or mean of float32 that threads can share,
// by output elements, and nil for others. The numbers are those of reduceF32.
func sharedSums(kind Reduction, r *runs, m *Mem, x, y []float32, k *kernels.Set) Step {
	if kind != ReduceSum && kind != ReduceMean || r.inner == 0 || len(y) == 0 {
		return nil
	}
	n := []float32{float32(max(r.count, 1))}
	finish := func(y []float32) {
		if kind == ReduceMean {
			k.BinaryF32(kernels.BinaryDiv, y, y, n, infs[0], infs[1])
		}
	}
	switch loops := len(r.size); {
	case r.combined && loops == 1 && r.stride[0] == 1:
		return inShares(m, len(y), channelGrain, r.inner, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				y[i] = 0 + k.ReduceF32(kernels.ReduceSum, x[i*r.inner:(i+1)*r.inner], 0)
			}
			finish(y[lo:hi])
		})
	case !r.combined && loops == 1 && r.stride[0] == 0:
		return inShares(m, r.inner, channelGrain, r.size[0], func(lo, hi int) {
			clear(y[lo:hi])
			k.ColumnsF32(kernels.ColumnSum, y[lo:hi], x[lo:], nil, nil, r.size[0], r.inner)
			finish(y[lo:hi])
		})
	case !r.combined && loops == 2 && r.stride[0] == r.inner && r.stride[1] == 0:
		rows := r.size[1]
		return inShares(m, r.size[0], 1, rows*r.inner, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				part := y[i*r.inner : (i+1)*r.inner]
				clear(part)
				k.ColumnsF32(kernels.ColumnSum, part, x[i*rows*r.inner:], nil, nil, rows, r.inner)
				finish(part)
			}
		})
	}
	return nil
}
