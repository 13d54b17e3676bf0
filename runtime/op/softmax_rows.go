package op

import "github.com/edgeinfer/edgeinfer/kernels"

// softmaxWork is what an element of a softmax takes, as inShares has it.
const softmaxWork = 8

// prepareSoftmax prepares a softmax of lines whose elements lie side by side.
func prepareSoftmax(beta float32, l lines, k *kernels.Set) (Prepared, error) {
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		x, y := m.In[0].F32(), m.Out[0].F32()
		floors := make([][1]float32, m.sharers(l.outer, softmaxWork*l.n))
		return inSharesOf(m, l.outer, 1, softmaxWork*l.n, func(w, lo, hi int) {
			if k.SoftmaxF32 != nil {
				k.SoftmaxF32(y[lo*l.n:hi*l.n], x[lo*l.n:hi*l.n], l.n, beta)
				return
			}
			for i := lo; i < hi; i++ {
				softmaxLine(k, y[i*l.n:(i+1)*l.n], x[i*l.n:(i+1)*l.n], &floors[w], beta)
			}
		}), nil
	}}, nil
}

// softmaxLine computes the softmax of one line, and returns its greatest element
// and the sum of exponentials of what is less than that by as much. floor is
// memory to work with.
func softmaxLine(k *kernels.Set, y, x []float32, floor *[1]float32, beta float32) (top, sum float32) {
	var least float32
	top = kernels.SoftmaxTop(k.ReduceF32(kernels.ReduceMax, x, 0))
	floor[0], least = kernels.SoftmaxFloor(top, beta)
	k.BinaryF32(kernels.BinaryMax, y, x, floor[:], infs[0], infs[1])
	sum = k.ExpSumF32(y, y, top, beta)
	k.NormF32(y, y, least, 1/sum, nil, nil)
	return top, sum
}

// softmaxPlain is the definition of a row of a Softmax with Plain, along a line.
func (l lines) softmaxPlain(x, y []float32, at int, beta float32) {
	end, top := at+(l.n-1)*l.inner, kernels.SoftmaxTop(l.top(x, at))
	floor, least := kernels.SoftmaxFloor(top, beta)
	for i := at; i <= end; i += l.inner {
		y[i] = kernels.Exp(float32((kernels.BinaryMax.Of(x[i], floor) - top) * beta))
	}
	inverse := 1 / l.sumF32(y, at)
	for i := at; i <= end; i += l.inner {
		y[i] = float32((y[i] - least) * inverse)
	}
}
