package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// trainedRows is how many queries of a head are computed at once: a multiple of
// the kernels' rows, whose scores fit a cache.
const trainedRows = 48

// trainedShared is how many products an operator must take for its heads to be
// shared by workers.
const trainedShared = 1 << 17

// trainedRun is a TrainedAttention, or its gradient, bound to memory.
type trainedRun struct {
	trainedShape
	set               *kernels.Set
	q, k, v, y, stats []float32
	dy, dq, dk, dv    []float32 // of a gradient
	mask              []float32 // one of these, or neither
	seen              []byte
}

// trainedMemory is what a worker works in.
type trainedMemory struct {
	keys, values []float32 // transposes of a head's: a row per feature
	scores, back []float32 // of a block; the gradient of probabilities
	hidden       []float32 // added to scores: −∞ for keys that are masked
	row          []float32
}

// sizes are the bytes of the parts of trainedMemory.
func (s *trainedShape) sizes(grad bool) []int64 {
	rows := int64(min(s.t, trainedRows))
	sizes := []int64{4 * int64(s.d) * int64(s.s), 0, 4 * rows * int64(s.s), 0, 4 * int64(s.s), 0}
	if grad {
		sizes[1], sizes[3], sizes[5] = 4*int64(s.e)*int64(s.s), sizes[2], 4*int64(s.e)
	}
	return sizes
}

// prepared binds a run whose slices bind sets; each calls unit for each head of
// each sequence.
func (r trainedRun) prepared(p *Prep, macs int64, grad bool, bind func(*trainedRun, *Mem), unit func(r *trainedRun, w *trainedMemory, n, head int)) (Prepared, error) {
	sizes := r.sizes(grad)
	per, err := sized(sizes...)
	return Prepared{Kernel: p.Kernels.Name, PerWorker: per, Bind: func(m *Mem) (Step, error) {
		bound, units := r, r.n*r.heads
		bind(&bound, m)
		if v := input(m.In, 3); !v.Absent() && v.DType == tensor.Bool {
			bound.seen = v.Data
		} else if !v.Absent() {
			bound.mask = v.F32()
		}
		threads := 1
		if macs >= trainedShared {
			threads = max(1, min(m.Env.Workers.Len(), units))
		}
		workers := make([]trainedMemory, threads)
		for w := range workers {
			workers[w] = newTrainedMemory(m.PerWorker[w], sizes)
		}
		return onWorkers(m.Env.Workers, threads, func(w int) {
			lo, hi := Share(units, w, threads, 1)
			for i := lo; i < hi; i++ {
				bound.hide(&workers[w], i/bound.heads)
				unit(&bound, &workers[w], i/bound.heads, i%bound.heads)
			}
		}), nil
	}}, err
}

func newTrainedMemory(b []byte, sizes []int64) (m trainedMemory) {
	for i, to := range []*[]float32{&m.keys, &m.values, &m.scores, &m.back, &m.hidden, &m.row} {
		*to, b = tensor.Cast[float32](b[:sizes[i]]), b[sizes[i]:]
	}
	return m
}

// hide makes a sequence's mask one that is added.
func (r *trainedRun) hide(w *trainedMemory, n int) {
	if r.mask == nil && r.seen == nil {
		return
	}
	for j := range w.hidden {
		w.hidden[j] = 0
		if r.mask != nil && r.mask[n*r.s+j] == 0 || r.seen != nil && r.seen[n*r.s+j] == 0 {
			w.hidden[j] = float32(math.Inf(-1))
		}
	}
}

// Prepare multiplies by the kernels.
func (o *TrainedAttention) Prepare(p *Prep) (Prepared, error) {
	s, err := o.shape(p.In[0].Shape, p.In[1].Shape, p.In[2].Shape)
	if err != nil {
		return Prepared{}, err
	}
	return trainedRun{trainedShape: s, set: p.Kernels}.prepared(p, o.MACs(p.In, nil), false, func(r *trainedRun, m *Mem) {
		r.q, r.k, r.v, r.y, r.stats = m.In[0].F32(), m.In[1].F32(), m.In[2].F32(), m.Out[0].F32(), m.Out[1].F32()
	}, (*trainedRun).forward)
}

// query and key are where row i of a head begins in tensors of t or s rows,
// of d or e features a head.
func (s *trainedShape) query(n, i, head, features int) int {
	return ((n*s.t+i)*s.heads + head) * features
}

func (s *trainedShape) key(n, i, head, features int) int {
	return ((n*s.s+i)*s.heads + head) * features
}

// turned transposes a head of k or v.
func (r *trainedRun) turned(to, from []float32, n, head, features int) {
	at := r.key(n, 0, head, features)
	r.set.TransposeX4(tensor.Cast[int32](tensor.Bytes(to)), tensor.Cast[int32](tensor.Bytes(from[at:])), r.s, features, r.s, r.heads*features)
}

// forward computes a head of a sequence.
func (r *trainedRun) forward(w *trainedMemory, n, head int) {
	r.turned(w.keys, r.k, n, head, r.d)
	for from := 0; from < r.t; from += trainedRows {
		rows := min(trainedRows, r.t-from)
		keys := r.product(w, n, head, from, rows)
		for i := range rows {
			r.exponentials(w.scores[i*r.s:][:keys], w, n, head, from+i)
		}
		at, ld := r.query(n, from, head, r.e), r.heads*r.e
		r.set.GemmF32.Strided(r.y[at:], ld, w.scores, r.s, 1, r.v[r.key(n, 0, head, r.e):], ld, rows, r.e, keys, false)
		for i := range rows {
			if sum := r.stat(n, head, from+i)[1:2]; sum[0] != 0 {
				y, all := r.y[at+i*ld:][:r.e], float32(math.Inf(1))
				r.set.BinaryF32(kernels.BinaryDiv, y, y, sum, -all, all)
			}
		}
	}
}

// product computes scores of a block, of as many keys as its last query sees.
func (r *trainedRun) product(w *trainedMemory, n, head, from, rows int) (keys int) {
	keys = r.sees(from + rows - 1)
	r.set.GemmF32.Strided(w.scores, r.s, r.q[r.query(n, from, head, r.d):], r.heads*r.d, 1, w.keys, r.s, rows, keys, r.d, false)
	return keys
}

// stat is the greatest score of a query, and the sum of its exponentials.
func (r *trainedRun) stat(n, head, i int) []float32 {
	return r.stats[((n*r.heads+head)*r.t+i)*2:][:2]
}

// exponentials makes scores their exponentials, 0 for keys that are not seen, and
// notes their greatest and sum.
func (r *trainedRun) exponentials(scores []float32, w *trainedMemory, n, head, i int) {
	stat, seen := r.stat(n, head, i), scores[:r.sees(i)]
	r.addHidden(seen, w)
	stat[0], stat[1] = r.set.ReduceF32(kernels.ReduceMax, seen, 0), 0
	if math.IsInf(float64(stat[0]), -1) {
		clear(scores)
		return
	}
	stat[1] = r.set.ExpSumF32(seen, seen, stat[0], r.scale)
	clear(scores[len(seen):])
}

func (r *trainedRun) addHidden(scores []float32, w *trainedMemory) {
	if all := float32(math.Inf(1)); r.mask != nil || r.seen != nil {
		r.set.BinaryF32(kernels.BinaryAdd, scores, scores, w.hidden, -all, all)
	}
}
