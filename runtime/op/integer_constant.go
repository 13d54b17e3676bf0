package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// requant returns what int8 kernels need for a job from int8 to int8, and the
// zero point of x. It returns nil if some parameter isn't known before the
// model runs, or is of a kind that they don't have: one for each row, zero
// points of weights.
func (j *integerJob) requant(p *Prep) (q *kernels.Requant, zero int32) {
	in := p.views()
	if j.form != integerQuantised || j.count != 1 || in[isX].DType != tensor.I8 || p.Out[0].DType != tensor.I8 || len(in[isW].Data) != j.wSize() {
		return nil, 0
	}
	for i := isXZero; i < len(in); i++ {
		if !in[i].Absent() && !in[i].Known() {
			return nil, 0
		}
	}
	e := integerEpilogue{form: j.form, alpha: j.alpha}
	if e.read(in); e.byRow {
		return nil, 0
	}
	xz, wz := input(in, isXZero), input(in, isWZero)
	if !xz.Absent() && xz.Len() != 1 {
		return nil, 0
	}
	q = kernels.NewScaled(j.oc)
	for o := range j.oc {
		m := e.multiplier(0, o)
		if recodedZero(&wz, in[isW].DType, o) != 0 || m-m != 0 {
			return nil, 0
		}
		q.Scale[o] = m
	}
	q.Zero, q.Lo, q.Hi = e.zero(0), math.MinInt8, math.MaxInt8
	if s := j.Saturation; s != (Saturation{}) {
		q.Lo, q.Hi = s.Lo, s.Hi
	}
	return q, recodedZero(&xz, tensor.I8, 0)
}

// prepareS8 uses the kernels that int8 filters of other formats use. It returns
// a zero Prepared if there is none.
func (j *integerJob) prepareS8(p *Prep, q *kernels.Requant, zero int32) (Prepared, error) {
	bias := p.View(isBias)
	if f := j.collapsed(); f.perChannel() {
		return f.prepareDepthwiseS8(p, q, zero, bias)
	} else {
		return f.prepareGemmS8(p, q, zero, bias)
	}
}
