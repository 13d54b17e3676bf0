package ref_test

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
)

// naiveS16 returns the formulas of kernels.S16, one output at a time.
func naiveS16() kernels.S16 {
	return kernels.S16{
		GemmS16: kernels.GemmS16{MR: 1, NR: 1, KR: 1, Acc: func(c []int64, a []int16, lda int, b []int8, m, n, k int) {
			for i := range c[:m*n] {
				c[i] = 0
				for l := range k {
					c[i] += int64(a[i/n*lda+l]) * int64(b[i%n*k+l])
				}
			}
		}},
		DepthwiseS16: func(y []int64, x []int16, w []int8, taps []kernels.Tap, n, step, c int) {
			for i := range y[:n*c] {
				y[i] = 0
				for _, t := range taps {
					y[i] += int64(x[i/c*step+int(t.X)+i%c]) * int64(w[int(t.W)+i%c])
				}
			}
		},
		RequantS64: func(y []int16, ldy int, c []int64, m, n int, q *kernels.RequantS16, j int) {
			for i := range c[:m*n] {
				o, sum, r := j+i%n, c[i]+q.Bias[j+i%n], int32(0)
				if q.Left == nil {
					r = quant.Multiplier{M: q.Mult[o] << 16, Shift: int8(15 - q.Right[o])}.Apply64(sum)
				} else {
					r = quant.Multiplier{M: q.Mult[o], Shift: int8(q.Left[o] - q.Right[o])}.Apply(int32(sum))
				}
				y[i/n*ldy+i%n] = int16(min(max(r, q.Lo), q.Hi))
			}
		},
	}
}
