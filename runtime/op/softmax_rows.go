package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// softmaxWork is what an element of a softmax takes, as inShares has it.
const softmaxWork = 8

// prepareSoftmax prepares a softmax of lines whose elements lie side by side.
func prepareSoftmax(beta float32, l lines, k *kernels.Set) (Prepared, error) {
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		x, y := m.In[0].F32(), m.Out[0].F32()
		sums := make([][1]float32, m.sharers(l.outer, softmaxWork*l.n))
		return inSharesOf(m, l.outer, 1, softmaxWork*l.n, func(w, lo, hi int) {
			for i := lo; i < hi; i++ {
				x, y, sum := x[i*l.n:(i+1)*l.n], y[i*l.n:(i+1)*l.n], sums[w][:]
				// Of nothing but −∞ differences are −∞, not NaN, as Ref has it.
				top := max(k.ReduceF32(kernels.ReduceMax, x, 0), -math.MaxFloat32)
				sum[0] = 1 / k.ExpSumF32(y, x, top, beta)
				k.BinaryF32(kernels.BinaryMul, y, y, sum, infs[0], infs[1])
			}
		}), nil
	}}, nil
}
