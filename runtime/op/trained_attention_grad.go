package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TrainedAttentionGrad is the gradient of a TrainedAttention. The inputs are its
// four, of which the mask may be left out, its two outputs, and dy; the outputs
// dq, dk and dv. Probabilities p are computed again, from the greatest scores and
// sums kept: they take no memory that grows with t·s.
//
// Sums: p is e divided by its sum; dp = dy·vᵀ is a chain over e; c, the sum of
// dy·y over e, is in lanes; ds is ((dp − c)·p)·scale; dq = ds·k is a chain over keys,
// dk = dsᵀ·q and dv = pᵀ·dy are chains over queries.
type TrainedAttentionGrad struct{ Layer TrainedAttention }

// Infer returns the types of q, k and v.
func (o *TrainedAttentionGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if len(in) != 7 {
		return nil, errorf("%d inputs, want 7", len(in))
	}
	if err := wantInputs(in, 3, 7); err != nil {
		return nil, err
	}
	s, err := o.Layer.check(in)
	if err != nil {
		return nil, err
	}
	y := []int{s.n, s.t, in[2].Shape[2]}
	for i, want := range [][]int{y, {s.n, s.heads, s.t, 2}, y} {
		if v := in[4+i]; v.Absent() || v.DType != tensor.F32 || !fitsShape(v.Shape, want) {
			return nil, errorf("input %d is %s%v, want float32%v", 4+i, v.DType, v.Shape, want)
		}
	}
	return []tensor.Type{in[0].Type, in[1].Type, in[2].Type}, nil
}

// MACs counts the five products.
func (o *TrainedAttentionGrad) MACs(in, _ []tensor.Type) int64 {
	s, err := o.Layer.shape(in[0].Shape, in[1].Shape, in[2].Shape)
	if err != nil {
		return 0
	}
	return s.pairs() * (3*int64(s.d) + 2*int64(s.e) + 1)
}

// Prepare multiplies by the kernels.
func (o *TrainedAttentionGrad) Prepare(p *Prep) (Prepared, error) {
	s, err := o.Layer.shape(p.In[0].Shape, p.In[1].Shape, p.In[2].Shape)
	if err != nil {
		return Prepared{}, err
	}
	return trainedRun{trainedShape: s, set: p.Kernels}.prepared(p, o.MACs(p.In, nil), true, func(r *trainedRun, m *Mem) {
		r.q, r.k, r.v = m.In[0].F32(), m.In[1].F32(), m.In[2].F32()
		r.y, r.stats, r.dy = m.In[4].F32(), m.In[5].F32(), m.In[6].F32()
		r.dq, r.dk, r.dv = m.Out[0].F32(), m.Out[1].F32(), m.Out[2].F32()
	}, (*trainedRun).backward)
}

// backward computes the gradients of a head of a sequence.
func (r *trainedRun) backward(w *trainedMemory, n, head int) {
	r.turned(w.keys, r.k, n, head, r.d)
	r.turned(w.values, r.v, n, head, r.e)
	dkAt, dvAt := r.key(n, 0, head, r.d), r.key(n, 0, head, r.e)
	ldd, lde, mul := r.heads*r.d, r.heads*r.e, r.set.GemmF32.Strided
	for j := range r.s { // causal blocks reach only some
		clear(r.dk[dkAt+j*ldd:][:r.d])
		clear(r.dv[dvAt+j*lde:][:r.e])
	}
	for from := 0; from < r.t; from += trainedRows {
		rows := min(trainedRows, r.t-from)
		keys, qAt, yAt := r.product(w, n, head, from, rows), r.query(n, from, head, r.d), r.query(n, from, head, r.e)
		for i := range rows {
			r.probabilities(w.scores[i*r.s:][:keys], w, n, head, from+i)
		}
		mul(r.dv[dvAt:], lde, w.scores, 1, r.s, r.dy[yAt:], lde, keys, r.e, rows, true)
		mul(w.back, r.s, r.dy[yAt:], lde, 1, w.values, r.s, rows, keys, r.e, false)
		for i := range rows {
			r.slopes(w.scores[i*r.s:][:keys], w.back[i*r.s:][:keys], w.row, yAt+i*lde)
		}
		mul(r.dq[qAt:], ldd, w.scores, r.s, 1, r.k[dkAt:], ldd, rows, r.d, keys, false)
		mul(r.dk[dkAt:], ldd, w.scores, 1, r.s, r.q[qAt:], ldd, keys, r.d, rows, true)
	}
}

// probabilities makes scores the probabilities that forward had.
func (r *trainedRun) probabilities(scores []float32, w *trainedMemory, n, head, i int) {
	stat, seen, all := r.stat(n, head, i), scores[:r.sees(i)], float32(math.Inf(1))
	if stat[1] == 0 {
		clear(scores)
		return
	}
	r.addHidden(seen, w)
	r.set.ExpSumF32(seen, seen, stat[0], r.scale)
	r.set.BinaryF32(kernels.BinaryDiv, seen, seen, stat[1:2], -all, all)
	clear(scores[len(seen):])
}

// slopes makes probabilities the gradients of scores, from those of
// probabilities, which it changes; the query's row of y and dy is at at.
func (r *trainedRun) slopes(p, dp, row []float32, at int) {
	all := float32(math.Inf(1))
	r.set.BinaryF32(kernels.BinaryMul, row, r.dy[at:], r.y[at:], -all, all)
	row[0] = r.set.ReduceF32(kernels.ReduceSum, row, 0)
	r.set.BinaryF32(kernels.BinarySub, dp, dp, row[:1], -all, all)
	r.set.BinaryF32(kernels.BinaryMul, p, dp, p, -all, all)
	row[0] = r.scale
	r.set.BinaryF32(kernels.BinaryMul, p, p, row[:1], -all, all)
}
